//! What is found about a role that is served all the same, and that the printed SQL ends it.

use std::collections::BTreeSet;

use local_emulator::doctor::{self, Severity};

use crate::stand::{Stand, done};

#[test]
fn every_soft_finding_is_made_and_ended_by_its_own_sql() {
    let stand = Stand::own();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        stand
            .run(&format!(
                "{SPOILT} ALTER ROLE {role} INHERIT CONNECTION LIMIT -1; {}",
                GIVEN.replace("{}", &role)
            ))
            .await;
        let found = doctor::examine(&stand.connect(&role).await, &target, true).await.unwrap();
        assert!(found.iter().all(|finding| finding.severity == Severity::Soft), "{found:?}");
        let checks: BTreeSet<&str> = found.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, BTreeSet::from(CHECKS));
        let timeouts = found.iter().filter(|finding| finding.check == "timeout");
        assert_eq!(timeouts.count(), 3);
        let admin = stand.admin().await;
        for statement in found.iter().flat_map(|finding| &finding.sql) {
            done(&admin, statement).await;
        }
        let left = doctor::examine(&stand.connect(&role).await, &target, true).await.unwrap();
        assert_eq!(left, []);
    });
}

#[test]
fn a_finding_names_some_and_counts_the_rest() {
    let stand = Stand::own();
    stand.play(async {
        let (target, role) = (stand.target(""), stand.role().await);
        let found = doctor::examine(&stand.connect(&role).await, &target, false).await.unwrap();
        let objects = found.iter().find(|finding| finding.check == "large-objects").unwrap();
        assert!(objects.says.contains("`lo_close`, `lo_creat`, `lo_create`"), "{}", objects.says);
        assert!(objects.says.contains(" more"), "{}", objects.says);
        let revoke = "REVOKE EXECUTE ON ROUTINE pg_catalog.lo_create(oid) FROM PUBLIC;";
        assert!(objects.sql.iter().any(|statement| statement == revoke), "{:?}", objects.sql);
        // Only where reads alone are meant.
        assert!(!found.iter().any(|finding| finding.check == "read-only"));
    });
}

/// In the order of the alphabet, as a set has them.
const CHECKS: [&str; 17] = [
    "connections",
    "create-elsewhere",
    "definer",
    "extension",
    "foreign",
    "inherit",
    "large-objects",
    "read-only",
    "sequences",
    "server",
    "settings",
    "signals",
    "sql-in-text",
    "temporary-files",
    "timeout",
    "untrusted-language",
    "waiting",
];

const SPOILT: &str = "\
CREATE EXTENSION dblink; CREATE EXTENSION postgres_fdw;
CREATE SERVER \"far away\" FOREIGN DATA WRAPPER postgres_fdw;
CREATE SCHEMA \"Elsewhere\";
CREATE FUNCTION \"Elsewhere\".\"as owner\"(integer, text[]) RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1;
CREATE LANGUAGE plfree HANDLER plpgsql_call_handler;
CREATE FUNCTION free() RETURNS int LANGUAGE plfree AS 'begin return 1; end';";

const GIVEN: &str = "\
GRANT CREATE ON SCHEMA \"Elsewhere\" TO {}; GRANT USAGE ON FOREIGN SERVER \"far away\" TO {};
GRANT USAGE ON SEQUENCE orders_id_seq TO {}; GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO {};";
