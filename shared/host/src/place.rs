//! What the platform says about a request, and a header cannot.

use request::{Deadline, Source};

/// Put beside each request by the door of a platform.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it came from.
    pub source: Source,
    /// When an answer must be out.
    pub deadline: Deadline,
}
