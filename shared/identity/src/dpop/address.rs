//! Addresses in the one spelling in which they are compared (RFC 3986, 6.2.2 and 6.2.3).
//!
//! Equal are: letters of scheme and host in either case, the scheme's own port or none, a character
//! that needs no escape and its escape, and a path before and after its dot segments are taken out.
//! Everything else that looks alike is another address: a slash at the end or twice in a row, a dot
//! after the host, other spellings of an IP address. Refused is what no endpoint of ours has: user,
//! query, fragment, and all characters that an address does not have, those beyond ASCII among them.

/// The address of an endpoint: a public address of ours, and the path below it.
pub(super) fn below(base: &str, path: &str) -> Option<String> {
    // Without the slash, the path would go on with the host.
    if path.starts_with('/') { normal(&format!("{base}{path}")) } else { None }
}

/// The address in its one spelling; `None` for what is none.
pub(super) fn normal(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => return None,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = host(authority)?;
    let path = without_dots(path)?;
    if port.is_empty() || port == usual {
        Some(format!("{scheme}://{host}/{path}"))
    } else {
        Some(format!("{scheme}://{host}:{port}/{path}"))
    }
}

/// Host and port. An escape in a host is refused: nobody writes one who means to be understood.
fn host(authority: &str) -> Option<(String, &str)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inner, port) = rest.split_once(']')?;
            let letter = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
            (inner.bytes().all(letter).then(|| format!("[{inner}]"))?, port)
        }
        None => {
            let (name, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
            (name.bytes().all(letter).then(|| name.to_owned())?, port)
        }
    };
    let port = if port.is_empty() { port } else { port.strip_prefix(':')? };
    let whole = !matches!(host.as_str(), "" | "[]") && port.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| (host.to_ascii_lowercase(), port))
}

/// The path (RFC 3986, 5.2.4), from behind its first slash. Escapes go first, so that an escaped dot
/// is a dot.
fn without_dots(path: &str) -> Option<String> {
    let mut kept = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let (segment, last) = (unescaped(segment)?, segments.peek().is_none());
        match (segment.as_str(), last) {
            ("", false) => return None,
            (".", false) => {}
            ("..", false) => _ = kept.pop(),
            (".", true) => kept.push(String::new()),
            ("..", true) => {
                kept.pop();
                kept.push(String::new());
            }
            _ => kept.push(segment),
        }
    }
    Some(kept.join("/"))
}

/// A segment without the escapes that it does not need, the others in capitals.
fn unescaped(segment: &str) -> Option<String> {
    let mut plain = String::with_capacity(segment.len());
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => match escaped(bytes.next()?, bytes.next()?)? {
                byte if unreserved(byte) => plain.push(char::from(byte)),
                byte => plain.push_str(&format!("%{byte:02X}")),
            },
            _ if unreserved(byte) || MARKS.contains(&byte) => plain.push(char::from(byte)),
            _ => return None,
        }
    }
    Some(plain)
}

fn escaped(high: u8, low: u8) -> Option<u8> {
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
    Some(nibble(high)? << 4 | nibble(low)?)
}

/// RFC 3986, 2.3.
fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// What else a segment has as it is (RFC 3986, 3.3 and 2.2).
const MARKS: &[u8] = b"!$&'()*+,;=:@";
