//! Keys and tokens that begin with a word of whoever issues them.

use std::ops::Range;

use super::{Kind, view::View};

/// A key that begins here.
pub(super) fn at(view: &View<'_>, at: usize) -> Option<(Kind, Range<usize>)> {
    if view.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let form = FORMS.iter().find(|form| starts(view, at, form.prefix))?;
    let body = at + form.prefix.len();
    let end = view.while_within(body, LONGEST, form.is_body);
    let fits = end - body >= form.least && (form.exact.is_none_or(|exact| end - body == exact));
    fits.then_some((form.kind, at..end))
}

/// A hook of Slack, whose address is its secret: `hooks.slack.com/services/T…/B…/…`.
pub(super) fn slack_hook(view: &View<'_>, at: usize) -> Option<Range<usize>> {
    let host = at.checked_sub(HOOKS.len())?;
    let known = [b"services/T".as_slice(), b"workflows/T"].iter().any(|way| starts(view, at, way));
    if !known || !view.part(host..at).eq_ignore_ascii_case(HOOKS) {
        return None;
    }
    let end = view.while_within(at, LONGEST, |byte| byte.is_ascii_alphanumeric() || byte == b'/');
    (end - at >= 30).then_some(host..end)
}

fn starts(view: &View<'_>, at: usize, prefix: &[u8]) -> bool {
    view.part(at..at + prefix.len()) == prefix
}

/// How the keys of one issuer are written.
struct Form {
    prefix: &'static [u8],
    kind: Kind,
    /// How many characters follow at least.
    least: usize,
    /// How many follow, where that never differs.
    exact: Option<usize>,
    is_body: fn(u8) -> bool,
}

const fn open(prefix: &'static [u8], kind: Kind, least: usize, is_body: fn(u8) -> bool) -> Form {
    Form { prefix, kind, least, exact: None, is_body }
}

const fn exact(prefix: &'static [u8], kind: Kind, length: usize, is_body: fn(u8) -> bool) -> Form {
    Form { prefix, kind, least: length, exact: Some(length), is_body }
}

fn letters(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn dashed(byte: u8) -> bool {
    letters(byte) || matches!(byte, b'-' | b'_')
}

fn dotted(byte: u8) -> bool {
    dashed(byte) || byte == b'.'
}

/// As their issuers write them: Google's and GitLab's own lists of prefixes, Slack's and Stripe's
/// guides to tokens, and npm's announcement of 2021.
const FORMS: &[Form] = &[
    exact(b"AIza", Kind::GcpKey, 35, dashed),
    exact(b"GOCSPX-", Kind::GcpKey, 28, dashed),
    open(b"ya29.", Kind::GcpKey, 20, dotted),
    open(b"glpat-", Kind::GitlabToken, 20, dotted),
    open(b"gldt-", Kind::GitlabToken, 20, dotted),
    open(b"glrt-", Kind::GitlabToken, 20, dotted),
    open(b"glcbt-", Kind::GitlabToken, 20, dotted),
    open(b"glptt-", Kind::GitlabToken, 20, dotted),
    open(b"glft-", Kind::GitlabToken, 20, dotted),
    open(b"glimt-", Kind::GitlabToken, 20, dotted),
    open(b"glagent-", Kind::GitlabToken, 20, dotted),
    open(b"glsoat-", Kind::GitlabToken, 20, dotted),
    open(b"gloas-", Kind::GitlabToken, 20, dotted),
    exact(b"npm_", Kind::NpmToken, 36, letters),
    open(b"xoxb-", Kind::SlackToken, 15, dashed),
    open(b"xoxp-", Kind::SlackToken, 15, dashed),
    open(b"xoxa-", Kind::SlackToken, 15, dashed),
    open(b"xoxr-", Kind::SlackToken, 15, dashed),
    open(b"xoxs-", Kind::SlackToken, 15, dashed),
    open(b"xoxe-", Kind::SlackToken, 15, dashed),
    open(b"xoxe.xox", Kind::SlackToken, 15, dotted),
    open(b"xapp-", Kind::SlackToken, 15, dashed),
    open(b"sk_live_", Kind::StripeKey, 16, letters),
    open(b"rk_live_", Kind::StripeKey, 16, letters),
    open(b"sk_test_", Kind::StripeKey, 16, letters),
    open(b"rk_test_", Kind::StripeKey, 16, letters),
    open(b"whsec_", Kind::StripeKey, 24, letters),
];

const HOOKS: &[u8] = b"hooks.slack.com/";

/// No key is longer; what is stays covered so far, and its rest is looked at again.
const LONGEST: usize = 512;

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found};

    const BODY: &str = "4fGh7JkLmN0pQrStUvWxYz1A2b3C4d5E6f7";

    /// The key, put together here so that nobody takes it for one.
    fn key(prefix: &str, length: usize) -> String {
        format!("{prefix}{}", BODY.repeat(2).get(..length).unwrap())
    }

    #[test]
    fn a_key_counts_by_its_prefix_and_its_length() {
        for (prefix, length, kind) in [
            ("AIza", 35, Kind::GcpKey),
            ("GOCSPX-", 28, Kind::GcpKey),
            ("ya29.", 60, Kind::GcpKey),
            ("glpat-", 20, Kind::GitlabToken),
            ("glrt-", 20, Kind::GitlabToken),
            ("npm_", 36, Kind::NpmToken),
            ("xoxb-", 50, Kind::SlackToken),
            ("xoxe.xoxp-1-", 40, Kind::SlackToken),
            ("xapp-1-", 40, Kind::SlackToken),
            ("sk_live_", 24, Kind::StripeKey),
            ("rk_live_", 24, Kind::StripeKey),
            ("whsec_", 32, Kind::StripeKey),
        ] {
            let key = key(prefix, length);
            assert_eq!(found(&key), [(kind, key.as_str())]);
            assert_eq!(found(&format!("key={key}; on")), [(kind, key.as_str())]);
            let quoted = format!("{{\"k\":\"{key}\"}}");
            assert_eq!(found(&quoted), [(kind, key.as_str())]);
        }
    }

    #[test]
    fn the_address_of_a_hook_is_its_secret() {
        let hook = format!("hooks.slack.com/services/T0AB12CD3/B0EF45GH6/{}", key("", 24));
        assert_eq!(found(&format!("https://{hook} now")), [(Kind::SlackToken, hook.as_str())]);
    }

    #[test]
    fn words_that_only_begin_so_are_none() {
        for text in [
            "npm_config_registry_of_everything",
            "task_live_subscriptions_of_all",
            "glpat-short",
            "xoxb-and-nothing",
            "sk_live_",
            "AIzaac-is-a-name-and-nothing-else",
            "hooks.slack.com/services/T",
            "https://hooks.slack.com/services",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
