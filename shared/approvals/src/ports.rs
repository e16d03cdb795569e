//! What this stage needs of a cloud: somebody who asks people, and somebody who wakes what waits for
//! them. Both are told and may forget; the truth is in the store.

use request::Later;
use zeroize::Zeroizing;

use crate::{Notice, Phase};

/// Starts whatever asks people and carries on afterwards.
pub trait Workflow: Send + Sync {
    /// A request waits from now on. Told twice, it must do it once: the request's id is the name.
    fn parked<'a>(&'a self, notice: &'a Notice) -> Later<'a, Result<(), Unheard>>;
}

/// Wakes a workflow that waits for people. Told late, twice, or with a token that is worth nothing any
/// more, it does no harm.
pub trait Waker: Send + Sync {
    /// It was granted, or ended in another way. `token` is what the workflow left to be woken by.
    fn decided<'a>(
        &'a self,
        notice: &'a Notice,
        phase: Phase,
        token: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>>;

    /// People still think about it.
    fn waits<'a>(
        &'a self,
        notice: &'a Notice,
        token: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>>;
}

/// What a workflow waits for. Whoever holds one can wake it, and do nothing else; all the same it is
/// not printed.
///
/// ```compile_fail
/// fn leak(token: &approvals::WakeToken) -> String {
///     format!("{token:?}")
/// }
/// ```
pub struct WakeToken(Zeroizing<String>);

impl WakeToken {
    /// Takes a token as it came.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Zeroizing::new(token))
    }

    /// The token, for the workflow.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A workflow was not told.
#[derive(Debug, thiserror::Error)]
pub enum Unheard {
    /// Nobody waits with this token any more.
    #[error("nobody waits with this token any more")]
    Gone,
    /// It could not be reached, or did not take it.
    #[error("the workflow cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
