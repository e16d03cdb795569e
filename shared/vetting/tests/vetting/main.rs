//! What may pass and what may not, as data: statements with their verdicts, and places where a call
//! or a column can be hidden.
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what fails here has failed the test"
)]

mod depth;
mod mutations;
mod positions;
mod regression;
mod verdicts;

use std::collections::BTreeMap;

use request::Statement;
use vetting::{Error, Reading, Relation, Scope};

/// The tags that all of these tests go by.
fn scope() -> Scope {
    let relation = |name| Relation::parse(name, "public").unwrap();
    let tags = |columns: &[&str]| -> BTreeMap<String, String> {
        columns.iter().map(|column| ((*column).to_owned(), format!("{column}-tag"))).collect()
    };
    Scope {
        schema: "public".into(),
        tagged: BTreeMap::from([
            (relation("public.customers"), tags(&["card", "email", "ssn"])),
            (relation("hr.salaries"), tags(&["amount"])),
        ]),
    }
}

fn read(text: &str) -> Result<Reading, Error> {
    vetting::read(&Statement::new(text).unwrap(), &scope())
}

/// What became of a statement: the kind of its refusal, or `ok`.
fn verdict(text: &str) -> &'static str {
    read(text).map_or_else(|error| error.kind(), |_| "ok")
}

/// The lines of a data file that are neither empty nor comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The statements of a data file, each with the line that says what is expected.
fn cases(text: &str) -> Vec<(&str, &str)> {
    let mut sections = text.split("--! ");
    sections.next();
    let cases = sections.map(|section| section.split_once('\n').unwrap());
    cases.map(|(expected, statement)| (expected.trim(), statement.trim())).collect()
}
