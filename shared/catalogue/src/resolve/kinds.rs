//! Types, as far as the columns of a function in FROM depend on them.
//!
//! Whether `unnest(x) AS y` has a column `y` or those of a composite type depends on the type of `x`.
//! Where that is not plain to see, `y` must not be anything else either, and `*` is refused.

use pg_query::{
    NodeEnum,
    protobuf::{FuncCall, Node, SubLink, SubLinkType, TypeName, a_const::Val},
};

use crate::{
    Error, Function,
    resolve::{calls::called, walk::Walk},
};

/// The columns of a function's result.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// These, by their names.
    Fields(Vec<&'a str>),
    /// One, called like the function or its alias.
    Single,
    /// One or more: that depends on types which are not known.
    Unknown,
}

impl<'a> Walk<'a> {
    /// What all functions agree on that a call may mean.
    pub(super) fn shape(&mut self, call: &'a FuncCall) -> Result<Shape<'a>, Error> {
        let all = self.candidates(call)?;
        if all.is_empty() {
            return Ok(Shape::Single);
        }
        let kinds = self.kinds(&call.args)?;
        let fits = |candidate: &&'a Function| {
            let mut pairs = candidate.arguments.iter().zip(&kinds);
            pairs.all(|(wanted, kind)| kind.as_ref().is_none_or(|kind| self.takes(wanted, kind)))
        };
        let fitting: Vec<&'a Function> = all.iter().copied().filter(fits).collect();
        let fitting = if fitting.is_empty() { all } else { fitting };
        let mut shapes = fitting.iter().map(|candidate| self.shape_of(candidate, &kinds));
        let first = shapes.next().unwrap_or(Shape::Unknown);
        Ok(if shapes.all(|shape| shape == first) { first } else { Shape::Unknown })
    }

    fn kinds(&mut self, arguments: &'a [Node]) -> Result<Vec<Option<String>>, Error> {
        let mut kinds = Vec::new();
        for argument in arguments {
            let kind = self.kind(argument)?;
            kinds.push(self.plain_kind(kind));
        }
        Ok(kinds)
    }

    /// Whether it is an array of values that have no fields.
    pub(super) fn is_plain_array(&mut self, node: &'a Node) -> Result<bool, Error> {
        let kind = self.kind(node)?;
        let kind = self.plain_kind(kind);
        let element = kind.as_deref().and_then(|kind| kind.strip_suffix("[]"));
        Ok(element.is_some_and(|element| self.composite(element) == Shape::Single))
    }

    /// Functions of this name that take as many arguments.
    fn candidates(&self, call: &FuncCall) -> Result<Vec<&'a Function>, Error> {
        let count = call.args.len();
        let fits = |candidate: &&'a Function| {
            let most = candidate.arguments.len();
            let least = most.saturating_sub(usize::from(candidate.defaults));
            let least = least.saturating_sub(usize::from(candidate.variadic));
            count >= least && (count <= most || candidate.variadic)
        };
        Ok(self.on.functions(called(call)?).iter().filter(fits).collect())
    }

    /// Whether an argument of this type may be meant for this one. Only what certainly is not counts
    /// as none: many types turn into others without being asked to.
    fn takes(&self, wanted: &str, kind: &str) -> bool {
        let is = |letter| self.on.types(bare(kind)).iter().any(|found| found.kind == letter);
        match wanted {
            "anyarray" | "anycompatiblearray" => kind.ends_with("[]"),
            "anynonarray" | "anycompatiblenonarray" => !kind.ends_with("[]"),
            "anyrange" | "anycompatiblerange" => is('r'),
            "anymultirange" | "anycompatiblemultirange" => is('m'),
            "any" | "anyelement" | "anycompatible" => true,
            wanted => wanted.ends_with("[]") == kind.ends_with("[]"),
        }
    }

    /// A type that is what it is called; a domain, or an array by another name, is not.
    fn plain_kind(&self, kind: Option<String>) -> Option<String> {
        let other = |kind: &str| {
            let found = self.on.types(bare(kind));
            found.iter().any(|found| found.kind == 'd') || kind.contains(['.', '"'])
        };
        kind.filter(|kind| !matches!(kind.as_str(), "int2vector" | "oidvector") && !other(kind))
    }

    fn shape_of(&self, function: &'a Function, kinds: &[Option<String>]) -> Shape<'a> {
        if !function.columns.is_empty() {
            return Shape::Fields(function.columns.iter().map(String::as_str).collect());
        }
        returned(function, kinds).map_or(Shape::Unknown, |kind| self.composite(&kind))
    }

    /// The fields of a type.
    fn composite(&self, kind: &str) -> Shape<'a> {
        let name = bare(kind);
        if kind.ends_with("[]") {
            return Shape::Single;
        }
        if name == "record" || name.contains(['.', '"']) {
            return Shape::Unknown;
        }
        if let Some(relation) = self.on.relation(None, name) {
            let names = relation.columns.iter().map(|column| column.name.as_str());
            return Shape::Fields(names.collect());
        }
        match self.on.types(name) {
            [found] if found.kind == 'c' => {
                Shape::Fields(found.fields.iter().map(String::as_str).collect())
            }
            all if all.iter().any(|found| matches!(found.kind, 'c' | 'd')) => Shape::Unknown,
            _ => Shape::Single,
        }
    }

    /// The type of an expression, where it is plain to see. What is in it was or will be read apart
    /// from this.
    fn kind(&mut self, node: &'a Node) -> Result<Option<String>, Error> {
        Ok(match &node.node {
            Some(NodeEnum::AConst(constant)) => match &constant.val {
                Some(Val::Ival(_)) => Some("integer".into()),
                Some(Val::Fval(_)) => Some("numeric".into()),
                _ => None,
            },
            Some(NodeEnum::AArrayExpr(array)) => self.kind_of_array(&array.elements)?,
            Some(NodeEnum::ColumnRef(reference)) => {
                let flow = self.column(reference)?;
                self.type_of(&flow).map(str::to_owned)
            }
            Some(NodeEnum::FuncCall(call)) => self.kind_of_call(call)?,
            Some(NodeEnum::SubLink(link)) => self.kind_of_link(link),
            Some(NodeEnum::TypeCast(cast)) => cast.type_name.as_ref().and_then(written),
            _ => None,
        })
    }

    fn kind_of_array(&mut self, elements: &'a [Node]) -> Result<Option<String>, Error> {
        let mut all: Option<String> = None;
        for element in elements {
            let kind = match &element.node {
                // A literal or parameter takes the type of the others, or else is a text.
                Some(NodeEnum::AConst(_) | NodeEnum::ParamRef(_)) => continue,
                _ => self.kind(element)?,
            };
            match (kind, &all) {
                (None, _) => return Ok(None),
                (Some(kind), Some(known)) if &kind != known => return Ok(None),
                (kind, _) => all = kind,
            }
        }
        let kind = all.unwrap_or_else(|| "text".into());
        Ok(Some(if kind.ends_with("[]") { kind } else { kind + "[]" }))
    }

    fn kind_of_call(&mut self, call: &'a FuncCall) -> Result<Option<String>, Error> {
        let kinds = self.kinds(&call.args)?;
        let candidates = self.candidates(call)?;
        let mut results = candidates.iter().map(|candidate| returned(candidate, &kinds));
        let first = results.next().flatten();
        Ok(first.filter(|first| results.all(|other| other.as_ref() == Some(first))))
    }

    fn kind_of_link(&self, link: &SubLink) -> Option<String> {
        let first = self.firsts.get(&std::ptr::from_ref(link).addr())?;
        let kind = self.type_of(&first.flow)?;
        let array = link.sub_link_type == SubLinkType::ArraySublink as i32;
        Some(if array && !kind.ends_with("[]") { format!("{kind}[]") } else { kind.to_owned() })
    }
}

/// The type of a function's result, given those of its arguments.
fn returned(function: &Function, kinds: &[Option<String>]) -> Option<String> {
    let element = |kind: &String| kind.strip_suffix("[]").unwrap_or(kind).to_owned();
    let wanted = function.returns.as_str();
    if matches!(wanted, "anyrange" | "anymultirange" | "anycompatiblerange")
        || !wanted.starts_with("any")
    {
        return Some(wanted.to_owned());
    }
    let poly = |argument: &String| argument.starts_with("any") && argument != "any";
    let at = function.arguments.iter().position(poly)?;
    let kind = element(kinds.get(at)?.as_ref()?);
    Some(if wanted.ends_with("array") && !wanted.ends_with("nonarray") {
        kind + "[]"
    } else {
        kind
    })
}

/// A type without its modifier.
fn bare(kind: &str) -> &str {
    kind.split('(').next().unwrap_or(kind).trim_end()
}

/// A type as the statement names it, in PostgreSQL's own words.
fn written(name: &TypeName) -> Option<String> {
    let mut parts = name.names.iter().map(|node| match &node.node {
        Some(NodeEnum::String(part)) => Some(part.sval.as_str()),
        _ => None,
    });
    let kind = match (parts.next()??, parts.next(), parts.next()) {
        ("pg_catalog", Some(kind), None) => kind?,
        (kind, None, None) => kind,
        _ => return None,
    };
    let kind = match kind {
        "bool" => "boolean",
        "bpchar" => "character",
        "float4" => "real",
        "float8" => "double precision",
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "time" => "time without time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "timetz" => "time with time zone",
        "varbit" => "bit varying",
        "varchar" => "character varying",
        other => other,
    };
    (!name.setof && !name.pct_type).then(|| match name.array_bounds.is_empty() {
        true => kind.to_owned(),
        false => format!("{kind}[]"),
    })
}
