//! The reviewed lists, held against a server: every line is what it says, and does no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use catalogue::{Draft, FIRST_NORMAL, Oid};

use crate::scene::{Scene, play};

/// What is on the lists for the server's version.
async fn both(scene: &Scene) -> (Draft, Draft) {
    let draft = scene.survey().await;
    let listed = vetting::built_in(&draft.schema, draft.major);
    (listed, draft)
}

/// Every listed entry that the server does not have just so.
fn missing<T: Debug + PartialEq>(
    listed: &[T],
    found: &[T],
    oid: impl Fn(&T) -> Oid,
) -> Vec<String> {
    let found: BTreeMap<Oid, &T> = found.iter().map(|one| (oid(one), one)).collect();
    let wrong = listed.iter().filter(|one| found.get(&oid(one)) != Some(one));
    wrong.map(|one| format!("{one:?}, but {:?}", found.get(&oid(one)))).collect()
}

#[test]
fn each_line_names_what_the_server_has_under_its_number() {
    play("listed", "", async |scene| {
        let (listed, found) = both(scene).await;
        assert!(listed.functions.len() > 750 && listed.operators.len() > 750);
        assert!(listed.types.len() > 60 && listed.collations.len() > 2);
        let none = Vec::<String>::new();
        assert_eq!(missing(&listed.functions, &found.functions, |f| f.oid), none);
        assert_eq!(missing(&listed.operators, &found.operators, |o| o.oid), none);
        assert_eq!(missing(&listed.types, &found.types, |t| t.oid), none);
        assert_eq!(missing(&listed.collations, &found.collations, |c| c.oid), none);
    });
}

#[test]
fn a_listed_name_is_listed_with_all_that_the_server_has_of_it() {
    play("complete", "", async |scene| {
        let (listed, found) = both(scene).await;
        let oids: BTreeSet<Oid> = listed.functions.iter().map(|f| f.oid).collect();
        let names: BTreeSet<&str> = listed.functions.iter().map(|f| f.name.as_str()).collect();
        let of_name = found.functions.iter().filter(|f| names.contains(f.name.as_str()));
        let left: Vec<_> = of_name.filter(|f| !oids.contains(&f.oid)).collect();
        assert!(left.is_empty(), "{left:?}");
        let oids: BTreeSet<Oid> = listed.operators.iter().map(|o| o.oid).collect();
        let places: BTreeSet<(&str, bool)> =
            listed.operators.iter().map(|o| (o.name.as_str(), o.left.is_empty())).collect();
        let of_place = |o: &&catalogue::Operator| {
            o.oid < FIRST_NORMAL && places.contains(&(o.name.as_str(), o.left.is_empty()))
        };
        let left: Vec<_> =
            found.operators.iter().filter(of_place).filter(|o| !oids.contains(&o.oid)).collect();
        assert!(left.is_empty(), "{left:?}");
    });
}

/// The names of those listed functions for which this holds.
async fn those(scene: &Scene, holds: &str) -> String {
    let (listed, _) = both(scene).await;
    let operators = listed.operators.iter().map(|o| o.oid);
    let (functions, operators) = (list(listed.functions.iter().map(|f| f.oid)), list(operators));
    let question = format!(
        "SELECT coalesce(string_agg(DISTINCT p.proname::text, ' ' ORDER BY p.proname::text), '')
         FROM pg_proc p WHERE ({holds}) AND (p.oid = ANY ('{functions}')
           OR p.oid IN (SELECT o.oprcode FROM pg_operator o WHERE o.oid = ANY ('{operators}')))"
    );
    scene.asked(&question).await
}

fn list(oids: impl Iterator<Item = Oid>) -> String {
    let oids: Vec<_> = oids.map(|oid| oid.to_string()).collect();
    format!("{{{}}}", oids.join(","))
}

#[test]
fn what_gives_another_value_every_time_is_of_the_clock_or_by_chance() {
    play("restless", "", async |scene| {
        // None of these changes anything that outlives the connection.
        let known = "array_sample array_shuffle clock_timestamp gen_random_uuid random \
                     random_normal timeofday uuidv4 uuidv7";
        let known: BTreeSet<&str> = known.split(' ').collect();
        let volatile = those(scene, "p.provolatile = 'v'").await;
        let other: Vec<_> = volatile.split(' ').filter(|name| !known.contains(name)).collect();
        assert_eq!(other, [""; 0]);
        assert!(volatile.contains("clock_timestamp"), "{volatile}");
    });
}

#[test]
fn everybody_may_call_what_is_listed_and_it_runs_as_its_caller() {
    play("harmless", "", async |scene| {
        let kept = "NOT has_function_privilege('public', p.oid, 'EXECUTE')";
        assert_eq!(those(scene, kept).await, "");
        assert_eq!(those(scene, "p.prosecdef").await, "");
        // The server's own code, or a query over the arguments in its place.
        let foreign = "p.prolang NOT IN (SELECT l.oid FROM pg_language l WHERE l.lanname IN ('internal', 'sql'))";
        assert_eq!(those(scene, foreign).await, "");
        let reads = "p.prolang IN (SELECT l.oid FROM pg_language l WHERE l.lanname = 'sql')
                     AND p.prosrc ~* '\\mfrom\\M' AND p.proname NOT IN ('extract', 'date_part')";
        assert_eq!(those(scene, reads).await, "");
        assert_eq!(those(scene, "p.prokind = 'p' OR p.prorettype = 'void'::regtype").await, "");
    });
}

#[test]
fn nothing_that_looks_names_up_is_listed() {
    play("unseeing", "", async |scene| {
        let looks = "p.proargtypes::oid[] && '{regclass,regtype,regproc,regprocedure,regoper,
            regoperator,regrole,regnamespace,regconfig,regdictionary,regcollation}'::regtype[]::oid[]
            OR p.prorettype = ANY ('{regclass,regtype,regproc,regconfig,cstring,internal}'::regtype[])";
        assert_eq!(those(scene, looks).await, "");
    });
}
