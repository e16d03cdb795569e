//! Names with a checked shape. Two kinds of name never share a type by both being strings.

use std::fmt;

use serde::Serialize;

use crate::Error;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $limit:literal, $alphabet:literal, $allowed:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text if it is within bounds.
            ///
            /// # Errors
            /// Empty, too long, or outside of the alphabet.
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                if text.is_empty() {
                    return Err(Error::Empty($what));
                }
                if text.len() > $limit {
                    return Err(Error::Long($what, $limit));
                }
                let allowed: fn(u8) -> bool = $allowed;
                if !text.bytes().all(allowed) {
                    return Err(Error::Alphabet($what, $alphabet));
                }
                Ok(Self(text))
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
    /// The name under which policy knows a target, such as `orders-db`.
    TargetName = "target", 63, "a-z, 0-9 and -",
        |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    /// The name of a secret, in the alphabet that Secrets Manager and Key Vault share, and `/` for
    /// the former.
    SecretName = "secret", 127, "letters, digits, - and /",
        |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'/';
    /// The caller's name for one request.
    IdempotencyKey = "idempotency_key", 128, "letters, digits and - _ . :",
        |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    /// Our name for one request: a UUID of version 7 (RFC 9562), so that names sort by time.
    RequestId = "request id", 36, "a UUID's characters",
        |b| b.is_ascii_hexdigit() || b == b'-';
}

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_to_its_alphabet_and_length() {
        assert!(TargetName::new("orders-db").is_ok());
        for bad in ["", "Orders", "a/b", "a b", "ä", "a\n", &"x".repeat(64)] {
            assert!(TargetName::new(bad).is_err(), "{bad:?}");
        }
    }
}
