//! Casts made by users, which PostgreSQL applies without their being written.
//!
//! `col || 'x'` calls a user's function where `col` has a type that a user made a cast from. Which cast
//! is applied depends on types that are not known here, so that no such type may be met.

use std::collections::BTreeSet;

use catalogue::{Catalogue, Resolved};

use crate::{Error, notes::Notes};

/// Refuses a statement that meets a type of which users made casts.
///
/// # Errors
/// [`Error::Cast`] with the type.
pub(crate) fn hold(resolved: &Resolved, notes: &Notes, on: &Catalogue) -> Result<(), Error> {
    if on.casts().is_empty() {
        return Ok(());
    }
    let ends = on.casts().iter().filter_map(|cast| cast.split_once(" AS "));
    let ends: BTreeSet<&str> =
        ends.flat_map(|(source, target)| [bare(source), bare(target)]).collect();
    let mentioned = resolved.sources.iter().filter_map(|source| on.numbered(source.relation));
    let columns = mentioned.flat_map(|relation| &relation.columns);
    let types = columns.map(|column| bare(&column.type_name));
    let mut all = types.chain(notes.types.iter().map(String::as_str));
    match all.find(|name| ends.contains(name)) {
        Some(name) => Err(Error::Cast(name.to_owned())),
        None => Ok(()),
    }
}

/// A type's name without schema, modifier and brackets.
fn bare(name: &str) -> &str {
    let name = name.split_once(['(', '[']).map_or(name, |(name, _)| name);
    name.rsplit_once('.').map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_its_bare_name() {
        for name in ["mood", "public.mood", "mood[]", "public.mood[]"] {
            assert_eq!(bare(name), "mood");
        }
        assert_eq!(bare("numeric(12,2)"), "numeric");
    }
}
