//! What can be found in a text, and the words for it.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An AWS access key id, or the secret that belongs to one.
    AwsKey,
    /// An Azure account key, shared access key or signature, or the secret of an application.
    AzureKey,
    /// The number of a payment card (ISO/IEC 7812).
    Card,
    /// An e-mail address.
    Email,
    /// An API key, an access token or the secret of an application of Google Cloud.
    GcpKey,
    /// A token of GitHub.
    GithubToken,
    /// A token of GitLab.
    GitlabToken,
    /// Something compressed (RFC 1952), of which nobody can say what is in it.
    Gzip,
    /// An international bank account number (ISO 13616).
    Iban,
    /// A JSON Web Token, signed or encrypted (RFC 7519).
    Jwt,
    /// A token of the npm registry.
    NpmToken,
    /// The password in a connection string, or behind a name that says it is one.
    Password,
    /// A telephone number, international (E.164) or of the North American plan.
    Phone,
    /// A private key: PEM, OpenSSH, or the bare base64 of either.
    PrivateKey,
    /// A key or token of nobody in particular: too random for a name, or named as one.
    Secret,
    /// A token of Slack, or the address of one of its hooks.
    SlackToken,
    /// A social security number of the United States.
    Ssn,
    /// A secret key of Stripe.
    StripeKey,
}

impl Kind {
    /// The name that stands in masks and on record; it never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsKey => "aws-key",
            Self::AzureKey => "azure-key",
            Self::Card => "card",
            Self::Email => "email",
            Self::GcpKey => "gcp-key",
            Self::GithubToken => "github-token",
            Self::GitlabToken => "gitlab-token",
            Self::Gzip => "gzip",
            Self::Iban => "iban",
            Self::Jwt => "jwt",
            Self::NpmToken => "npm-token",
            Self::Password => "password",
            Self::Phone => "phone",
            Self::PrivateKey => "private-key",
            Self::Secret => "secret",
            Self::SlackToken => "slack-token",
            Self::Ssn => "ssn",
            Self::StripeKey => "stripe-key",
        }
    }

    /// Whether another kind that overlaps says more.
    pub(super) fn is_vague(self) -> bool {
        matches!(self, Self::Password | Self::Secret)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
