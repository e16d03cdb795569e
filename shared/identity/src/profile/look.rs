//! Looks for claims, in objects within objects too, and takes none of another kind than its own.

use serde_json::Value;

use super::{Members, Path};
use crate::{Error, text};

pub(crate) const NAME: &str = "a text of 1 to 255 bytes without control or invisible characters";

/// The claim, if it is there. What is on the way to it must be an object.
pub(super) fn at(claims: &Members, path: Path) -> Result<Option<&Value>, Error> {
    let Some((last, way)) = path.split_last() else { return Ok(None) };
    let mut members = claims;
    for name in way {
        match members.get(*name) {
            None => return Ok(None),
            Some(Value::Object(inner)) => members = inner,
            Some(_) => return Err(Error::Claim(name, "an object")),
        }
    }
    Ok(members.get(*last))
}

/// A claim that names somebody or something, if it is there.
pub(super) fn name(claims: &Members, path: Path) -> Result<Option<&str>, Error> {
    named(at(claims, path)?, told(path))
}

/// A claim that must be there and name somebody or something.
pub(super) fn needed(claims: &Members, path: Path) -> Result<&str, Error> {
    name(claims, path)?.ok_or(Error::Claim(told(path), NAME))
}

/// The same of a value at hand. `told` is its name in an error, which holds no configured text.
pub(crate) fn named<'c>(
    value: Option<&'c Value>,
    told: &'static str,
) -> Result<Option<&'c str>, Error> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if text::names_somebody(text) => Ok(Some(text)),
        Some(_) => Err(Error::Claim(told, NAME)),
    }
}

/// Its name in an error.
pub(super) fn told(path: Path) -> &'static str {
    path.last().copied().unwrap_or_default()
}
