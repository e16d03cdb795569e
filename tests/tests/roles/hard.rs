//! Each way in which a role could do what no target's role may: it is found, named alone, and gone when
//! the printed SQL was executed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use local_emulator::doctor::{self, Client};
use policy::Target;
use targets::postgres::role::{self, Asked, Fault, Refused};

use crate::stand::Stand;

async fn faults(stand: &Stand, target: &Target, role: &str, reads_only: bool) -> Vec<Fault> {
    asked(&stand.connect(role).await, target, reads_only).await
}

async fn asked(client: &Client, target: &Target, reads_only: bool) -> Vec<Fault> {
    role::examine(client, &Asked::of(target).reads_only(reads_only)).await.unwrap()
}

/// Spoils a sound role, and expects one fault of this kind, which its SQL puts right. `{}` in the
/// statements stands for the role.
async fn spoilt(stand: &Stand, target: &Arc<Target>, check: &str, by: &str, undo: &str) {
    let role = stand.role().await;
    let client = stand.connect(&role).await;
    assert_eq!(asked(&client, target, true).await, [], "before `{by}`");
    stand.run(&by.replace("{}", &role)).await;
    let found = asked(&client, target, true).await;
    let mut checks: Vec<&str> = found.iter().map(|fault| fault.check.name()).collect();
    // Some predefined roles belong to others.
    checks.dedup();
    assert_eq!(checks, [check], "{by}: {found:?}");
    for statement in found.iter().flat_map(|fault| &fault.sql) {
        stand.run(statement).await;
    }
    assert_eq!(asked(&client, target, true).await, [], "after {:?}", found);
    stand.run(&undo.replace("{}", &role)).await;
    stand.drop_role(&role).await;
}

fn each(check: &str, lines: &str, all: &[(&str, &str)]) {
    let stand = Stand::shared();
    stand.play(async {
        let target = stand.target(lines);
        for (by, undo) in all {
            spoilt(&stand, &target, check, by, undo).await;
        }
    });
}

#[test]
fn a_superuser_is_found_itself_or_as_what_it_may_become() {
    each(
        "superuser",
        "",
        &[
            ("ALTER ROLE {} SUPERUSER", ""),
            ("CREATE ROLE boss SUPERUSER; GRANT boss TO {}", "DROP ROLE boss"),
            (
                "CREATE ROLE boss SUPERUSER; CREATE ROLE \"a team\"; GRANT boss TO \"a team\"; \
             GRANT \"a team\" TO {}",
                "DROP ROLE boss, \"a team\"",
            ),
            (
                "CREATE ROLE boss SUPERUSER; CREATE ROLE one; CREATE ROLE two; GRANT boss TO one, two; \
             GRANT one, two TO {}",
                "DROP ROLE boss, one, two",
            ),
        ],
    );
}

#[test]
fn attributes_that_pass_over_the_servers_checks_are_found() {
    each("bypass-rls", "", &[("ALTER ROLE {} BYPASSRLS", "")]);
    each(
        "create-role",
        "",
        &[
            ("ALTER ROLE {} CREATEROLE", ""),
            ("CREATE ROLE maker CREATEROLE; GRANT maker TO {}", "DROP ROLE maker"),
        ],
    );
    each("create-database", "", &[("ALTER ROLE {} CREATEDB", "")]);
    each("replication", "", &[("ALTER ROLE {} REPLICATION", "")]);
}

#[test]
fn every_predefined_role_is_found_directly_and_through_another() {
    let stand = Stand::shared();
    let all = stand.play(async {
        stand
            .said(
                "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles \
                 WHERE rolname LIKE 'pg\\_%' AND rolname <> 'pg_database_owner'",
            )
            .await
    });
    let all: Vec<&str> = all.split(' ').collect();
    for known in ["pg_read_all_data", "pg_write_all_data", "pg_execute_server_program"] {
        assert!(all.contains(&known), "{all:?}");
    }
    for name in all {
        let through = format!("CREATE ROLE team; GRANT {name} TO team; GRANT team TO {{}}");
        each(
            "predefined",
            "",
            &[(&format!("GRANT {name} TO {{}}"), ""), (&through, "DROP ROLE team")],
        );
    }
    let managed = "CREATE ROLE rds_superuser; GRANT rds_superuser TO {}";
    each("predefined", "", &[(managed, "DROP ROLE rds_superuser")]);
}

#[test]
fn an_owner_of_anything_in_the_database_is_found() {
    each(
        "owner",
        "",
        &[
            ("ALTER DATABASE shop OWNER TO {}", ""),
            (
                "CREATE SCHEMA \"its own\"; ALTER SCHEMA \"its own\" OWNER TO {}",
                "DROP SCHEMA \"its own\"",
            ),
            ("CREATE TABLE t (id serial, a int); ALTER TABLE t OWNER TO {}", "DROP TABLE t"),
            (
                "CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p OWNER TO {}",
                "DROP TABLE p",
            ),
            ("CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v OWNER TO {}", "DROP VIEW v"),
            (
                "CREATE MATERIALIZED VIEW \"V\" AS SELECT 1 AS a; ALTER MATERIALIZED VIEW \"V\" OWNER TO {}",
                "DROP MATERIALIZED VIEW \"V\"",
            ),
            ("CREATE SEQUENCE s; ALTER SEQUENCE s OWNER TO {}", "DROP SEQUENCE s"),
            (
                "CREATE FUNCTION f(int, VARIADIC text[]) RETURNS int LANGUAGE sql RETURN 1; \
             ALTER FUNCTION f OWNER TO {}",
                "DROP FUNCTION f",
            ),
            (
                "CREATE PROCEDURE f(int) LANGUAGE sql AS ''; ALTER PROCEDURE f OWNER TO {}",
                "DROP PROCEDURE f",
            ),
            (
                "CREATE AGGREGATE g(int) (SFUNC = int4larger, STYPE = int); ALTER AGGREGATE g(int) OWNER TO {}",
                "DROP AGGREGATE g(int)",
            ),
            ("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e OWNER TO {}", "DROP TYPE e"),
            ("CREATE TYPE c AS (a int); ALTER TYPE c OWNER TO {}", "DROP TYPE c"),
            ("CREATE DOMAIN d AS int; ALTER DOMAIN d OWNER TO {}", "DROP DOMAIN d"),
            ("CREATE COLLATION l FROM \"C\"; ALTER COLLATION l OWNER TO {}", "DROP COLLATION l"),
            (
                "CREATE ROLE team; CREATE TABLE t (a int); ALTER TABLE t OWNER TO team; GRANT team TO {}",
                "DROP TABLE t; DROP ROLE team",
            ),
        ],
    );
}

#[test]
fn whoever_may_create_is_found() {
    each(
        "create-in-database",
        "",
        &[
            ("GRANT CREATE ON DATABASE shop TO {}", ""),
            ("GRANT CREATE ON DATABASE shop TO PUBLIC", ""),
            (
                "CREATE ROLE team; GRANT CREATE ON DATABASE shop TO team; GRANT team TO {}",
                "REVOKE ALL ON DATABASE shop FROM team; DROP ROLE team",
            ),
        ],
    );
    each(
        "temporary",
        "",
        &[
            ("GRANT TEMPORARY ON DATABASE shop TO {}", ""),
            ("GRANT TEMPORARY ON DATABASE shop TO PUBLIC", ""),
        ],
    );
    each(
        "create-in-schema",
        "",
        &[
            ("GRANT CREATE ON SCHEMA public TO {}", ""),
            ("GRANT CREATE ON SCHEMA public TO PUBLIC", ""),
            ("GRANT CREATE ON SCHEMA pg_catalog TO {}", ""),
            (
                "CREATE ROLE \"the boss\"; GRANT CREATE ON SCHEMA public TO \"the boss\" WITH GRANT OPTION; \
             SET ROLE \"the boss\"; GRANT CREATE ON SCHEMA public TO {}; RESET ROLE",
                "REVOKE ALL ON SCHEMA public FROM \"the boss\"; DROP ROLE \"the boss\"",
            ),
        ],
    );
    let lines = "schema = \"It's mine\"";
    each(
        "create-in-schema",
        lines,
        &[(
            "CREATE SCHEMA \"It's mine\"; GRANT CREATE ON SCHEMA \"It's mine\" TO {}",
            "DROP SCHEMA \"It's mine\"",
        )],
    );
}

#[test]
fn whoever_may_write_where_only_reads_are_meant_is_found() {
    each(
        "write",
        "",
        &[
            ("GRANT INSERT ON orders TO {}", ""),
            ("GRANT UPDATE ON orders TO {}", ""),
            ("GRANT UPDATE (status) ON orders TO {}", ""),
            ("GRANT INSERT (id), SELECT (id) ON customers TO {}", ""),
            ("GRANT DELETE ON orders TO {}", ""),
            ("GRANT TRUNCATE ON orders TO {}", ""),
            ("GRANT DELETE ON orders TO PUBLIC", ""),
            (
                "CREATE SCHEMA other; CREATE VIEW other.v AS SELECT 1 AS a; GRANT DELETE ON other.v TO {}",
                "DROP SCHEMA other CASCADE",
            ),
            (
                "CREATE ROLE team; GRANT DELETE ON orders TO team; GRANT team TO {}",
                "DROP OWNED BY team; DROP ROLE team",
            ),
        ],
    );
}

#[test]
fn writing_is_no_fault_where_it_is_meant() {
    let stand = Stand::shared();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        stand.run(&format!("GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO {role}")).await;
        assert_eq!(faults(&stand, &target, &role, false).await, []);
        assert_eq!(faults(&stand, &target, &role, true).await.len(), 3);
        stand.drop_role(&role).await;
    });
}

#[test]
fn whoever_reads_beside_the_masked_views_is_found() {
    let lines = "mask = \"schema\"\nschema = \"masked_x\"\n\
                 [targets.shop.tags.\"raw.people\"]\nssn = \"ssn\"";
    let raw = "CREATE SCHEMA raw; CREATE TABLE raw.people (id int, ssn text) PARTITION BY LIST (id); \
               CREATE TABLE raw.people_1 PARTITION OF raw.people FOR VALUES IN (1); \
               CREATE VIEW raw.shown AS SELECT id, ssn AS s FROM raw.people; \
               CREATE MATERIALIZED VIEW public.copied AS SELECT count(s) FROM raw.shown; \
               GRANT USAGE ON SCHEMA raw TO {}; ";
    let undo = "DROP SCHEMA raw CASCADE";
    let by = |what: &str| format!("{raw}GRANT SELECT {what} TO {{}}");
    each(
        "raw",
        lines,
        &[
            (&by("ON raw.people"), undo),
            (&by("(id) ON raw.people"), undo),
            (&by("ON raw.people_1"), undo),
            (&by("ON raw.shown"), undo),
            (&by("ON public.copied"), undo),
            (&format!("{raw}GRANT SELECT ON raw.people TO PUBLIC"), undo),
        ],
    );
    // In the other modes it reads what it masks.
    let stand = Stand::shared();
    stand.play(async {
        let role = stand.role().await;
        stand.run(&by("ON raw.people").replace("{}", &role)).await;
        let target =
            stand.target("mask = \"source\"\n[targets.shop.tags.\"raw.people\"]\nssn = \"ssn\"");
        assert_eq!(faults(&stand, &target, &role, true).await, []);
        stand.run(undo).await;
        stand.drop_role(&role).await;
    });
}

#[test]
fn a_server_that_is_newer_than_the_grammar_is_found() {
    let stand = Stand::shared();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        let client = stand.connect(&role).await;
        let found = role::examine(&client, &Asked::of(&target).grammar(12)).await.unwrap();
        assert_eq!(found.iter().map(|f| f.check.name()).collect::<Vec<_>>(), ["version"]);
        assert!(found[0].sql.is_empty());
        drop(client);
        stand.drop_role(&role).await;
    });
}

#[test]
fn the_gate_is_told_and_told_nothing_when_the_server_does_not_answer() {
    let stand = Stand::shared();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        let client = stand.connect(&role).await;
        role::refuse(&client, &Asked::of(&target)).await.unwrap();
        stand.run(&format!("ALTER ROLE {role} BYPASSRLS")).await;
        let refused = role::refuse(&client, &Asked::of(&target)).await.unwrap_err();
        let said = format!(
            "the target's role may do what it is not to: `{role}` has the attribute BYPASSRLS"
        );
        assert_eq!(refused.to_string(), said);
        stand
            .run(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
            ))
            .await;
        let silent = role::refuse(&client, &Asked::of(&target)).await.unwrap_err();
        assert!(matches!(silent, Refused::Unanswered(_)), "{silent}");
        stand.drop_role(&role).await;
    });
}

#[test]
fn objects_of_the_same_names_elsewhere_do_not_blind_it() {
    let stand = Stand::shared();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        // The role's own search path puts these before the server's.
        stand
            .run(&format!(
                "CREATE SCHEMA evil; CREATE VIEW evil.pg_roles AS SELECT 1 AS oid; \
                 CREATE FUNCTION evil.left(name, int) RETURNS text LANGUAGE sql RETURN ''; \
                 CREATE FUNCTION evil.never(name, name) RETURNS bool LANGUAGE sql RETURN false; \
                 CREATE OPERATOR evil.= (FUNCTION = evil.never, LEFTARG = name, RIGHTARG = name); \
                 GRANT USAGE ON SCHEMA evil TO {role}; \
                 ALTER ROLE {role} SET search_path = evil, pg_catalog; ALTER ROLE {role} CREATEDB"
            ))
            .await;
        let found = faults(&stand, &target, &role, true).await;
        assert_eq!(found.iter().map(|f| f.check.name()).collect::<Vec<_>>(), ["create-database"]);
        stand.run("DROP SCHEMA evil CASCADE").await;
        stand.drop_role(&role).await;
    });
}

/// A bound far above what is measured on a quiet machine (2 to 3 ms): it guards against a question
/// that grows with the database.
#[test]
fn the_question_is_answered_soon_beside_many_tables() {
    let stand = Stand::shared();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        stand
            .run(&format!(
                "CREATE SCHEMA many; DO $$ BEGIN FOR n IN 1..500 LOOP EXECUTE format(\
                 'CREATE TABLE many.t%s (a int, b text); GRANT SELECT ON many.t%s TO {role}', n, n); \
                 END LOOP; END $$"
            ))
            .await;
        let client = stand.connect(&role).await;
        let asked = Asked::of(&target).reads_only(true);
        role::examine(&client, &asked).await.unwrap();
        let began = Instant::now();
        for _ in 0..10 {
            assert_eq!(role::examine(&client, &asked).await.unwrap(), []);
        }
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        drop(client);
        stand.run("DROP SCHEMA many CASCADE").await;
        stand.drop_role(&role).await;
    });
}

#[test]
fn the_shops_own_roles_are_sound() {
    let stand = Stand::shared();
    stand.play(async {
        let target = stand.target("");
        let password = "another";
        stand.postgres.set_password("orders_agent", password).await.unwrap();
        let client = stand.postgres.connect("orders_agent", password).await.unwrap();
        let found = doctor::examine(&client, &target, false).await.unwrap();
        let hard: Vec<_> = found.iter().filter(|f| f.severity == doctor::Severity::Hard).collect();
        assert!(hard.is_empty(), "{hard:?}");
    });
}
