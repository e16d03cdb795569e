//! The script: ordered, with comments, the same for the same database and order.

use std::fmt;

use super::{
    Error, Order,
    names::{full, line, literal, quoted},
    plan::{Plan, View},
    survey::Survey,
};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A comment.
    Say(String),
    /// A statement.
    Do(String),
    /// A statement that takes the key's two halves, 64 bytes each, as its parameters.
    Key(String),
}

/// What is to be done, in its order and in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The steps.
    pub steps: Vec<Step>,
}

impl Script {
    /// Whether it takes the key.
    #[must_use]
    pub fn keyed(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Key(_)))
    }

    pub(super) fn say(&mut self, text: &str) {
        self.steps.push(Step::Say(line(text)));
    }

    pub(super) fn run(&mut self, statement: impl Into<String>) {
        self.steps.push(Step::Do(statement.into()));
    }
}

/// As it is reviewed, and as `psql` takes it.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut after_comment = true;
        for step in &self.steps {
            if matches!(step, Step::Say(_)) && !after_comment {
                f.write_str("\n")?;
            }
            after_comment = matches!(step, Step::Say(_));
            match step {
                Step::Say(text) => writeln!(f, "{text}")?,
                Step::Do(statement) => writeln!(f, "{statement};")?,
                Step::Key(statement) => {
                    writeln!(
                        f,
                        "-- The key is in no script. `--execute` sends it with this statement, as bytes;"
                    )?;
                    writeln!(f, "-- until it is there, every token is NULL.")?;
                    for part in statement.lines() {
                        writeln!(f, "--   {part}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The script that makes what is planned.
pub(super) fn of(order: &Order<'_>, survey: &Survey, plan: &Plan) -> Result<Script, Error> {
    let names = order.names;
    let mut script = Script::default();
    script.say(&format!(
        "Masked views of schema {} in database {}, for profile {}.",
        survey.base, survey.database, names.profile
    ));
    script.say(&format!("Tags: {}.", order.masks));
    script.say("Made by `postern mask apply`. It can be run again; `--remove` takes it back.");
    begin(&mut script);
    owner(&mut script, order, survey, plan);
    if plan.keyed {
        keys(&mut script, order);
    }
    schema(&mut script, order);
    for (name, why) in &plan.passed_over {
        script.say(&format!("No view of {name}: {why}."));
    }
    let readers = readers(order, survey)?;
    views(&mut script, order, survey, plan, &readers);
    if let Some(role) = order.role {
        alone(&mut script, order, survey, role);
    }
    if !survey.made.superuser {
        script.say("The administrator is no longer the owner.");
        script.run(format!("REVOKE {} FROM CURRENT_USER", quoted(&names.owner)));
    }
    script.say("All of it or nothing.");
    script.run("COMMIT");
    Ok(script)
}

/// Names mean what they say, and a busy table is no reason to hold everybody up.
pub(super) fn begin(script: &mut Script) {
    script.run("BEGIN");
    script.run("SET LOCAL search_path = pg_catalog");
    script.run("SET LOCAL standard_conforming_strings = on");
    script.run("SET LOCAL lock_timeout = '10s'");
}

/// Whom the views belong to, and what it reads.
fn owner(script: &mut Script, order: &Order<'_>, survey: &Survey, plan: &Plan) {
    let (names, owner, base) = (order.names, quoted(&order.names.owner), quoted(&survey.base));
    script.say("Whom the views belong to. It alone reads the tables, and nobody logs in as it.");
    script.run(format!(
        "DO $postern$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) THEN\n    \
         CREATE ROLE {owner} NOLOGIN NOINHERIT;\n  END IF;\nEND $postern$",
        literal(&names.owner)
    ));
    script.run(format!("COMMENT ON ROLE {owner} IS {}", literal(&names.mark())));
    if !survey.made.superuser {
        script.run(format!("GRANT {owner} TO CURRENT_USER"));
    }
    script.run(format!("GRANT USAGE ON SCHEMA {base} TO {owner}"));
    let wanted: Vec<String> =
        plan.views.iter().map(|view| full(&survey.base, &view.name)).collect();
    if !wanted.is_empty() {
        script.run(format!("GRANT SELECT ON\n  {}\n  TO {owner}", wanted.join(",\n  ")));
    }
}

/// Where the key of the tokens lies.
fn keys(script: &mut Script, order: &Order<'_>) {
    let (names, keys) = (order.names, quoted(&order.names.keys));
    let (owner, mark) = (quoted(&names.owner), literal(&names.mark()));
    let table = full(&names.keys, "token");
    script.say("The key of the tokens: only the owner reads it.");
    script.run(format!("CREATE SCHEMA IF NOT EXISTS {keys} AUTHORIZATION {owner}"));
    script.run(format!("SET LOCAL ROLE {owner}"));
    script.run(format!("COMMENT ON SCHEMA {keys} IS {mark}"));
    script.run(format!(
        "CREATE TABLE IF NOT EXISTS {table} (\n  one boolean PRIMARY KEY DEFAULT true CHECK (one),\n  \
         inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),\n  \
         outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)\n)"
    ));
    script.run(format!("COMMENT ON TABLE {table} IS {mark}"));
    script.steps.push(Step::Key(format!(
        "INSERT INTO {table} AS t (one, inner_pad, outer_pad) VALUES (true, $1, $2)\n\
         ON CONFLICT (one) DO UPDATE SET inner_pad = $1, outer_pad = $2\n\
         WHERE (t.inner_pad, t.outer_pad) IS DISTINCT FROM ($1, $2)"
    )));
    script.run("RESET ROLE");
}

fn schema(script: &mut Script, order: &Order<'_>) {
    let (schema, owner) = (quoted(&order.names.schema), quoted(&order.names.owner));
    script.say("The views.");
    script.run(format!("CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}"));
    script.run(format!("SET LOCAL ROLE {owner}"));
    script.run(format!("COMMENT ON SCHEMA {schema} IS {}", literal(&order.names.mark())));
}

/// Whoever reads the views already, and who is to: a view that is made anew is shown to all of them.
fn readers(order: &Order<'_>, survey: &Survey) -> Result<Vec<String>, Error> {
    let mut readers = survey.made.readers.clone();
    readers.extend(order.role.map(ToOwned::to_owned));
    // A dollar quote of ours would end at it.
    if let Some(role) = readers.iter().find(|role| role.contains("$postern$")) {
        return Err(Error::Role(role.clone()));
    }
    Ok(readers.iter().map(|role| quoted(role)).collect())
}

fn views(script: &mut Script, order: &Order<'_>, survey: &Survey, plan: &Plan, readers: &[String]) {
    let schema = &order.names.schema;
    let mark = |view: &View| format!("{}: {}", order.names.mark(), view.digest);
    for (name, comment) in &survey.made.views {
        let stays = plan.views.iter().any(|view| view.name == *name && mark(view) == *comment);
        if !stays {
            script.say(&format!("{name} has changed, or is gone."));
            script.run(format!("DROP VIEW {}", full(schema, name)));
        }
    }
    for view in &plan.views {
        match view.masked[..] {
            [] => script.say(&format!("{}: nothing in it is tagged.", view.name)),
            _ => script.say(&format!("{}: {}.", view.name, view.masked.join(", "))),
        }
        if view.row_security {
            script.say("Its row security holds for the views' owner, not for who reads the view.");
        }
        let name = full(schema, &view.name);
        script.run(format!(
            "CREATE OR REPLACE VIEW {name} WITH (security_barrier = true) AS\n{}",
            view.query
        ));
        script.run(format!("COMMENT ON VIEW {name} IS {}", literal(&mark(view))));
    }
    if !readers.is_empty() {
        let (schema, readers) = (quoted(schema), readers.join(", "));
        script.say("Who reads them.");
        script.run(format!("GRANT USAGE ON SCHEMA {schema} TO {readers}"));
        script.run(format!("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {readers}"));
    }
    script.run("RESET ROLE");
}

/// The role keeps no right to what is beneath the views, and that is proven.
fn alone(script: &mut Script, order: &Order<'_>, survey: &Survey, role: &str) {
    let (base, name) = (quoted(&survey.base), quoted(role));
    script.say("Nothing beneath the views is left to it; what others share with it, they have to take back.");
    script.run(format!("REVOKE ALL ON ALL TABLES IN SCHEMA {base} FROM {name}"));
    let (role, base) = (literal(role), literal(&survey.base));
    let owner = literal(&order.names.owner);
    script.run(format!(
        "DO $postern$ DECLARE found text; BEGIN\n  \
         SELECT string_agg(format('%I', c.relname), ', ' ORDER BY c.relname) INTO found\n  \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace\n  \
         WHERE s.nspname = {base} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (\n    \
         has_table_privilege({role}, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')\n    \
         OR has_any_column_privilege({role}, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'));\n  \
         IF found IS NOT NULL THEN\n    \
         RAISE EXCEPTION 'role % still has rights on % of schema %, by a group or as everybody', {role}, found, {base};\n  \
         END IF;\n  \
         IF pg_has_role({role}, {owner}, 'MEMBER') THEN\n    \
         RAISE EXCEPTION 'role % may become the owner of the views', {role};\n  \
         END IF;\nEND $postern$"
    ));
}
