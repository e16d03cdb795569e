//! Reads a TOML table member by member, and keeps every mistake with its line instead of stopping.

use std::{collections::BTreeSet, ops::RangeInclusive};

use request::{Mistake, Mistakes};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A file being read, and what was found wrong with it so far.
pub(crate) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    mistakes: Vec<Mistake>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, mistakes: Vec::new() }
    }

    /// The whole document, as far as it is TOML.
    pub(crate) fn document(&mut self) -> Spanned<DeTable<'t>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            self.fault(at, format!("not TOML: {}", error.message()));
        }
        table
    }

    /// Notes a mistake at a byte of the file.
    pub(crate) fn fault(&mut self, at: usize, text: impl Into<String>) {
        self.mistakes.push(Mistake::at(self.file, self.text, at, text));
    }

    /// `value` if nothing was wrong, and everything that was if not, in the order of the lines.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, Mistakes> {
        self.mistakes.sort_by_key(|mistake| mistake.line);
        if self.mistakes.is_empty() { Ok(value) } else { Err(Mistakes(self.mistakes)) }
    }
}

/// One table of the file, whose members are asked for by name.
pub(crate) struct Entry<'a, 't> {
    table: &'a DeTable<'t>,
    at: usize,
    asked: BTreeSet<&'static str>,
}

/// A value and the byte at which it stands.
pub(crate) type Placed<T> = (T, usize);

impl<'a, 't> Entry<'a, 't> {
    pub(crate) fn new(table: &'a DeTable<'t>, at: usize) -> Self {
        Self { table, at, asked: BTreeSet::new() }
    }

    /// The value as `value` if it is a table.
    pub(crate) fn of(value: &'a Spanned<DeValue<'t>>, reader: &mut Reader<'_>) -> Option<Self> {
        let at = value.span().start;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(table, at)),
            other => {
                reader.fault(at, format!("a table belongs here, not {}", kind(other)));
                None
            }
        }
    }

    /// Every member, with its name: for a table whose names the author chooses.
    pub(crate) fn members(
        &self,
    ) -> impl Iterator<Item = (Placed<&'a str>, &'a Spanned<DeValue<'t>>)> + use<'a, 't> {
        self.table.iter().map(|(name, value)| ((name.get_ref().as_ref(), name.span().start), value))
    }

    /// The member of this name.
    pub(crate) fn member(&mut self, name: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.asked.insert(name);
        self.members().find_map(|((key, _), value)| (key == name).then_some(value))
    }

    /// A member that must be there.
    fn needed(
        &mut self,
        name: &'static str,
        reader: &mut Reader<'_>,
    ) -> Option<&'a Spanned<DeValue<'t>>> {
        let value = self.member(name);
        if value.is_none() {
            reader.fault(self.at, format!("`{name}` is missing"));
        }
        value
    }

    /// A text that must be there and hold something.
    pub(crate) fn text(
        &mut self,
        name: &'static str,
        reader: &mut Reader<'_>,
    ) -> Option<Placed<String>> {
        let value = self.needed(name, reader)?;
        full_text(name, value, reader)
    }

    /// A text with a default.
    pub(crate) fn text_or(
        &mut self,
        name: &'static str,
        default: &str,
        reader: &mut Reader<'_>,
    ) -> String {
        let given = self.member(name).and_then(|value| full_text(name, value, reader));
        given.map_or_else(|| default.to_owned(), |(text, _)| text)
    }

    /// A list of texts that must be there and hold at least one.
    pub(crate) fn texts(
        &mut self,
        name: &'static str,
        reader: &mut Reader<'_>,
    ) -> Vec<Placed<String>> {
        let Some(value) = self.needed(name, reader) else { return Vec::new() };
        let at = value.span().start;
        let DeValue::Array(list) = value.get_ref() else {
            let found = kind(value.get_ref());
            reader.fault(at, format!("`{name}` must be a list of texts, not {found}"));
            return Vec::new();
        };
        if list.is_empty() {
            reader.fault(at, format!("`{name}` is empty, which nothing could fulfil"));
        }
        list.iter().filter_map(|value| plain_text(name, value, reader)).collect()
    }

    /// A whole number within bounds; without a default it must be there.
    pub(crate) fn number(
        &mut self,
        name: &'static str,
        bounds: RangeInclusive<u64>,
        default: Option<u64>,
        reader: &mut Reader<'_>,
    ) -> Option<u64> {
        if default.is_some() && self.member(name).is_none() {
            return default;
        }
        let value = self.needed(name, reader)?;
        let number = value.get_ref().as_integer();
        let number = number.and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        let within = number.filter(|number| bounds.contains(number));
        if within.is_none() {
            let (low, high) = bounds.into_inner();
            let text = format!("`{name}` must be a whole number from {low} to {high}");
            reader.fault(value.span().start, text);
        }
        within
    }

    /// Yes or no; no where nothing is said.
    pub(crate) fn flag(&mut self, name: &'static str, reader: &mut Reader<'_>) -> bool {
        let Some(value) = self.member(name) else { return false };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            reader.fault(value.span().start, format!("`{name}` must be true or false"));
        }
        flag.unwrap_or_default()
    }

    /// Every member that nobody asked for is a mistake: perhaps a misspelt restriction.
    pub(crate) fn nothing_else(self, reader: &mut Reader<'_>) {
        for ((name, at), _) in self.members() {
            if !self.asked.contains(name) {
                reader.fault(at, format!("`{name}` is not known here"));
            }
        }
    }
}

/// A text, which may be empty.
pub(crate) fn plain_text(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
) -> Option<Placed<String>> {
    let at = value.span().start;
    match value.get_ref() {
        DeValue::String(text) => Some((text.to_string(), at)),
        other => {
            reader.fault(at, format!("`{name}` must be a text, not {}", kind(other)));
            None
        }
    }
}

fn full_text(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
) -> Option<Placed<String>> {
    let (text, at) = plain_text(name, value, reader)?;
    if text.is_empty() {
        reader.fault(at, format!("`{name}` is empty"));
        return None;
    }
    Some((text, at))
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::Array(_) => "a list",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Float(_) | DeValue::Integer(_) => "a number",
        DeValue::String(_) => "a text",
        DeValue::Table(_) => "a table",
    }
}
