//! A commit as an entity-group transaction: its operations, its multipart body, its answer.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use state::{Error, Key, Partition, Write};

use super::{
    entity::{self, Row},
    wire::{Wire, code, refusal, strange},
};

/// One operation on one row.
pub(super) struct Operation<'a> {
    key: &'a Key,
    /// The state in which the row must be; `None`: there must be no row.
    etag: Option<&'a str>,
    /// Whether the row keeps the properties that are not named.
    keep: bool,
    entity: Map<String, Value>,
}

/// How the service answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// All of it was applied.
    Applied,
    /// A row was not in the state it was seen in; nothing was applied.
    Moved,
}

/// The operation that makes this write on the row that was seen.
pub(super) fn plan<'a>(
    write: &'a Write,
    seen: Option<&'a Row>,
    fresh: &str,
) -> Result<Operation<'a>, Error> {
    let etag = seen.map(|row| row.etag.as_str());
    let item = seen.and_then(|row| row.item.as_ref());
    let (keep, entity) = match write {
        Write::Create { value, expires_at, .. } if item.is_none() => {
            (false, entity::item(value, fresh, *expires_at))
        }
        Write::Replace { value, version, expires_at, .. }
            if item.is_some_and(|item| item.version == *version) =>
        {
            (false, entity::item(value, fresh, *expires_at))
        }
        Write::Require { version: Some(version), .. }
            if item.is_some_and(|item| item.version == *version) =>
        {
            (true, entity::unchanged(version))
        }
        Write::Require { version: None, .. } if item.is_none() => (true, entity::absence()),
        _ => return Err(Error::Conflict),
    };
    Ok(Operation { key: write.key(), etag, keep, entity })
}

/// The body of the request, with `boundary` between its parts.
pub(super) fn body(
    wire: &Wire,
    partition: &Partition,
    operations: &[Operation<'_>],
    boundary: &str,
) -> Result<String, Error> {
    let mut body = format!(
        "--batch_{boundary}\r\n\
         Content-Type: multipart/mixed; boundary=changeset_{boundary}\r\n\r\n"
    );
    for operation in operations {
        let (head, address) = match operation.etag {
            None => ("POST", wire.table()),
            Some(_) if operation.keep => ("PATCH", wire.address(partition, operation.key)),
            Some(_) => ("PUT", wire.address(partition, operation.key)),
        };
        let condition = match operation.etag {
            Some(etag) => format!("If-Match: {etag}\r\n"),
            None => "Prefer: return-no-content\r\n".to_owned(),
        };
        let entity = entity::placed(partition, operation.key, operation.entity.clone());
        write!(
            body,
            "--changeset_{boundary}\r\n\
             Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
             {head} {address} HTTP/1.1\r\nContent-Type: application/json\r\n\
             Accept: application/json;odata=nometadata\r\n{condition}\r\n{entity}\r\n"
        )
        .map_err(|_| strange())?;
    }
    body.push_str(&format!("--changeset_{boundary}--\r\n--batch_{boundary}--\r\n"));
    match body.len() {
        length if length > BODY_LIMIT => Err(Error::Refused("a commit is longer than 4 MiB")),
        _ => Ok(body),
    }
}

/// Reads the parts of the answer: one for each operation, or one for the operation that failed.
pub(super) fn answer(body: &str, operations: usize) -> Result<Answer, Error> {
    let mut applied = 0;
    for line in body.lines() {
        let Some(status) = line.strip_prefix("HTTP/1.1 ") else { continue };
        match status.split(' ').next().and_then(|status| status.parse::<u16>().ok()) {
            Some(200..300) => applied += 1,
            Some(status) => return failed(status, body),
            None => return Err(strange()),
        }
    }
    if applied == operations { Ok(Answer::Applied) } else { Err(strange()) }
}

fn failed(status: u16, body: &str) -> Result<Answer, Error> {
    let code = body.lines().find(|line| line.starts_with('{')).and_then(code).unwrap_or_default();
    match (status, code.as_str()) {
        (409, "EntityAlreadyExists")
        | (412, "UpdateConditionNotSatisfied")
        | (404, "ResourceNotFound" | "EntityNotFound") => Ok(Answer::Moved),
        _ => Err(refusal(status, &code)),
    }
}

/// What the service takes in one request.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: &str, code: &str) -> Result<Answer, Error> {
        let body = format!(
            "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\
             \r\n--changesetresponse_1\r\nContent-Type: application/http\r\n\r\n\
             HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n\
             {{\"odata.error\":{{\"code\":\"{code}\",\"message\":{{\"lang\":\"en-US\"}}}}}}\r\n\
             --changesetresponse_1--\r\n--batchresponse_1--\r\n"
        );
        answer(&body, 1)
    }

    #[test]
    fn all_parts_must_have_been_applied() {
        let part = "--c\r\n\r\nHTTP/1.1 204 No Content\r\nETag: x\r\n\r\n";
        assert_eq!(answer(&part.repeat(3), 3).unwrap(), Answer::Applied);
        assert!(matches!(answer(&part.repeat(2), 3), Err(Error::Unavailable(_))));
        assert!(matches!(answer("", 1), Err(Error::Unavailable(_))));
        assert!(matches!(answer("HTTP/1.1 later", 1), Err(Error::Unavailable(_))));
    }

    #[test]
    fn a_row_in_another_state_is_not_a_failure_of_the_service() {
        for (status, code) in [
            ("409 Conflict", "EntityAlreadyExists"),
            ("412 Precondition Failed", "UpdateConditionNotSatisfied"),
            ("404 Not Found", "ResourceNotFound"),
        ] {
            assert_eq!(failure(status, code).unwrap(), Answer::Moved, "{code}");
        }
    }

    #[test]
    fn a_missing_table_and_whatever_is_unknown_are_unavailable() {
        for (status, code) in [("404 Not Found", "TableNotFound"), ("500 Oops", "InternalError")] {
            assert!(matches!(failure(status, code), Err(Error::Unavailable(_))), "{code}");
        }
    }
}
