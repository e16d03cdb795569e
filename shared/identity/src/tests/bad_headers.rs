//! Well signed tokens whose header, or whose form, is not to be accepted.

use super::{
    draft::{Draft, compact, loosened, quoted},
    refused::{HEADER, LETTERS, LONG, MEMBERS, PARTS, Row, all_are_refused, row},
    signer::{KEYS, base64url},
};

fn good() -> Draft {
    Draft::corp(&KEYS.es256)
}

fn signed(draft: &Draft) -> String {
    draft.signed_by(&KEYS.es256)
}

fn changed(member: &str, value: &str, meets: &str) -> Row {
    row(format!("{member} = {value}"), signed(&good().member(member, value)), meets)
}

#[test]
fn an_algorithm_is_one_of_the_entry_in_its_exact_spelling() {
    let mut rows = Vec::new();
    for name in [
        "none",
        "None",
        "nOnE",
        "NONE",
        "HS256",
        "HS384",
        "HS512",
        "es256",
        "Es256",
        "ES512",
        "RS384",
        "RS512",
        "PS384",
        "PS512",
        "ES256K",
        "RS1",
        "RSA-OAEP",
        "dir",
        "ed25519",
        "EDDSA",
        "Ed448",
        "ML-DSA-44",
        "ES256\\u00a0",
    ] {
        let meets = if name.contains('\\') { "header alg" } else { "algorithm" };
        rows.push(changed("alg", &format!("\"{name}\""), meets));
    }
    for value in
        ["null", "1", "true", "[\"ES256\"]", "{}", "\"\"", "\" ES256\"", "\"ES256\\u0000\""]
    {
        rows.push(changed("alg", value, "header alg"));
    }
    // Algorithms that `corp` allows, and `plant` does not.
    for key in [&KEYS.es256, &KEYS.ps256, &KEYS.ed25519] {
        rows.push(row(key.algorithm, Draft::plant(key).signed_by(key), "algorithm"));
    }
    rows.push(row("no algorithm", signed(&good().no_member("alg")), "header alg"));
    all_are_refused(rows);
}

#[test]
fn a_name_of_a_key_is_one_that_a_key_could_have() {
    let mut rows: Vec<Row> =
        ["null", "1", "true", "[\"one\"]", "{}", "\"\"", "\"on e\"", "\"one\\u0000\""]
            .map(|value| changed("kid", value, "header kid"))
            .into();
    rows.push(changed("kid", &quoted("x' UNION SELECT 'one'--"), "header kid"));
    rows.push(changed("kid", &quoted("\u{43e}ne"), "header kid"));
    rows.push(row(
        "257 bytes",
        signed(&good().member("kid", quoted(&"x".repeat(257)))),
        "header kid",
    ));
    rows.push(row("4 KiB", signed(&good().member("kid", quoted(&"x".repeat(4096)))), "header kid"));
    all_are_refused(rows);
}

#[test]
fn a_name_of_no_key_of_the_issuer_finds_none() {
    let mut rows: Vec<Row> = [
        "../../dev/null",
        "/dev/null",
        "|sleep",
        "One",
        "one/",
        "six",
        "0",
        "https://evil.example/jwks",
    ]
    .map(|kid| changed("kid", &quoted(kid), "key"))
    .into();
    rows.push(row("no name, five keys", signed(&good().no_member("kid")), "key"));
    all_are_refused(rows);
}

#[test]
fn a_type_is_one_of_the_entry() {
    let mut rows = Vec::new();
    for kind in [
        "JWT",
        "jwt",
        "JOSE",
        "at",
        "jwt+at",
        "dpop+jwt",
        "logout+jwt",
        "secevent+jwt",
        "wit+jwt",
        "txntoken+jwt",
        "token-introspection+jwt",
        "application/jwt",
        "text/at+jwt",
        "at+jwt/",
        "application/application/at+jwt",
        "application/",
        "at+jwt;v=1",
        "*",
    ] {
        rows.push(changed("typ", &quoted(kind), "type"));
    }
    for value in ["null", "1", "[\"at+jwt\"]", "\"\"", "\"at+jwt \"", "\"\\u0430t+jwt\""] {
        rows.push(changed("typ", value, "header typ"));
    }
    rows.push(row("no type", signed(&good().no_member("typ")), "type"));
    let plant = Draft::plant(&KEYS.plant).member("typ", "\"at+jwt\"").signed_by(&KEYS.plant);
    rows.push(row("a type of another entry", plant, "type"));
    all_are_refused(rows);
}

#[test]
fn a_header_asks_for_nothing_special() {
    let jwk = KEYS.stranger.jwk().to_string();
    let mut rows: Vec<Row> = [
        ("crit", "[\"exp\"]"),
        ("crit", "[]"),
        ("crit", "null"),
        ("crit", "[\"b64\"]"),
        ("b64", "false"),
        ("b64", "true"),
        ("zip", "\"DEF\""),
        ("enc", "\"A256GCM\""),
        ("cty", "\"JWT\""),
        ("jku", "\"https://evil.example/jwks\""),
        ("jku", "\"http://169.254.169.254/latest\""),
        ("jku", "\"https://login.example/jwks\""),
        ("x5u", "\"https://evil.example/x5u\""),
        ("x5c", "[\"MIIB\"]"),
        ("jwk", "null"),
        ("epk", "{}"),
        ("p2c", "1000000000"),
        ("iss", "\"https://login.example\""),
        ("nonce", "\"x\""),
        ("url", "\"https://evil.example\""),
        ("Alg", "\"none\""),
        ("", "1"),
    ]
    .map(|(member, value)| changed(member, value, MEMBERS))
    .into();
    let embedded = good().member("jwk", jwk).signed_by(&KEYS.stranger);
    rows.push(row("its own key along", embedded, MEMBERS));
    let detached = good().member("crit", "[\"b64\"]").member("b64", "false");
    rows.push(row("an unencoded payload", signed(&detached), MEMBERS));
    all_are_refused(rows);
}

#[test]
fn a_header_is_one_strict_json_object_within_bounds() {
    let key = &KEYS.es256;
    let (header, claims) = (good().header(), good().claims());
    let text = |text: &str| compact(text, &claims, key);
    let with = |name: &str, value: &str| signed(&good().also_member(name, value));
    let loose = format!("{}.{}", loosened(&header), base64url(&claims));
    all_are_refused(vec![
        row("nothing", text(""), HEADER),
        row("a list", text(&format!("[{header}]")), HEADER),
        row("a text", text(&quoted(&header)), HEADER),
        row("null", text("null"), HEADER),
        row("something behind", text(&format!("{header}{header}")), HEADER),
        row("a byte order mark", text(&format!("\u{feff}{header}")), HEADER),
        row("a NUL behind", text(&format!("{header}\0")), HEADER),
        row("a comma too many", text(&header.replace('}', ",}")), HEADER),
        row("not UTF-8", compact(b"{\"alg\":\"\xff\"}", &claims, key), HEADER),
        row("5 deep", with("x5t", "[[[[1]]]]"), HEADER),
        row("a million deep", "eyJh".repeat(2000) + "." + &base64url(&claims) + ".AA", LONG),
        row("alg twice", with("alg", "\"none\""), HEADER),
        row("alg twice and equal", with("alg", "\"ES256\""), HEADER),
        row("alg twice, once escaped", with("\\u0061lg", "\"none\""), HEADER),
        row("kid twice", with("kid", "\"two\""), HEADER),
        row("typ twice", with("typ", "\"JWT\""), HEADER),
        row("loose bits", format!("{loose}.{}", base64url(key.sign(&loose))), HEADER),
    ]);
}

#[test]
fn a_token_is_three_parts_in_the_alphabet_of_base64url() {
    let good = signed(&good());
    let parts: Vec<&str> = good.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("three parts") };
    let flat =
        format!(r#"{{"protected":"{header}","payload":"{claims}","signature":"{signature}"}}"#);
    let general = format!(
        r#"{{"payload":"{claims}","signatures":[{{"protected":"{header}","signature":"{}"}}]}}"#,
        signature
    );
    let mut rows = vec![
        row("nothing", "", PARTS),
        row("a point", ".", PARTS),
        row("two points", "..", HEADER),
        row("three points", "...", PARTS),
        row("no signature and no point", format!("{header}.{claims}"), PARTS),
        row("a header alone", *header, PARTS),
        row("five parts", format!("{good}.{claims}.{signature}"), PARTS),
        row("a point behind", format!("{good}."), PARTS),
        row("a point in front", format!(".{good}"), PARTS),
        row("two tokens", format!("{good}.{good}"), PARTS),
        row("no header", format!(".{claims}.{signature}"), HEADER),
        row(
            "no claims",
            format!("{header}..{signature}"),
            "form: its claims are not strict JSON in canonical base64url",
        ),
        row("flattened JSON", flat, LETTERS),
        row("general JSON", general, LETTERS),
        row("its scheme along", format!("Bearer {good}"), LETTERS),
        row("two with a comma", format!("{good},{good}"), LETTERS),
        row("9 KiB", format!("{good}{}", "A".repeat(9 * 1024)), LONG),
        row("64 KiB", "A".repeat(64 * 1024), LONG),
        row("the other alphabet", "+/==.AA.AA", LETTERS),
        row("percent encoding", good.replace('.', "%2E"), LETTERS),
    ];
    for stray in [
        " ", "\n", "\r\n", "\t", "\0", "=", "==", "?", "+", "/", "~", "\u{e9}", "\u{2024}",
        "\u{feff}",
    ] {
        rows.push(row(format!("{stray:?} behind"), format!("{good}{stray}"), LETTERS));
        rows.push(row(format!("{stray:?} in front"), format!("{stray}{good}"), LETTERS));
        let within = format!("{header}.{stray}{claims}.{signature}");
        rows.push(row(format!("{stray:?} within"), within, LETTERS));
    }
    all_are_refused(rows);
}

#[test]
fn a_whole_token_of_more_than_8_kib_is_refused_however_good() {
    let padded = |n| signed(&good().claim("padding", quoted(&"x".repeat(n))));
    assert!(padded(5400).len() < 8192 && padded(6000).len() > 8192);
    assert!(super::stand::Stand::new().believe(&padded(5400)).is_ok());
    all_are_refused(vec![row("9 KiB", padded(6000), LONG)]);
}
