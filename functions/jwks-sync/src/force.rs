//! Whose key sets may be replaced whole: an operator's word, in the event that starts the function.

use std::collections::BTreeSet;

use serde_json::Value;

/// For whom a set is taken that has none of the last one's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Force {
    /// For everybody.
    All,
    /// For nobody, which is how a schedule calls.
    #[default]
    None,
    /// For the issuers of these aliases.
    These(BTreeSet<String>),
}

impl Force {
    /// Reads `{"force": true}` or `{"force": ["ALIAS"]}`; in whatever is written otherwise, nothing
    /// is forced.
    #[must_use]
    pub fn of(event: &Value) -> Self {
        match event.get("force") {
            Some(Value::Bool(true)) => Self::All,
            Some(Value::Array(aliases)) => {
                let aliases = aliases.iter().filter_map(Value::as_str);
                Self::These(aliases.map(ToOwned::to_owned).collect())
            }
            _ => Self::None,
        }
    }

    /// The same out of an invocation of the Functions host. A timer's own event says nothing, but an
    /// administrator may start the function with an input of theirs.
    #[must_use]
    pub fn of_invocation(invocation: &Value) -> Self {
        let data = invocation.get("Data").and_then(Value::as_object);
        let mut forces = data.into_iter().flatten().map(|(_, input)| Self::of(&plain(input)));
        forces.find(|force| *force != Self::None).unwrap_or_default()
    }

    /// Whether this issuer is meant.
    #[must_use]
    pub fn means(&self, alias: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::These(aliases) => aliases.contains(alias),
        }
    }
}

/// The host hands strings over as JSON, and JSON of that once more.
fn plain(input: &Value) -> Value {
    let mut value = input.clone();
    for _ in 0..2 {
        if let Some(inner) = value.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            value = inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schedule_forces_nothing() {
        let scheduled =
            json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}});
        for event in [scheduled, json!(null), json!({"force": false}), json!({"force": "all"})] {
            assert_eq!(Force::of(&event), Force::None, "{event}");
        }
        let timer = json!({"Data": {"timer": {"IsPastDue": false}}, "Metadata": {"sys": {}}});
        assert_eq!(Force::of_invocation(&timer), Force::None);
        assert!(!Force::None.means("corp"));
    }

    #[test]
    fn an_operator_forces_all_issuers_or_some() {
        assert!(Force::of(&json!({"force": true})).means("corp"));
        let some = Force::of(&json!({"force": ["corp"]}));
        assert!(some.means("corp") && !some.means("plant"));
    }

    #[test]
    fn an_input_is_read_however_often_the_host_has_quoted_it() {
        let input = json!({"force": ["corp"]});
        let once = Value::from(input.to_string());
        let twice = Value::from(once.to_string());
        for input in [input, once, twice] {
            let force = Force::of_invocation(&json!({"Data": {"timer": input}, "Metadata": {}}));
            assert!(force.means("corp"), "{input}");
        }
    }
}
