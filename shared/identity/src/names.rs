//! Names that are no mere texts: of nodes, of issuers as we call them, of local groups.

use std::fmt;

use request::Digest;
use state::Partition;

use crate::base64url;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub(crate) fn new(text: String) -> Self {
                Self(text)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// The id of one member of a chain: `d_` and 32 hexadecimal digits for a direct caller, `n_` and
    /// 22 characters of base64url for a node of ours, of which a token names up to 18.
    NodeId;
    /// The short name under which the configuration knows an issuer: `a-z`, `0-9`, `-` and `_`.
    IssuerAlias;
    /// The name of a local group: `a-z`, `0-9`, `-` and `_`. Only the configuration makes them.
    GroupName;
}

impl NodeId {
    /// A new node of ours, from 128 random bits.
    #[must_use]
    pub fn fresh(random: [u8; 16]) -> Self {
        Self(format!("n_{}", base64url::encode(&random)))
    }

    /// Reads the id of a node of ours.
    #[must_use]
    pub fn ours(text: &str) -> Option<Self> {
        let bytes = base64url::decode(text.strip_prefix("n_")?)?;
        (bytes.len() == 16).then(|| Self(text.to_owned()))
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.0.starts_with("n_")
    }

    /// Where what belongs to this node's tree is kept, if it is a root.
    #[must_use]
    pub fn partition(&self) -> Option<Partition> {
        Partition::new(self.as_str())
    }
}

/// Where everything of a principal is kept that is not in a tree of its own.
#[must_use]
pub fn principal(issuer: &IssuerAlias, subject: &str) -> Option<Partition> {
    let digest = Digest::of_parts(&[issuer.as_str().as_bytes(), subject.as_bytes()]);
    Partition::new(short("p", &digest))
}

/// The first half of a digest, behind the letter of what it names.
pub(crate) fn short(kind: &str, digest: &Digest) -> String {
    format!("{kind}_{}", digest.to_string().chars().take(32).collect::<String>())
}
/// Under which alias nodes of ours are known to policy; no configured issuer may have it.
pub(crate) const OURS: &str = "postern";
