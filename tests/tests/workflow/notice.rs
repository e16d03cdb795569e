//! Requests that wait.

use approvals::{Notice, Ticket};
use request::{Digest, Millis, RequestId};
use state::Partition;

/// A new one, which waits for years.
pub(crate) fn notice() -> Notice {
    let request = RequestId::fresh();
    let digest = Digest::of(request.as_str().as_bytes());
    let partition = Partition::new("p_0123456789abcdef0123456789abcdef").unwrap();
    Notice { ticket: Ticket { partition, request }, digest, expires: Millis(4_000_000_000_000) }
}
