//! Messages for people in Slack and Teams: one line, some facts, and a link to the whole request.
//!
//! All of it is plain text to the reader's program: what stands in it is shown, and never read as a
//! command, a mention or a link of somebody else's.

use serde_json::{Value, json};

use super::Event;

/// A message for an incoming webhook of Slack (Block Kit).
pub(super) fn slack(event: &Event) -> Value {
    let plain = |text: String| json!({ "type": "plain_text", "text": text, "emoji": false });
    let facts = event.facts().into_iter().map(|(name, value)| plain(format!("{name}: {value}")));
    let mut blocks = vec![
        json!({ "type": "section", "text": plain(event.line()) }),
        json!({ "type": "section", "fields": facts.collect::<Vec<_>>() }),
    ];
    blocks.extend(event.link.as_ref().map(|link| {
        let button = json!({
            "type": "button", "action_id": "open", "url": link, "text": plain(OPEN.into()),
        });
        json!({ "type": "actions", "elements": [button] })
    }));
    // The text is for notifications. Nobody is to fetch the page for a preview of it.
    json!({
        "blocks": blocks,
        "mrkdwn": false,
        "text": escaped(&event.line()),
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

/// A message for a webhook of Teams' workflows: one Adaptive Card.
pub(super) fn teams(event: &Event) -> Value {
    // Runs of text are shown as they are; a block of text would be read as Markdown.
    let run = |text: String, weight: &str| {
        let run = json!({ "type": "TextRun", "text": text, "weight": weight });
        json!({ "type": "RichTextBlock", "inlines": [run] })
    };
    let facts = event.facts().into_iter();
    let facts = facts.map(|(name, value)| run(format!("{name}: {value}"), "Default"));
    let body: Vec<Value> = std::iter::once(run(event.line(), "Bolder")).chain(facts).collect();
    let open = event.link.as_ref();
    let open = open.map(|link| json!({ "type": "Action.OpenUrl", "title": OPEN, "url": link }));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "actions": open.into_iter().collect::<Vec<_>>(),
        "body": body,
        "type": "AdaptiveCard",
        // What all of Teams' programs can show.
        "version": "1.4",
    });
    let attachment = json!({
        "content": card,
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": null,
    });
    json!({ "attachments": [attachment], "type": "message" })
}

/// What Slack reads as more than text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const OPEN: &str = "Read the request";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::tests::event;

    fn hostile() -> Event {
        let approvers = [("<!channel> *dba* [x](https://evil.example)\u{202e}".to_owned(), 1)];
        Event { approvers: approvers.into(), ..event() }
    }

    /// Every value of the message, wherever it stands.
    fn texts(value: &Value, found: &mut Vec<(String, String)>, at: &str) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| texts(value, found, name))
            }
            Value::Array(list) => list.iter().for_each(|value| texts(value, found, at)),
            Value::String(text) => found.push((at.to_owned(), text.clone())),
            _ => {}
        }
    }

    #[test]
    fn a_message_to_slack_is_one_line_facts_and_a_link() {
        let fact = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
        let line = "A request for shop waits for approval";
        let expected = json!({
            "blocks": [
                { "type": "section", "text": fact(line) },
                { "type": "section", "fields": [
                    fact("Request: 0199c2a0-0000-7000-8000-000000000001"), fact("Class: write"),
                    fact("Asked: 2 of dba, 1 of privacy"), fact("Expires: 2026-11-21T13:00:00Z"),
                ] },
                { "type": "actions", "elements": [{
                    "type": "button", "action_id": "open", "text": fact("Read the request"),
                    "url": "https://approvals.example/r/1",
                }] },
            ],
            "mrkdwn": false, "text": line, "unfurl_links": false, "unfurl_media": false,
        });
        assert_eq!(slack(&event()), expected);
    }

    #[test]
    fn a_card_for_teams_has_a_link_and_nothing_else_to_press() {
        let card = teams(&event());
        let content = &card["attachments"][0]["content"];
        let link = json!([{
            "type": "Action.OpenUrl", "title": "Read the request",
            "url": "https://approvals.example/r/1",
        }]);
        assert_eq!(content["actions"], link);
        assert_eq!(content["body"].as_array().unwrap().len(), 5);
        assert_eq!(
            card["attachments"][0]["contentType"],
            "application/vnd.microsoft.card.adaptive"
        );
        let none = teams(&Event { link: None, ..event() });
        assert_eq!(none["attachments"][0]["content"]["actions"], json!([]));
    }

    #[test]
    fn what_looks_like_a_command_is_text() {
        let mut found = Vec::new();
        texts(&slack(&hostile()), &mut found, "");
        // Slack reads commands in `mrkdwn` alone, and nothing here is.
        assert!(!found.iter().any(|(name, text)| name == "type" && text == "mrkdwn"));
        assert!(!found.iter().any(|(_, text)| text.contains('\u{202e}')));
        assert_eq!(escaped("<!channel> & <@U1>"), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
        let mut found = Vec::new();
        texts(&teams(&hostile()), &mut found, "");
        assert!(!found.iter().any(|(name, text)| name == "type" && text == "TextBlock"));
        assert!(!found.iter().any(|(name, text)| name == "url" && text.contains("evil")));
    }
}
