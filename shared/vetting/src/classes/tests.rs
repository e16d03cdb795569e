//! Kinds of statements by example.

use super::{define::Named, *};

/// The class of a statement, or what its refusal names.
fn told(text: &str) -> String {
    match classed(text) {
        Ok(Classed::Define(definition)) => format!("define {}", definition.words),
        Ok(Classed::Describe) => "describe".into(),
        Ok(Classed::Explain(_)) => "explain".into(),
        Ok(Classed::Rows(_)) => "rows".into(),
        Err(Error::Clause(clause)) => format!("clause {clause}"),
        Err(Error::Kind(kind)) => format!("never {kind}"),
        Err(error) => error.kind().into(),
    }
}

fn definition(text: &str) -> Definition {
    match classed(text) {
        Ok(Classed::Define(definition)) => definition,
        other => panic!("{text}: {other:?}"),
    }
}

fn tables(text: &str) -> Vec<String> {
    let whole = |named: Named| match named.schema {
        Some(schema) => format!("{schema}.{}", named.name),
        None => named.name,
    };
    definition(text).tables.into_iter().map(whole).collect()
}

#[test]
fn a_statement_on_rows_is_left_to_the_walk() {
    for text in [
        "SELECT 1",
        "(VALUES (1))",
        "TABLE orders",
        "INSERT INTO a DEFAULT VALUES",
        "UPDATE a SET b = 1",
        "DELETE FROM a",
        "WITH q AS (SELECT 1) MERGE INTO a USING q ON true WHEN MATCHED THEN DELETE",
        "SELECT 1 INTO x",
    ] {
        assert_eq!(told(text), "rows", "{text}");
    }
    assert_eq!(told("SELECT 1; SHOW timezone"), "count");
    assert_eq!(told(""), "count");
    assert_eq!(told("SHOW"), "syntax");
}

#[test]
fn what_nobody_may_send_is_refused_by_its_name() {
    for line in include_str!("tests/never.txt").lines().filter(|line| !line.starts_with('#')) {
        let (name, text) = line.split_once(": ").unwrap();
        assert_eq!(told(text), format!("never {name}"), "{text}");
    }
}

#[test]
fn only_settings_that_say_how_values_are_written_can_be_shown() {
    assert_eq!(told("SHOW server_version"), "describe");
    assert_eq!(told("/* x */ show TIME ZONE;"), "describe");
    assert_eq!(told("SHOW \"DateStyle\""), "describe");
    assert_eq!(told("SHOW TRANSACTION ISOLATION LEVEL"), "describe");
    for setting in ["ALL", "data_directory", "SESSION AUTHORIZATION", "search_path", "app.secret"] {
        assert_eq!(told(&format!("SHOW {setting}")), "never SHOW", "{setting}");
    }
}

#[test]
fn a_read_can_be_explained_without_being_run() {
    for options in ["", "(COSTS off)", "(FORMAT json, COSTS)", "(VERBOSE false)", "(FORMAT 'yaml')"]
    {
        assert_eq!(told(&format!("EXPLAIN {options} SELECT a FROM b")), "explain", "{options}");
    }
    for options in [
        "ANALYZE",
        "VERBOSE",
        "ANALYZE VERBOSE",
        "(ANALYZE)",
        "(ANALYZE false)",
        "(COSTS off, ANALYZE)",
        "(BUFFERS)",
        "(SETTINGS)",
        "(WAL)",
        "(TIMING off)",
        "(SUMMARY)",
        "(GENERIC_PLAN)",
        "(MEMORY)",
        "(SERIALIZE text)",
        "(VERBOSE)",
        "(VERBOSE true)",
        "(FORMAT binary)",
        "(FORMAT)",
        "(COSTS 2.5)",
        "(anything)",
    ] {
        let text = format!("EXPLAIN {options} SELECT a FROM b");
        assert_eq!(told(&text), "clause EXPLAIN with more than COSTS and FORMAT", "{options}");
    }
    for inner in [
        "INSERT INTO a VALUES (1)",
        "UPDATE a SET b = 1",
        "DELETE FROM a",
        "EXECUTE p",
        "CREATE TABLE a AS SELECT 1",
        "DECLARE c CURSOR FOR SELECT 1",
        "REFRESH MATERIALIZED VIEW v",
    ] {
        let text = format!("EXPLAIN {inner}");
        assert_eq!(told(&text), "clause EXPLAIN of anything but SELECT", "{inner}");
    }
}

#[test]
fn what_is_explained_is_the_root_and_keeps_its_positions() {
    let Ok(Classed::Explain(tree)) = classed("EXPLAIN SELECT a FROM orders") else {
        panic!("not explained")
    };
    let NodeEnum::SelectStmt(select) = root(&tree).unwrap() else { panic!("not a select") };
    let Some(NodeEnum::RangeVar(var)) = &select.from_clause[0].node else { panic!("no relation") };
    assert_eq!((var.relname.as_str(), var.location), ("orders", 22));
}

#[test]
fn plain_definitions_are_told_by_their_words() {
    for (words, text) in [
        (
            "CREATE TABLE",
            "CREATE TABLE IF NOT EXISTS a (id bigserial PRIMARY KEY, b text NOT NULL)",
        ),
        ("CREATE TABLE", "CREATE UNLOGGED TABLE a (b numeric(8, 2) DEFAULT 0 CHECK (b >= 0))"),
        ("CREATE TABLE", "CREATE TABLE a (b int GENERATED ALWAYS AS IDENTITY, UNIQUE (b))"),
        ("CREATE INDEX", "CREATE UNIQUE INDEX ON a (lower(b), c DESC) INCLUDE (d) WHERE e > 1"),
        ("CREATE INDEX", "CREATE INDEX i ON a USING gin (b)"),
        ("ALTER TABLE", "ALTER TABLE a ADD COLUMN b text COLLATE \"C\", DROP COLUMN c"),
        ("ALTER TABLE", "ALTER TABLE a ALTER b SET DEFAULT now(), ALTER c DROP NOT NULL"),
        (
            "ALTER TABLE",
            "ALTER TABLE a ALTER b TYPE bigint, ADD CONSTRAINT k CHECK (b > 0) NOT VALID",
        ),
        ("ALTER TABLE", "ALTER TABLE a VALIDATE CONSTRAINT k"),
        ("DROP TABLE", "DROP TABLE IF EXISTS a, b RESTRICT"),
        ("DROP INDEX", "drop index i"),
        ("COMMENT ON TABLE", "COMMENT ON TABLE a IS 'what it is'"),
        ("COMMENT ON COLUMN", "COMMENT ON COLUMN a.b IS NULL"),
    ] {
        assert_eq!(told(text), format!("define {words}"), "{text}");
    }
}

#[test]
fn a_definition_that_is_not_plain_is_refused() {
    for text in [
        "CREATE TABLE a AS SELECT ssn FROM customers",
        "CREATE TABLE a AS EXECUTE p",
        "CREATE TABLE a (LIKE customers INCLUDING ALL)",
        "CREATE TABLE a () INHERITS (customers)",
        "CREATE TABLE a PARTITION OF customers DEFAULT",
        "CREATE TABLE a (b int) PARTITION BY LIST (b)",
        "CREATE TABLE a OF t",
        "CREATE TABLE a (b int) WITH (fillfactor = 10)",
        "CREATE TABLE a (b int) TABLESPACE x",
        "CREATE TABLE a (b int) USING heap",
        "CREATE TABLE db.a.b (c int)",
        "CREATE UNLOGGED TABLE a (b int) ON COMMIT DROP",
        "CREATE TABLE a (b int, c int GENERATED ALWAYS AS (b + 1) STORED)",
        "CREATE TABLE a (b int, EXCLUDE USING gist (b WITH =))",
        "CREATE TABLE a (b text STORAGE external)",
        "CREATE TABLE a (b text COMPRESSION pglz)",
        "CREATE TABLE a (b int CHECK (a.f > 1))",
        "CREATE TABLE a (b int CHECK ((b).f > 1))",
        "CREATE TABLE a (b int DEFAULT (SELECT 1))",
        "CREATE TABLE a (b int GENERATED ALWAYS AS IDENTITY (START 5))",
        "CREATE INDEX CONCURRENTLY i ON a (b)",
        "CREATE INDEX i ON ONLY a (b)",
        "CREATE INDEX i ON a USING mine (b)",
        "CREATE INDEX i ON a (b text_pattern_ops)",
        "CREATE INDEX i ON a (b COLLATE \"x\")",
        "CREATE INDEX i ON a (b) WITH (fillfactor = 10)",
        "CREATE INDEX i ON a (((SELECT 1)))",
        "ALTER TABLE a RENAME TO b",
        "ALTER TABLE a RENAME COLUMN ssn TO b",
        "ALTER TABLE a RENAME CONSTRAINT b TO c",
        "ALTER TABLE a SET SCHEMA b",
        "ALTER TABLE a OWNER TO agent",
        "ALTER TABLE a ALTER b TYPE text USING ssn",
        "ALTER TABLE a DROP COLUMN b CASCADE",
        "ALTER TABLE a DISABLE TRIGGER ALL",
        "ALTER TABLE a DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE a ENABLE RULE r",
        "ALTER TABLE a INHERIT customers",
        "ALTER TABLE a ATTACH PARTITION customers DEFAULT",
        "ALTER TABLE a DETACH PARTITION b",
        "ALTER TABLE a SET (autovacuum_enabled = off)",
        "ALTER TABLE a ALTER b SET STATISTICS 0",
        "ALTER TABLE a REPLICA IDENTITY FULL",
        "ALTER TABLE a SET TABLESPACE x",
        "ALTER TABLE ALL IN TABLESPACE x SET TABLESPACE y",
        "ALTER TABLE ONLY a DROP COLUMN b",
        "ALTER TABLE a ADD CONSTRAINT k UNIQUE USING INDEX i",
        "DROP TABLE a CASCADE",
        "DROP INDEX CONCURRENTLY i",
    ] {
        assert!(told(text).starts_with("clause "), "{text}: {}", told(text));
    }
}

#[test]
fn every_table_that_a_definition_names_is_told() {
    assert_eq!(
        tables("CREATE TABLE s.a (b int REFERENCES c, FOREIGN KEY (b) REFERENCES d.e (f))"),
        ["s.a", "c", "d.e"]
    );
    assert_eq!(tables("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES \"C\".d"), ["a", "C.d"]);
    assert_eq!(tables("DROP TABLE a, s.b"), ["a", "s.b"]);
    assert_eq!(tables("COMMENT ON COLUMN s.a.b IS 'x'"), ["s.a"]);
    assert_eq!(tables("CREATE INDEX i ON s.a (b)"), ["s.a"]);
    assert_eq!(definition("DROP INDEX s.i, j").indexes.len(), 2);
    assert_eq!(told("DROP TABLE d.s.a"), "parts");
    assert_eq!(told("COMMENT ON COLUMN d.s.a.b IS 'x'"), "parts");
}

#[test]
fn every_type_and_expression_of_a_definition_is_handed_on() {
    let pieces = |text| definition(text).pieces.len();
    assert_eq!(pieces("CREATE TABLE a (b serial, c evil.t DEFAULT f(1) CHECK (g(c)))"), 3);
    assert_eq!(pieces("CREATE INDEX i ON a (f(b), c) WHERE g(d)"), 2);
    assert_eq!(pieces("ALTER TABLE a ALTER b SET DEFAULT f(), ADD c text COLLATE x"), 3);
    assert_eq!(pieces("CREATE TABLE a (b serial[])"), 1);
}

#[test]
fn a_keyword_in_quotes_or_comments_tells_nothing() {
    assert_eq!(told("-- EXPLAIN\nDROP /* TABLE */ SCHEMA s"), "never DROP SCHEMA");
    assert_eq!(told("DROP FUNCTION f(int), g"), "never DROP FUNCTION");
    assert_eq!(told("ALTER FUNCTION f RENAME TO g"), "never ALTER FUNCTION");
    assert_eq!(told("DROP RULE r ON orders"), "never DROP RULE");
}
