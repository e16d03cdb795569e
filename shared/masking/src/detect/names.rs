//! What the name of a field says about its value.

use super::{phone, ssn};

/// What a field holds by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Keys and tokens.
    Key,
    /// Passwords.
    Password,
    /// Telephone numbers.
    Phone,
    /// Social security numbers.
    Ssn,
}

impl Named {
    /// Reads the name of a field.
    pub(super) fn of(field: &str) -> Option<Self> {
        if ssn::named(field) {
            Some(Self::Ssn)
        } else if phone::named(field) {
            Some(Self::Phone)
        } else {
            Self::secret(field.as_bytes())
        }
    }

    /// Reads a name that may be one of a key or password, however its words are joined.
    pub(super) fn secret(name: &[u8]) -> Option<Self> {
        let [.., second, last] = name else { return None };
        if !may_end(*second, *last) {
            return None;
        }
        let plain = |byte: &u8| byte.is_ascii_alphanumeric().then(|| byte.to_ascii_lowercase());
        let name: Vec<u8> = name.iter().filter_map(plain).collect();
        let ends = |names: &[&[u8]]| names.iter().any(|end| name.ends_with(end));
        if ends(&PASSWORDS) { Some(Self::Password) } else { ends(&KEYS).then_some(Self::Key) }
    }
}

/// Whether the name of a secret may end in these letters: few other names do.
pub(super) fn may_end(second: u8, last: u8) -> bool {
    matches!(
        &[second | 0x20, last | 0x20],
        b"rd" | b"wd" | b"se" | b"ss" | b"ey" | b"al" | b"ls" | b"et" | b"en"
    )
}

const PASSWORDS: [&[u8]; 6] =
    [b"password", b"passwd", b"pwd", b"passphrase", b"dbpass", b"userpass"];

const KEYS: [&[u8]; 13] = [
    b"accesskey",
    b"accountkey",
    b"apikey",
    b"authkey",
    b"credential",
    b"credentials",
    b"encryptionkey",
    b"privatekey",
    b"secret",
    b"secretkey",
    b"sharedkey",
    b"signingkey",
    b"token",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_however_its_words_are_joined() {
        for (name, says) in [
            ("password", Some(Named::Password)),
            ("DB_PASSWORD", Some(Named::Password)),
            ("userPwd", Some(Named::Password)),
            ("api-key", Some(Named::Key)),
            ("AWS_SECRET_ACCESS_KEY", Some(Named::Key)),
            ("refreshToken", Some(Named::Key)),
            ("phone_number", Some(Named::Phone)),
            ("ssn", Some(Named::Ssn)),
            ("primary_key", None),
            ("private_key_id", None),
            ("tokens_used", None),
            ("password_changed_at", None),
            ("name", None),
            ("", None),
        ] {
            assert_eq!(Named::of(name), says, "{name}");
        }
    }
}
