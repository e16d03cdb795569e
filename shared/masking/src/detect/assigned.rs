//! Values behind a name that says they are secret: `password=…`, `"api_key": "…"`.

use std::ops::Range;

use super::{
    Finding, Kind, login,
    masks::Block,
    names::{Named, may_end},
    random::entropy,
    view::View,
};

/// The values found so far.
#[derive(Default)]
pub(super) struct Values {
    /// What is before it was looked at.
    from: usize,
    pub(super) found: Vec<Finding>,
}

impl Values {
    /// Looks at what every `=` and `:` assigns.
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block) {
        let mut signs = places(block) & block.from(self.from);
        while signs != 0 {
            self.sign(view, block.place(signs));
            signs &= block.from(self.from);
        }
    }

    fn sign(&mut self, view: &View<'_>, sign: usize) {
        self.from = sign + 1;
        if let Some(named) = name_before(view, sign)
            && let Some(value) = value_after(view, sign)
        {
            self.from = value.end.max(self.from);
            let kind = kind_of(view, named, &value);
            self.found.extend(kind.map(|kind| view.finding(kind, value)));
        }
    }
}

/// Whether nothing is assigned in the only block of a text.
pub(super) fn has_none(view: &View<'_>, block: &Block) -> bool {
    let mut signs = places(block);
    while signs != 0 {
        if name_before(view, block.place(signs)).is_some() {
            return false;
        }
        signs &= signs.wrapping_sub(1);
    }
    true
}

/// The signs that may assign something: behind a digit they are of a time of day.
pub(super) fn places(block: &Block) -> u64 {
    block.now.sign & !block.after_digit()
}

/// Looks at a text that is the value of a field with such a name.
pub(super) fn whole(view: &View<'_>, named: Named, found: &mut Vec<Finding>) {
    let value = 0..view.bytes().len();
    let kind = match named {
        Named::Key if is_key(view.part(value.clone())) => Kind::Secret,
        Named::Password if is_password(view.part(value.clone())) => Kind::Password,
        _ => return,
    };
    found.push(view.finding(kind, value));
}

fn kind_of(view: &View<'_>, named: Named, value: &Range<usize>) -> Option<Kind> {
    let text = view.part(value.clone());
    match named {
        Named::Key => is_key(text).then_some(Kind::Secret),
        Named::Password => {
            let told = is_password(text) || (in_connection(view, value) && !is_empty(text));
            told.then_some(Kind::Password)
        }
        Named::Phone | Named::Ssn => None,
    }
}

fn name_before(view: &View<'_>, sign: usize) -> Option<Named> {
    let head = view.head(sign);
    let head = head.strip_suffix(b" ").unwrap_or(head);
    let head = head.strip_suffix(b"\"").or(head.strip_suffix(b"'")).unwrap_or(head);
    let head = head.strip_suffix(b"\\").unwrap_or(head);
    may_end(head).then_some(())?;
    let end = head.len();
    let start = view.while_before(end, NAME, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
    });
    Named::secret(view.part(start..end))
}

/// Where the value stands: in quotes, or up to a blank or a sign that ends a value.
fn value_after(view: &View<'_>, sign: usize) -> Option<Range<usize>> {
    let start = view.while_within(sign + 1, 2, |byte| byte == b' ');
    let start = start + usize::from(view.at(start) == b'\\' && is_quote(view.at(start + 1)));
    let quote = view.at(start);
    if is_quote(quote) {
        let open = start + 1;
        let end = view.while_within(open, VALUE, |byte| byte != quote && byte >= b' ');
        let end = end - usize::from(view.before(end) == b'\\' && end > open);
        return (view.at(end) == quote || view.at(end) == b'\\').then_some(open..end);
    }
    let end = unquoted(view, start);
    let trimmed =
        view.while_before(end, end - start, |byte| matches!(byte, b')' | b'}' | b']' | b'.'));
    // `==`, `::`, `:=` and `=>` are something else.
    let other = matches!(view.at(start), b'=' | b':' | b'>');
    (trimmed > start && !other).then_some(start..trimmed)
}

/// Where a value without quotes ends. A `&` ends it only if the next parameter of a form follows.
fn unquoted(view: &View<'_>, start: usize) -> usize {
    let mut end = start;
    loop {
        end = view.while_within(end, VALUE, |byte| {
            byte > b' '
                && !matches!(byte, b',' | b';' | b'&' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'|')
        });
        let next = view.while_within(end + 1, NAME, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
        });
        if view.at(end) != b'&' || view.at(next) == b'=' || end - start > VALUE {
            return end;
        }
        end += 1;
    }
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

/// A key or token: long, of letters and digits, and no word. Digests and UUIDs count behind such a
/// name; what a mask has put there does not.
fn is_key(value: &[u8]) -> bool {
    let sign = |byte: &u8| matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~');
    (16..=VALUE).contains(&value.len())
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || sign(byte))
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
        && entropy(value) >= 2.8
        && !is_mask(value)
}

/// A password: a digit or a sign in it that does not stand in words, or both cases and a digit.
fn is_password(value: &[u8]) -> bool {
    let telling = |byte: &u8| byte.is_ascii_digit() || b"!@#$%^&*+=?~|\\:".contains(byte);
    let call = value.contains(&b'(') || value.starts_with(b"$") && value.len() < 4;
    (6..=VALUE).contains(&value.len())
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().any(telling)
        && !value.contains(&b' ')
        && !call
        && !is_empty(value)
}

/// Whether nothing is there to hide.
fn is_empty(value: &[u8]) -> bool {
    value.is_empty()
        || value.starts_with(b"[masked:") && !value.contains(&b']')
        || login::is_hidden(value)
        || is_mask(value)
}

/// What the mask `token` writes: `tok_`, the tag and 24 hexadecimal digits.
fn is_mask(value: &[u8]) -> bool {
    let digits =
        value.strip_prefix(b"tok_").and_then(|rest| rest.rsplit(|byte| *byte == b'_').next());
    digits.is_some_and(|digits| digits.len() == 24 && digits.iter().all(u8::is_ascii_hexdigit))
}

/// Whether a host or a user is named near it, as libpq's and ADO's connection strings do.
fn in_connection(view: &View<'_>, value: &Range<usize>) -> bool {
    let before = view.part(value.start.saturating_sub(NEAR)..value.start);
    let after = view.part(value.end..view.bytes().len().min(value.end + NEAR));
    [before, after].iter().any(|part| {
        BESIDE
            .iter()
            .any(|name| part.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name)))
    })
}

const BESIDE: [&[u8]; 6] = [b"host=", b"user=", b"server=", b"user id=", b"uid=", b"dbname="];
const NAME: usize = 40;
const VALUE: usize = 512;
const NEAR: usize = 80;

#[cfg(test)]
mod tests {
    use crate::detect::{Counts, Kind, cover, cover_json, tests::found};

    #[test]
    fn a_value_behind_a_name_that_says_so_is_found() {
        for (before, value, after, kind) in [
            ("password=", "Tr0ub4dor&3", "", Kind::Password),
            ("password = '", "correct-horse-9", "'", Kind::Password),
            ("{\"passwd\": \"", "hunter2", "\"}", Kind::Password),
            ("{\\\"password\\\": \\\"", "hunter2!", "\\\"}", Kind::Password),
            ("host=db user=app password=", "letmein", " dbname=x", Kind::Password),
            ("Server=db;Uid=sa;Pwd=", "letmein", ";", Kind::Password),
            ("api_key: ", "d41d8cd98f00b204e9800998ecf8427e", ", x", Kind::Secret),
            ("X-Api-Key: ", "018f3c2a-7b1d-4c3e-9f00-1234567890ab", "", Kind::Secret),
            ("client_secret=", "d41d8cd98f00b204e980", "&x=1", Kind::Secret),
        ] {
            let text = format!("{before}{value}{after}");
            assert!(found(&text).contains(&(kind, value)), "{text}: {:?}", found(&text));
            let mut counts = Counts::default();
            assert_eq!(cover(&text, &mut counts), format!("{before}[masked:{kind}]{after}"));
        }
    }

    #[test]
    fn the_field_of_a_document_names_its_value() {
        let text = r#"{"apiKey":"d41d8cd98f00b204e9800998ecf8427e","password":"s3cret!"}"#;
        let expected = r#"{"apiKey":"[masked:secret]","password":"[masked:password]"}"#;
        assert_eq!(cover_json(text, &mut Counts::default()), expected);
        let plain = r#"{"etag":"d41d8cd98f00b204e9800998ecf8427e","password":"required"}"#;
        assert_eq!(cover_json(plain, &mut Counts::default()), plain);
    }

    #[test]
    fn prose_placeholders_masks_and_digests_are_not_secrets() {
        for text in [
            "Password: must be changed",
            "password: required",
            "password = $1",
            "password=%s",
            "password == other9",
            "password=***",
            "password = crypt('x1', y)",
            "password=[masked:password]",
            "token=tok_card_0123456789abcdef01234567",
            "etag: d41d8cd98f00b204e9800998ecf8427e",
            "token: 2026-11-21T08:02:39Z",
            "page_token=12",
            "secret: everything about everybody",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
