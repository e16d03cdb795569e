-- What the bypass corpus is sent to: a table with a canary in every tagged cell, and all the ways
-- around it that a database offers. Run once by the superuser, in `shop`; `postern.side` says which
-- of two databases it is, equal but for their canaries.

CREATE SCHEMA clinic;
SET search_path = clinic, pg_catalog;

-- A word and nine digits that stand nowhere else, for one cell of one of the two databases. Letters
-- without vowels are no word by chance; no detector takes them for anything. With `postern.alike` on,
-- the two agree in what a mask may show of a cell: the last four digits, the thousands, the year, and
-- all of `code`, of which nothing is shown but tokens.
CREATE FUNCTION pg_temp.alike() RETURNS boolean LANGUAGE sql AS $$
  SELECT coalesce(current_setting('postern.alike', true), 'off') = 'on'
$$;
CREATE FUNCTION pg_temp.of(kind text, n bigint) RETURNS text LANGUAGE sql AS $$
  SELECT md5(CASE WHEN pg_temp.alike() AND kind = 'code' THEN '' ELSE current_setting('postern.side') END || kind || n)
$$;
CREATE FUNCTION pg_temp.word(kind text, n bigint) RETURNS text LANGUAGE sql AS $$
  SELECT translate(substr(pg_temp.of(kind, n), 1, 12), '0123456789abcdef', 'bcdfghjklmnpqrst')
$$;
-- A number below 2^24: of this database alone, and of both.
CREATE FUNCTION pg_temp.own(kind text, n bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT ('x' || substr(pg_temp.of(kind, n), 1, 6))::bit(24)::int
$$;
CREATE FUNCTION pg_temp.both(kind text, n bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT ('x' || substr(md5('both' || kind || n), 1, 6))::bit(24)::int
$$;
CREATE FUNCTION pg_temp.digits(kind text, n bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT 930000000 + CASE WHEN pg_temp.alike()
                          THEN pg_temp.both(kind, n) / 1000 * 1000 + 1 + pg_temp.own(kind, n) % 999
                          ELSE pg_temp.own(kind, n) END
$$;
CREATE FUNCTION pg_temp.day(kind text, n bigint) RETURNS date LANGUAGE sql AS $$
  SELECT CASE WHEN pg_temp.alike()
              THEN make_date(1701 + (pg_temp.both(kind, n) % 109)::int, 1, 2) + (pg_temp.own(kind, n) % 363)::int
              ELSE date '1701-01-01' + (pg_temp.own(kind, n) / 256)::int % 40000 END
$$;
CREATE FUNCTION pg_temp.secret(kind text, n bigint) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.word(kind, n) || ' ' ||
         CASE WHEN pg_temp.alike() AND kind <> 'code'
              THEN 930000000 + pg_temp.own(kind, n) % 999 * 10000 + pg_temp.both(kind, n) % 10000
              ELSE pg_temp.digits(kind, n) END
$$;

CREATE TYPE visit_kind AS ENUM ('checkup', 'vaccine', 'surgery');
CREATE TYPE address AS (street text, town text);
CREATE DOMAIN pin AS text CHECK (length(VALUE) > 3);
-- A type of the server's own has this name, too.
CREATE DOMAIN macaddr8 AS text;
CREATE SEQUENCE tickets;

-- Tagged: all that is filled with canaries, which is everything but id, name, city, team and joined.
CREATE TABLE people (
  id integer PRIMARY KEY,
  name text NOT NULL,
  city text NOT NULL,
  team text NOT NULL,
  joined date NOT NULL,
  ssn text UNIQUE,
  code varchar(40),
  points integer,
  salary numeric(14, 2),
  born date,
  doc json,
  marks text[],
  photo bytea,
  home address,
  key pin
);

-- A row of the child is a row of the parent; what the child adds is its own.
CREATE TABLE staff (badge text) INHERITS (people);

CREATE FUNCTION pg_temp.person(n bigint) RETURNS people LANGUAGE sql AS $$
  SELECT n::int, (ARRAY['Ada','Bilal','Chiara','Dmitri','Elif','Femi'])[1 + n % 6] || ' ' || n,
         (ARRAY['Oslo','Porto','Leeds'])[1 + n % 3], (ARRAY['red','blue'])[1 + n % 2],
         date '2024-01-01' + n::int * 11,
         pg_temp.secret('ssn', n), pg_temp.secret('code', n), pg_temp.digits('points', n)::int,
         pg_temp.digits('salary', n) + 0.25, pg_temp.day('born', n),
         json_build_object(pg_temp.word('doc', n), pg_temp.secret('doc', n + 100)),
         ARRAY[pg_temp.secret('marks', n), pg_temp.secret('marks', n + 100)],
         convert_to(pg_temp.secret('photo', n), 'UTF8'),
         ROW(pg_temp.secret('home', n), pg_temp.word('home', n + 100))::address,
         pg_temp.secret('key', n)::pin
$$;
INSERT INTO people SELECT (pg_temp.person(n)).* FROM generate_series(1, 24) AS n ORDER BY n;
INSERT INTO staff SELECT (pg_temp.person(n)).*, 'badge ' || n FROM generate_series(25, 30) AS n ORDER BY n;
-- Whether something is NULL is told by no mask but `null`; so no row differs in that.

CREATE TABLE visits (
  id integer PRIMARY KEY,
  person_id integer NOT NULL,
  kind visit_kind NOT NULL,
  fee numeric(10, 2) NOT NULL,
  at timestamptz NOT NULL,
  note text,
  info jsonb NOT NULL,
  labels text[] NOT NULL
);
INSERT INTO visits
SELECT n, 1 + n * 7 % 30, (ARRAY['checkup','vaccine','surgery'])[1 + n % 3]::visit_kind, n * 1.5,
       timestamptz '2025-01-01Z' + n * interval '19 hours', CASE WHEN n % 4 > 0 THEN 'note ' || n END,
       jsonb_build_object('room', n % 5, 'done', n % 2 = 0), ARRAY['l' || n % 3, 'm']
FROM generate_series(1, 60) AS n;

CREATE TABLE notes (id integer PRIMARY KEY, body text, about text);
INSERT INTO notes SELECT n, 'body ' || n, 'about ' || n FROM generate_series(1, 5) AS n;

-- `value` is tagged on the whole table.
CREATE TABLE readings (
  id integer NOT NULL, person_id integer NOT NULL, day date NOT NULL, value text
) PARTITION BY RANGE (day);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
INSERT INTO readings
SELECT n, 1 + n % 30, date '2024-06-01' + n::int * 20, pg_temp.secret('value', n) FROM generate_series(1, 40) AS n;

-- Names that take quotes; `Ssn` is tagged.
CREATE TABLE "odd ""names""" (id integer PRIMARY KEY, "Ssn" text, "select" text, "ünï" text);
INSERT INTO "odd ""names""" SELECT n, pg_temp.secret('odd', n), 's' || n, 'u' || n FROM generate_series(1, 4) AS n;

-- Views: of what anybody may see, of what is tagged, of those again, and one that is tagged itself.
CREATE VIEW people_names AS SELECT id, name, city FROM people;
CREATE VIEW people_ssn AS SELECT id, ssn FROM people;
CREATE VIEW people_renamed AS SELECT id, ssn AS name, code AS city FROM people;
CREATE VIEW people_again AS SELECT name FROM people_renamed;
CREATE VIEW people_counted AS SELECT count(*) AS n, max(ssn) AS m FROM people;
CREATE VIEW people_filtered AS SELECT id, name FROM people WHERE ssn < 'm';
CREATE VIEW people_whole AS SELECT p AS person FROM people p;
CREATE VIEW people_tagged AS SELECT id, name, ssn FROM people;
CREATE VIEW visits_seen AS SELECT id, person_id, fee FROM visits;
CREATE MATERIALIZED VIEW people_kept AS SELECT id, ssn AS kept FROM people;
CREATE MATERIALIZED VIEW names_kept AS SELECT id, name FROM people;

-- What anybody may call, and reads the table as its owner.
CREATE FUNCTION peek(integer) RETURNS text LANGUAGE sql SECURITY DEFINER
  AS 'SELECT ssn FROM clinic.people WHERE id = $1';
CREATE FUNCTION everybody() RETURNS SETOF people LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM clinic.people';
CREATE FUNCTION told(people) RETURNS text LANGUAGE sql AS $$ SELECT $1.ssn || ' ' || $1.code $$;
CREATE FUNCTION loud(text) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN RAISE NOTICE 'saw %', $1; RAISE WARNING 'saw %', $1; RETURN 'x'; END
$$;
CREATE FUNCTION thrown(text) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'saw %', $1 USING DETAIL = $1, HINT = $1; END
$$;
CREATE FUNCTION wiped() RETURNS integer LANGUAGE sql SECURITY DEFINER
  AS 'DELETE FROM clinic.notes; SELECT 1';
CREATE VIEW people_called AS SELECT id, peek(id) AS told FROM visits;
-- Under a name of the server's own.
CREATE FUNCTION initcap(text) RETURNS text LANGUAGE sql SECURITY DEFINER
  AS 'SELECT string_agg(ssn, $$,$$) FROM clinic.people';
CREATE FUNCTION round(visit_kind) RETURNS text LANGUAGE sql SECURITY DEFINER
  AS 'SELECT string_agg(ssn, $$,$$) FROM clinic.people';

CREATE FUNCTION seen_by(integer, integer) RETURNS boolean LANGUAGE sql SECURITY DEFINER
  AS 'SELECT EXISTS (SELECT FROM clinic.people WHERE points = $1)';
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = seen_by);
CREATE FUNCTION joined_up(text, text) RETURNS text LANGUAGE sql SECURITY DEFINER
  AS 'SELECT string_agg(ssn, $$,$$) FROM clinic.people';
CREATE OPERATOR # (LEFTARG = text, RIGHTARG = text, FUNCTION = joined_up);
-- A cast that somebody made, which nobody need write for it to be used.
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
INSERT INTO moods VALUES (1, 'good'), (2, 'bad');
CREATE FUNCTION all_of(mood) RETURNS circle LANGUAGE sql SECURITY DEFINER
  AS 'SELECT circle(point(max(points), min(points)), 1) FROM clinic.people';
CREATE CAST (mood AS circle) WITH FUNCTION all_of(mood) AS ASSIGNMENT;
CREATE AGGREGATE gathered(text) (SFUNC = textcat, STYPE = text, INITCOND = '');

-- A change of one changes another.
CREATE TABLE ruled (id integer PRIMARY KEY, body text);
INSERT INTO ruled VALUES (1, 'r');
CREATE RULE more AS ON UPDATE TO ruled DO ALSO DELETE FROM notes;

-- Roles: one for each way of masking, with no more than `postern doctor` lets pass.
CREATE ROLE clinic_result LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
CREATE ROLE clinic_source LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
CREATE ROLE clinic_schema LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
ALTER ROLE clinic_result SET statement_timeout = '30s';
ALTER ROLE clinic_source SET statement_timeout = '30s';
ALTER ROLE clinic_schema SET statement_timeout = '30s';
ALTER ROLE clinic_result SET lock_timeout = '10s';
ALTER ROLE clinic_source SET lock_timeout = '10s';
ALTER ROLE clinic_schema SET lock_timeout = '10s';
ALTER ROLE clinic_result SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE clinic_source SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE clinic_schema SET idle_in_transaction_session_timeout = '30s';
GRANT CONNECT ON DATABASE shop TO clinic_result, clinic_source, clinic_schema;
GRANT USAGE ON SCHEMA clinic TO clinic_result, clinic_source;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA clinic TO clinic_result, clinic_source;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA clinic TO clinic_result, clinic_source;

-- What everything is put back to after an allowed write.
CREATE SCHEMA kept;
CREATE TABLE kept.people AS SELECT * FROM ONLY people;
CREATE TABLE kept.staff AS SELECT * FROM staff;
CREATE TABLE kept.visits AS SELECT * FROM visits;
CREATE TABLE kept.notes AS SELECT * FROM notes;
CREATE TABLE kept.ruled AS SELECT * FROM ruled;
CREATE TABLE kept.readings AS SELECT * FROM readings;

RESET search_path;
ANALYZE;
