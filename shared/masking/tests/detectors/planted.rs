//! Values that must not be seen, texts to hide them in, and texts that nobody minds.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use proptest::{prelude::*, sample::select};
use serde_json::Value;

/// Text around a value: anything that can be printed, and words with numbers.
pub(crate) fn context() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,24}", "\\PC{0,12}", "([a-z]{1,8}|[0-9]{1,5}| ){0,6}"]
}

/// What stands between a value and the text around it.
pub(crate) fn joint() -> impl Strategy<Value = &'static str> {
    select(vec![" ", "\n", "\t", ", ", ": ", "(", ")", "|", "; ", "\"", "<", "=", "\u{3000}", "“"])
}

/// A value as it is written, and its digits if these must not survive on their own.
pub(crate) fn planted() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        (card(), select(CUTS), dress())
            .prop_map(|(card, cut, dress)| (dress(&in_fours(&card, cut)), card)),
        (ssn(), select(CUTS), dress())
            .prop_map(|(ssn, cut, dress)| {
                (dress(&[&ssn[..3], &ssn[3..5], &ssn[5..]].join(cut)), ssn)
            })
            .prop_filter("nine digits alone are anything", |(value, core)| value.chars().count()
                > core.len()),
        (iban(), select(vec!["", " ", "-"]))
            .prop_map(|(iban, cut)| (in_fours(&iban, cut), String::new())),
        (email(), dress()).prop_map(|(email, dress)| (dress(&email), String::new())),
        github().prop_map(|token| (token, String::new())),
        jwt().prop_map(|token| (token, String::new())),
        "AKIA[A-Z2-7]{16}".prop_map(|id| (id, String::new())),
        prop::collection::vec(any::<u8>(), 64)
            .prop_filter("a text is not a key", |key| std::str::from_utf8(key).is_err())
            .prop_map(|key| (STANDARD.encode(key), String::new())),
        "[a-zA-Z0-9]{3}[0-9]Q~[a-zA-Z0-9_.-]{34}".prop_map(|secret| (secret, String::new())),
        key().prop_map(|key| (key, String::new())),
        (phone(), dress()).prop_map(|(phone, dress)| (dress(&phone), String::new())),
        "[a-zA-Z0-9+/]{64}".prop_map(|body| {
            (
                format!("-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----"),
                String::new(),
            )
        }),
    ]
}

/// What people put between the digits of a number; the empty one cannot be cut out of nine digits.
const CUTS: &[&str] = &["", " ", "-", "\u{a0}", "\u{202f}", "–", "−", "\u{200b}", "\u{ad}", "."];

/// Other characters for the same.
fn dress() -> impl Strategy<Value = fn(&str) -> String> {
    select(vec![str::to_owned as fn(&str) -> String, wide, arabic])
}

fn wide(text: &str) -> String {
    let wide =
        |c| if ('!'..='~').contains(&c) { char::from_u32(c as u32 + 0xfee0) } else { Some(c) };
    text.chars().filter_map(wide).collect()
}

fn arabic(text: &str) -> String {
    let arabic =
        |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x660 + digit)).unwrap_or(c);
    text.chars().map(arabic).collect()
}

fn in_fours(text: &str, cut: &str) -> String {
    let fours: Vec<String> =
        text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    fours.join(cut)
}

fn card() -> impl Strategy<Value = String> {
    (select(vec!["4", "51", "55", "2221", "6011", "65", "3530", "62"]), "[0-9]{15}").prop_map(
        |(issuer, rest)| {
            let body = format!("{issuer}{rest}")[..15].to_owned();
            let sum: u32 = body
                .chars()
                .rev()
                .filter_map(|c| c.to_digit(10))
                .enumerate()
                .map(|(n, digit)| match n % 2 {
                    0 => digit * 2 / 10 + digit * 2 % 10,
                    _ => digit,
                })
                .sum();
            format!("{body}{}", (10 - sum % 10) % 10)
        },
    )
}

fn ssn() -> impl Strategy<Value = String> {
    (1..900u32, 1..100u32, 1..10_000u32)
        .prop_filter("666 is nobody's", |(area, _, _)| *area != 666)
        .prop_map(|(area, group, serial)| format!("{area:03}{group:02}{serial:04}"))
}

fn iban() -> impl Strategy<Value = String> {
    prop_oneof![
        "GB00[A-Z]{4}[0-9]{14}",
        "DE00[0-9]{18}",
        "FR00[0-9]{10}[A-Z0-9]{11}[0-9]{2}",
        "NO00[0-9]{11}"
    ]
    .prop_map(|iban| {
        let turned = format!("{}{}", &iban[4..], &iban[..4]);
        let number: String =
            turned.chars().filter_map(|c| c.to_digit(36)).map(|n| n.to_string()).collect();
        let rest = number.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
        format!("{}{:02}{}", &iban[..2], 98 - rest, &iban[4..])
    })
}

fn email() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9._+-]{2,10}[a-z0-9]@[a-z0-9]{2,10}(\\.[a-z]{2,6}){1,2}"
}

fn github() -> impl Strategy<Value = String> {
    ("gh[pousr]_", "[a-zA-Z0-9]{30}").prop_map(|(prefix, random)| {
        const BASE: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let crc = random.bytes().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
        });
        let digit = |power: u32| BASE.chars().nth((!crc / 62u32.pow(power) % 62) as usize);
        let sum: String = (0..6).rev().filter_map(digit).collect();
        format!("{prefix}{random}{sum}")
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "AIza[a-zA-Z0-9_-]{35}",
        "glpat-[a-zA-Z0-9_-]{20}",
        "xoxb-[0-9]{11}-[a-zA-Z0-9]{24}",
        "[sr]k_live_[a-zA-Z0-9]{24}",
        "npm_[a-zA-Z0-9]{36}",
    ]
}

fn phone() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\+49[ -]?1[567][0-9][ -]?[0-9]{3}[ -]?[0-9]{4}",
        "\\+1[ -]?[2-9][02-9][0-9][ -]?[2-9][02-9][0-9][ -]?[0-9]{4}",
        "\\([2-9][02-9][0-9]\\) [2-9][02-9][0-9]-[0-9]{4}",
        "[2-9][02-9][0-9]-[2-9][02-9][0-9]-[0-9]{4}",
    ]
}

fn jwt() -> impl Strategy<Value = String> {
    (
        select(vec!["RS256", "ES256", "none"]),
        "[ -~]{0,40}",
        prop::collection::vec(any::<u8>(), 0..64),
    )
        .prop_map(|(alg, subject, signature)| {
            let header = serde_json::json!({ "typ": "JWT", "alg": alg }).to_string();
            let payload = serde_json::json!({ "sub": subject }).to_string();
            [header.into_bytes(), payload.into_bytes(), signature]
                .map(|part| URL_SAFE_NO_PAD.encode(part))
                .join(".")
        })
}

/// The ways to hide a value in other letters.
pub(crate) const FORMS: &[fn(&str) -> String] = &[
    |text| STANDARD.encode(text),
    |text| URL_SAFE_NO_PAD.encode(text),
    |text| STANDARD.encode(STANDARD.encode(text)),
    |text| text.bytes().map(|byte| format!("{byte:02x}")).collect(),
    |text| text.bytes().map(|byte| format!("{byte:02X}")).collect(),
    |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
    |text| text.bytes().map(|byte| format!("%25{byte:02x}")).collect(),
    |text| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
    |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
];

/// A document with values planted in strings, keys and numbers.
pub(crate) fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        "[a-zé ☃\"\\\\/]{0,10}".prop_map(Value::from),
        ("[a-z ]{0,6}", planted())
            .prop_map(|(words, (value, _))| Value::from(format!("{words} {value}"))),
        card().prop_map(|card| card.parse::<u64>().map_or(Value::Null, Value::from)),
    ];
    leaf.prop_recursive(5, 32, 4, |inner| {
        let key = prop_oneof!["[a-zé\\\\]{0,6}", planted().prop_map(|(value, _)| value)];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Pieces that detectors look for, in any order.
pub(crate) fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(PIECES).prop_map(str::to_owned),
        planted().prop_map(|(value, _)| value),
        "\\PC{0,6}",
        "[0-9]{1,9}",
        "[0-9]{10,40}",
        "[0-9]\\.[0-9]{1,20}[eE][+-]?[0-9]{1,24}",
        "[a-zA-Z0-9+/]{0,50}",
    ];
    prop_oneof![
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
        any::<String>()
    ]
}

const PIECES: &[&str] = &[
    "@",
    ".",
    "-",
    "-----BEGIN ",
    "-----END ",
    "PRIVATE KEY-----",
    "eyJ",
    "eyJhbGciOiJub25lIn0.",
    "ghp_",
    "github_pat_",
    "AKIA",
    "Q~",
    "MIIE",
    "%",
    "%2",
    "%40",
    "\\u",
    "\\u00",
    "\\ud83d",
    "\\x",
    "&#",
    "&#x",
    "=",
    "==",
    "\u{200b}",
    "\u{301}",
    "４",
    "–",
    "\u{a0}",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "é",
    "漢",
    "🙂",
    "[masked:",
    "GB",
    "DE89",
    "\n",
    "\r\n",
    " ",
    "e+15",
    "ssn",
    "sha512-",
    "sig=",
    "@[",
    "xn--",
    "+",
    "+1",
    "(0)",
    "password",
    "api_key",
    "token=",
    "=",
    "://",
    "u:p",
    "tel ",
    "xoxb-",
    "AIza",
    "glpat-",
    "hooks.slack.com/services/T",
    "H4sI",
    "\\x1f8b08",
    "550e8400-e29b-41d4-a716-446655440000",
    "2026-11-21 08:02:39",
];

/// What databases are full of and nobody minds.
pub(crate) fn harmless() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[0-9a-f]{40}",
        "[0-9a-f]{64}",
        "[0-9A-HJKMNP-TV-Z]{26}",
        "1[67][0-9]{11}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}Z",
        "ORD-20[0-9]{2}-[0-9]{6}",
        "[+-][0-9]{1,7}\\.[0-9]{2}",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
        (-1e9..1e9f32).prop_map(|float| float.to_string()),
        (0.0..1e9f64).prop_map(|float| float.to_string()),
        "[0-9]{1,11}",
        "[a-z]{1,12}( [a-z]{1,12}){0,8}\\.",
    ]
}
