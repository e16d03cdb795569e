//! What a view rests on is seen, also where the server notes less than it uses.

use crate::scene::{Scene, play, play_alone};

async fn columns_of_people(scene: &Scene, view: &str) -> Vec<i16> {
    let people = scene.relation("people").await.oid;
    let on = scene.relation(view).await.rests_on;
    on.into_iter().filter(|on| on.relation == people).map(|on| on.column).collect()
}

const PEOPLE: &str = "CREATE TABLE people (id int, name text, ssn text);";

#[test]
fn a_whole_row_beside_a_column_is_the_relation_as_a_whole() {
    let views = "
        CREATE VIEW narrow AS SELECT id FROM people WHERE name > '';
        CREATE VIEW row_and_column AS SELECT p.id, row_to_json(p) AS all_of_it FROM people p;
        CREATE VIEW composed AS SELECT id, ROW(people.*)::text AS it FROM people;
        CREATE VIEW nested AS SELECT id, (SELECT to_jsonb(q) FROM people q WHERE q.id = p.id) FROM people p;
        CREATE VIEW only_counted AS SELECT count(*) FROM people";
    play("wholes", &[PEOPLE, views].concat(), async |scene| {
        assert_eq!(columns_of_people(scene, "narrow").await, [1, 2]);
        assert_eq!(columns_of_people(scene, "row_and_column").await, [0, 1]);
        assert_eq!(columns_of_people(scene, "nested").await, [0, 1]);
        assert_eq!(columns_of_people(scene, "only_counted").await, [0]);
        // A row that is written out is the columns in it, each by its name.
        assert_eq!(columns_of_people(scene, "composed").await, [1, 2, 3]);
    });
}

#[test]
fn columns_are_seen_wherever_they_stand() {
    let views = "
        CREATE TABLE other (id int, ssn text);
        CREATE VIEW joined AS SELECT name FROM people JOIN other USING (ssn);
        CREATE VIEW natural_join AS SELECT name FROM people NATURAL JOIN other;
        CREATE VIEW sorted AS SELECT id FROM people ORDER BY ssn;
        CREATE VIEW grouped AS SELECT count(*) FROM people GROUP BY ssn;
        CREATE VIEW windowed AS SELECT id, rank() OVER (ORDER BY ssn) FROM people;
        CREATE VIEW filtered AS SELECT id, count(*) FILTER (WHERE ssn > '5') FROM people GROUP BY 1;
        CREATE VIEW within AS SELECT id FROM people WHERE id IN (SELECT id FROM people WHERE ssn > '');
        CREATE VIEW shared AS WITH w AS MATERIALIZED (SELECT ssn FROM people) SELECT 1 FROM w;
        CREATE VIEW united AS SELECT id::text FROM people UNION SELECT ssn FROM people;
        CREATE VIEW sideways AS SELECT p.id FROM people p, LATERAL (SELECT p.ssn) l";
    play("places", &[PEOPLE, views].concat(), async |scene| {
        for view in [
            "joined",
            "natural_join",
            "sorted",
            "grouped",
            "windowed",
            "filtered",
            "within",
            "shared",
            "united",
            "sideways",
        ] {
            let columns = columns_of_people(scene, view).await;
            assert!(columns.contains(&3), "{view}: {columns:?}");
        }
    });
}

#[test]
fn functions_of_users_are_calls_whichever_way_they_are_called() {
    let views = "
        CREATE FUNCTION secret() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
        CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR ~== (FUNCTION = same, LEFTARG = int, RIGHTARG = int);
        CREATE FUNCTION lined() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE pair AS (a int, b int);
        CREATE FUNCTION paired(int) RETURNS pair LANGUAGE sql AS 'SELECT NULL::calls.pair';
        CREATE CAST (int AS pair) WITH FUNCTION paired(int);
        CREATE AGGREGATE added(int) (SFUNC = int4pl, STYPE = int);
        CREATE VIEW none AS SELECT lower(name), count(*) FROM people GROUP BY 1;
        CREATE VIEW called AS SELECT id, secret() FROM people;
        CREATE VIEW compared AS SELECT id FROM people WHERE id ~== 1;
        CREATE VIEW listed AS SELECT * FROM lined() AS l(x);
        CREATE VIEW turned AS SELECT id::pair FROM people;
        CREATE VIEW summed AS SELECT added(id) FROM people";
    play_alone("calls", &[PEOPLE, views].concat(), async |scene| {
        assert!(scene.relation("none").await.calls.is_empty());
        for view in ["called", "compared", "listed", "turned", "summed"] {
            assert_eq!(scene.relation(view).await.calls.len(), 1, "{view}");
        }
    });
}
