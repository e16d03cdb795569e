//! What may be done with tagged columns, by the mode in which their target masks them.

use catalogue::{How, Oid, Use};
use policy::{Duties, Mode, Usage};

use crate::{Error, Scope, classes::Class, tags::Tags};

/// Holds the uses of a statement against the strictest rules, those of masking by provenance: a
/// tagged column stands by itself in the result, or is written, or not at all.
///
/// # Errors
/// The first use that could show, compare or compute with a tagged column.
pub(crate) fn bare<'u>(
    uses: impl IntoIterator<Item = &'u Use>,
    tags: &Tags,
    scope: &Scope,
) -> Result<(), Error> {
    uses.into_iter().try_for_each(|used| plain(used, tags, scope))
}

fn plain(used: &Use, tags: &Tags, scope: &Scope) -> Result<(), Error> {
    if whole_or_hidden(used, tags, scope)? || tags.tag(used.relation, used.column).is_none() {
        return Ok(());
    }
    match used.how {
        How::Target => Ok(()),
        // What is computed is computed, whether or not anybody mentions it: its errors would tell.
        How::Passed | How::Shown if used.straight => Ok(()),
        _ => Err(Error::Tagged(column(used, scope))),
    }
}

/// Holds the uses against what policy says of each tag, where statements read what is masked already.
///
/// # Errors
/// The first use that the duties do not permit.
pub(crate) fn permitted<'u>(
    uses: impl IntoIterator<Item = &'u Use>,
    tags: &Tags,
    duties: &Duties,
    scope: &Scope,
) -> Result<(), Error> {
    for used in uses {
        if used.column < 0 && tags.columns(used.relation).is_some() {
            return Err(Error::Hidden(hidden(used.column).into()));
        }
        let Some(tag) = tags.tag(used.relation, used.column) else { continue };
        match duties.usage(tag) {
            _ if used.how == How::Passed && used.straight => {}
            Usage::Deny => return Err(Error::Denied(column(used, scope))),
            Usage::Bare => plain(used, tags, scope)?,
            Usage::Masked | Usage::Token | Usage::Group(_) => {}
        }
    }
    Ok(())
}

/// A use that reaches past the columns of a tagged relation is refused; whether it is one of the
/// relation as a whole at all.
fn whole_or_hidden(used: &Use, tags: &Tags, scope: &Scope) -> Result<bool, Error> {
    if used.column > 0 || tags.columns(used.relation).is_none() {
        return Ok(used.column <= 0);
    }
    match used.column {
        0 => Err(Error::Row(relation(used.relation, scope))),
        number => Err(Error::Hidden(hidden(number).into())),
    }
}

/// `ctid` and its like by their numbers (PostgreSQL's `sysattr.h`).
fn hidden(number: i16) -> &'static str {
    match number {
        -1 => "ctid",
        -2 => "xmin",
        -3 => "cmin",
        -4 => "xmax",
        -5 => "cmax",
        _ => "tableoid",
    }
}

fn relation(oid: Oid, scope: &Scope) -> String {
    scope.catalogue.numbered(oid).map(|relation| relation.name.clone()).unwrap_or_default()
}

fn column(used: &Use, scope: &Scope) -> String {
    let relation = scope.catalogue.numbered(used.relation);
    let column = relation.and_then(|relation| relation.numbered(used.column));
    column.map(|column| column.name.clone()).unwrap_or_default()
}

/// The word for a use in policies.
pub(crate) fn word(how: &How) -> &'static str {
    match how {
        How::Passed => "passed",
        How::Shown => "shown",
        How::Aggregate(_) => "aggregate",
        How::Filter => "filter",
        How::Join => "join",
        How::Group => "group",
        How::Order => "order",
        How::Distinct => "distinct",
        How::SetOperation => "set-operation",
        How::Argument => "argument",
        How::Written => "written",
        How::Target => "target",
    }
}

/// The mode that serves a statement: what is written none but the strictest can, and what is
/// explained has nothing to mask.
pub(crate) fn mode(configured: Mode, class: Class) -> Mode {
    match configured {
        Mode::Source if class != Class::Read => Mode::Result,
        mode => mode,
    }
}
