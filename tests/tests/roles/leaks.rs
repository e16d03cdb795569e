//! What a role that has the masked views and nothing else gets out of the database by itself: nothing
//! that is tagged, in any channel of `psql`.

use std::process::Command;

use crate::{
    made::{Made, PEOPLE},
    stand::{PASSWORD, Stand, text},
};

/// All that `psql` says, results and errors and what it knows of them, to these statements.
fn psql(stand: &Stand, role: &str, path: &str, statements: &[String]) -> Vec<String> {
    let authority = stand.folder().join("trusted.pem");
    std::fs::write(&authority, stand.authority()).unwrap();
    let script = stand.folder().join("statements.sql");
    let marked: Vec<String> =
        statements.iter().map(|s| format!("{s}\n\\echo {BETWEEN}\n\\warn {BETWEEN}")).collect();
    std::fs::write(&script, marked.join("\n")).unwrap();
    let output = Command::new("psql")
        .args(["-X", "-A", "-v", "VERBOSITY=verbose", "-v", "SHOW_CONTEXT=always", "-f"])
        .arg(&script)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("PGHOST", "localhost")
        .env("PGPORT", stand.postgres.port().to_string())
        .env("PGDATABASE", "shop")
        .env("PGUSER", role)
        .env("PGPASSWORD", PASSWORD)
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", &authority)
        .env("PGOPTIONS", format!("-c search_path={path}"))
        .output()
        .expect("psql, of the Debian package `postgresql-client`");
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let pairs: Vec<String> = out
        .split(BETWEEN)
        .zip(err.split(BETWEEN))
        .map(|(out, err)| format!("{out}{err}"))
        .collect();
    assert_eq!(pairs.len(), statements.len() + 1, "{out}\n{err}");
    pairs
}

/// Whether a tagged value is in it, also in capitals, backwards or in digits.
fn leaks(said: &str) -> bool {
    let said = said.to_lowercase();
    CANARIES.iter().any(|canary| said.contains(canary))
}

async fn prepare(stand: &Stand, profile: &str) -> Made {
    let made = Made::prepare(stand, profile, PEOPLE).await;
    stand.run(&format!("SET search_path = {}; {ROWS}", made.base)).await;
    made.apply(stand).await;
    made
}

fn statements(base: &str) -> Vec<String> {
    let all = STATEMENTS.lines().map(str::trim).filter(|line| !line.is_empty());
    all.map(|line| line.replace("{base}", base)).collect()
}

#[test]
fn no_statement_gets_a_tagged_value_out_of_the_views() {
    let stand = Stand::shared();
    stand.play(async {
        let made = prepare(&stand, "leaks").await;
        let all = statements(&made.base);
        let said = psql(&stand, &made.role, "masked_leaks", &all);
        let leaking: Vec<_> = all.iter().zip(&said).filter(|(_, said)| leaks(said)).collect();
        assert!(leaking.is_empty(), "{leaking:#?}");
        // The views are read and not only refused.
        assert!(said[0].contains("[masked:ssn]") && said[0].contains("tok_email_"), "{}", said[0]);
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn the_same_statements_get_them_out_of_the_tables() {
    let stand = Stand::shared();
    stand.play(async {
        let made = prepare(&stand, "bare").await;
        // As whoever has the tables: most of them tell, or the test above shows nothing.
        stand
            .run(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}", made.base, made.role))
            .await;
        let all = statements(&made.base);
        let said = psql(&stand, &made.role, &made.base, &all);
        let leaking = said.iter().filter(|said| leaks(said)).count();
        assert!(leaking * 3 > all.len() * 2, "{leaking} of {}", all.len());
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

#[test]
fn no_predicate_over_a_masked_column_turns_on_its_values() {
    let stand = Stand::shared();
    stand.play(async {
        let made = prepare(&stand, "oracle").await;
        let role = stand.connect(&made.role).await;
        for column in ["ssn", "phone", "note", "code"] {
            for (low, high) in [("canary-0000", "canary-9999"), ("a", "zzz"), ("0", "canary-2")] {
                let mut counts = Vec::new();
                for value in [low, high] {
                    let question = format!("SELECT count(*)::text FROM people WHERE {column} = '{value}' OR {column} LIKE '{value}%'");
                    counts.push(text(&role, &question).await);
                }
                assert_eq!(counts[0], counts[1], "{column}");
            }
        }
        // What the planner believes comes from the tables' statistics.
        for column in ["ssn", "card", "email", "phone"] {
            let mut rows = Vec::new();
            for value in ["0", "canary-1", "canary-5", "canary-9", "zzz"] {
                let plan = format!("EXPLAIN (FORMAT TEXT) SELECT 1 FROM people WHERE {column} < '{value}'");
                let first: String = role.query(&plan, &[]).await.unwrap()[0].get(0);
                rows.push(first.split("rows=").nth(1).map(ToOwned::to_owned));
            }
            rows.dedup();
            assert_eq!(rows.len(), 1, "{column}: {rows:?}");
        }
        drop(role);
        made.remove(&stand).await;
        made.end(&stand).await;
    });
}

const BETWEEN: &str = "----next----";

/// As it stands in the tables, backwards, in hexadecimal digits and in base64; a number, a date.
const CANARIES: [&str; 9] = [
    "canary",
    "yranac",
    "63616e617279",
    "y2fuyxj5",
    "77771234",
    "1987-03-1",
    "99990000",
    "17.03.1987",
    "000000000001",
];

const ROWS: &str = "\
INSERT INTO people (id, name, ssn, card, email, phone, note, born, born_at, pay, level, account, number,
    blob, list, code, \"We\"\"ird\")
SELECT n, 'name ' || n, 'canary-' || lpad(n::text, 4, '0'), 'canary-card-' || n || '-0000-1111', 'canary' || n || '@example.org',
  'canary ' || n, 'canary note ' || n, date '1987-03-10' + n % 9, timestamptz '1987-03-10Z' + n % 9 * interval '1 day',
  77771234 + n % 9 / 10.0, 77, '0190f5fe-7c00-7a00-8000-000000000001', 99990000 + n % 9, 'canary', '{canary}', 'canar', 'canary'
FROM generate_series(1, 300) AS n;
INSERT INTO people_archive (id, name, ssn, since) VALUES (1001, 'archived', 'canary-archived', '2020-01-01');
INSERT INTO orders SELECT n, n FROM generate_series(1, 300) AS n;
ANALYZE people; ANALYZE people_archive; ANALYZE orders;";

/// One a line; the first is a plain read.
const STATEMENTS: &str = r#"
SELECT * FROM people WHERE id < 4;
TABLE people;
SELECT p FROM people p LIMIT 3;
SELECT (p).ssn, (p).* FROM people p LIMIT 3;
SELECT p.row_to_json FROM people p LIMIT 3;
SELECT row_to_json(p), to_jsonb(p), to_json(p) FROM people p LIMIT 3;
SELECT p::text, upper(p::text), reverse(p::text) FROM people p LIMIT 3;
SELECT array_agg(ssn), string_agg(card, ','), json_agg(p), xmlagg(xmlelement(name x, email)) FROM people p;
SELECT min(ssn), max(ssn), min(card), max(email), min(born), max(pay) FROM people;
SELECT ssn, count(*) FROM people GROUP BY ssn ORDER BY 1 LIMIT 3;
SELECT DISTINCT ON (ssn) ssn, name FROM people ORDER BY ssn LIMIT 3;
SELECT first_value(ssn) OVER (ORDER BY ssn), lag(card) OVER (ORDER BY id) FROM people LIMIT 3;
SELECT reverse(ssn), upper(ssn), encode(ssn::bytea, 'hex'), encode(convert_to(ssn, 'UTF8'), 'base64') FROM people LIMIT 3;
SELECT ssn::int FROM people;
SELECT card::date FROM people;
SELECT email::uuid FROM people;
SELECT cast(ssn AS xml), ssn::jsonb FROM people;
SELECT (ssn || 'x')::numeric FROM people WHERE ssn < 'd';
SELECT 1 / (length(ssn) - length(ssn)), ssn FROM people;
SELECT coalesce(ssn, card), greatest(ssn, card), nullif(ssn, 'x'), CASE WHEN ssn > 'a' THEN ssn END FROM people LIMIT 3;
WITH x AS (SELECT ssn AS a FROM people) SELECT a FROM x LIMIT 3;
WITH RECURSIVE r(n, a) AS (SELECT 1, min(ssn) FROM people UNION ALL SELECT n + 1, a FROM r WHERE n < 3) SELECT * FROM r;
SELECT ssn FROM people UNION SELECT card FROM people LIMIT 3;
SELECT (SELECT ssn FROM people WHERE id = 1), ARRAY(SELECT ssn FROM people LIMIT 2);
SELECT o.id, p.ssn FROM orders o JOIN people p ON p.id = o.person WHERE p.ssn > 'a' LIMIT 3;
SELECT a.ssn FROM people a JOIN people b USING (ssn) LIMIT 3;
SELECT l.x FROM people p, LATERAL (SELECT p.ssn || p.card AS x) l LIMIT 3;
SELECT * FROM unnest((SELECT array_agg(ssn) FROM people)) LIMIT 3;
SELECT * FROM jsonb_each_text((SELECT to_jsonb(p) FROM people p LIMIT 1));
SELECT regexp_replace(ssn, '(.)', '\1 ', 'g'), substr(ssn, 2), ssn ^@ 'canary' FROM people WHERE ssn ~ '.' LIMIT 3;
SELECT computed, "We""ird", blob, list, list[1], note, code FROM people LIMIT 3;
SELECT * FROM people_archive;
SELECT * FROM ONLY people LIMIT 3;
SELECT born, born_at, pay, level, account, number FROM people LIMIT 3;
SELECT extract(day FROM born), to_char(born, 'YYYY-MM-DD'), date_part('month', born_at), age(born) FROM people LIMIT 3;
SELECT tableoid::regclass, ctid, xmin, ssn FROM people LIMIT 3;
SELECT * FROM people TABLESAMPLE SYSTEM (100) LIMIT 3;
COPY people TO STDOUT;
COPY (SELECT ssn, card FROM people LIMIT 3) TO STDOUT;
COPY {base}.people TO STDOUT;
SELECT * FROM {base}.people;
SELECT {base}.people.ssn FROM {base}.people;
SELECT ssn FROM {base}.people_archive;
SELECT query_to_xml('SELECT ssn FROM people LIMIT 3', true, false, '');
SELECT query_to_xml('SELECT * FROM {base}.people', true, false, '');
SELECT table_to_xml('people', true, false, '');
SELECT table_to_xml('{base}.people', true, false, '');
SELECT schema_to_xml('{base}', true, false, '');
SELECT schema_to_xml('masked_leaks', true, false, '');
SELECT * FROM ts_stat('SELECT to_tsvector(ssn) FROM people') LIMIT 3;
SELECT * FROM ts_stat('SELECT to_tsvector(ssn) FROM {base}.people') LIMIT 3;
SELECT tablename, attname, most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname LIKE '{base}';
SELECT * FROM pg_statistic;
EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM people WHERE ssn > 'c';
EXPLAIN (VERBOSE) SELECT * FROM people WHERE ssn = (SELECT max(ssn) FROM people);
BEGIN; DECLARE c CURSOR FOR SELECT ssn FROM people; FETCH 3 FROM c; COMMIT;
PREPARE q AS SELECT ssn FROM people WHERE id = $1; EXECUTE q(1);
DO $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM people WHERE id = 1; RAISE NOTICE '%', s; END $$;
DO $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM {base}.people WHERE id = 1; RAISE NOTICE '%', s; END $$;
SELECT pg_get_viewdef('people'::regclass), obj_description('people'::regclass);
SELECT set_config('search_path', '{base}', false); SELECT ssn FROM people; RESET search_path;
SET row_security = off; SELECT ssn FROM people LIMIT 3;
SET ROLE masked_leaks_owner; SELECT * FROM {base}.people LIMIT 3; RESET ROLE;
SELECT * FROM masked_leaks_keys.token;
SELECT ssn FROM people WHERE id = 1 FOR UPDATE;
CREATE TEMP TABLE copied AS SELECT * FROM people; SELECT * FROM copied LIMIT 3;
SELECT ssn INTO copied FROM people;
CREATE VIEW mine AS SELECT * FROM people; SELECT * FROM mine LIMIT 3;
CREATE FUNCTION pg_temp.leak(text) RETURNS bool COST 0.0001 LANGUAGE plpgsql AS 'begin raise notice ''%'', $1; return true; end'; SELECT id FROM people WHERE pg_temp.leak(ssn);
UPDATE people SET name = ssn WHERE id = 1 RETURNING ssn;
INSERT INTO people (id, ssn) VALUES (1, 'x') RETURNING *;
DELETE FROM people WHERE id = 1 RETURNING ssn;
INSERT INTO people_archive (id) SELECT 1;
SELECT ssn COLLATE "C", card LIKE 'canary%', email SIMILAR TO '%' FROM people LIMIT 3;
SELECT format('%s %L', ssn, card), concat_ws('-', ssn, email), quote_literal(phone) FROM people LIMIT 3;
SELECT json_build_object('a', ssn), jsonb_agg(ssn), hstore(ssn, ssn) FROM people GROUP BY ssn;
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ssn), mode() WITHIN GROUP (ORDER BY card) FROM people;
SELECT ssn FROM people ORDER BY ssn DESC, card USING < FETCH FIRST 3 ROWS ONLY;
VALUES ((SELECT ssn FROM people WHERE id = 2));
\d+ people
\x on
SELECT * FROM people WHERE id = 2;
\x off
SELECT ssn FROM people WHERE id = 1 \gdesc
SELECT ssn, id, card FROM people WHERE id < 3 \crosstabview ssn id card
"#;
