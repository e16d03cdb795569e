//! `EXPLAIN` of a read, without running it.

use pg_query::{
    NodeEnum,
    protobuf::{DefElem, DefElemAction, ParseResult, RawStmt},
};

use super::{fancy, inside, only};
use crate::{Error, read::root};

/// The tree with the explained SELECT in place of the statement.
///
/// # Errors
/// [`Error::Clause`] for an option that would run the statement or tells more than its plan, and for
/// what is not a SELECT.
pub(super) fn read(tree: ParseResult) -> Result<ParseResult, Error> {
    let NodeEnum::ExplainStmt(explain) = root(&tree)? else {
        return Err(Error::Unfollowed("EXPLAIN"));
    };
    for option in &explain.options {
        match inside(Some(option))? {
            NodeEnum::DefElem(option) => check(option)?,
            _ => return Err(Error::Unfollowed("EXPLAIN")),
        }
    }
    let NodeEnum::SelectStmt(_) = inside(explain.query.as_deref())? else {
        return fancy("EXPLAIN of anything but SELECT");
    };
    let stmt = RawStmt { stmt: explain.query.clone(), ..RawStmt::default() };
    Ok(ParseResult { version: tree.version, stmts: vec![stmt] })
}

/// `ANALYZE` runs the statement, `VERBOSE` names what is hidden behind views, and the rest tells about
/// the server. None of these may be named, unless to say no to `VERBOSE`.
fn check(option: &DefElem) -> Result<(), Error> {
    let plain = DefElem {
        defname: option.defname.clone(),
        arg: option.arg.clone(),
        location: option.location,
        arg_location: option.arg_location,
        defaction: DefElemAction::DefelemUnspec.into(),
        ..DefElem::default()
    };
    only(option, &plain, OPTIONS)?;
    let value = match option.arg.as_deref() {
        None => None,
        Some(node) => Some(match inside(Some(node))? {
            NodeEnum::Boolean(value) => value.boolval.to_string(),
            NodeEnum::Integer(value) => value.ival.to_string(),
            NodeEnum::String(value) => value.sval.to_ascii_lowercase(),
            _ => return fancy(OPTIONS),
        }),
    };
    match (option.defname.as_str(), value.as_deref()) {
        ("costs", None | Some("true" | "on" | "1" | "false" | "off" | "0"))
        | ("format", Some("text" | "json" | "xml" | "yaml"))
        | ("verbose", Some("false" | "off" | "0")) => Ok(()),
        _ => fancy(OPTIONS),
    }
}

const OPTIONS: &str = "EXPLAIN with more than COSTS and FORMAT";
