//! What can be wrong with the text of a token, with its JSON, and with its signature.

use std::rc::Rc;

use crate::{
    build::{Build, Damage},
    signer::base64url,
};

/// Everything.
pub(crate) fn damages() -> Vec<Damage> {
    let mut all = Vec::new();
    for (what, change) in TEXTS {
        all.push(Damage::new(what, move |build| build.token = Some(Rc::new(change))));
    }
    for (what, change) in JSON {
        let change = move |text: String| change(text.into_bytes());
        let (header, claims) = (Rc::new(change), Rc::new(change));
        all.push(Damage::new(format!("header: {what}"), move |build| {
            build.header_text = Some(header.clone());
        }));
        all.push(Damage::new(format!("claims: {what}"), move |build| {
            build.claims_text = Some(claims.clone());
        }));
    }
    for part in 0..3 {
        for (what, change) in PARTS {
            all.push(Damage::new(format!("part {part}: {what}"), move |build| {
                build.token = Some(Rc::new(move |token| with_part(&token, part, change)));
            }));
        }
    }
    all.extend(signatures());
    all
}

fn signatures() -> Vec<Damage> {
    let mut all = Vec::new();
    for (what, change) in SIGNATURES {
        all.push(Damage::new(what, move |build| build.signature = Some(Rc::new(change))));
    }
    for byte in 0..64 {
        all.push(Damage::new(
            format!("bit {} of the signature", byte * 8 + byte % 8),
            move |build| {
                build.signature = Some(Rc::new(move |mut signature| {
                    let at = byte * signature.len() / 64;
                    signature[at] ^= 1 << (byte % 8);
                    signature
                }));
            },
        ));
    }
    for other in 0..6 {
        all.push(Damage::new(format!("by another key, {other}"), move |build| {
            build.signer = build.others[other % build.others.len()];
        }));
        all.push(Damage::new(format!("by another key and its id, {other}"), move |build| {
            build.signer = build.others[other % build.others.len()];
            build.header.put("kid", format!("\"{}\"", build.signer.kid));
        }));
        all.push(Damage::new(format!("by another key, all it says, {other}"), move |build| {
            build.signer = build.others[other % build.others.len()];
            build.header.put("kid", format!("\"{}\"", build.signer.kid));
            build.header.put("alg", format!("\"{}\"", build.signer.algorithm));
        }));
    }
    for algorithm in ["RS256", "PS256"] {
        all.push(Damage::new(format!("signed as {algorithm}"), move |build| {
            build.algorithm = Some(algorithm);
            build.header.put("alg", format!("\"{algorithm}\""));
        }));
        all.push(Damage::new(format!("signed as {algorithm}, untold"), move |build| {
            build.algorithm = Some(algorithm);
        }));
    }
    all.push(Damage::new("a public key as a secret", hmac));
    all
}

/// HS256 with the public key's JWK as the secret.
fn hmac(build: &mut Build<'_>) {
    build.header.put("alg", "\"HS256\"");
    let secret = build.signer.published().to_string();
    build.token = Some(Rc::new(move |token| {
        let (signed, _) = token.rsplit_once('.').unwrap();
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
        format!("{signed}.{}", base64url(aws_lc_rs::hmac::sign(&key, signed.as_bytes())))
    }));
}

/// The token with one of its three parts as it is after the change.
fn with_part(token: &str, part: usize, change: fn(&str) -> String) -> String {
    let parts = token.split('.').enumerate();
    let parts = parts.map(|(n, text)| if n == part { change(text) } else { text.into() });
    parts.collect::<Vec<String>>().join(".")
}

/// The last character holds fewer bits than it could, unless the length is a multiple of four.
fn unread(part: &str) -> String {
    let Some(last) = part.bytes().last() else { return String::new() };
    let at = ALPHABET.iter().position(|letter| *letter == last).unwrap_or(0);
    let free = usize::from(!part.len().is_multiple_of(4));
    format!("{}{}", less(part, 1), char::from(ALPHABET[at ^ free]))
}

fn start(part: &str, bytes: usize) -> String {
    part.chars().take(bytes).collect()
}

fn end(part: &str, from: usize) -> String {
    part.chars().skip(from).collect()
}

fn less(part: &str, by: usize) -> String {
    start(part, part.len().saturating_sub(by))
}

type OfText = fn(String) -> String;
type OfBytes = fn(Vec<u8>) -> Vec<u8>;
type OfPart = fn(&str) -> String;

const TEXTS: [(&str, OfText); 20] = [
    ("nothing", |_| String::new()),
    ("a space before", |token| format!(" {token}")),
    ("a space behind", |token| format!("{token} ")),
    ("a line's end behind", |token| format!("{token}\n")),
    ("a NUL behind", |token| format!("{token}\0")),
    ("a dot before", |token| format!(".{token}")),
    ("a dot behind", |token| format!("{token}.")),
    ("two dots behind", |token| format!("{token}..")),
    ("four parts", |token| format!("{token}.AA")),
    ("five parts", |token| format!("{token}.AA.AA")),
    ("twice", |token| format!("{token}{token}")),
    ("twice, with a dot", |token| format!("{token}.{token}")),
    ("without its signature", |token| token.rsplit_once('.').unwrap().0.into()),
    ("with an empty signature", |token| format!("{}.", token.rsplit_once('.').unwrap().0)),
    ("quoted", |token| format!("\"{token}\"")),
    ("its parts turned around", |token| token.rsplit('.').collect::<Vec<_>>().join(".")),
    ("in capitals", |token| token.to_ascii_uppercase()),
    ("with Bearer before", |token| format!("Bearer {token}")),
    ("dots escaped", |token| token.replace('.', "%2e")),
    ("as JSON", |token| {
        let parts: Vec<&str> = token.split('.').collect();
        format!(
            "{{\"protected\":\"{}\",\"payload\":\"{}\",\"signature\":\"{}\"}}",
            parts[0], parts[1], parts[2]
        )
    }),
];

const PARTS: [(&str, OfPart); 18] = [
    ("empty", |_| String::new()),
    ("=", |part| format!("{part}=")),
    ("==", |part| format!("{part}==")),
    ("padded", |part| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4))),
    ("a space within", |part| format!("{} {}", start(part, 4), end(part, 4))),
    ("a line's end within", |part| format!("{}\n{}", start(part, 4), end(part, 4))),
    ("the other alphabet", |part| part.replace('-', "+").replace('_', "/") + "+"),
    ("an A more", |part| format!("{part}A")),
    ("two A more", |part| format!("{part}AA")),
    ("four A more", |part| format!("{part}AAAA")),
    ("one less", |part| less(part, 1)),
    ("two less", |part| less(part, 2)),
    ("four less", |part| less(part, 4)),
    ("half of it", |part| less(part, part.len() / 2)),
    ("twice", |part| format!("{part}{part}")),
    ("%", |part| format!("{part}%3D")),
    ("é", |part| format!("{part}é")),
    ("bits that nobody reads", unread),
];
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const JSON: [(&str, OfBytes); 22] = [
    ("nothing", |_| Vec::new()),
    ("an empty object", |_| b"{}".to_vec()),
    ("null", |_| b"null".to_vec()),
    ("a list", |text| [b"[", &*text, b"]"].concat()),
    ("a text", |text| serde_json::to_vec(&String::from_utf8(text).unwrap()).unwrap()),
    ("a number", |_| b"1".to_vec()),
    ("spaces around", |text| [b" \t\r\n", &*text, b" \n"].concat()),
    ("spaces within", |text| String::from_utf8(text).unwrap().replace("\":", "\" : ").into()),
    ("a byte order mark", |text| [b"\xef\xbb\xbf", &*text].concat()),
    ("a second object behind", |text| [&*text, b"{}"].concat()),
    ("a comma behind", |text| [&*text, b","].concat()),
    ("a NUL behind", |text| [&*text, b"\0"].concat()),
    ("a comma within", |text| [&text[..text.len() - 1], b",}"].concat()),
    ("a comment", |text| [&*text, b"/* */"].concat()),
    ("not closed", |text| text[..text.len() - 1].to_vec()),
    ("closed twice", |text| [&*text, b"}"].concat()),
    ("single quotes", |text| String::from_utf8(text).unwrap().replace('"', "'").into()),
    ("bytes that are no UTF-8", |text| [&text[..text.len() - 1], b",\"x\":\"\xff\"}"].concat()),
    ("a long spelling in UTF-8", |text| {
        [&text[..text.len() - 1], b",\"x\":\"\xc0\x80\"}"].concat()
    }),
    ("half a surrogate", |text| [&text[..text.len() - 1], b",\"x\":\"\\udc00\"}"].concat()),
    ("a tab in a text", |text| [&text[..text.len() - 1], b",\"x\":\"\t\"}"].concat()),
    ("no number", |text| [&text[..text.len() - 1], b",\"x\":NaN}"].concat()),
];

type OfSignature = fn(Vec<u8>) -> Vec<u8>;

const SIGNATURES: [(&str, OfSignature); 12] = [
    ("a signature of zeros", |signature| vec![0; signature.len()]),
    ("a signature of ones", |signature| vec![0xff; signature.len()]),
    ("a signature of nothing", |_| Vec::new()),
    ("a signature of one byte", |_| vec![1]),
    ("a zero behind the signature", |signature| [&*signature, &[0]].concat()),
    ("a zero before the signature", |signature| [&[0], &*signature].concat()),
    ("a byte less of the signature", |signature| signature[1..].to_vec()),
    ("the signature twice", |signature| signature.repeat(2)),
    ("the signature's halves turned around", |signature| {
        let (r, s) = signature.split_at(signature.len() / 2);
        [s, r].concat()
    }),
    ("the signature turned around", |signature| signature.into_iter().rev().collect()),
    ("the signature in DER", der),
    ("the signature with r = 0", |signature| {
        let half = signature.len() / 2;
        [vec![0; half], signature[half..].to_vec()].concat()
    }),
];

/// As ECDSA signatures are outside of JOSE: a sequence of two integers.
fn der(signature: Vec<u8>) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let integer = |bytes: &[u8]| {
        // Always with a zero in front, which may be one too many.
        [&[2, u8::try_from(bytes.len() + 1).unwrap_or(0), 0], bytes].concat()
    };
    let inner = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(inner.len()).unwrap_or(0)], &*inner].concat()
}
