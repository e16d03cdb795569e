//! Counts every piece of syntax in a parsed statement, by name, and refuses those nobody reviewed.
//!
//! The parser's tree can be serialised, and a serialiser is handed each struct in it without having
//! to know where structs may stand. So nothing can hide in a place that somebody forgot to visit.

use std::{collections::BTreeMap, fmt};

use serde::ser::{self, Impossible, Serialize};

use crate::Error;

/// How often each piece of syntax occurs, by the parser's name for it.
pub(crate) type Counts = BTreeMap<&'static str, usize>;

/// Takes stock of `tree`.
///
/// # Errors
/// The first piece of syntax that is not permitted.
pub(crate) fn take(tree: &impl Serialize) -> Result<Counts, Error> {
    let mut inventory = Inventory::default();
    tree.serialize(&mut inventory).map_err(|stop| stop.0)?;
    Ok(inventory.counts)
}

/// Structs that hold others and mean nothing themselves.
pub(crate) const WRAPPERS: [&str; 3] = ["Node", "ParseResult", "RawStmt"];

fn review(name: &'static str) -> Result<(), Error> {
    match name {
        "AArrayExpr" | "AConst" | "AExpr" | "AIndices" | "AIndirection" | "AStar" | "Alias"
        | "BitString" | "BoolExpr" | "Boolean" | "BooleanTest" | "CaseExpr" | "CaseWhen"
        | "CoalesceExpr" | "CollateClause" | "ColumnDef" | "ColumnRef" | "CommonTableExpr"
        | "DeleteStmt" | "Float" | "FuncCall" | "GroupingFunc" | "GroupingSet" | "IndexElem"
        | "InferClause" | "InsertStmt" | "Integer" | "JoinExpr" | "List" | "MinMaxExpr"
        | "MultiAssignRef" | "NamedArgExpr" | "NullTest" | "OnConflictClause" | "ParamRef"
        | "RangeFunction" | "RangeSubselect" | "RangeVar" | "ResTarget" | "ReturningClause"
        | "RowExpr" | "SelectStmt" | "SetToDefault" | "SortBy" | "SqlValueFunction" | "String"
        | "SubLink" | "TypeCast" | "TypeName" | "UpdateStmt" | "WindowDef" | "WithClause" => Ok(()),
        "CurrentOfExpr" => Err(Error::Clause("WHERE CURRENT OF")),
        "IntoClause" => Err(Error::Clause("INTO")),
        "LockingClause" => Err(Error::Clause("FOR UPDATE or FOR SHARE")),
        "MergeStmt" => Err(Error::WriteInside("MERGE".into())),
        "RangeTableSample" => Err(Error::Clause("TABLESAMPLE")),
        name if WRAPPERS.contains(&name) => Ok(()),
        name => Err(Error::Syntactic(name.into())),
    }
}

#[derive(Default)]
struct Inventory {
    counts: Counts,
}

/// Ends the serialisation early.
#[derive(Debug)]
struct Stop(Error);

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(Error::Unfollowed("tree"))
    }
}

type Done = Result<(), Stop>;

/// A shape of data that the parser's tree does not have today.
fn strange<T>(shape: &'static str) -> Result<T, Stop> {
    Err(Stop(Error::Unfollowed(shape)))
}

macro_rules! nothing_in {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method(self, _: $kind) -> Done { Ok(()) })*
    };
}

impl ser::Serializer for &mut Inventory {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Self;
    type SerializeTuple = Impossible<(), Stop>;
    type SerializeTupleStruct = Impossible<(), Stop>;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Impossible<(), Stop>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Stop>;

    nothing_in! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_str: &str
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self, Stop> {
        review(name).map_err(Stop)?;
        *self.counts.entry(name).or_default() += 1;
        Ok(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_none(self) -> Done {
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Stop> {
        Ok(self)
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        strange("bytes")
    }

    fn serialize_unit(self) -> Done {
        strange("unit")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        strange("unit struct")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done {
        strange("unit variant")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Done {
        strange("newtype struct")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Stop> {
        strange("tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Stop> {
        strange("tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Stop> {
        strange("tuple variant")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Stop> {
        strange("map")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Stop> {
        strange("struct variant")
    }
}

impl ser::SerializeSeq for &mut Inventory {
    type Ok = ();
    type Error = Stop;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStruct for &mut Inventory {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        Ok(())
    }
}
