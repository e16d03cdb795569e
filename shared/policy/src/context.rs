//! What policies are told of a chain and of what it wants, in Cedar's own values.

use cedar_policy::RestrictedExpression as Value;
use identity::Chain;

use crate::{Facts, ask::Failure};

/// The attributes of a context by their names: those of `schema.cedarschema`, which Cedar holds every
/// question against.
pub(crate) struct Context(Vec<(String, Value)>);

impl Context {
    /// Of a chain whose statement nobody has looked at yet.
    ///
    /// # Errors
    /// What Cedar says of a record that it cannot make.
    pub(crate) fn of(who: &Chain) -> Result<Self, Failure> {
        Ok(Self(vec![("chain".to_owned(), chain(who)?)]))
    }

    /// Of a chain whose statement turned out to be this.
    ///
    /// # Errors
    /// As for [`Context::of`].
    pub(crate) fn with(who: &Chain, facts: &Facts, reason_given: bool) -> Result<Self, Failure> {
        let mut context = Self::of(who)?;
        let facts = [
            ("reads", set(&facts.reads)),
            ("writes", set(&facts.writes)),
            ("columns", set(&facts.columns)),
            ("functions", set(&facts.functions)),
            ("tags", set(&facts.tags)),
            ("tagged", Value::new_bool(facts.tagged)),
            ("has_where", Value::new_bool(facts.has_where)),
            ("has_set_operation", Value::new_bool(facts.has_set_operation)),
            ("has_aggregate", Value::new_bool(facts.has_aggregate)),
            ("parameters", Value::new_long(facts.parameters.into())),
            ("unfiltered", set(&facts.unfiltered)),
            ("uses", set(&facts.uses)),
            ("resolved", set(&facts.resolved)),
            ("class", text(&facts.class)),
            ("estimated_rows", expected(facts.estimated_rows)),
            ("reason_given", Value::new_bool(reason_given)),
        ];
        context.0.extend(named(facts));
        Ok(context)
    }

    /// All of it, in a question about the hop at this depth.
    pub(crate) fn at(&self, depth: usize) -> impl Iterator<Item = (String, Value)> {
        self.0.iter().cloned().chain([("depth".to_owned(), count(depth))])
    }
}

/// The chain as policies see it; the same in every question about any of its hops.
fn chain(who: &Chain) -> Result<Value, Failure> {
    let path = who.hops().iter().map(|hop| hop.node().as_str());
    let label = who.grant().map(|grant| grant.label.as_str());
    let root =
        [("issuer", text(who.root().issuer().as_str())), ("subject", text(who.root().subject()))];
    record([
        ("kind", text(if who.grant().is_some() { "issued" } else { "direct" })),
        ("proof", text(who.shown().name())),
        ("hops", count(who.hops().len())),
        ("path", Value::new_set(path.map(text))),
        ("root", record(root)?),
        ("label", text(label.filter(|_| who.hops().len() > 1).unwrap_or_default())),
    ])
}

/// Rows as policies count them. A number that nobody knows is the greatest, so that no bound admits it.
fn expected(rows: Option<u64>) -> Value {
    Value::new_long(rows.and_then(|rows| i64::try_from(rows).ok()).unwrap_or(i64::MAX))
}

fn count(things: usize) -> Value {
    Value::new_long(i64::try_from(things).unwrap_or(i64::MAX))
}

/// A text as Cedar has it.
pub(crate) fn text(text: &str) -> Value {
    Value::new_string(text.to_owned())
}

/// Texts as Cedar has them.
pub(crate) fn set<'t>(texts: impl IntoIterator<Item = &'t String>) -> Value {
    Value::new_set(texts.into_iter().map(|each| text(each)))
}

/// Attributes by their names.
pub(crate) fn named<const N: usize>(
    attributes: [(&'static str, Value); N],
) -> impl Iterator<Item = (String, Value)> {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value))
}

fn record<const N: usize>(attributes: [(&'static str, Value); N]) -> Result<Value, Failure> {
    Ok(Value::new_record(named(attributes))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_nobody_can_count_are_beyond_every_bound() {
        let is = |rows, number| expected(rows) == Value::new_long(number);
        assert!(is(Some(7), 7));
        assert!(is(None, i64::MAX));
        assert!(is(Some(u64::MAX), i64::MAX));
    }
}
