//! Fields of composite values: only where it is known that they are some.

use crate::{kind, outputs, refused, titles, uses};

#[test]
fn a_field_of_a_composite_column_is_part_of_it() {
    assert_eq!(uses("SELECT (home).city FROM customers"), "shown customers.home~");
    assert_eq!(uses("SELECT (c.home).city FROM customers c"), "shown customers.home~");
    assert_eq!(uses("SELECT ((c).home).city FROM customers c"), "shown customers.home~");
    assert_eq!(
        outputs("SELECT (home).* FROM customers"),
        "street=customers.home~ city=customers.home~"
    );
    assert_eq!(
        uses("SELECT (s.h).city FROM (SELECT home AS h FROM customers) s"),
        "shown customers.home~"
    );
}

#[test]
fn a_field_that_is_not_known_is_refused() {
    assert_eq!(
        refused("SELECT (home).zip FROM customers"),
        "`zip` cannot be told to be a field here; name the column otherwise",
    );
    for text in [
        "SELECT (name).lower FROM customers",
        "SELECT (lower(name)).x FROM customers",
        "SELECT (ROW(ssn, 1)).f1 FROM customers",
        "SELECT (SELECT c FROM customers c).ssn",
        "SELECT (s.r).ssn FROM (SELECT c AS r FROM customers c) s",
        "SELECT ((home).city).length FROM customers",
        "SELECT (phones[1]).x FROM customers",
        "SELECT (name).* FROM customers",
        "SELECT (row_to_json(c)).* FROM customers c",
        "SELECT ($1).x",
        "SELECT lower((home).*) FROM customers",
    ] {
        assert_eq!(kind(text), "field", "{text}");
    }
}

#[test]
fn a_row_in_parentheses_is_its_columns() {
    assert_eq!(titles("SELECT (n).* FROM notes n"), "id ssn lower");
    assert_eq!(uses("SELECT (n).* FROM notes n"), uses("SELECT * FROM notes"));
    assert_eq!(uses("SELECT (s).x FROM (SELECT ssn AS x FROM customers) s"), "shown customers.ssn");
    assert_eq!(
        uses("SELECT (j).ssn FROM (notes JOIN orders USING (id)) j")
            .matches("shown notes.ssn")
            .count(),
        1
    );
}

#[test]
fn a_star_in_a_row_is_all_columns() {
    assert_eq!(
        uses("SELECT ROW(n.*) FROM notes n"),
        "shown notes.id~, shown notes.lower~, shown notes.ssn~",
    );
    assert_eq!(
        uses("SELECT count(n.*) FROM notes n"),
        "count notes.*~, count notes.id~, count notes.lower~, count notes.ssn~",
    );
    assert_eq!(outputs("SELECT x FROM notes n, LATERAL (VALUES (n.*)) v(i, x)"), "x=notes.ssn~",);
}

#[test]
fn subscripts_keep_nothing_straight() {
    assert_eq!(uses("SELECT phones[1] FROM customers"), "shown customers.phones~");
    assert_eq!(
        uses("SELECT c.phones[id] FROM customers c"),
        "shown customers.id~, shown customers.phones~"
    );
    assert_eq!(
        uses("SELECT phones[1:id] FROM customers"),
        "shown customers.id~, shown customers.phones~"
    );
}
