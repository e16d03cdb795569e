//! Whoever holds the login of a target: a statement on record, or a question of ours.

use catalogue::Rests;
use credentials::{Armed, Error, Lent, Login};
use policy::Target;

use super::session::writes;

/// Evidence with a login in it, and what its transaction is like.
pub(super) trait Holder: Send + Sync {
    /// Where to log in.
    fn target(&self) -> &Target;

    /// As whom.
    fn login(&self) -> &Login;

    /// The store's name for this version of the login.
    fn version(&self) -> &str;

    /// Fetches the login anew, once. Whether there is another one to try.
    fn renew(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The mode of the transaction (PostgreSQL's manual, SET TRANSACTION).
    fn mode(&self) -> &'static str;

    /// What has to be as it was before anything is sent.
    fn rests(&self) -> Option<&Rests>;
}

impl Holder for Armed<'_> {
    fn target(&self) -> &Target {
        self.witnessed().cleared().vetted().permit().target()
    }

    fn login(&self) -> &Login {
        self.login()
    }

    fn version(&self) -> &str {
        self.version()
    }

    async fn renew(&mut self) -> Result<bool, Error> {
        self.renew().await
    }

    fn mode(&self) -> &'static str {
        match writes(self.witnessed().cleared().vetted()) {
            true => "ISOLATION LEVEL READ COMMITTED READ WRITE",
            false => "ISOLATION LEVEL READ COMMITTED READ ONLY",
        }
    }

    fn rests(&self) -> Option<&Rests> {
        Some(&self.witnessed().cleared().vetted().reading().rests)
    }
}

impl Holder for Lent<'_> {
    fn target(&self) -> &Target {
        self.target()
    }

    fn login(&self) -> &Login {
        self.login()
    }

    fn version(&self) -> &str {
        self.version()
    }

    async fn renew(&mut self) -> Result<bool, Error> {
        self.renew().await
    }

    /// Many questions are answered as of one moment, or columns would be held against the stamp of
    /// another.
    fn mode(&self) -> &'static str {
        "ISOLATION LEVEL REPEATABLE READ READ ONLY"
    }

    fn rests(&self) -> Option<&Rests> {
        None
    }
}
