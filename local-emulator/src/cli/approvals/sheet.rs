//! One request whole, for eighty columns: everything that is approved with its digest.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    inert::{block, field, line},
    list::{decided, moment, people, stand, text},
};

/// The request; `None` where the answer is none. What it has and this does not know is printed as well:
/// nobody approves what they were not shown.
pub(super) fn whole(answer: &Value) -> Option<String> {
    let mut rest = answer.as_object()?.clone();
    let mut out = head(&mut rest)?;
    out.push_str(&who(&mut rest)?);
    out.push_str(&statement(&mut rest)?);
    out.push_str(&facts(&mut rest)?);
    out.push_str(&bounds(&mut rest)?);
    out.push_str(&policy(&mut rest)?);
    out.push_str(&before(&mut rest)?);
    out.push_str(&others("Also", &rest));
    let stand = stand(answer);
    if !stand.is_empty() {
        out.push_str(&format!("\nYou\n{stand}"));
    }
    out.push_str(HOW);
    Some(out)
}

fn head(rest: &mut Map<String, Value>) -> Option<String> {
    let mut out = format!("Request {}\n", line(rest.remove("request")?.as_str()?));
    for name in ["digest", "phase", "target", "class"] {
        out.push_str(&field(name, &line(rest.remove(name)?.as_str()?)));
    }
    for (name, member) in [("asked", "asked_at"), ("expires", "expires")] {
        out.push_str(&field(name, &moment(&rest.remove(member)?)?));
    }
    Some(out)
}

/// The chain, root first.
fn who(rest: &mut Map<String, Value>) -> Option<String> {
    let mut out = "\nWho asks, the root first\n".to_owned();
    let hops = rest.remove("hops")?;
    for (place, hop) in hops.as_array()?.iter().enumerate() {
        let who = hop.get("who")?;
        let mut words = vec![format!("{} of {}", text(who, "subject")?, text(who, "issuer")?)];
        for (name, says) in [("client", "by client"), ("actor", "through")] {
            words.extend(text(who, name).map(|value| format!("{says} {value}")));
        }
        words.push(format!("node {}", text(hop, "node")?));
        out.push_str(&field(&format!("hop {}", place + 1), &words.join(", ")));
        // On a line of its own: whoever made it up could make up what follows.
        out.push_str(&text(hop, "label").map_or(String::new(), |label| field("called", &label)));
    }
    let reason = rest.remove("reason");
    match reason.as_ref().and_then(Value::as_str) {
        Some(reason) => out.push_str(&format!("\nReason, in the agent's words\n{}", block(reason))),
        None => out.push_str("\nNo reason is given\n"),
    }
    Some(out)
}

fn statement(rest: &mut Map<String, Value>) -> Option<String> {
    let (asked, sent) = (rest.remove("statement")?, rest.remove("sent")?);
    let mut out = format!("\nStatement\n{}", block(asked.as_str()?));
    let params = rest.remove("params")?;
    for (place, param) in params.as_array()?.iter().enumerate() {
        out.push_str(&format!("\nParameter ${}\n{}", place + 1, block(param.as_str()?)));
    }
    if asked != sent {
        out.push_str(&format!("\nWhat the target is sent in its place\n{}", block(sent.as_str()?)));
    }
    Some(out)
}

fn facts(rest: &mut Map<String, Value>) -> Option<String> {
    let Value::Object(mut facts) = rest.remove("facts")? else { return None };
    // It stands in the head already.
    facts.remove("class");
    let mut out = "\nWhat it was found to be\n".to_owned();
    for (member, name) in FACTS {
        out.push_str(&names(name, &facts.remove(member)?)?);
    }
    for (relation, columns) in ordered(facts.remove("columns")?.as_object()?) {
        out.push_str(&field("columns of", &format!("{}: {}", line(relation), texts(columns)?)));
    }
    for (relation, columns) in ordered(facts.remove("tagged")?.as_object()?) {
        let one = |(column, tag): (&String, &Value)| {
            Some(format!("{} is {}", line(column), line(tag.as_str()?)))
        };
        let all = ordered(columns.as_object()?).into_iter().map(one).collect::<Option<Vec<_>>>()?;
        out.push_str(&field("tagged in", &format!("{}: {}", line(relation), all.join(", "))));
    }
    for column in facts.remove("outputs")?.as_array()? {
        let masked = match column.get("masked")?.as_bool()? {
            true => "masked",
            false => "not masked",
        };
        let from = texts(column.get("from")?)?;
        let from = if from.is_empty() { from } else { format!(", from {from}") };
        out.push_str(&field("shows", &format!("{} ({masked}{from})", text(column, "name")?)));
    }
    out.push_str(&field("masks", &line(facts.remove("mode")?.as_str()?)));
    out.push_str(&others("And", &facts));
    Some(out)
}

fn bounds(rest: &mut Map<String, Value>) -> Option<String> {
    let mut out = "\nHow much\n".to_owned();
    let estimate = rest.remove("estimated_rows").and_then(|rows| rows.as_u64());
    let estimate =
        estimate.map_or("not known".into(), |rows| format!("{rows} rows, by the planner"));
    out.push_str(&field("expected", &estimate));
    for (name, most) in ordered(rest.remove("limits")?.as_object()?) {
        out.push_str(&field("at most", &format!("{} {}", line(&most.to_string()), line(name))));
    }
    Some(out)
}

fn policy(rest: &mut Map<String, Value>) -> Option<String> {
    let mut out = "\nPolicy\n".to_owned();
    out.push_str(&names("by", &rest.remove("policies")?)?);
    out.push_str(&field("in force", &line(rest.remove("policy")?.as_str()?)));
    let Value::Object(mut demand) = rest.remove("demand")? else { return None };
    out.push_str(&field("asks", &people(&demand.remove("approvers")?)?));
    out.push_str(&field("still wanted", &people(&rest.remove("missing")?)?));
    for (member, value) in ordered(&demand).into_iter().filter(|(_, value)| !is_nothing(value)) {
        out.push_str(&field(member, &line(&value.to_string())));
    }
    Some(out)
}

/// What people said to this one, and to those like it.
fn before(rest: &mut Map<String, Value>) -> Option<String> {
    let mut out = String::new();
    for said in rest.remove("decisions")?.as_array()? {
        let who = format!("{} of {}", text(said, "subject")?, text(said, "issuer")?);
        let groups = said.get("groups").and_then(texts).unwrap_or_default();
        let verdict = format!("{}: {who}, {}", text(said, "verdict")?, moment(said.get("at")?)?);
        out.push_str(&field("said", &format!("{verdict}, as {groups}")));
        if let Some(comment) = said.get("comment").and_then(Value::as_str) {
            out.push_str(&block(comment));
        }
    }
    let mut out = if out.is_empty() { out } else { format!("\nWhat was said so far\n{out}") };
    let like = rest.remove("like")?;
    let like = like.as_array()?.iter().map(decided).collect::<Option<Vec<_>>>()?;
    if !like.is_empty() {
        out.push_str(&format!("\nWhat was decided about the same shape before\n{}", like.concat()));
    }
    // These are told at the end.
    let _ = (rest.remove("barred"), rest.remove("said"));
    Some(out)
}

/// Members that are not known here, as JSON.
fn others(title: &str, rest: &Map<String, Value>) -> String {
    let rest: Vec<_> = ordered(rest).into_iter().filter(|(_, value)| !is_nothing(value)).collect();
    if rest.is_empty() {
        return String::new();
    }
    let all = rest.into_iter().map(|(name, value)| field(&line(name), &line(&value.to_string())));
    format!("\n{title}\n{}", all.collect::<String>())
}

/// By their names: in which order serde_json keeps members hangs on how it was built.
fn ordered(members: &Map<String, Value>) -> BTreeMap<&String, &Value> {
    members.iter().collect()
}

fn names(name: &str, list: &Value) -> Option<String> {
    let texts = texts(list)?;
    Some(if texts.is_empty() { texts } else { field(name, &texts) })
}

fn texts(list: &Value) -> Option<String> {
    let all = list.as_array()?.iter().map(|text| text.as_str().map(line));
    Some(all.collect::<Option<Vec<_>>>()?.join(", "))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Facts that are lists of names.
const FACTS: [(&str, &str); 5] = [
    ("reads", "reads"),
    ("writes", "writes"),
    ("unfiltered", "no condition"),
    ("functions", "calls"),
    ("uses", "uses of tags"),
];

const HOW: &str = "
What cannot be seen stands as \\u{…}, a backslash as \\\\.
To decide: postern approvals approve|refuse REQUEST --digest DIGEST
";
