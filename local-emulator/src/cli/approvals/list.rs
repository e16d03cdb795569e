//! What waits, what was decided, and what became of a decision: a few lines each.

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::inert::{field, line};

/// What waits; `None` where the answer is no such list.
pub(super) fn waiting(answer: &Value) -> Option<String> {
    let all = answer.get("approvals")?.as_array()?;
    if all.is_empty() {
        return Some("Nothing waits for you.\n".into());
    }
    let entries = all.iter().map(entry).collect::<Option<Vec<_>>>()?;
    Some(entries.join("\n"))
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
    out.push_str(&field("statement", &begun(one.get("statement")?.as_str()?)));
    if let Some(reason) = one.get("reason").and_then(Value::as_str) {
        out.push_str(&field("reason", &begun(reason)));
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
        return Some("Nothing was decided lately.\n".into());
    }
    let entries = all.iter().map(decided).collect::<Option<Vec<_>>>()?;
    Some(entries.join("\n"))
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
fn begun(text: &str) -> String {
    let begun = line(&text.chars().take(LETTERS).collect::<String>());
    let more = text.chars().skip(LETTERS).count();
    if more == 0 { begun } else { format!("{begun} … and {more} characters") }
}

const LETTERS: usize = 160;
