//! What PostgreSQL writes around values when it shows arrays, composites, hstore, XML and bytes.

use masking::detect::{Counts, cover};

fn covered(text: &str) -> String {
    cover(text, &mut Counts::default()).into_owned()
}

#[test]
fn a_value_is_found_in_whatever_it_is_wrapped() {
    for (text, shown) in [
        (
            r#"{ann@example.com,NULL,"bob@example.com"}"#,
            r#"{[masked:email],NULL,"[masked:email]"}"#,
        ),
        (r#"(7,ann@example.com,"a ""b"" c")"#, r#"(7,[masked:email],"a ""b"" c")"#),
        (r#"{"(1,4111111111111111)","(2,)"}"#, r#"{"(1,[masked:card])","(2,)"}"#),
        (r#""ssn"=>"123-45-6789", "n"=>NULL"#, r#""ssn"=>"[masked:ssn]", "n"=>NULL"#),
        (r#""mail"=>"ann@example.com""#, r#""mail"=>"[masked:email]""#),
        ("<a b=\"ann@example.com\">123-45-6789</a>", "<a b=\"[masked:email]\">[masked:ssn]</a>"),
        ("<a>ann&#64;example.com</a>", "<a>[masked:email]</a>"),
        ("<n>4111&#32;1111&#x20;1111&nbsp;1111</n>", "<n>[masked:card]</n>"),
        ("[1,4111111111111111)", "[1,[masked:card])"),
        ("'ann':1A 'ann@example.com':2", "'ann':1A '[masked:email]':2"),
    ] {
        assert_eq!(covered(text), shown);
    }
    let bytes: String = "ann@example.com".bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!covered(&format!("\\x{bytes}")).contains(&bytes));
    assert!(!covered(&format!("{{\"\\\\x00{bytes}ff\"}}")).contains(&bytes));
}
