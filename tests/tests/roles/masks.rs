//! The views of `postern mask apply`: each value as its mask has it, made twice the same, removed
//! without a trace.

use local_emulator::schema;

use crate::{
    made::{KEY, Made, PEOPLE, key},
    stand::{Stand, done, text},
};

/// What a token is, reckoned here and not in the database.
fn token(tag: &str, value: &str) -> String {
    let mac = key().hmac(format!("{tag}\0{value}").as_bytes());
    let hex: String = mac[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("tok_{tag}_{hex}")
}

fn last4(tag: &str, value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    match characters.len() {
        0..8 => format!("[masked:{tag}]"),
        n => format!("****{}", characters[n - 4..].iter().collect::<String>()),
    }
}

fn shown(value: Option<&str>, mask: impl Fn(&str) -> String) -> String {
    value.map_or("NULL".into(), mask)
}

#[test]
fn every_mask_shows_exactly_what_it_says() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "values", PEOPLE).await;
        let quoted =
            |v: Option<&str>| v.map_or("NULL".into(), |v| format!("'{}'", v.replace('\'', "''")));
        for (n, value) in TEXTS.iter().enumerate() {
            let v = quoted(*value);
            stand.run(&format!(
                "INSERT INTO {}.people (id, name, ssn, card, email, phone, note, \"We\"\"ird\") \
                 VALUES ({n}, 'n{n}', {v}, {v}, {v}, {v}, {v}, {v})", made.base
            )).await;
        }
        made.apply(&stand).await;
        let role = stand.connect(&made.role).await;
        let ask = async |column: &str, n: usize| {
            text(&role, &format!("SELECT {column}::text FROM people WHERE id = {n}")).await
        };
        for (n, value) in TEXTS.iter().enumerate() {
            assert_eq!(ask("name", n).await, format!("n{n}"));
            assert_eq!(ask("ssn", n).await, shown(*value, |_| "[masked:ssn]".into()));
            assert_eq!(ask("card", n).await, shown(*value, |v| last4("card", v)), "{value:?}");
            assert_eq!(ask("email", n).await, shown(*value, |v| token("email", v)), "{value:?}");
            assert_eq!(ask("phone", n).await, "NULL");
            // Nobody but the gate can preserve a format.
            assert_eq!(ask("note", n).await, shown(*value, |_| "[masked:note]".into()));
            assert_eq!(ask("\"We\"\"ird\"", n).await, shown(*value, |_| "[masked:ssn]".into()));
            // It is computed from one that is tagged, and so is as it.
            let computed = value.filter(|v| !v.is_empty()).map(|_| "[masked:ssn]");
            let computed = value.map(|_| computed.unwrap_or("[masked:ssn]"));
            assert_eq!(ask("computed", n).await, computed.unwrap_or("NULL"));
        }
        drop(role);
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn masks_fit_the_types_of_their_columns() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "types", PEOPLE).await;
        let uuid = "0190f5fe-7c00-7a00-8000-000000000001";
        stand.run(&format!(
            "INSERT INTO {}.people (id, born, born_at, pay, level, account, number, blob, list, code) VALUES \
             (1, '1987-03-17', '2024-01-01 00:30+02', 77771234.56, -14, '{uuid}', 42, '\\x01', '{{a}}', 'short'), \
             (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)", made.base
        )).await;
        made.apply(&stand).await;
        let role = stand.connect(&made.role).await;
        let columns = ["born", "born_at AT TIME ZONE 'UTC'", "pay", "level", "account", "number", "blob", "list", "code"];
        let expected = ["1987-01-01", "2023-01-01 00:00:00", "77771000", "-20",
            &token("acct", uuid), &token("acct", "42"), "NULL", "NULL", "[masked:code]"];
        for (column, expected) in columns.into_iter().zip(expected) {
            let ask = |n: u8| format!("SELECT ({column})::text FROM people WHERE id = {n}");
            assert_eq!(text(&role, &ask(1)).await, expected, "{column}");
            assert_eq!(text(&role, &ask(2)).await, "NULL", "{column}");
        }
        let types = "SELECT string_agg(format_type(a.atttypid, NULL), ' ' ORDER BY b.attnum) \
                     FROM pg_attribute a JOIN pg_attribute b USING (attname) \
                     WHERE a.attrelid = 'masked_types.people'::regclass AND a.attnum > 0 \
                     AND b.attrelid = 'raw_types.people'::regclass AND a.atttypid <> b.atttypid";
        assert_eq!(stand.said(types).await, "text text", "only tokens of a UUID and of a number");
        drop(role);
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn the_tables_are_out_of_the_roles_reach_and_what_was_shared_stays_with_others() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "reach", PEOPLE).await;
        let other = stand.role().await;
        stand
            .run(&format!(
                "GRANT USAGE ON SCHEMA {0} TO {other}; GRANT SELECT ON {0}.people TO {other}; \
             GRANT SELECT (ssn) ON {0}.people TO {1}",
                made.base, made.role
            ))
            .await;
        made.apply(&stand).await;
        let role = stand.connect(&made.role).await;
        for table in ["people", "orders", "people_archive"] {
            let read = format!("SELECT count(*) FROM {}.{table}", made.base);
            let refused = role.query(&read, &[]).await.unwrap_err();
            assert_eq!(refused.code().unwrap().code(), "42501", "{table}");
            text(&role, &format!("SELECT count(*)::text FROM {table}")).await;
        }
        for write in [
            "INSERT INTO orders VALUES (1, 1)",
            "UPDATE people SET name = ''",
            "DELETE FROM orders",
        ] {
            assert_eq!(
                role.batch_execute(write).await.unwrap_err().code().unwrap().code(),
                "42501"
            );
        }
        let key = role.query("SELECT * FROM masked_reach_keys.token", &[]).await.unwrap_err();
        assert_eq!(key.code().unwrap().code(), "42501");
        text(
            &stand.connect(&other).await,
            &format!("SELECT count(*)::text FROM {}.people", made.base),
        )
        .await;
        drop(role);
        made.remove(&stand).await;
        made.end(&stand).await;
        stand.drop_role(&other).await;
    });
}

#[test]
fn rights_that_come_another_way_end_it_and_nothing_has_changed() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "shared", PEOPLE).await;
        let before = state(&stand).await;
        for (by, undo) in [
            ("GRANT SELECT (id) ON {b}.people TO PUBLIC", "REVOKE ALL ON {b}.people FROM PUBLIC"),
            (
                "CREATE ROLE team; GRANT SELECT ON {b}.orders TO team; ALTER ROLE {r} INHERIT; GRANT team TO {r}",
                "DROP OWNED BY team; DROP ROLE team",
            ),
            ("ALTER ROLE {r} SUPERUSER", "ALTER ROLE {r} NOSUPERUSER"),
        ] {
            let with = |text: &str| text.replace("{b}", &made.base).replace("{r}", &made.role);
            stand.run(&with(by)).await;
            let (script, admin) = (made.script(&stand).await.unwrap(), stand.admin().await);
            let refused = schema::execute(&admin, &script, Some(&key())).await.unwrap_err();
            assert!(refused.to_string().contains("still has rights on"), "{refused}");
            stand.run(&with(undo)).await;
        }
        stand.run(&format!("ALTER ROLE {} NOINHERIT", made.role)).await;
        assert_eq!(state(&stand).await, before);
        made.end(&stand).await;
    });
}

#[test]
fn made_twice_it_is_the_same_and_nothing_is_made_anew() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "twice", PEOPLE).await;
        let before = state(&stand).await;
        let first = made.script(&stand).await.unwrap();
        assert_eq!(
            made.script(&stand).await.unwrap(),
            first,
            "the same script for the same database"
        );
        assert_eq!(state(&stand).await, before, "a script alone changes nothing");
        made.apply(&stand).await;
        let once = state(&stand).await;
        assert_ne!(once, before);
        made.apply(&stand).await;
        assert_eq!(state(&stand).await, once);
        made.remove(&stand).await;
        let again = schema::remove(&stand.admin().await, &made.names).await.unwrap();
        assert!(again.to_string().contains("nothing to take back"), "{again}");
        // What was taken from the role is not given back; all else is as it was.
        stand
            .run(&format!(
                "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {} TO {}",
                made.base, made.role
            ))
            .await;
        assert_eq!(state(&stand).await, before);
        made.end(&stand).await;
    });
}

#[test]
fn a_changed_table_changes_its_view_and_readers_stay() {
    let stand = Stand::shared();
    stand.play(async {
        let mut made = Made::prepare(&stand, "changed", PEOPLE).await;
        made.apply(&stand).await;
        let reader = stand.role().await;
        let schema = &made.names.schema;
        stand.run(&format!("GRANT USAGE ON SCHEMA {schema} TO {reader}; GRANT SELECT ON {schema}.people TO {reader}")).await;
        // The view is in the way of dropping what it shows, which is as it should be.
        let drop = format!("ALTER TABLE {}.people DROP COLUMN level", made.base);
        assert!(stand.admin().await.batch_execute(&drop).await.is_err());
        stand.run(&format!("ALTER TABLE {}.people ADD COLUMN extra text DEFAULT 'new'", made.base)).await;
        stand.run(&format!("DROP VIEW {schema}.orders; DROP TABLE {}.orders", made.base)).await;
        made.masks = "ssn:last4, email:token, acct:null";
        made.apply(&stand).await;
        for role in [&reader, &made.role] {
            let client = stand.connect(role).await;
            let shown = format!("SELECT count(extra)::text FROM {schema}.people");
            text(&client, &shown).await;
        }
        stand.run(&format!("DROP OWNED BY {reader}")).await;
        made.remove(&stand).await;
        made.end(&stand).await;
        stand.run(&format!("DROP ROLE {reader}")).await;
    });
}

#[test]
fn what_shows_tagged_values_under_other_names_is_passed_over() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "passed", PEOPLE).await;
        stand.run(&format!("SET search_path = {}; {VIEWS}", made.base)).await;
        let script = made.script(&stand).await.unwrap().to_string();
        for (view, why) in [
            ("by_function", "calls a function that somebody made"),
            ("copied", "shows `people.ssn`"),
            ("shows_ssn", "shows `people.ssn`"),
            ("through", "shows `people.ssn`"),
            ("whole_rows", "shows `people."),
        ] {
            let line = script.lines().find(|line| line.starts_with(&format!("-- No view of {view}:")));
            assert!(line.unwrap_or_else(|| panic!("{view}: {script}")).contains(why), "{line:?}");
        }
        assert!(script.contains("CREATE OR REPLACE VIEW \"masked_passed\".\"untagged\""));
        assert!(script.contains("CREATE OR REPLACE VIEW \"masked_passed\".\"tagged_itself\""));
        made.apply(&stand).await;
        let role = stand.connect(&made.role).await;
        let question = "SELECT count(*)::text FROM pg_class WHERE relnamespace = 'masked_passed'::regnamespace";
        // people, people_archive, orders, row_secured; untagged and tagged_itself.
        assert_eq!(text(&role, question).await, "6");
        assert!(script.contains("row security"));
        drop(role);
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn what_others_made_is_neither_used_nor_removed() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "others", PEOPLE).await;
        stand.run("CREATE SCHEMA masked_others").await;
        let refused = made.script(&stand).await.unwrap_err().to_string();
        assert_eq!(refused, "schema `masked_others` is in the way and was not made by this program");
        stand.run("DROP SCHEMA masked_others; CREATE ROLE masked_others_owner LOGIN").await;
        assert!(matches!(made.script(&stand).await, Err(schema::Error::Foreign(_))));
        stand.run("DROP ROLE masked_others_owner").await;
        made.apply(&stand).await;
        stand.run("CREATE VIEW masked_others.mine AS SELECT 1 AS a").await;
        let admin = stand.admin().await;
        let refused = schema::remove(&admin, &made.names).await.unwrap_err().to_string();
        assert_eq!(refused, "`masked_others.mine` is in the way and was not made by this program");
        stand.run("DROP VIEW masked_others.mine; CREATE VIEW public.mine AS SELECT id FROM masked_others.people").await;
        let script = schema::remove(&admin, &made.names).await.unwrap();
        let before = state(&stand).await;
        assert!(schema::execute(&admin, &script, None).await.is_err());
        assert_eq!(state(&stand).await, before);
        stand.run("DROP VIEW public.mine").await;
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn a_misspelt_tag_or_a_missing_key_makes_nothing() {
    let stand = Stand::shared();
    stand.play(async {
        let mut made = Made::prepare(&stand, "missing", PEOPLE).await;
        let script = made.script(&stand).await.unwrap();
        let before = state(&stand).await;
        let admin = stand.admin().await;
        assert!(matches!(schema::execute(&admin, &script, None).await, Err(schema::Error::NoKey)));
        assert_eq!(state(&stand).await, before);
        let tags = made.tags.clone();
        made.tags = format!("{tags}\nsnn = \"ssn\"");
        assert!(matches!(made.script(&stand).await, Err(schema::Error::Column(_))));
        made.tags = format!("{tags}\n[targets.shop.tags.\"{}.peple\"]\nssn = \"ssn\"", made.base);
        assert!(matches!(made.script(&stand).await, Err(schema::Error::Missing(_))));
        made.end(&stand).await;
    });
}

#[test]
fn the_key_and_no_half_of_it_stands_in_the_script() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "keyed", PEOPLE).await;
        made.apply(&stand).await;
        let script = made.script(&stand).await.unwrap().to_string();
        for bytes in [KEY.to_vec(), key().inner().to_vec(), key().outer().to_vec()] {
            let hex: String = bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            assert!(!script.contains(&hex));
            let kept = format!(
                "SELECT (encode(inner_pad, 'hex') LIKE '{hex}%')::text FROM masked_keyed_keys.token"
            );
            assert_eq!(stand.said(&kept).await, (bytes == key().inner().to_vec()).to_string());
        }
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn an_administrator_who_is_no_superuser_can_make_it_as_the_tables_owner() {
    let stand = Stand::shared();
    stand.play(async {
        let made = Made::prepare(&stand, "modest", PEOPLE).await;
        let owner = stand.role().await;
        stand.run(&format!(
            "ALTER ROLE {owner} CREATEROLE; GRANT CREATE ON DATABASE shop TO {owner}; \
             ALTER SCHEMA {0} OWNER TO {owner}; DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class \
             WHERE relnamespace = '{0}'::regnamespace AND relkind IN ('r', 'p') LOOP \
             EXECUTE format('ALTER TABLE {0}.%I OWNER TO {owner}', t); END LOOP; END $$", made.base
        )).await;
        let admin = stand.connect(&owner).await;
        let script = made.script_as(&stand, &admin).await.unwrap();
        schema::execute(&admin, &script, Some(&key())).await.unwrap_or_else(|e| panic!("{e}\n{script}"));
        let role = stand.connect(&made.role).await;
        text(&role, "SELECT count(ssn)::text FROM people").await;
        drop(role);
        let script = schema::remove(&admin, &made.names).await.unwrap();
        schema::execute(&admin, &script, None).await.unwrap_or_else(|e| panic!("{e}\n{script}"));
        drop(admin);
        made.end(&stand).await;
        stand.drop_role(&owner).await;
    });
}

/// Everything that a script could have touched: objects by their numbers, definitions and rights.
async fn state(stand: &Stand) -> String {
    let client = stand.admin().await;
    done(&client, "SET search_path = ''").await;
    text(&client, STATE).await
}

const STATE: &str = "\
SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
  SELECT format('%s %s %s %s %s %s %s', c.oid, c.oid::regclass, c.relkind, c.relowner::regrole,
    (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(c.relacl) a), c.reloptions,
    CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END) AS line
  FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind <> 't' AND c.relkind <> 'i'
  UNION ALL SELECT format('%s %s %s', s.oid, s.nspname,
    (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(s.nspacl) a))
  FROM pg_catalog.pg_namespace s WHERE left(s.nspname, 3) <> 'pg_'
  UNION ALL SELECT format('%s %s %s', r.oid, r.rolname, shobj_description(r.oid, 'pg_authid'))
  FROM pg_catalog.pg_roles r
  UNION ALL SELECT format('%s in %s', m.member::regrole, m.roleid::regrole) FROM pg_catalog.pg_auth_members m
  UNION ALL SELECT format('%s %s %s', d.objoid, d.objsubid, d.description)
  FROM pg_catalog.pg_description d WHERE d.objoid >= 16384
) AS lines";

/// Empty, short, of exactly eight characters, longer; with quotes, backslashes and more than bytes.
const TEXTS: [Option<&str>; 12] = [
    None,
    Some(""),
    Some("1"),
    Some("1234567"),
    Some("12345678"),
    Some("123-45-6789"),
    Some("O'Brien \"\\x\" --"),
    Some("Zoë Müller–😀😀"),
    Some("e\u{301}e\u{301}e\u{301}e\u{301}"),
    Some("[masked:ssn]"),
    Some("  spaces   "),
    Some("line\nbreak and tab\there"),
];

const VIEWS: &str = "\
CREATE FUNCTION made() RETURNS int LANGUAGE sql RETURN 1;
CREATE VIEW shows_ssn AS SELECT id, ssn AS harmless FROM people;
CREATE VIEW through AS SELECT harmless FROM shows_ssn;
CREATE VIEW whole_rows AS SELECT to_jsonb(p) AS j FROM people p;
CREATE VIEW by_function AS SELECT made() AS a;
CREATE VIEW untagged AS SELECT id, name FROM people WHERE id > 0;
CREATE MATERIALIZED VIEW copied AS SELECT ssn FROM people;
CREATE VIEW tagged_itself AS SELECT id FROM orders;
CREATE TABLE row_secured (id int); ALTER TABLE row_secured ENABLE ROW LEVEL SECURITY;";
