//! What the expressions look like, mask by mask and type by type.

use catalogue::Kind;

use super::*;

const KEY: Key<'_> = Key::Parameters(KeyParameters { inner: 3, outer: 4 });

fn masked(mask: Mask, type_name: &str) -> String {
    expression(mask, "ssn", "x", type_name, &KEY)
}

fn relation(columns: &[(&str, &str)]) -> Relation {
    let column = |(number, (name, type_name)): (i16, &(&str, &str))| Attribute {
        number,
        name: (*name).into(),
        type_oid: 25,
        type_name: (*type_name).into(),
        generated: false,
    };
    Relation {
        oid: 20_000,
        schema: "Sales".into(),
        name: "cust\"omers".into(),
        kind: Kind::Table,
        columns: (1..).zip(columns).map(column).collect(),
        parents: Vec::new(),
        rests_on: Vec::new(),
        calls: Vec::new(),
        has_rules: false,
        readable: true,
        rows: None,
        stamp: String::new(),
    }
}

/// All masks, and the names of types of every family.
const MASKS: [Mask; 8] = [
    Mask::Bare,
    Mask::Last4,
    Mask::Year,
    Mask::Round(250),
    Mask::Fpe,
    Mask::Token,
    Mask::Null,
    Mask::Redact,
];
const TYPES: [&str; 24] = [
    "text",
    "character varying",
    "character varying(20)",
    "character(3)",
    "bpchar",
    "name",
    "citext",
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "numeric(12,2)",
    "date",
    "timestamp without time zone",
    "timestamp(3) with time zone",
    "timestamptz",
    "uuid",
    "double precision",
    "money",
    "jsonb",
    "text[]",
    "integer[]",
    "app.mood",
    "\"Odd Type\"",
];

#[test]
fn a_mark_keeps_the_type_of_a_text_but_not_its_length() {
    let mark = "CASE WHEN \"x\" IS NOT NULL THEN '[masked:ssn]'::";
    for (type_name, kept) in [
        ("text", "text"),
        ("citext", "text"),
        ("character varying(4)", "varchar"),
        ("character varying", "varchar"),
        ("character(3)", "bpchar"),
        ("name", "name"),
    ] {
        assert_eq!(masked(Mask::Redact, type_name), format!("{mark}pg_catalog.{kept} END"));
    }
}

#[test]
fn what_no_mark_fits_into_is_null_of_its_own_type() {
    for type_name in ["integer", "app.mood", "text[]", "bytea", "numeric(3)", "uuid", "date"] {
        assert_eq!(masked(Mask::Redact, type_name), "CASE WHEN FALSE THEN \"x\" END");
    }
    for type_name in TYPES {
        assert_eq!(masked(Mask::Null, type_name), "CASE WHEN FALSE THEN \"x\" END");
    }
}

#[test]
fn a_mask_that_does_not_fit_a_type_redacts_it() {
    for type_name in TYPES {
        let redacted = masked(Mask::Redact, type_name);
        let family = Family::of(type_name);
        for mask in MASKS.into_iter().filter(|mask| mask.over(family) == Mask::Redact) {
            assert_eq!(masked(mask, type_name), redacted, "{mask} {type_name}");
        }
        assert_eq!(masked(Mask::Fpe, type_name), redacted, "the database cannot do it");
        let keyless = expression(Mask::Token, "ssn", "x", type_name, &Key::Absent);
        assert_eq!(keyless, redacted, "no key, no token");
    }
}

#[test]
fn the_last_four_are_shown_of_eight_or_more() {
    assert_eq!(
        masked(Mask::Last4, "character varying(19)"),
        "CASE WHEN pg_catalog.length(\"x\"::pg_catalog.text) OPERATOR(pg_catalog.>=) 8 \
         THEN ('****'::pg_catalog.text OPERATOR(pg_catalog.||) \
         pg_catalog.right(\"x\"::pg_catalog.text, 4))::pg_catalog.varchar \
         WHEN \"x\" IS NOT NULL THEN '[masked:ssn]'::pg_catalog.varchar END"
    );
}

#[test]
fn a_moment_becomes_the_first_of_january_of_its_year_in_utc() {
    let trunc = "pg_catalog.date_trunc('year'::pg_catalog.text, ";
    assert_eq!(
        masked(Mask::Year, "date"),
        format!("{trunc}\"x\"::pg_catalog.timestamp)::pg_catalog.date")
    );
    for type_name in ["timestamp without time zone", "timestamp(3) without time zone", "timestamp"]
    {
        assert_eq!(masked(Mask::Year, type_name), format!("{trunc}\"x\"::pg_catalog.timestamp)"));
    }
    let utc = "pg_catalog.timezone('UTC'::pg_catalog.text, ";
    for type_name in ["timestamp(3) with time zone", "timestamp with time zone", "timestamptz"] {
        assert_eq!(
            masked(Mask::Year, type_name),
            format!("{utc}{trunc}{utc}\"x\"::pg_catalog.timestamptz)))")
        );
    }
}

#[test]
fn a_number_becomes_a_multiple_that_its_type_can_hold() {
    let number = |n: i64| format!("'{n}'::pg_catalog.numeric");
    let multiple = format!(
        "pg_catalog.div(pg_catalog.floor(\"x\"::pg_catalog.numeric) OPERATOR(pg_catalog.-) \
         CASE WHEN \"x\"::pg_catalog.numeric OPERATOR(pg_catalog.<) {} THEN {} ELSE {} END, {}) \
         OPERATOR(pg_catalog.*) {}",
        number(0),
        number(249),
        number(0),
        number(250),
        number(250)
    );
    assert_eq!(masked(Mask::Round(250), "numeric(12,2)"), multiple);
    for (type_name, kept, least) in [
        ("smallint", "int2", i64::from(i16::MIN)),
        ("integer", "int4", i64::from(i32::MIN)),
        ("bigint", "int8", i64::MIN),
    ] {
        assert_eq!(
            masked(Mask::Round(250), type_name),
            format!(
                "CASE WHEN \"x\" IS NOT NULL THEN GREATEST({multiple}, {})::pg_catalog.{kept} END",
                number(least)
            )
        );
    }
}

#[test]
fn a_token_is_made_with_a_key_that_stands_elsewhere() {
    let token = |outer: &str, inner: &str, kept: &str| {
        format!(
            "('tok_ssn_'::pg_catalog.text OPERATOR(pg_catalog.||) \
             pg_catalog.left(pg_catalog.encode(pg_catalog.sha256({outer}::pg_catalog.bytea \
             OPERATOR(pg_catalog.||) pg_catalog.sha256({inner}::pg_catalog.bytea \
             OPERATOR(pg_catalog.||) pg_catalog.decode('73736e00', 'hex') \
             OPERATOR(pg_catalog.||) pg_catalog.convert_to(\"x\"::pg_catalog.text, 'UTF8'))), \
             'hex'), 24))::pg_catalog.{kept}"
        )
    };
    for (type_name, kept) in [("character(9)", "bpchar"), ("bigint", "text"), ("uuid", "text")] {
        assert_eq!(masked(Mask::Token, type_name), token("$4", "$3", kept));
    }
    let key = Key::Texts { inner: "SELECT k.i FROM k", outer: "f()" };
    assert_eq!(
        expression(Mask::Token, "ssn", "x", "text", &key),
        token("(f())", "(SELECT k.i FROM k)", "text")
    );
}

#[test]
fn names_and_tags_cannot_leave_their_quotes() {
    let odd = relation(&[("A\"b", "text"), ("select", "integer")]);
    let mask = |column: &Attribute| (column.number == 1).then_some((Mask::Redact, "a'b\\"));
    assert_eq!(
        select(&odd, true, &mask, &KEY),
        "SELECT CASE WHEN \"A\"\"b\" IS NOT NULL THEN E'[masked:a''b\\\\]'::pg_catalog.text END \
         AS \"A\"\"b\", \"select\" FROM ONLY \"Sales\".\"cust\"\"omers\""
    );
    assert_eq!(
        select(&relation(&[]), false, &mask, &KEY),
        "SELECT  FROM \"Sales\".\"cust\"\"omers\""
    );
}

#[test]
fn a_select_tells_whether_it_takes_the_key() {
    let keyed = |mask, type_name, key: &Key<'_>| {
        let relation = relation(&[("id", "integer"), ("x", type_name)]);
        let mask = |column: &Attribute| (column.number == 2).then_some((mask, "ssn"));
        let replacement = Replacement::of(&relation, &mask, key);
        assert_eq!(replacement.keyed(), replacement.select(false).contains("$3"));
        replacement.keyed()
    };
    assert!(keyed(Mask::Token, "text", &KEY));
    assert!(!keyed(Mask::Token, "numeric", &KEY) && !keyed(Mask::Token, "text", &Key::Absent));
    assert!(!keyed(Mask::Fpe, "text", &KEY) && !keyed(Mask::Redact, "text", &KEY));
}

#[test]
fn the_key_stands_behind_the_last_parameter() {
    assert_eq!(KeyParameters::after(0), KeyParameters { inner: 1, outer: 2 });
    assert_eq!(KeyParameters::after(2), KeyParameters { inner: 3, outer: 4 });
}

/// In the tree, a name that the search path decides on has one part.
#[test]
fn nothing_in_a_mask_is_for_the_search_path_to_decide() {
    for (mask, type_name) in MASKS.into_iter().flat_map(|m| TYPES.map(|t| (m, t))) {
        let text = format!("SELECT {}", masked(mask, type_name));
        let tree = format!("{:?}", pg_query::parse(&text, 0).unwrap().protobuf);
        for field in ["funcname: [", "kind: AexprOp, name: [", "names: ["] {
            for (_, rest) in
                tree.match_indices(field).map(|(at, _)| tree.split_at(at + field.len()))
            {
                let first = "Node { node: Some(String(String { sval: \"pg_catalog\"";
                assert!(rest.starts_with(first), "{mask} {type_name}: {field}{rest:.90}");
            }
        }
        assert_eq!(tree.matches("AExpr {").count(), tree.matches("kind: AexprOp").count());
    }
}
