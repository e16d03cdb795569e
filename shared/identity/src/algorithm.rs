//! The signature algorithms that a foreign issuer may use, and the kind of key each needs.

use jsonwebtoken::Algorithm as Primitive;

/// A signature algorithm. There is no symmetric one and no `none`: they cannot be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// Ed25519, under its old name `EdDSA` (RFC 8037) and its full one (RFC 9864).
    Ed25519,
    Es256,
    Es384,
    Ps256,
    Rs256,
}

impl Algorithm {
    /// All names, for a message to whoever configures.
    pub(crate) const NAMES: &str = "ES256, ES384, RS256, PS256, EdDSA and Ed25519";

    /// By its registered name, case and all (RFC 7515, 4.1.1).
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "EdDSA" | "Ed25519" => Some(Self::Ed25519),
            "ES256" => Some(Self::Es256),
            "ES384" => Some(Self::Es384),
            "PS256" => Some(Self::Ps256),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }

    /// The key type and curve that it needs (RFC 7518, 6; RFC 8037, 2).
    pub(crate) fn key_type(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Ed25519 => ("OKP", Some("Ed25519")),
            Self::Es256 => ("EC", Some("P-256")),
            Self::Es384 => ("EC", Some("P-384")),
            Self::Ps256 | Self::Rs256 => ("RSA", None),
        }
    }

    /// The name under which the primitive knows it.
    pub(crate) fn primitive(self) -> Primitive {
        match self {
            Self::Ed25519 => Primitive::EdDSA,
            Self::Es256 => Primitive::ES256,
            Self::Es384 => Primitive::ES384,
            Self::Ps256 => Primitive::PS256,
            Self::Rs256 => Primitive::RS256,
        }
    }
}
