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

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use catalogue::{Catalogue, Relation as Table, TypeInfo};
use policy::Mode;
use request::Statement;
use vetting::{Error, Reading, Relation, Scope};

/// The tags that all of these tests go by.
fn scope() -> Scope {
    let relation = |name| Relation::parse(name, "public").unwrap();
    let tags = |columns: &[&str]| -> BTreeMap<String, String> {
        columns.iter().map(|column| ((*column).to_owned(), format!("{column}-tag"))).collect()
    };
    Scope {
        catalogue: Arc::clone(&CATALOGUE),
        tagged: BTreeMap::from([
            (relation("public.customers"), tags(&["card", "email", "ssn"])),
            (relation("hr.salaries"), tags(&["amount"])),
        ]),
        mode: Mode::Result,
    }
}

/// The database that all of these statements are for.
static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| {
    let mut draft = vetting::draft("public");
    let tables = TABLES.lines().filter_map(|line| line.trim().split_once(": "));
    for (oid, (name, columns)) in (20_000..).zip(tables) {
        let (schema, name) = name.split_once('.').unwrap();
        let columns: Vec<_> =
            columns.split(", ").map(|column| column.split_once(' ').unwrap()).collect();
        draft.relations.push(Table::table(oid, schema, name, &columns));
    }
    let orders = draft.relations.iter_mut().find(|table| table.name == "orders").unwrap();
    let address = orders.columns.iter_mut().find(|column| column.name == "address").unwrap();
    address.type_oid = 20_900;
    draft.types.push(TypeInfo {
        oid: 20_900,
        schema: "public".into(),
        name: "address".into(),
        kind: 'c',
        fields: vec!["street".into(), "city".into()],
    });
    Arc::new(Catalogue::of(draft).unwrap())
});

const TABLES: &str = "
    public.orders: id integer, customer_id integer, name text, note text, status text, total numeric, created_at timestamptz, doc jsonb, tags text[], address address, a integer, b integer, data text
    public.items: id integer, order_id integer, name text, total numeric, a integer, b integer
    public.notes: id integer, body text
    public.leads: id integer, email text
    public.salaries: employee text, amount numeric
    public.customers: id integer, name text, email text, ssn text, card text, phone text, tags text[]
    hr.salaries: employee text, amount numeric
    archive.customers: id integer, ssn text
    sales.orders: id integer, region text
    Mixed.Case: id integer
";

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
