//! DynamoDB's answers in the words of the port.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason},
};
use state::{Error, Item, Version};

use super::Row;
use crate::failure::Failure;

/// Why a transaction did not return.
pub(super) enum Cancelled {
    /// Others are at the same items; nothing was applied, and no condition was found wanting.
    Busy,
    /// As the port names it.
    For(Error),
}

pub(super) fn cancelled(error: &SdkError<TransactWriteItemsError, HttpResponse>) -> Cancelled {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cause)) => {
            reasons(cause.cancellation_reasons())
        }
        // Over 4 MB in one transaction: nothing else of what `state::check` lets pass is invalid.
        Some(cause) if cause.code() == Some("ValidationException") => {
            Cancelled::For(Error::Refused("DynamoDB takes no commit of this size"))
        }
        _ => Cancelled::For(unavailable(error)),
    }
}

/// One reason stands for each write, in order; a condition that failed outweighs all others.
fn reasons(reasons: &[CancellationReason]) -> Cancelled {
    let any = |codes: &[&str]| {
        reasons.iter().filter_map(CancellationReason::code).any(|code| codes.contains(&code))
    };
    if any(&["ConditionalCheckFailed"]) {
        Cancelled::For(Error::Conflict)
    } else if any(&["ValidationError", "ItemCollectionSizeLimitExceeded"]) {
        Cancelled::For(Error::Refused("DynamoDB takes no item of this size"))
    } else if any(&["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]) {
        Cancelled::Busy
    } else {
        Cancelled::For(Error::Unavailable(Failure::new(SERVICE, "cancelled without a reason")))
    }
}

/// A row and its key.
pub(super) fn named(mut row: Row) -> Result<(String, Item), Error> {
    match row.remove("k") {
        Some(AttributeValue::S(key)) => Ok((key, item(row)?)),
        _ => Err(strange()),
    }
}

pub(super) fn item(mut row: Row) -> Result<Item, Error> {
    match (row.remove("v"), row.remove("n")) {
        (Some(AttributeValue::B(value)), Some(AttributeValue::S(version))) => {
            Ok(Item { value: value.into_inner(), version: Version(version) })
        }
        _ => Err(strange()),
    }
}

pub(super) fn unavailable<E>(error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata,
{
    Error::Unavailable(Failure::of(SERVICE, error))
}

pub(super) fn strange() -> Error {
    Error::Unavailable(Failure::new(SERVICE, "the table holds an item that is not ours"))
}

const SERVICE: &str = "DynamoDB";

#[cfg(test)]
mod tests {
    use super::*;

    fn told(codes: &[&str]) -> Cancelled {
        let reason = |code: &&str| CancellationReason::builder().code(*code).build();
        reasons(&codes.iter().map(reason).collect::<Vec<_>>())
    }

    #[test]
    fn a_failed_condition_is_a_conflict_whatever_else_there_is() {
        for codes in [
            &["None", "ConditionalCheckFailed"][..],
            &["TransactionConflict", "ConditionalCheckFailed"],
            &["ConditionalCheckFailed", "ThrottlingError"],
        ] {
            assert!(matches!(told(codes), Cancelled::For(Error::Conflict)), "{codes:?}");
        }
    }

    #[test]
    fn another_transaction_on_the_same_items_is_waited_for() {
        assert!(matches!(told(&["None", "TransactionConflict"]), Cancelled::Busy));
        assert!(matches!(told(&["ThrottlingError"]), Cancelled::Busy));
    }

    #[test]
    fn a_reason_that_nobody_knows_is_no_success() {
        assert!(matches!(told(&["None"]), Cancelled::For(Error::Unavailable(_))));
        assert!(matches!(told(&["Novel"]), Cancelled::For(Error::Unavailable(_))));
    }
}
