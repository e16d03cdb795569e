//! A survey gives exactly what was made.

use std::collections::BTreeMap;

use catalogue::{Catalogue, Draft, Form, Relation};

use crate::scene::{play, play_alone};

/// All relations of a schema in words, sorted.
fn told(draft: &Draft, schema: &str) -> Vec<String> {
    let names: BTreeMap<u32, (String, &Relation)> =
        draft.relations.iter().map(|r| (r.oid, (r.full_name(), r))).collect();
    let name = |oid: &u32| names[oid].0.strip_prefix(&format!("{schema}.")).unwrap().to_owned();
    let mut lines: Vec<String> = draft
        .relations
        .iter()
        .filter(|r| r.schema == schema)
        .map(|r| {
            let columns: Vec<String> = r
                .columns
                .iter()
                .map(|c| {
                    let generated = if c.generated { "=" } else { "" };
                    format!("{} {}{generated} {}", c.number, c.name, c.type_name)
                })
                .collect();
            let parents: Vec<String> = r.parents.iter().map(name).collect();
            let on: Vec<String> = r
                .rests_on
                .iter()
                .map(|on| format!("{}.{}", name(&on.relation), on.column))
                .collect();
            let calls = if r.calls.is_empty() { "" } else { " calls" };
            let rules = if r.has_rules { " rules" } else { "" };
            let readable = if r.readable { "" } else { " unreadable" };
            format!(
                "{:?} {} ({}) < [{}] on [{}]{calls}{rules}{readable}",
                r.kind,
                r.name,
                columns.join(", "),
                parents.join(" "),
                on.join(" ")
            )
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn relations_are_what_was_made() {
    const MADE: &str = "
        CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN short AS varchar(20);
        CREATE TABLE gone (a int, b text, c text); ALTER TABLE gone DROP COLUMN b;
        CREATE TABLE people (id int PRIMARY KEY, name short, mood mood, twice int GENERATED ALWAYS AS (id * 2) STORED);
        CREATE TABLE staff (salary numeric(12, 2)) INHERITS (people);
        CREATE TABLE orders (id bigserial, person int REFERENCES people, day date) PARTITION BY RANGE (day);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY HASH (id);
        CREATE TABLE orders_1a PARTITION OF orders_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE VIEW inner_view AS SELECT id, name FROM people WHERE mood = 'good';
        CREATE VIEW outer_view AS SELECT v.name, o.day FROM inner_view v JOIN orders o ON o.person = v.id;
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM orders;
        CREATE TABLE ruled (id int); CREATE RULE away AS ON INSERT TO ruled DO INSTEAD NOTHING;
        CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
        CREATE FOREIGN TABLE remote (id int) SERVER far";
    play("relations", MADE, async |scene| {
        let draft = scene.survey().await;
        let wanted = [
            "Foreign remote (1 id integer) < [] on []",
            "Materialized counted (1 count bigint) < [] on [orders.0]",
            "Other orders_id_seq (1 last_value bigint, 2 log_cnt bigint, 3 is_called boolean) < [] on [] unreadable",
            "Partitioned orders (1 id bigint, 2 person integer, 3 day date) < [] on []",
            "Partitioned orders_1 (1 id bigint, 2 person integer, 3 day date) < [orders] on []",
            "Table gone (1 a integer, 3 c text) < [] on []",
            "Table orders_1a (1 id bigint, 2 person integer, 3 day date) < [orders_1] on []",
            "Table people (1 id integer, 2 name short, 3 mood mood, 4 twice= integer) < [] on []",
            "Table ruled (1 id integer) < [] on [] rules",
            "Table staff (1 id integer, 2 name short, 3 mood mood, 4 twice= integer, 5 salary numeric(12,2)) < [people] on []",
            "View inner_view (1 id integer, 2 name short) < [] on [people.1 people.2 people.3]",
            "View outer_view (1 name short, 2 day date) < [] on [orders.2 orders.3 inner_view.1 inner_view.2]",
        ];
        assert_eq!(told(&draft, "relations"), wanted);
        assert_eq!((draft.schema.as_str(), draft.major), ("relations", 15));
        let catalogue = Catalogue::of(draft).unwrap();
        let people = catalogue.relation(None, "people").unwrap();
        assert_eq!(catalogue.type_numbered(people.columns[2].type_oid).unwrap().kind, 'e');
        assert_eq!(catalogue.family(people.oid).len(), 2);
    });
}

#[test]
fn functions_are_what_was_made() {
    const MADE: &str = "
        CREATE TYPE place AS (street text, city text);
        CREATE FUNCTION plain(int, text DEFAULT '') RETURNS text LANGUAGE sql AS 'SELECT $2';
        CREATE FUNCTION many(VARIADIC numeric[]) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION outs(IN a int, OUT b text, OUT int, INOUT d place) LANGUAGE sql AS 'SELECT $$$$, 1, $2';
        CREATE FUNCTION one(OUT only_one int) LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION nameless(OUT int) LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION rows() RETURNS TABLE (x int, y date) LANGUAGE sql AS 'SELECT 1, now()::date';
        CREATE PROCEDURE act() LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)";
    play("functions", MADE, async |scene| {
        let draft = scene.survey().await;
        let ours = draft.functions.iter().filter(|f| f.schema == "functions");
        let mut lines: Vec<String> = ours
            .map(|f| {
                let variadic = if f.variadic { "..." } else { "" };
                format!(
                    "{:?} {}({}{variadic}) -{} {} [{}]",
                    f.form,
                    f.name,
                    f.arguments.join(", "),
                    f.defaults,
                    f.returns,
                    f.columns.join(", ")
                )
            })
            .collect();
        lines.sort();
        let wanted = [
            "Aggregate total(integer) -0 integer []",
            "Procedure act() -0 void []",
            "Set many(numeric[]...) -0 integer []",
            "Set rows() -0 record [x, y]",
            "Value nameless() -0 integer []",
            "Value one() -0 integer [only_one]",
            "Value outs(integer, place) -0 record [b, column2, d]",
            "Value plain(integer, text) -1 text []",
        ];
        assert_eq!(lines, wanted);
    });
}

#[test]
fn what_comes_with_every_database_is_there() {
    play("system", "", async |scene| {
        let catalogue = Catalogue::of(scene.survey().await).unwrap();
        let lower = catalogue.functions("lower");
        assert!(lower.iter().any(|f| f.arguments == ["text"] && f.returns == "text"), "{lower:?}");
        let forms =
            |name: &str| catalogue.functions(name).iter().map(|f| f.form).collect::<Vec<_>>();
        assert_eq!(forms("row_number"), [Form::Window]);
        assert_eq!(forms("json_each"), [Form::Set]);
        assert_eq!(catalogue.functions("json_each")[0].columns, ["key", "value"]);
        assert!(forms("count").iter().all(|form| *form == Form::Aggregate));
        let not = catalogue.operators("!~~");
        assert!(not.iter().any(|o| (&*o.left, &*o.right) == ("text", "text")), "{not:?}");
        assert!(catalogue.operators("-").iter().any(|o| o.left.is_empty()));
        assert_eq!(catalogue.types("int4").len(), 1);
        assert_eq!(catalogue.collations("C").len(), 1);
        assert!(catalogue.functions("lower").iter().all(|f| f.oid < catalogue::FIRST_NORMAL));
        // The system's own relations are nothing that a statement may name.
        assert!(catalogue.relation(Some("pg_catalog"), "pg_class").is_none());
        assert!(catalogue.relation(Some("information_schema"), "tables").is_none());
    });
}

#[test]
fn operators_types_collations_and_casts_are_what_was_made() {
    const MADE: &str = "
        CREATE TYPE place AS (street text, gone int, city text); ALTER TYPE place DROP ATTRIBUTE gone;
        CREATE DOMAIN percent AS int CHECK (VALUE <= 100);
        CREATE TYPE span AS RANGE (SUBTYPE = date);
        CREATE FUNCTION near(place, place) RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION away(place) RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR <-> (FUNCTION = near, LEFTARG = place, RIGHTARG = place);
        CREATE OPERATOR !!! (FUNCTION = away, RIGHTARG = place);
        CREATE FUNCTION as_place(int) RETURNS place LANGUAGE sql AS 'SELECT NULL::routines.place';
        CREATE CAST (int AS place) WITH FUNCTION as_place(int) AS IMPLICIT;
        CREATE COLLATION plain FROM \"C\"";
    play_alone("routines", MADE, async |scene| {
        let draft = scene.survey().await;
        let operators: Vec<String> = draft
            .operators
            .iter()
            .filter(|o| o.schema == "routines")
            .map(|o| format!("{}{}{}", o.left, o.name, o.right))
            .collect();
        assert_eq!(operators, ["place<->place", "!!!place"]);
        let types: Vec<String> = draft
            .types
            .iter()
            .filter(|t| t.schema == "routines")
            .map(|t| format!("{} {} [{}]", t.kind, t.name, t.fields.join(", ")))
            .collect();
        for wanted in ["c place [street, city]", "d percent []", "r span []", "m datemultirange []"]
        {
            // A multirange that is made along is called after its range.
            let wanted = wanted.replace("datemultirange", "span_multirange");
            let found = types.contains(&wanted)
                || types.contains(&wanted.replace("span_multirange", "multispan"));
            assert!(found, "{wanted}: {types:?}");
        }
        let collations = draft.collations.iter().filter(|c| c.schema == "routines");
        assert_eq!(collations.map(|c| c.name.as_str()).collect::<Vec<_>>(), ["plain"]);
        assert!(draft.casts.contains(&"integer AS place".to_owned()), "{:?}", draft.casts);
    });
}

#[test]
fn what_the_role_may_not_use_is_left_out_unless_something_rests_on_it() {
    const MADE: &str = "
        CREATE SCHEMA behind; CREATE TABLE behind.base (id int, ssn text);
        CREATE TABLE behind.family (id int); CREATE TABLE behind.alone (id int);
        CREATE VIEW shown AS SELECT id FROM behind.base;
        CREATE TABLE child () INHERITS (behind.family)";
    play("reach", MADE, async |scene| {
        let draft = scene.survey().await;
        let behind = draft.relations.iter().filter(|r| r.schema == "behind");
        let behind: Vec<_> = behind.map(|r| (r.name.as_str(), r.readable)).collect();
        assert_eq!(behind, [("base", false), ("family", false)]);
        assert!(scene.relation("shown").await.readable);
        let admin = "REVOKE ALL ON shown, child FROM reach; GRANT SELECT (id) ON child TO reach";
        scene.admin(admin).await;
        assert!(!scene.relation("shown").await.readable);
        assert!(scene.relation("child").await.readable, "a column of it is");
    });
}

#[test]
fn rows_are_as_many_as_were_counted() {
    const MADE: &str = "CREATE TABLE counted AS SELECT generate_series(1, 700); ANALYZE counted;
                        CREATE TABLE uncounted (id int); CREATE VIEW seen AS SELECT FROM counted";
    play("counts", MADE, async |scene| {
        assert_eq!(scene.relation("counted").await.rows, Some(700));
        assert_eq!(scene.relation("uncounted").await.rows, None);
        assert_eq!(scene.relation("seen").await.rows, None);
    });
}
