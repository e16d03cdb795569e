//! Connection strings: `scheme://user:password@host`.

use std::ops::Range;

use super::view::View;

/// The password before the `@` there, or before a later one of the same authority: of several `@`,
/// the last is the one before the host (as browsers and libpq read it).
pub(super) fn password(view: &View<'_>, at: usize) -> Option<Range<usize>> {
    let start = view.while_before(at, LONGEST, is_authority);
    let slashes = start.checked_sub(3)?;
    if view.part(slashes..start) != b"://" || !view.before(slashes).is_ascii_alphanumeric() {
        return None;
    }
    let colon = view.while_within(start, at - start, |byte| byte != b':');
    let stop = view.while_within(at, LONGEST, is_authority);
    let last = view.while_before(stop, stop - at, |byte| byte != b'@').checked_sub(1)?;
    let password = colon + 1..last.max(at);
    (colon < at && !password.is_empty() && !is_hidden(view.part(password.clone())))
        .then_some(password)
}

/// What may stand between `://` and the path. Blanks, quotes and brackets end what is written.
fn is_authority(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'/' | b'?' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | 0x7f)
}

/// Whether somebody has covered it already, or it stands for a password that is put in later.
pub(super) fn is_hidden(value: &[u8]) -> bool {
    let inside = value.strip_prefix(b"[masked:").and_then(|rest| rest.strip_suffix(b"]"));
    let name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let variable = value.strip_prefix(b"${").and_then(|rest| rest.strip_suffix(b"}"));
    let upper = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    inside.is_some_and(|inside| inside.iter().all(name))
        || variable.is_some_and(|variable| variable.iter().all(upper))
        || value.iter().all(|byte| matches!(byte, b'*' | b'x' | b'.'))
}

/// How far from the `@` the authority reaches, in characters.
const LONGEST: usize = 512;

#[cfg(test)]
mod tests {
    use crate::detect::{Counts, Kind, cover, tests::found};

    #[test]
    fn the_password_of_a_connection_string_is_found() {
        for (before, password, after) in [
            ("postgres://app:", "s3cret", "@db.example.com:5432/shop"),
            ("see mysql://root:", "letmein", "@127.0.0.1/x for it"),
            ("redis://:", "p", "@cache:6379"),
            ("amqps://u%40x:", "p%40ss:word", "@mq/vhost"),
            ("mongodb+srv://u:", "p@ss@word", "@cluster0.example.net/?w=1"),
            ("{\"url\":\"https://deploy:", "hunter2", "@git.example.com/x.git\"}"),
        ] {
            let text = format!("{before}{password}{after}");
            assert_eq!(found(&text), [(Kind::Password, password)], "{text}");
            let mut counts = Counts::default();
            assert_eq!(cover(&text, &mut counts), format!("{before}[masked:password]{after}"));
        }
    }

    #[test]
    fn links_without_a_password_have_none() {
        for text in [
            "https://example.com/a:b@c",
            "ssh://git@host/x",
            "https://example.com:8080/@x",
            "http://user@localhost/",
            "postgres://app:***@db/shop",
            "postgres://app:${DB_PASSWORD}@db/shop",
            "a://b c:d@e",
            "://x:y@z",
        ] {
            assert!(found(text).iter().all(|(kind, _)| *kind != Kind::Password), "{text}");
        }
    }
}
