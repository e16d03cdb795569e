//! What waits, what was decided, and what became of a decision: a few lines each.

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::inert::{field, line};

/// What waits; `None` where the answer is no such list.
pub(super) fn waiting(answer: &Value) -> Option<String> {
    let all = answer.get("approvals")?.as_array()?;
    if all.is_empty() {
        return Some(format!("Nothing waits for you.\n{}", more(answer)));
    }
    let entries = all.iter().map(entry).collect::<Option<Vec<_>>>()?;
    Some(entries.join("\n") + &more(answer))
}

fn entry(one: &Value) -> Option<String> {
    let mut out = format!("{}\n", text(one, "request")?);
    let what = [text(one, "target")?, text(one, "class")?, text(one, "phase")?].join(", ");
    out.push_str(&field("what", &what));
    let way = match one.get("hops").and_then(Value::as_u64) {
        Some(hops) if hops > 1 => format!(", in {hops} hops"),
        _ => String::new(),
    };
    let (root, agent) = (text(one, "root")?, text(one, "agent")?);
    out.push_str(&field("who", &format!("{root}, by {agent}{way}")));
    // Of a long statement, the answer has the beginning only.
    let goes_on = one.get("cut").and_then(Value::as_bool).unwrap_or(false);
    out.push_str(&field("statement", &begun(one.get("statement")?.as_str()?, goes_on)));
    if let Some(reason) = one.get("reason").and_then(Value::as_str) {
        out.push_str(&field("reason", &begun(reason, false)));
    }
    out.push_str(&field("wanted", &people(one.get("missing")?)?));
    out.push_str(&field("expires", &moment(one.get("expires")?)?));
    out.push_str(&stand(one));
    Some(out)
}

/// What was decided.
pub(super) fn past(answer: &Value) -> Option<String> {
    let all = answer.get("approvals")?.as_array()?;
    if all.is_empty() {
        return Some(format!("Nothing was decided lately.\n{}", more(answer)));
    }
    let entries = all.iter().map(decided).collect::<Option<Vec<_>>>()?;
    Some(entries.join("\n") + &more(answer))
}

/// What is to be said below a list that may not be all.
fn more(answer: &Value) -> String {
    match answer.get("more").and_then(Value::as_bool) {
        Some(true) => "\nThere may be more: not all was looked through.\n".into(),
        _ => String::new(),
    }
}

/// One request that was decided.
pub(super) fn decided(one: &Value) -> Option<String> {
    let mut out = format!("{}\n", text(one, "request")?);
    let what = [text(one, "target")?, text(one, "phase")?].join(", ");
    out.push_str(&field("what", &what));
    out.push_str(&field("who", &text(one, "root")?));
    let said = one.get("said")?.as_array()?.iter();
    for one in said {
        out.push_str(&field("said", &line(one.as_str()?)));
    }
    out.push_str(&field("when", &moment(one.get("at")?)?));
    Some(out)
}

/// What became of a decision.
pub(super) fn outcome(answer: &Value) -> Option<String> {
    let mut out = format!("{}\n", text(answer, "request")?);
    out.push_str(&field("phase", &text(answer, "phase")?));
    out.push_str(&field("wanted", &people(answer.get("missing")?)?));
    out.push_str(&field("on record", &text(answer, "receipt")?));
    Some(out)
}

/// Whether the reader may decide, and whether they have.
pub(super) fn stand(one: &Value) -> String {
    let word = |name: &str| one.get(name).and_then(Value::as_str);
    let barred =
        word("barred").map(|why| field("you", &format!("may not decide: {}", because(why))));
    let said = word("said").map(|said| field("you", &format!("said {}", line(said))));
    [barred, said].into_iter().flatten().collect()
}

fn because(why: &str) -> String {
    match why {
        "acr" => "your login is not of the kind that policy wants".into(),
        "chain" => "you are part of the chain that asks".into(),
        "group" => "you are in none of the groups that are asked".into(),
        "login" => "you have to log in anew".into(),
        other => line(other),
    }
}

/// How many of which groups.
pub(super) fn people(groups: &Value) -> Option<String> {
    let groups = groups.as_object()?;
    let one =
        |(group, many): (&String, &Value)| Some(format!("{} of {}", many.as_u64()?, line(group)));
    let all = groups.iter().map(one).collect::<Option<Vec<_>>>()?;
    Some(if all.is_empty() { "nobody".into() } else { all.join(", ") })
}

/// Milliseconds since 1970, as RFC 3339 has it.
pub(super) fn moment(at: &Value) -> Option<String> {
    let seconds = i64::try_from(at.as_u64()? / 1000).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
}

pub(super) fn text(of: &Value, name: &str) -> Option<String> {
    of.get(name)?.as_str().map(line)
}

/// The beginning, which does not pretend to be all of it.
fn begun(text: &str, goes_on: bool) -> String {
    let begun = line(&text.chars().take(LETTERS).collect::<String>());
    match text.chars().skip(LETTERS).count() {
        0 if !goes_on => begun,
        more if !goes_on => format!("{begun} … and {more} characters"),
        _ => format!("{begun} … and more"),
    }
}

const LETTERS: usize = 160;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_says_what_it_leaves_out() {
        let entry = json!({
            "request": "019a", "target": "shop", "class": "read", "phase": "pending", "hops": 1,
            "root": "ada", "agent": "ada", "statement": "select 1", "cut": true, "reason": null,
            "missing": {"dba": 1}, "expires": 1_795_262_400_000_u64, "barred": null, "said": null,
        });
        let told = waiting(&json!({"approvals": [entry], "more": true})).unwrap();
        assert!(told.contains("select 1 … and more\n"), "{told}");
        assert!(told.ends_with("\nThere may be more: not all was looked through.\n"), "{told}");
        let none = waiting(&json!({"approvals": [], "more": true})).unwrap();
        assert!(none.contains("There may be more"), "{none}");
        let all = past(&json!({"approvals": [], "more": false})).unwrap();
        assert_eq!(all, "Nothing was decided lately.\n");
    }

    #[test]
    fn the_beginning_of_a_text_does_not_pretend_to_be_all() {
        assert_eq!(begun("select 1", false), "select 1");
        let long = "x".repeat(LETTERS + 7);
        assert!(begun(&long, false).ends_with("x … and 7 characters"));
        assert!(begun(&long, true).ends_with("x … and more"));
    }
}
