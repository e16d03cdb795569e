//! Statements that nobody wrote: reads over the clinic, tagged columns in every place, by a grammar.

/// Makes one statement after another; the same ones for the same seed.
pub(crate) struct Generator {
    rng: Rng,
    /// How many names were given in the statement so far.
    names: usize,
}

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Bool,
    Date,
    Int,
    Num,
    Text,
}

/// What can be named: a column, as it has to be written, and its type.
type Scope = Vec<(String, Type)>;

use Type::{Bool, Date, Int, Num, Text};

const TABLES: &[(&str, &[(&str, Type)])] = &[
    (
        "people",
        &[
            ("id", Int),
            ("name", Text),
            ("city", Text),
            ("joined", Date),
            ("ssn", Text),
            ("code", Text),
            ("points", Int),
            ("salary", Num),
            ("born", Date),
            ("key", Text),
        ],
    ),
    ("people", &[("id", Int), ("ssn", Text), ("points", Int), ("salary", Num), ("born", Date)]),
    ("people_tagged", &[("id", Int), ("name", Text), ("ssn", Text)]),
    ("staff", &[("id", Int), ("badge", Text), ("code", Text), ("points", Int)]),
    ("readings", &[("id", Int), ("person_id", Int), ("day", Date), ("value", Text)]),
    ("visits", &[("id", Int), ("person_id", Int), ("fee", Num), ("note", Text)]),
    ("notes", &[("id", Int), ("body", Text), ("about", Text)]),
];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng(seed), names: 0 }
    }

    /// The next statement.
    pub(crate) fn statement(&mut self) -> String {
        self.names = 0;
        match self.rng.below(10) {
            0 => self.set_operation(),
            1 => self.with(),
            _ => self.select(3).0,
        }
    }

    fn set_operation(&mut self) -> String {
        let types: Vec<Type> = (0..=self.rng.below(2)).map(|_| self.a_type()).collect();
        let word = self.pick(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]);
        let one = self.select_of(&types, 2);
        let other = self.select_of(&types, 2);
        format!("{one} {word} {other} ORDER BY 1")
    }

    fn with(&mut self) -> String {
        let (inner, columns) = self.select(2);
        let name = self.name();
        let scope = columns.iter().map(|(column, of)| (format!("{name}.{column}"), *of)).collect();
        let list = self.list(&scope, 2);
        let filter = self.filter(&scope, 2);
        let word = self.pick(&["", "MATERIALIZED ", "NOT MATERIALIZED "]);
        format!("WITH {name} AS {word}({inner}) SELECT {list} FROM {name}{filter}")
    }

    /// A select, and the names and types of its columns.
    fn select(&mut self, depth: usize) -> (String, Scope) {
        match self.rng.below(8) {
            0 => self.grouped(depth),
            1 => self.windowed(depth),
            _ => self.plain(depth),
        }
    }

    fn plain(&mut self, depth: usize) -> (String, Scope) {
        let (from, scope) = self.from(depth);
        let mut columns = Vec::new();
        let mut list = Vec::new();
        for _ in 0..=self.rng.below(3) {
            let of = self.a_type();
            let expression = self.expression(of, &scope, depth);
            let name = self.name();
            list.push(format!("{expression} AS {name}"));
            columns.push((name, of));
        }
        let distinct = if self.rng.below(6) == 0 { "DISTINCT " } else { "" };
        let filter = self.filter(&scope, depth);
        let order = self.order(&scope, depth, distinct.is_empty());
        (format!("SELECT {distinct}{} FROM {from}{filter}{order}", list.join(", ")), columns)
    }

    /// A select of columns of exactly these types.
    fn select_of(&mut self, types: &[Type], depth: usize) -> String {
        let (from, scope) = self.from(depth);
        let list: Vec<_> = types.iter().map(|of| self.expression(*of, &scope, depth)).collect();
        let filter = self.filter(&scope, depth);
        format!("SELECT {} FROM {from}{filter}", list.join(", "))
    }

    fn grouped(&mut self, depth: usize) -> (String, Scope) {
        let (from, scope) = self.from(depth);
        let of = self.a_type();
        let key = self.expression(of, &scope, 1);
        let (aggregate, made) = self.aggregate(&scope, depth);
        let (a, b) = (self.name(), self.name());
        let filter = self.filter(&scope, depth);
        let having = match self.rng.below(3) {
            0 => format!(" HAVING {} > {}", self.aggregate_int(&scope), self.rng.below(20)),
            _ => String::new(),
        };
        let text = format!(
            "SELECT {key} AS {a}, {aggregate} AS {b} FROM {from}{filter} GROUP BY {key}{having} ORDER BY 1, 2"
        );
        (text, vec![(a, of), (b, made)])
    }

    fn windowed(&mut self, depth: usize) -> (String, Scope) {
        let (from, scope) = self.from(depth);
        let (a, b) = (self.name(), self.name());
        let of = self.a_type();
        let (shown, sorted) = (self.expression(of, &scope, 1), self.column(&scope));
        let call = match self.rng.below(4) {
            0 => "row_number()".to_owned(),
            1 => "rank()".to_owned(),
            2 => format!("count({shown})"),
            _ => "dense_rank()".to_owned(),
        };
        let part = self.column(&scope);
        let filter = self.filter(&scope, depth);
        let over = format!("PARTITION BY {part} ORDER BY {sorted}");
        let text =
            format!("SELECT {shown} AS {a}, {call} OVER ({over}) AS {b} FROM {from}{filter}");
        (text, vec![(a, of), (b, Int)])
    }

    fn aggregate(&mut self, scope: &Scope, depth: usize) -> (String, Type) {
        let filter = match self.rng.below(4) {
            0 => format!(" FILTER (WHERE {})", self.expression(Bool, scope, 1)),
            _ => String::new(),
        };
        let (call, of) = match self.rng.below(8) {
            0 => (format!("sum({})", self.expression(Num, scope, depth)), Num),
            1 => (format!("avg({})", self.expression(Int, scope, depth)), Num),
            2 => (format!("max({})", self.expression(Text, scope, depth)), Text),
            3 => (format!("min({})", self.expression(Date, scope, depth)), Date),
            4 => (format!("bool_or({})", self.expression(Bool, scope, depth)), Bool),
            5 => {
                let (text, by) = (self.expression(Text, scope, 1), self.column(scope));
                (format!("string_agg({text}, '/' ORDER BY {by}, {text})"), Text)
            }
            6 => {
                let of = self.a_type();
                (format!("count(DISTINCT {})", self.expression(of, scope, depth)), Int)
            }
            _ => (self.aggregate_int(scope), Int),
        };
        (format!("{call}{filter}"), of)
    }

    fn aggregate_int(&mut self, scope: &Scope) -> String {
        match self.rng.below(3) {
            0 => "count(*)".into(),
            1 => format!("count({})", self.column(scope)),
            _ => format!("max({})", self.expression(Int, scope, 1)),
        }
    }

    /// What stands in FROM, and what can be named then.
    fn from(&mut self, depth: usize) -> (String, Scope) {
        let (mut text, mut scope) = self.source(depth);
        if depth > 0 && self.rng.below(3) == 0 {
            let (other, columns) = self.source(depth - 1);
            let word = self.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN"]);
            scope.extend(columns);
            let on = self.comparison(&scope, 1);
            let equal = self.equal(&scope);
            text = format!("{text} {word} {other} ON {equal} AND {on}");
        }
        (text, scope)
    }

    fn source(&mut self, depth: usize) -> (String, Scope) {
        let name = self.name();
        if depth > 0 && self.rng.below(4) == 0 {
            let (inner, columns) = self.select(depth - 1);
            let lateral = self.pick(&["", "", "LATERAL "]);
            let scope = columns.iter().map(|(column, of)| (format!("{name}.{column}"), *of));
            return (format!("{lateral}({inner}) AS {name}"), scope.collect());
        }
        let (table, columns) = TABLES[self.rng.below(TABLES.len())];
        let scope = columns.iter().map(|(column, of)| (format!("{name}.{column}"), *of));
        (format!("{table} AS {name}"), scope.collect())
    }

    fn list(&mut self, scope: &Scope, depth: usize) -> String {
        let list: Vec<_> = (0..=self.rng.below(3))
            .map(|_| {
                let of = self.a_type();
                self.expression(of, scope, depth)
            })
            .collect();
        list.join(", ")
    }

    fn filter(&mut self, scope: &Scope, depth: usize) -> String {
        match self.rng.below(3) {
            0 => String::new(),
            _ => format!(" WHERE {}", self.expression(Bool, scope, depth)),
        }
    }

    fn order(&mut self, scope: &Scope, depth: usize, free: bool) -> String {
        let limit = match self.rng.below(4) {
            0 => format!(" LIMIT {}", 1 + self.rng.below(9)),
            _ => String::new(),
        };
        match self.rng.below(3) {
            0 if free => {
                let of = self.a_type();
                let word = self.pick(&["", " DESC", " NULLS FIRST"]);
                format!(" ORDER BY {}{word}{limit}", self.expression(of, scope, depth.min(1)))
            }
            _ => limit,
        }
    }

    fn equal(&mut self, scope: &Scope) -> String {
        let of = [Int, Text][self.rng.below(2)];
        let (a, b) = (self.expression(of, scope, 0), self.expression(of, scope, 0));
        format!("{a} = {b}")
    }

    fn comparison(&mut self, scope: &Scope, depth: usize) -> String {
        let of = [Int, Num, Text, Date][self.rng.below(4)];
        let (a, b) = (self.expression(of, scope, depth), self.expression(of, scope, depth));
        let word = self.pick(&["=", "<", "<=", ">", ">=", "<>", "IS DISTINCT FROM"]);
        format!("({a} {word} {b})")
    }

    /// An expression of this type.
    fn expression(&mut self, of: Type, scope: &Scope, depth: usize) -> String {
        if depth == 0 || self.rng.below(4) == 0 {
            return self.atom(of, scope);
        }
        let next = depth - 1;
        if self.rng.below(9) == 0 {
            return self.general(of, scope, next);
        }
        let text = |on: &mut Self| on.expression(Text, scope, next);
        let int = |on: &mut Self| on.expression(Int, scope, next);
        match (of, self.rng.below(10)) {
            (Text, 0) => format!("upper({})", text(self)),
            (Text, 1) => format!("reverse({})", text(self)),
            (Text, 2) => format!("substr({}, 1, {})", text(self), 1 + self.rng.below(5)),
            (Text, 3) => format!("({} || {})", text(self), text(self)),
            (Text, 4) => format!("md5({})", text(self)),
            (Text, 5) => format!("{}::text", int(self)),
            (Text, 6) => format!("to_char({}, 'YYYYMMDD')", self.expression(Date, scope, next)),
            (Text, 7) => format!("split_part({}, ' ', 1)", text(self)),
            (Text, 8) => format!("encode(convert_to({}, 'UTF8'), 'hex')", text(self)),
            (Text, _) => format!("left({}, 3)", text(self)),
            (Int, 0) => format!("length({})", text(self)),
            (Int, 1) => format!("ascii({})", text(self)),
            (Int, 2) => format!("({} % 97)", int(self)),
            (Int, 3) => format!("({} - {})", int(self), int(self)),
            (Int, 4) => format!("({} / {})", int(self), int(self)),
            (Int, 5) => {
                format!("extract(year FROM {})::integer", self.expression(Date, scope, next))
            }
            (Int, 6) => format!("position('b' IN {})", text(self)),
            (Int, 7) => format!("({} >> 3)", int(self)),
            (Int, 8) => format!("abs({})", int(self)),
            (Int, _) => format!("({} & 1023)", int(self)),
            (Num, 0) => format!("{}::numeric", int(self)),
            (Num, 1) => format!("({} * 2)", self.expression(Num, scope, next)),
            (Num, 2) => format!("trunc({}, 1)", self.expression(Num, scope, next)),
            (Num, _) => format!("({} + {})", self.expression(Num, scope, next), int(self)),
            (Date, 0) => format!("({} + 1)", self.expression(Date, scope, next)),
            (Date, _) => {
                format!("date_trunc('month', {})::date", self.expression(Date, scope, next))
            }
            (Bool, 0) => format!(
                "({} AND {})",
                self.expression(Bool, scope, next),
                self.comparison(scope, next)
            ),
            (Bool, 1) => format!(
                "({} OR {})",
                self.expression(Bool, scope, next),
                self.comparison(scope, next)
            ),
            (Bool, 2) => format!("(NOT {})", self.expression(Bool, scope, next)),
            (Bool, 3) => format!("({} LIKE '%b%')", text(self)),
            (Bool, 4) => format!("({} IS NULL)", self.column(scope)),
            (Bool, 5) => format!("({} IN (SELECT {}))", text(self), self.scalar(Text)),
            (Bool, 6) => format!("EXISTS (SELECT {})", self.scalar(Int)),
            (Bool, 7) => format!("({} BETWEEN 930000000 AND 938000000)", int(self)),
            (Bool, _) => self.comparison(scope, next),
        }
    }

    /// What there is for any type.
    fn general(&mut self, of: Type, scope: &Scope, depth: usize) -> String {
        let one = self.expression(of, scope, depth);
        match self.rng.below(5) {
            0 => {
                let when = self.expression(Bool, scope, depth);
                let other = self.expression(of, scope, depth);
                format!("CASE WHEN {when} THEN {one} ELSE {other} END")
            }
            1 => format!("coalesce({one}, {})", self.expression(of, scope, depth)),
            2 => format!("nullif({one}, {})", self.expression(of, scope, depth)),
            3 if of != Bool => format!("greatest({one}, {})", self.expression(of, scope, depth)),
            3 => one,
            _ => format!("(SELECT {})", self.scalar(of)),
        }
    }

    /// The rest of a sub-select of one value.
    fn scalar(&mut self, of: Type) -> String {
        let (from, scope) = self.source(0);
        let value = self.expression(of, &scope, 1);
        let filter = self.filter(&scope, 1);
        match of {
            Bool => format!("bool_and({value}) FROM {from}{filter}"),
            _ => format!("max({value}) FROM {from}{filter}"),
        }
    }

    fn atom(&mut self, of: Type, scope: &Scope) -> String {
        let fitting: Vec<&String> =
            scope.iter().filter(|(_, known)| *known == of).map(|(name, _)| name).collect();
        if !fitting.is_empty() && self.rng.below(4) > 0 {
            return fitting[self.rng.below(fitting.len())].clone();
        }
        match of {
            Bool => self.pick(&["true", "false"]).into(),
            Date => self.pick(&["date '1750-01-01'", "date '2024-05-05'"]).into(),
            Int => self.pick(&["0", "1", "7", "935000000", "12"]).into(),
            Num => self.pick(&["0.5", "935000000.25", "10.0"]).into(),
            Text => self.pick(&["'m'", "'b'", "'[masked:ssn]'", "''", "'note 7'"]).into(),
        }
    }

    fn column(&mut self, scope: &Scope) -> String {
        scope[self.rng.below(scope.len())].0.clone()
    }

    fn a_type(&mut self) -> Type {
        [Text, Int, Num, Date, Bool, Text, Int][self.rng.below(7)]
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("n{}", self.names)
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.rng.below(from.len())]
    }
}

/// SplitMix64: small, and the same everywhere.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

#[test]
fn the_same_seed_makes_the_same_statements() {
    let make = |seed| {
        let mut generator = Generator::new(seed);
        (0..50).map(|_| generator.statement()).collect::<Vec<_>>()
    };
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
    for text in make(3) {
        assert!(pg_query::parse(&text, 0).is_ok(), "{text}");
    }
}
