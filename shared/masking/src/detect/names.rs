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
        if !may_end(name) {
            return None;
        }
        let ends = |names: &[&[u8]]| names.iter().any(|end| ends_in(name, end));
        if ends(&PASSWORDS) { Some(Self::Password) } else { ends(&KEYS).then_some(Self::Key) }
    }
}

/// Whether the name of a secret may end like this: few other names do. What joins its words may stand
/// before the last two letters.
pub(super) fn may_end(name: &[u8]) -> bool {
    let [.., second, last] = name else { return false };
    let third = name.iter().nth_back(2).map_or(0, |byte| byte | 0x20);
    let lasts: &[u8] = match &[second | 0x20, last | 0x20] {
        b"rd" => b"o",
        b"wd" => b"sp",
        b"se" | b"ss" => b"a",
        b"ey" => b"k",
        b"al" => b"i",
        b"ls" => b"a",
        b"et" => b"r",
        b"en" => b"k",
        _ => return false,
    };
    lasts.contains(&third) || !third.is_ascii_alphanumeric()
}

/// Whether the letters and digits of a name end in these small letters.
fn ends_in(name: &[u8], end: &[u8]) -> bool {
    let mut plain = name.iter().rev().filter(|byte| byte.is_ascii_alphanumeric());
    end.iter().rev().all(|byte| plain.next().is_some_and(|one| one.to_ascii_lowercase() == *byte))
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
