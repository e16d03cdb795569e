//! What of a database's functions, operators, types and collations a statement may name: those on the
//! reviewed lists, by their numbers, where nothing made by a user stands in their way.

mod built_in;
mod line;
mod lists;

use catalogue::{Catalogue, FIRST_NORMAL, Form, Function, TypeInfo};

use crate::functions::Use;
use lists::LISTS;

pub use built_in::{built_in, draft};

/// Why a name may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Something that the name may mean here is not on the list.
    Listed,
    /// A user made something of this name, which PostgreSQL may take in place of its own.
    Shadowed,
    /// There is nothing of this name, or nothing that takes so many arguments.
    Unknown,
}

impl Refused {
    /// The cause, as it is told after "it".
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Listed => "is not on the list of reviewed ones, or not with so many arguments",
            Self::Shadowed => "could also mean something of that name that was made by a user",
            Self::Unknown => "does not exist here, or not with so many arguments",
        }
    }
}

/// How the function of this name is used when it is called with `count` arguments: those in the
/// parentheses, and for `WITHIN GROUP` those that are sorted by. `schema` is what was written before
/// the name.
///
/// Which of several functions PostgreSQL would take depends on types that are not known here, so that
/// all which can take so many arguments must be on the list.
///
/// # Errors
/// [`Refused`]; a function that a user made refuses the name whatever its arguments, and so does a
/// type, since PostgreSQL reads `name(x)` as a cast where no function fits.
pub(crate) fn function(
    on: &Catalogue,
    schema: Option<&str>,
    name: &str,
    count: usize,
) -> Result<Use, Refused> {
    let here = |of: &str| schema.is_none_or(|schema| schema == of);
    let all: Vec<_> = on.functions(name).iter().filter(|f| here(&f.schema)).collect();
    let mut types = on.types(name).iter().filter(|t| here(&t.schema) && t.kind != COMPOSITE);
    if all.iter().any(|function| function.oid >= FIRST_NORMAL) {
        return Err(Refused::Shadowed);
    }
    if count == 1 && types.any(|found| !LISTS.has_type(found)) {
        return Err(Refused::Shadowed);
    }
    let candidates: Vec<_> = all.into_iter().filter(|f| takes(f, count)).collect();
    match candidates.as_slice() {
        [] => Err(Refused::Unknown),
        all if all.iter().all(|function| LISTS.has_function(function)) => Ok(usage(all)),
        _ => Err(Refused::Listed),
    }
}

/// Whether the operator of this name may be written without a schema, before its operand or between
/// two.
///
/// # Errors
/// [`Refused`]; an operator that a user made refuses the name, prefix or not.
pub(crate) fn operator(on: &Catalogue, name: &str, prefix: bool) -> Result<(), Refused> {
    let all = on.operators(name);
    let mut candidates = all.iter().filter(|o| o.left.is_empty() == prefix).peekable();
    if all.iter().any(|operator| operator.oid >= FIRST_NORMAL) {
        Err(Refused::Shadowed)
    } else if candidates.peek().is_none() {
        Err(Refused::Unknown)
    } else if candidates.all(|operator| LISTS.has_operator(operator)) {
        Ok(())
    } else {
        Err(Refused::Listed)
    }
}

/// Whether a value may be cast to the type of this name: one on the list, or an enum of the target's
/// own schema. A domain's checks and a composite's fields are a user's, so that neither may.
///
/// # Errors
/// [`Refused`].
pub(crate) fn type_name(on: &Catalogue, schema: Option<&str>, name: &str) -> Result<(), Refused> {
    let here = |found: &&TypeInfo| schema.is_none_or(|schema| schema == found.schema);
    let all: Vec<_> = on.types(name).iter().filter(here).collect();
    match all.as_slice() {
        [] => Err(Refused::Unknown),
        [found] if LISTS.has_type(found) || is_enum(found, on.schema()) => Ok(()),
        [found] if found.oid < FIRST_NORMAL => Err(Refused::Listed),
        _ => Err(Refused::Shadowed),
    }
}

/// Whether the collation of this name may be asked for.
///
/// # Errors
/// [`Refused`].
pub(crate) fn collation(on: &Catalogue, schema: Option<&str>, name: &str) -> Result<(), Refused> {
    let mut all =
        on.collations(name).iter().filter(|c| schema.is_none_or(|schema| schema == c.schema));
    match (all.next(), all.next()) {
        (None, _) => Err(Refused::Unknown),
        (Some(found), None) if LISTS.has_collation(found) => Ok(()),
        (Some(found), None) if found.oid < FIRST_NORMAL => Err(Refused::Listed),
        (Some(_), _) => Err(Refused::Shadowed),
    }
}

/// Whether PostgreSQL would consider the function for so many arguments (`FuncnameGetCandidates`).
fn takes(function: &Function, count: usize) -> bool {
    let most = function.arguments.len();
    let least = most.saturating_sub(usize::from(function.defaults));
    count >= least && (count <= most || function.variadic)
}

fn usage(candidates: &[&Function]) -> Use {
    // What is a function of rows for some types of arguments may be one for these.
    if candidates.iter().any(|function| function.form == Form::Aggregate) {
        Use::Aggregate
    } else if candidates.iter().all(|f| f.form == Form::Set || f.returns == "record") {
        Use::Set
    } else {
        Use::Value
    }
}

fn is_enum(found: &TypeInfo, schema: &str) -> bool {
    found.oid >= FIRST_NORMAL && found.kind == 'e' && found.schema == schema
}

/// Rows of tables are of types that a call by name is never taken to cast to.
const COMPOSITE: char = 'c';

#[cfg(test)]
mod tests {
    use catalogue::{Collation, Draft, Operator};

    use super::*;

    fn on(change: impl FnOnce(&mut Draft)) -> Catalogue {
        let mut draft = draft("public");
        change(&mut draft);
        Catalogue::of(draft).unwrap()
    }

    fn made(name: &str, arguments: &[&str]) -> Function {
        Function {
            oid: FIRST_NORMAL,
            schema: "public".into(),
            name: name.into(),
            arguments: arguments.iter().map(|&a| a.into()).collect(),
            defaults: 0,
            variadic: false,
            form: Form::Value,
            columns: Vec::new(),
            returns: "text".into(),
        }
    }

    fn type_of(oid: u32, name: &str, kind: char) -> TypeInfo {
        TypeInfo { oid, schema: "public".into(), name: name.into(), kind, fields: Vec::new() }
    }

    #[test]
    fn a_function_is_used_as_its_list_says() {
        let on = on(|_| {});
        let used = |name, count| function(&on, None, name, count);
        assert_eq!(used("lower", 1), Ok(Use::Value));
        assert_eq!(used("count", 0), Ok(Use::Aggregate));
        assert_eq!(used("percentile_cont", 2), Ok(Use::Aggregate));
        assert_eq!(used("rank", 0), Ok(Use::Value));
        assert_eq!(used("rank", 3), Ok(Use::Aggregate));
        assert_eq!(used("unnest", 1), Ok(Use::Set));
        assert_eq!(used("json_to_record", 1), Ok(Use::Set));
        assert_eq!(used("pg_sleep", 1), Err(Refused::Unknown));
    }

    #[test]
    fn the_number_of_arguments_may_vary_by_defaults_and_repetition_only() {
        let on = on(|_| {});
        let used = |name, count| function(&on, None, name, count).is_ok();
        assert!(used("concat", 1) && used("concat", 90) && !used("concat", 0));
        assert!(used("make_interval", 0) && used("make_interval", 7) && !used("make_interval", 8));
        assert!(used("jsonb_set", 3) && used("jsonb_set", 4) && !used("jsonb_set", 5));
        assert!(!used("lower", 0) && !used("lower", 2) && !used("count", 2));
    }

    #[test]
    fn what_a_user_made_under_a_builtin_name_refuses_the_name() {
        let on = on(|draft| draft.functions.push(made("lower", &["a", "b", "c"])));
        assert_eq!(function(&on, None, "lower", 1), Err(Refused::Shadowed));
        assert_eq!(function(&on, Some("public"), "lower", 3), Err(Refused::Shadowed));
        // Written with its schema it is the server's own.
        assert_eq!(function(&on, Some("pg_catalog"), "lower", 1), Ok(Use::Value));
        assert_eq!(function(&on, None, "upper", 1), Ok(Use::Value));
    }

    #[test]
    fn a_type_that_a_call_could_be_a_cast_to_refuses_the_call() {
        let on = on(|draft| {
            draft.types.push(type_of(20_000, "lower", 'd'));
            draft.types.push(type_of(20_001, "upper", 'c'));
        });
        assert_eq!(function(&on, None, "lower", 1), Err(Refused::Shadowed));
        assert_eq!(function(&on, None, "upper", 1), Ok(Use::Value));
        assert_eq!(function(&on, None, "date", 1), Ok(Use::Value));
    }

    #[test]
    fn an_entry_that_is_not_what_the_list_says_refuses_the_call() {
        let on = on(|draft| {
            for function in &mut draft.functions {
                match function.oid {
                    870 => function.arguments = vec!["record".into()],
                    871 => function.oid = 9_999,
                    _ => {}
                }
            }
        });
        assert_eq!(function(&on, None, "lower", 1), Err(Refused::Listed));
        assert_eq!(function(&on, None, "upper", 1), Err(Refused::Listed));
        assert_eq!(function(&on, None, "initcap", 1), Ok(Use::Value));
    }

    #[test]
    fn an_operator_is_permitted_where_it_stands() {
        let on = on(|draft| {
            let mut made = draft.operators.iter().find(|o| o.name == "+").unwrap().clone();
            (made.oid, made.schema) = (FIRST_NORMAL, "public".into());
            draft.operators.push(made);
            let like = draft.operators.iter().find(|o| o.name == "~~").unwrap().clone();
            draft.operators.push(Operator { oid: 9_000, ..like });
        });
        assert_eq!(operator(&on, "=", false), Ok(()));
        assert_eq!(operator(&on, "=", true), Err(Refused::Unknown));
        assert_eq!(operator(&on, "@@", true), Ok(()));
        assert_eq!(operator(&on, "@@", false), Err(Refused::Unknown));
        assert_eq!(operator(&on, "+", false), Err(Refused::Shadowed));
        assert_eq!(operator(&on, "*=", false), Err(Refused::Unknown));
        assert_eq!(operator(&on, "~~", false), Err(Refused::Listed));
        assert_eq!(operator(&on, "!~~", false), Ok(()));
    }

    #[test]
    fn only_listed_types_and_enums_of_the_schema_can_be_cast_to() {
        let on = on(|draft| {
            draft.types.push(type_of(20_000, "status", 'e'));
            draft.types.push(type_of(20_001, "money", 'e'));
            draft.types.push(type_of(20_002, "price", 'd'));
            draft.types.push(type_of(20_003, "orders", 'c'));
            draft
                .types
                .push(TypeInfo { schema: "pg_catalog".into(), ..type_of(2_205, "regclass", 'b') });
        });
        let cast = |schema, name| type_name(&on, schema, name);
        assert_eq!(cast(None, "int4"), Ok(()));
        assert_eq!(cast(None, "status"), Ok(()));
        assert_eq!(cast(Some("public"), "status"), Ok(()));
        assert_eq!(cast(Some("hr"), "status"), Err(Refused::Unknown));
        assert_eq!(cast(None, "money"), Err(Refused::Shadowed));
        assert_eq!(cast(Some("pg_catalog"), "money"), Ok(()));
        assert_eq!(cast(None, "price"), Err(Refused::Shadowed));
        assert_eq!(cast(None, "orders"), Err(Refused::Shadowed));
        assert_eq!(cast(None, "regclass"), Err(Refused::Listed));
        assert_eq!(cast(None, "regproc"), Err(Refused::Unknown));
    }

    #[test]
    fn the_least_number_of_a_user_s_is_a_user_s() {
        let on = on(|draft| {
            draft.types.push(type_of(FIRST_NORMAL, "odd", 'd'));
            draft.types.push(type_of(FIRST_NORMAL - 1, "even", 'd'));
        });
        assert_eq!(type_name(&on, None, "odd"), Err(Refused::Shadowed));
        assert_eq!(type_name(&on, None, "even"), Err(Refused::Listed));
    }

    #[test]
    fn a_refusal_says_why() {
        let says = |refused: Refused, what| refused.why().contains(what);
        assert!(says(Refused::Listed, "list of reviewed ones"));
        assert!(says(Refused::Shadowed, "made by a user"));
        assert!(says(Refused::Unknown, "does not exist"));
    }

    #[test]
    fn only_listed_collations_can_be_asked_for() {
        let on = on(|draft| {
            for (oid, name) in [(9_000, "system"), (FIRST_NORMAL, "user")] {
                draft.collations.push(Collation {
                    oid,
                    schema: "pg_catalog".into(),
                    name: name.into(),
                });
            }
        });
        assert_eq!(collation(&on, None, "system"), Err(Refused::Listed));
        assert_eq!(collation(&on, None, "user"), Err(Refused::Shadowed));
        assert_eq!(collation(&on, None, "C"), Ok(()));
        assert_eq!(collation(&on, Some("pg_catalog"), "POSIX"), Ok(()));
        assert_eq!(collation(&on, Some("public"), "C"), Err(Refused::Unknown));
        assert_eq!(collation(&on, None, "de-DE-x-icu"), Err(Refused::Unknown));
    }
}
