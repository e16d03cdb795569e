//! E-mail addresses (RFC 5321 and RFC 6531), as people write them, and what else stands at an `@`.

use super::{Finding, Kind, login, masks::Block, view::View};

/// The addresses found so far.
#[derive(Default)]
pub(super) struct Addresses {
    /// What is before it was looked at.
    from: usize,
    pub(super) found: Vec<Finding>,
}

impl Addresses {
    /// Finds an address around every `@`, or the password before it.
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block) {
        let mut signs = block.now.at & block.from(self.from);
        while signs != 0 {
            self.sign(view, block.place(signs));
            signs &= block.from(self.from);
        }
    }

    fn sign(&mut self, view: &View<'_>, at: usize) {
        self.from = at + 1;
        if let Some(password) = login::password(view, at) {
            self.from = password.end + 1;
            self.found.push(view.finding(Kind::Password, password));
        } else if let Some(start) = local(view, at)
            && let Some(end) = domain(view, at)
        {
            self.found.push(view.finding(Kind::Email, start..end));
        }
    }
}

/// Where the part before the `@` starts.
fn local(view: &View<'_>, at: usize) -> Option<usize> {
    let end = at - usize::from(blank(view, at, at.wrapping_sub(1)));
    if view.before(end) == b'"' {
        let open = view.while_before(end - 1, LOCAL, |byte| byte != b'"');
        return open.checked_sub(1).filter(|open| view.at(*open) == b'"');
    }
    let start = view.while_before(end, LOCAL, is_local);
    // Quotes, dots and signs before the first letter are not part of the address.
    let start = view.while_from(start, |byte| is_local(byte) && !is_word(byte)).min(end);
    (start < end).then_some(start)
}

/// Where the part after the `@` ends: behind the last label that can be a top-level domain.
fn domain(view: &View<'_>, at: usize) -> Option<usize> {
    let start = at + 1 + usize::from(blank(view, at, at + 1));
    if view.at(start) == b'[' {
        return literal(view, start);
    }
    let end = view.while_within(start, DOMAIN, is_domain);
    if is_picture(view.part(start..end)) {
        return None;
    }
    let (mut label, mut last) = (start, None);
    loop {
        let dot = view.while_within(label, end - label, |byte| byte != b'.');
        if dot == label {
            // Two dots, or nothing at all.
            return last;
        }
        if label > start {
            last = top_level(view, label, dot).or(last);
        }
        if dot == end {
            return last;
        }
        label = dot + 1;
    }
}

/// Where the letters of a top-level domain end.
fn top_level(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    let label = view.part(start..end);
    if label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"xn--")) {
        return Some(end);
    }
    let letters =
        view.while_within(start, end - start, |byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    (letters - start >= 2).then_some(letters)
}

/// Whether it is the end of the name of a picture for dense screens: `icon@2x.png`.
fn is_picture(domain: &[u8]) -> bool {
    domain.split(|byte| *byte == b'.').next().is_some_and(|label| match label {
        [digits @ .., b'x'] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }) && PICTURES.iter().any(|kind| domain.ends_with(kind))
}

/// An address in brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
fn literal(view: &View<'_>, start: usize) -> Option<usize> {
    let end = view
        .while_from(start + 1, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'.'));
    (end > start + 7 && view.at(end) == b']').then_some(end + 1)
}

/// Whether a blank stands there that does not end the address: blanks stand on both sides of the
/// `@`, or it is a blank that is not ASCII's.
fn blank(view: &View<'_>, at: usize, there: usize) -> bool {
    let both = view.before(at) == b' ' && view.at(at + 1) == b' ';
    view.at(there) == b' ' && (both || view.wide(there))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// What RFC 5322 allows, without the signs at which addresses in links and in settings start.
fn is_local(byte: u8) -> bool {
    is_word(byte)
        || matches!(
            byte,
            b'.' | b'-' | b'+' | b'!' | b'#' | b'$' | b'%' | b'\'' | b'*' | b'^' | b'`' | b'~'
        )
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') || byte >= 0x80
}

/// RFC 5321 has 64; what is longer and ends in an address still hides one.
const LOCAL: usize = 256;
const DOMAIN: usize = 255;
const PICTURES: [&[u8]; 6] = [b".png", b".jpg", b".jpeg", b".gif", b".svg", b".webp"];

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found_only};

    fn emails(text: &str) -> Vec<&str> {
        found_only(Kind::Email, text)
    }

    #[test]
    fn addresses_are_found_in_whole() {
        for address in [
            "a@b.co",
            "first.last+tag@sub.example.co.uk",
            "o'brien@example.com",
            "x_y@ex-ample.org",
            "jürgen@müller.de",
            "用户@例子.中国",
            "a@xn--bcher-kva.xn--p1ai",
            "\"john doe\"@example.com",
            "ann@[192.0.2.17]",
            "ann＠example．com",
            "an\u{200b}n@exam\u{ad}ple.com",
            "ann @ example.com",
        ] {
            assert_eq!(emails(address), [address]);
            let inside = format!("Write to <{address}>, please.");
            assert_eq!(emails(&inside), [address]);
        }
    }

    #[test]
    fn what_follows_an_address_does_not_hide_it() {
        assert_eq!(emails("ann@example.com."), ["ann@example.com"]);
        assert_eq!(emails("mailto:ann@example.com?subject=x"), ["ann@example.com"]);
        assert_eq!(emails("ann@example.com_1"), ["ann@example.com"]);
        assert_eq!(emails("ann@example.com..."), ["ann@example.com"]);
        assert_eq!(emails("a@b.com,c@d.org"), ["a@b.com", "c@d.org"]);
    }

    #[test]
    fn other_uses_of_the_sign_are_not_addresses() {
        for text in [
            "@handle",
            "a @handle.x",
            "meet @ noon",
            "x@localhost",
            "pkg@1.2.3",
            "icon@2x.png",
            "a@.com",
            "@@@@",
            "user@",
        ] {
            assert!(emails(text).is_empty(), "{text}");
        }
    }
}
