//! The serialiser behind the bytes of a tree.

use std::fmt;

use serde::ser::{self, Impossible, Serialize};

use super::{Canon, swaps::Piece};

/// Fields that tell where something stands in the text, and nothing about what it is.
const PLACES: [&str; 10] = [
    "arg_location",
    "list_end",
    "list_start",
    "location",
    "name_location",
    "payload_location",
    "rexpr_list_end",
    "rexpr_list_start",
    "stmt_len",
    "stmt_location",
];

/// Ends the serialisation early.
#[derive(Debug)]
pub(super) struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tree has a shape that is not known")
    }
}

impl std::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

pub(super) type Done = Result<(), Stop>;

macro_rules! integers {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method(self, number: $kind) -> Done {
            self.integer(number.into());
            Ok(())
        })*
    };
}

macro_rules! texts {
    ($($method:ident($value:ident: $kind:ty) $tag:literal $bytes:expr),*) => {
        $(fn $method(self, $value: $kind) -> Done {
            self.word($tag, $bytes);
            Ok(())
        })*
    };
}

/// Shapes of data that the parser's tree does not have today.
macro_rules! strange {
    ($($method:ident($($kind:ty),*)),*) => {
        $(fn $method(self, $(_: $kind),*) -> Done { Err(Stop) })*
    };
}

impl<'c, 'w> ser::Serializer for &'c mut Canon<'w> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Self;
    type SerializeTuple = Impossible<(), Stop>;
    type SerializeTupleStruct = Impossible<(), Stop>;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Impossible<(), Stop>;
    type SerializeStruct = Piece<'c, 'w>;
    type SerializeStructVariant = Impossible<(), Stop>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32
    }

    texts! {
        serialize_u64(n: u64) b'u' &n.to_le_bytes(),
        serialize_f32(n: f32) b'e' &n.to_le_bytes(),
        serialize_f64(n: f64) b'd' &n.to_le_bytes(),
        serialize_char(c: char) b'c' &u32::from(c).to_le_bytes(),
        serialize_str(text: &str) b's' text.as_bytes()
    }

    strange! {
        serialize_bytes(&[u8]), serialize_unit(), serialize_unit_struct(&'static str),
        serialize_unit_variant(&'static str, u32, &'static str)
    }

    fn serialize_bool(self, flag: bool) -> Done {
        self.truth(flag);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.out.push(b'n');
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        self.out.push(b'o');
        value.serialize(self)
    }

    /// Each variant holds a struct of its own, whose name is enough to tell them apart.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Stop> {
        self.out.push(b'[');
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Piece<'c, 'w>, Stop> {
        Ok(Piece::begin(self, name))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Done {
        Err(Stop)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Stop> {
        Err(Stop)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Stop> {
        Err(Stop)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Stop> {
        Err(Stop)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Stop> {
        Err(Stop)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Stop> {
        Err(Stop)
    }
}

impl ser::SerializeSeq for &mut Canon<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.out.push(b']');
        Ok(())
    }
}

impl ser::SerializeStruct for Piece<'_, '_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        let start = self.canon.out.len();
        if !PLACES.contains(&key) {
            self.canon.word(b'k', key.as_bytes());
        }
        let at = self.canon.out.len();
        value.serialize(&mut *self.canon)?;
        self.note(key, at..self.canon.out.len());
        if PLACES.contains(&key) {
            self.canon.out.truncate(start);
        }
        Ok(())
    }

    fn end(self) -> Done {
        self.finish()
    }
}
