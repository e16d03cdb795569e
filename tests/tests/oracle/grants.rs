//! A role that may read some columns only fails exactly where the resolver says that another is used.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use catalogue::{Catalogue, Oid, Resolved, resolve};
use tokio_postgres::{Client, SimpleQueryMessage, error::SqlState};

use crate::{clinic, corpus::Statement, generator::Rng};

type Columns = BTreeSet<(Oid, i16)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the counts are to be seen")]
async fn a_role_with_some_columns_fails_where_another_is_used() {
    let server = clinic::server().await;
    server.run("CREATE ROLE narrow; GRANT USAGE ON SCHEMA clinic, public TO narrow").await;
    let client = server.postgres.superuser().await.unwrap();
    let mut tally = Tally::default();
    let mut rng = Rng(29);
    for (schema, statements) in [
        ("clinic", clinic::generated(12, GENERATED)),
        ("clinic", clinic::written("bypass")),
        ("public", clinic::written("analyst")),
    ] {
        let known = clinic::known(&server, schema).await;
        let on = known.catalogue();
        for statement in statements {
            let Ok(resolved) = resolve(&statement.node, on) else {
                tally.unresolved += 1;
                continue;
            };
            for columns in subsets(&resolved, on, &mut rng) {
                let missing = missing(&resolved, &columns);
                let asked = ask(&client, schema, &statement, &grants(&columns, on)).await;
                let folded = asked == Asked::Through
                    && !missing.is_empty()
                    && left_out(&client, schema, &statement, &resolved, &missing).await;
                tally.note(&statement, !missing.is_empty(), asked, folded);
            }
        }
    }
    println!("{tally}");
    assert!(tally.wrong.is_empty(), "{}:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
    assert!(tally.denied > 700 && tally.through > 700, "{tally}");
    assert_eq!(tally.explained, EXPLAINED.map(|(place, _)| place).into());
}

/// What the server said.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Through,
    /// A right to a relation is missing.
    Denied,
    /// Something else is wrong: it cannot be planned, or a right to a function is missing.
    Otherwise,
}

#[derive(Default)]
struct Tally {
    denied: usize,
    through: usize,
    /// Let through because the planner drops the part that would be denied.
    folded: usize,
    otherwise: usize,
    unresolved: usize,
    explained: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Tally {
    fn note(&mut self, statement: &Statement, fails: bool, asked: Asked, folded: bool) {
        let Statement { place, text, .. } = statement;
        match (fails, asked) {
            (true, Asked::Denied) => self.denied += 1,
            (false, Asked::Through) => self.through += 1,
            (true, Asked::Through) if folded => self.folded += 1,
            (_, Asked::Otherwise) => self.otherwise += 1,
            (fails, asked) => match EXPLAINED.iter().find(|(known, _)| known == place) {
                Some((known, _)) => _ = self.explained.insert(known),
                None => self.wrong.push(format!("{place}: {fails}, but {asked:?}: {text}")),
            },
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "denied as foretold {}, let through as foretold {}, let through because folded away {}, \
             explained {}, failed otherwise {}, of no names that resolve {}, not as foretold {}",
            self.denied,
            self.through,
            self.folded,
            self.explained.len(),
            self.otherwise,
            self.unresolved,
            self.wrong.len()
        )
    }
}

/// Columns to be granted: just those that are used; all of these but one; and some by chance.
fn subsets(resolved: &Resolved, on: &Catalogue, rng: &mut Rng) -> Vec<Columns> {
    let used = used(resolved);
    let mut enough = used.clone();
    // Of a relation none of whose columns is used, any will do.
    for source in &resolved.sources {
        if !used.iter().any(|(relation, _)| *relation == source.relation) {
            let columns = &on.numbered(source.relation).unwrap().columns;
            let any = columns[rng.below(columns.len())].number;
            enough.insert((source.relation, any));
        }
    }
    let mut subsets = vec![enough.clone()];
    if !enough.is_empty() {
        let without = enough.iter().nth(rng.below(enough.len())).copied();
        subsets.push(enough.iter().copied().filter(|column| Some(*column) != without).collect());
        let relations: BTreeSet<Oid> = resolved.sources.iter().map(|s| s.relation).collect();
        let all = relations.iter().flat_map(|oid| {
            on.numbered(*oid).unwrap().columns.iter().map(|column| (*oid, column.number))
        });
        subsets.push(all.filter(|_| rng.below(8) > 0).collect());
    }
    subsets
}

/// The columns that are used, by their numbers.
fn used(resolved: &Resolved) -> Columns {
    let columns = resolved.uses.iter().filter(|used| used.column > 0);
    columns.map(|used| (used.relation, used.column)).collect()
}

/// The relations of which something is used that is not granted. One that is named takes a column at
/// least; a system column takes more than any list of columns.
fn missing(resolved: &Resolved, granted: &Columns) -> BTreeSet<Oid> {
    let hidden = resolved.uses.iter().filter(|used| used.column < 0).map(|used| used.relation);
    let used = used(resolved);
    let columns = used.difference(granted).map(|(relation, _)| *relation);
    let none = |relation: &Oid| !granted.iter().any(|(granted, _)| granted == relation);
    let named = resolved.sources.iter().map(|source| source.relation).filter(none);
    hidden.chain(columns).chain(named).collect()
}

/// Whether the planner leaves out each of these relations somewhere: rights are looked at for what is
/// left of a statement when `true OR EXISTS (…)` has become `true`, and queries that nobody reads are
/// gone.
async fn left_out(
    client: &Client,
    schema: &str,
    statement: &Statement,
    resolved: &Resolved,
    relations: &BTreeSet<Oid>,
) -> bool {
    let explain =
        format!("ROLLBACK; SET search_path = {schema}; EXPLAIN (FORMAT json) {}", statement.text);
    let rows = client.simple_query(&explain).await.unwrap();
    let plan: String = rows
        .iter()
        .filter_map(|row| match row {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        })
        .collect();
    relations.iter().all(|relation| {
        let mut sources = resolved.sources.iter().filter(|source| source.relation == *relation);
        sources.any(|source| !plan.contains(&format!("\"Alias\": \"{}\"", source.name)))
    })
}

fn grants(columns: &Columns, on: &Catalogue) -> String {
    let mut by: BTreeMap<Oid, Vec<String>> = BTreeMap::new();
    for (relation, number) in columns {
        let column = on.numbered(*relation).and_then(|r| r.numbered(*number)).unwrap();
        by.entry(*relation).or_default().push(vetting::masks::quoted(&column.name));
    }
    let grants = by.iter().map(|(relation, columns)| {
        let relation = on.numbered(*relation).unwrap();
        let quoted = vetting::masks::quoted;
        let (schema, name) = (quoted(&relation.schema), quoted(&relation.name));
        format!("GRANT SELECT ({}) ON {schema}.{name} TO narrow;", columns.join(", "))
    });
    grants.collect()
}

/// Whether the role may run it; the server looks before it would begin.
async fn ask(client: &Client, schema: &str, statement: &Statement, grants: &str) -> Asked {
    let count = (1..=9).rev().find(|n| statement.text.contains(&format!("${n}"))).unwrap_or(0);
    let text = &statement.text;
    let explain = match count {
        0 => format!("EXPLAIN {text}"),
        count => {
            let values = vec!["NULL"; count].join(", ");
            format!("DEALLOCATE ALL; PREPARE one AS {text}\n; EXPLAIN EXECUTE one({values})")
        }
    };
    let whole = format!(
        "ROLLBACK; BEGIN; {grants} SET LOCAL search_path = {schema}; SET LOCAL ROLE narrow; {explain}"
    );
    match client.simple_query(&whole).await {
        Ok(_) => Asked::Through,
        Err(error) => match error.as_db_error() {
            Some(told)
                if *told.code() == SqlState::INSUFFICIENT_PRIVILEGE
                    && !told.message().contains("for function") =>
            {
                Asked::Denied
            }
            _ => Asked::Otherwise,
        },
    }
}

/// Where the server demands more than the statement can show, each with the reason.
const EXPLAINED: [(&str, &str); 2] = [
    ("row-field-of-alias", "to the server, a field of a row takes the whole row first"),
    ("row-field-twice", "to the server, a field of a row takes the whole row first"),
];

/// How many statements that nobody wrote.
const GENERATED: usize = 300;
