//! INSERT, UPDATE and DELETE: what flows where, and what comes back.

use catalogue::resolve;

use crate::{database, kind, outputs, refused, uses};

const NOTES: &str = "target notes.id, target notes.lower, target notes.ssn";

#[test]
fn an_insert_names_its_columns_or_means_all() {
    assert_eq!(uses("INSERT INTO notes (ssn) VALUES ('a')"), "target notes.ssn");
    assert_eq!(uses("INSERT INTO notes VALUES (1)"), NOTES);
    assert_eq!(uses("INSERT INTO notes DEFAULT VALUES"), NOTES);
    assert_eq!(uses("INSERT INTO events (id) VALUES (DEFAULT)"), "target events.id");
    assert_eq!(
        uses("INSERT INTO events VALUES (1)"),
        "target events.at, target events.id, target events.vector",
    );
    assert_eq!(kind("INSERT INTO notes (age) VALUES (1)"), "column");
    assert_eq!(kind("INSERT INTO notes (ctid) VALUES (1)"), "column");
    assert_eq!(kind("INSERT INTO notes VALUES (1, 2, 3, 4)"), "columns");
    assert_eq!(kind("INSERT INTO notes (id, ssn) VALUES (1)"), "columns");
    assert_eq!(kind("INSERT INTO far VALUES (1)"), "relation-kind");
}

#[test]
fn what_an_insert_selects_is_written() {
    assert_eq!(
        uses("INSERT INTO notes (ssn) SELECT ssn FROM customers WHERE name = 'a'"),
        "filter customers.name~, target notes.ssn, written customers.ssn",
    );
    assert_eq!(
        uses("INSERT INTO notes (ssn) VALUES ((SELECT ssn FROM customers))"),
        "target notes.ssn, written customers.ssn~",
    );
    assert_eq!(kind("INSERT INTO notes (id) SELECT notes.id"), "qualifier");
    assert_eq!(kind("INSERT INTO notes (id) VALUES (id)"), "column");
}

#[test]
fn a_conflict_compares_its_key() {
    let text = "INSERT INTO notes (id) VALUES (1) ON CONFLICT";
    assert_eq!(uses(&format!("{text} (ssn) DO NOTHING")), "filter notes.ssn, target notes.id");
    assert_eq!(
        uses(&format!("{text} (lower(ssn)) DO NOTHING")),
        "filter notes.ssn~, target notes.id"
    );
    assert_eq!(
        uses(&format!("{text} (id) WHERE ssn = '' DO NOTHING")),
        "filter notes.id, filter notes.ssn~, target notes.id",
    );
    assert_eq!(kind(&format!("{text} ((notes.ssn)) DO NOTHING")), "qualifier");
    assert_eq!(kind(&format!("{text} (age) DO NOTHING")), "column");
}

#[test]
fn a_conflict_over_any_key_compares_every_column() {
    let all = "filter notes.id, filter notes.lower, filter notes.ssn, target notes.id";
    assert_eq!(uses("INSERT INTO notes (id) VALUES (1) ON CONFLICT DO NOTHING"), all);
    assert_eq!(
        uses("INSERT INTO notes (id) VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING"),
        all
    );
}

#[test]
fn what_is_set_instead_sees_what_is_stored_and_what_is_offered() {
    let text = "INSERT INTO notes (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET";
    let key = "filter notes.id";
    assert_eq!(
        uses(&format!("{text} ssn = excluded.lower")),
        format!("{key}, target notes.id, target notes.ssn, written notes.lower"),
    );
    assert_eq!(
        uses(&format!("{text} ssn = notes.ssn || '' WHERE notes.lower = ''")),
        format!(
            "{key}, filter notes.lower~, target notes.id, target notes.ssn, written notes.ssn~"
        ),
    );
    assert_eq!(kind(&format!("{text} ssn = lower")), "ambiguous");
    assert_eq!(kind(&format!("{text} age = 1")), "column");
}

#[test]
fn an_update_assigns_what_it_computes() {
    assert_eq!(
        uses("UPDATE notes SET ssn = lower WHERE id = 1"),
        "filter notes.id~, target notes.ssn, written notes.lower",
    );
    assert_eq!(
        uses("UPDATE notes n SET ssn = c.ssn FROM customers c WHERE n.id = c.id"),
        "filter customers.id~, filter notes.id~, target notes.ssn, written customers.ssn",
    );
    assert_eq!(uses("UPDATE notes SET ssn = DEFAULT"), "target notes.ssn");
    assert_eq!(kind("UPDATE notes SET age = 1"), "column");
    assert_eq!(kind("UPDATE notes SET ctid = '(0,1)'"), "column");
    assert_eq!(kind("UPDATE notes SET notes.ssn = 'a'"), "column");
}

#[test]
fn several_columns_are_set_at_once() {
    assert_eq!(
        uses("UPDATE notes SET (ssn, lower) = (lower, 'a')"),
        "target notes.lower, target notes.ssn, written notes.lower",
    );
    assert_eq!(
        uses(
            "UPDATE notes n SET (ssn, lower) = (SELECT c.ssn, c.name FROM customers c WHERE c.id = n.id)"
        ),
        "filter customers.id~, filter notes.id~, target notes.lower, target notes.ssn, \
         written customers.name~, written customers.ssn~",
    );
    assert_eq!(
        uses("UPDATE notes SET (ssn) = ROW(lower)"),
        "target notes.ssn, written notes.lower"
    );
    assert_eq!(kind("UPDATE notes SET (ssn, lower) = (SELECT name FROM customers)"), "unresolved");
}

#[test]
fn a_part_of_a_column_can_be_assigned() {
    assert_eq!(uses("UPDATE customers SET home.city = 'a'"), "target customers.home");
    assert_eq!(
        uses("UPDATE customers SET phones[id] = name"),
        "target customers.phones, written customers.id, written customers.name",
    );
}

#[test]
fn what_is_written_cannot_be_used_in_from() {
    assert_eq!(kind("UPDATE notes n SET id = 1 FROM LATERAL (SELECT n.ssn) s"), "qualifier");
    assert_eq!(kind("UPDATE notes SET id = 1 FROM LATERAL (SELECT ssn) s"), "column");
    assert_eq!(kind("DELETE FROM notes USING unnest(ARRAY[notes.ssn]) u"), "qualifier");
    assert_eq!(kind("UPDATE notes SET id = 1 FROM notes"), "twice");
    assert_eq!(kind("DELETE FROM notes n USING orders n"), "twice");
}

#[test]
fn a_delete_filters() {
    assert_eq!(
        uses("DELETE FROM notes USING orders o WHERE notes.id = o.id AND ssn = ''"),
        "filter notes.id~, filter notes.ssn~, filter orders.id~",
    );
    assert_eq!(kind("DELETE FROM notes USING orders WHERE id = 1"), "ambiguous");
}

#[test]
fn returning_shows() {
    assert_eq!(
        outputs("DELETE FROM notes RETURNING ssn, lower(ssn)"),
        "ssn=notes.ssn lower=notes.ssn~"
    );
    assert_eq!(uses("DELETE FROM notes RETURNING ssn || id"), "shown notes.id~, shown notes.ssn~");
    assert_eq!(
        uses("INSERT INTO notes AS n (id) VALUES (1) RETURNING n.ssn"),
        "shown notes.ssn, target notes.id",
    );
    assert_eq!(
        outputs("UPDATE notes SET id = 1 FROM sales.regions r RETURNING *"),
        "id=notes.id ssn=notes.ssn lower=notes.lower id=sales.regions.id region=sales.regions.region",
    );
    assert_eq!(outputs("DELETE FROM notes"), "");
    assert_eq!(kind("INSERT INTO notes (id) SELECT id FROM orders RETURNING note"), "column");
    assert_eq!(
        kind(
            "INSERT INTO notes (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2 RETURNING excluded.id"
        ),
        "qualifier"
    );
    assert_eq!(
        uses("DELETE FROM notes n RETURNING n"),
        "shown notes.*~, shown notes.id~, shown notes.lower~, shown notes.ssn~",
    );
}

#[test]
fn old_and_new_are_the_target_where_the_server_knows_them() {
    let text = "UPDATE notes SET ssn = '' RETURNING old.ssn, new.lower, id";
    assert_eq!(outputs(text), "ssn=notes.ssn lower=notes.lower id=notes.id");
    assert_eq!(
        outputs("DELETE FROM notes old USING orders WHERE orders.id = old.id RETURNING old.ssn"),
        "ssn=notes.ssn"
    );
    assert_eq!(refused("SELECT old.ssn FROM notes"), "`old` is not the name of anything in FROM");
    let parsed = pg_query::parse(text, pg_query::ParserOptions::default()).unwrap().protobuf;
    let statement = parsed.stmts.into_iter().next().unwrap().stmt.unwrap().node.unwrap();
    assert_eq!(resolve(&statement, &database::catalogue(17)).unwrap_err().kind(), "qualifier");
    assert_eq!(kind("DELETE FROM notes RETURNING WITH (OLD AS o) o.ssn"), "unresolved");
}
