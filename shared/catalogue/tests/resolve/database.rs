//! A database written down: relations with their columns, functions and types.

use std::sync::LazyLock;

use catalogue::{Attribute, Catalogue, Draft, Form, Function, Kind, Relation, TypeInfo};

pub(crate) static DATABASE: LazyLock<Catalogue> = LazyLock::new(|| catalogue(18));

/// The same on a server of this version.
pub(crate) fn catalogue(major: u32) -> Catalogue {
    Catalogue::of(Draft {
        schema: "public".into(),
        major,
        relations: lines(RELATIONS).enumerate().map(|(at, line)| relation(at, line)).collect(),
        functions: lines(FUNCTIONS).enumerate().map(|(at, line)| function(at, line)).collect(),
        types: lines(TYPES).enumerate().map(|(at, line)| composite(at, line)).collect(),
        ..Draft::default()
    })
    .unwrap()
}

/// `KIND schema.name: column type, column type`; `=` before a type says that the column is generated.
const RELATIONS: &str = "
    table public.customers: id integer, name text, ssn text, phones text[], home address
    table public.orders: id integer, customer_id integer, total numeric, note text
    table public.events: id integer, at timestamp with time zone, vector tsvector, double =integer
    table public.notes: id integer, ssn text, lower text
    table public.wide: id bigint, ssn character varying(11), ssn2 text
    table sales.orders: id integer, customer_id integer, amount numeric
    table sales.regions: id integer, region text
    view public.people: id integer, name text
    foreign public.far: id integer
    other public.counter: last_value bigint
    ruled public.ruled: id integer";

/// `FORM name(arguments) returns`, and the columns of the result where it has several.
const FUNCTIONS: &str = "
    aggregate count() bigint
    aggregate count(any) bigint
    aggregate sum(numeric) numeric
    aggregate sum(integer) bigint
    aggregate max(text) text
    aggregate string_agg(text, text) text
    aggregate array_agg(anynonarray) anyarray
    aggregate percentile_cont(double precision, double precision) double precision
    window row_number() bigint
    window lag(anyelement) anyelement
    value lower(text) text
    value string_to_array(text, text) text[]
    value to_tsvector(text) tsvector
    value row_to_json(record) json
    set generate_series(integer, integer) integer
    set unnest(anyarray) anyelement
    set unnest(tsvector) record: lexeme, positions, weights
    set unnest(anymultirange) anyrange
    set jsonb_each(jsonb) record: key, value
    set jsonb_array_elements_text(jsonb) text: value
    set places(integer) address
    set pairs(integer) record";

const TYPES: &str = "
    address: street, city";

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap()
}

fn relation(at: usize, line: &str) -> Relation {
    let (head, columns) = line.split_once(": ").unwrap();
    let (kind, name) = head.split_once(' ').unwrap();
    let (schema, name) = name.split_once('.').unwrap();
    let columns = columns.split(", ").enumerate();
    Relation {
        oid: 20_000 + number(at),
        schema: schema.into(),
        name: name.into(),
        kind: match kind {
            "foreign" => Kind::Foreign,
            "other" => Kind::Other,
            "view" => Kind::View,
            _ => Kind::Table,
        },
        columns: columns.map(|(at, column)| attribute(at, column)).collect(),
        parents: Vec::new(),
        rests_on: Vec::new(),
        calls: Vec::new(),
        has_rules: kind == "ruled",
        readable: true,
        rows: None,
        stamp: String::new(),
    }
}

fn attribute(at: usize, text: &str) -> Attribute {
    let (name, kind) = text.split_once(' ').unwrap();
    let generated = kind.starts_with('=');
    let type_name = kind.trim_start_matches('=').to_owned();
    let type_oid = if type_name == "address" { 30_000 } else { 25 };
    // A column between the first and the second was dropped.
    let number = i16::try_from(if at == 0 { 1 } else { at + 2 }).unwrap();
    Attribute { number, name: name.into(), type_oid, type_name, generated }
}

fn function(at: usize, line: &str) -> Function {
    let (head, columns) = line.split_once(": ").unwrap_or((line, ""));
    let (form, rest) = head.split_once(' ').unwrap();
    let (name, rest) = rest.split_once('(').unwrap();
    let (arguments, returns) = rest.split_once(") ").unwrap();
    let list = |text: &str| text.split(", ").filter(|t| !t.is_empty()).map(str::to_owned).collect();
    Function {
        oid: 1_000 + number(at),
        schema: "pg_catalog".into(),
        name: name.into(),
        arguments: list(arguments),
        defaults: 0,
        variadic: false,
        form: match form {
            "aggregate" => Form::Aggregate,
            "set" => Form::Set,
            "window" => Form::Window,
            _ => Form::Value,
        },
        columns: list(columns),
        returns: returns.into(),
    }
}

fn composite(at: usize, line: &str) -> TypeInfo {
    let (name, fields) = line.split_once(": ").unwrap();
    TypeInfo {
        oid: 30_000 + number(at),
        schema: "public".into(),
        name: name.into(),
        kind: 'c',
        fields: fields.split(", ").map(str::to_owned).collect(),
    }
}
