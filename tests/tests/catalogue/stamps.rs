//! A relation's stamp changes with whatever changes what it is, and with nothing else.

use crate::scene::play;

const MADE: &str = "
    CREATE TABLE people (id int PRIMARY KEY, name text, ssn text);
    CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent); CREATE TABLE stray (id int);
    CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
    CREATE VIEW seen AS SELECT id FROM people;
    CREATE MATERIALIZED VIEW kept AS SELECT id FROM people";

/// The relation whose stamp changes, and what changes it.
const CHANGES: [(&str, &str); 27] = [
    ("people", "ALTER TABLE people ADD COLUMN born date"),
    ("people", "ALTER TABLE people RENAME COLUMN name TO called"),
    ("people", "ALTER TABLE people ALTER COLUMN called TYPE varchar(99)"),
    ("people", "ALTER TABLE people ALTER COLUMN called SET NOT NULL"),
    ("people", "ALTER TABLE people ALTER COLUMN called SET DEFAULT 'x'"),
    ("people", "ALTER TABLE people ALTER COLUMN called DROP DEFAULT"),
    ("people", "ALTER TABLE people DROP COLUMN born"),
    ("people", "ALTER TABLE people ENABLE ROW LEVEL SECURITY"),
    ("people", "ALTER TABLE people FORCE ROW LEVEL SECURITY"),
    ("people", "CREATE POLICY own ON people USING (id > 0)"),
    ("people", "ALTER POLICY own ON people USING (id > 1)"),
    ("people", "DROP POLICY own ON people"),
    ("people", "CREATE RULE away AS ON DELETE TO people DO INSTEAD NOTHING"),
    ("people", "CREATE OR REPLACE RULE away AS ON DELETE TO people DO ALSO NOTHING"),
    ("people", "ALTER TABLE people DISABLE RULE away"),
    ("people", "DROP RULE away ON people"),
    ("people", "ALTER TABLE people OWNER TO stamps"),
    ("people", "ALTER TABLE people SET UNLOGGED"),
    ("parent", "CREATE TABLE another () INHERITS (parent)"),
    ("parent", "ALTER TABLE stray INHERIT parent"),
    ("stray", "ALTER TABLE stray NO INHERIT parent"),
    ("child", "ALTER TABLE child NO INHERIT parent"),
    ("parts", "CREATE TABLE part2 PARTITION OF parts FOR VALUES IN (2)"),
    ("part", "ALTER TABLE parts DETACH PARTITION part"),
    ("seen", "CREATE OR REPLACE VIEW seen AS SELECT id FROM people WHERE id > 0"),
    ("seen", "ALTER VIEW seen SET (security_barrier)"),
    ("kept", "ALTER MATERIALIZED VIEW kept RENAME COLUMN id TO number"),
];

#[test]
fn a_stamp_changes_with_each_change_of_the_definition() {
    play("stamps", MADE, async |scene| {
        for (relation, change) in CHANGES {
            let before = scene.relation(relation).await;
            scene.admin(change).await;
            let after = scene.relation(relation).await;
            assert_eq!(before.oid, after.oid);
            assert_ne!(before.stamp, after.stamp, "{change}");
        }
    });
}

#[test]
fn a_stamp_does_not_change_with_the_rows() {
    play("rows_only", MADE, async |scene| {
        let people =
            "INSERT INTO people SELECT n, 'name', 'ssn' FROM generate_series(1, 5000) AS n";
        for same in [
            people,
            "ANALYZE",
            "VACUUM people",
            "VACUUM FREEZE people",
            "VACUUM FULL people",
            "VACUUM FREEZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_rewrite",
            "CLUSTER people USING people_pkey",
            "REINDEX TABLE people",
            "UPDATE people SET name = 'other'",
            "CREATE INDEX ON people (name)",
            "REFRESH MATERIALIZED VIEW kept",
            "GRANT SELECT ON people TO PUBLIC",
            "COMMENT ON TABLE people IS 'of all kinds'",
            "COMMENT ON COLUMN people.ssn IS 'secret'",
            "CREATE TABLE orders (person int REFERENCES people)",
            "CREATE VIEW another AS SELECT name FROM people",
            "TRUNCATE people CASCADE",
        ] {
            let (people, kept) = (scene.relation("people").await, scene.relation("kept").await);
            scene.admin(same).await;
            assert_eq!(people.stamp, scene.relation("people").await.stamp, "{same}");
            assert_eq!(kept.stamp, scene.relation("kept").await.stamp, "{same}");
        }
    });
}

#[test]
fn another_relation_of_the_same_name_has_another_stamp() {
    play("reborn", MADE, async |scene| {
        let before = scene.relation("stray").await;
        scene.admin("DROP TABLE stray; CREATE TABLE stray (id int)").await;
        let after = scene.relation("stray").await;
        assert_ne!((before.oid, &before.stamp), (after.oid, &after.stamp));
    });
}

#[test]
fn a_stamp_changes_with_the_name_of_its_schema() {
    let made = "CREATE SCHEMA first_name; CREATE TABLE first_name.t (id int);
                CREATE VIEW seen AS SELECT id FROM first_name.t";
    play("renamed", made, async |scene| {
        let stamp = async |schema: &str| {
            let draft = scene.survey().await;
            let found = draft.relations.into_iter().find(|r| r.schema == schema);
            found.unwrap().stamp
        };
        let before = stamp("first_name").await;
        scene.admin("ALTER SCHEMA first_name RENAME TO second_name").await;
        assert_ne!(before, stamp("second_name").await);
    });
}
