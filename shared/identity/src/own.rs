//! `tokens.toml`: the tokens that we issue ourselves, where they are good, and for how long.

use std::ops::RangeInclusive;

use request::{Mistake, Mistakes};
use serde_json::Value;

use crate::{
    algorithm::Algorithm,
    keys::{Key, KeySet},
    toml_reader::{Entry, Reader},
};

/// Our own issuer, as far as everybody may know it. The private key is behind a port of the one
/// function that signs.
///
/// A deployment has one: its own name, its own keys, its own audience, so that a token of one cloud's
/// deployment is nothing at the other's.
#[derive(Debug)]
pub struct Own {
    issuer: String,
    resource: String,
    urls: Vec<String>,
    keys: KeySet,
    kid: String,
    document: Value,
    bounds: Bounds,
    nonce: Option<String>,
}

/// What bounds every tree of nodes, whatever a parent allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Seconds that an access token lives.
    pub lifetime_s: u64,
    /// Seconds that a tree lives, renewals included.
    pub chain_s: u64,
    /// How deep it may become; the root has depth 0.
    pub max_depth: u64,
    /// How many children a node may have.
    pub max_children: u64,
    /// How many nodes it may have in all.
    pub max_nodes: u64,
    /// Seconds that a spawn ticket waits for the child.
    pub ticket_s: u64,
    /// After how many replays of its proofs a node is revoked: many, because a client that repeats
    /// what was not answered is no thief, and none of them is served anyway.
    pub replays: u64,
}

impl Own {
    /// Reads the file's text, and the key set that it is published with. `file` is its name.
    ///
    /// # Errors
    /// Every mistake in it at once, each with its line.
    pub fn parse(file: &str, text: &str, jwks: &[u8]) -> Result<Self, Mistakes> {
        let mut reader = Reader::new(file, text);
        let document = reader.document();
        let mut top = Entry::new(document.get_ref(), 0);
        let issuer = address(&mut top, "issuer", &mut reader);
        let resource = address(&mut top, "resource", &mut reader);
        let urls = urls(&mut top, &mut reader);
        let bounds = bounds(&mut top, &mut reader);
        let signing = optional(&mut top, "signing_key", &mut reader);
        let nonce = optional(&mut top, "nonce", &mut reader);
        top.nothing_else(&mut reader);
        let (issuer, resource, urls, bounds) = reader.finish((issuer, resource, urls, bounds))?;
        let published = published(jwks, signing.as_deref());
        let (keys, kid, document) = published.map_err(|text| mistake(file, text))?;
        let (Some(issuer), Some(resource), Some(bounds)) = (issuer, resource, bounds) else {
            return Err(mistake(file, "it is not complete"));
        };
        Ok(Self { issuer, resource, urls, keys, kid, document, bounds, nonce })
    }

    /// `iss` of our tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `aud` of our tokens: the canonical address of what they are good for (RFC 8707).
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The addresses under which agents reach our functions, without a slash at the end. A proof is
    /// made for one of them; what a `Host` header says is nothing to us.
    #[must_use]
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The id of the key that signs now.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The published key set (RFC 7517), old keys included as long as their tokens live.
    #[must_use]
    pub fn key_set(&self) -> &Value {
        &self.document
    }

    /// What bounds every tree.
    #[must_use]
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The secret with the key of nonces; where there is one, every proof must carry a nonce.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// The key of this id. There is no looking elsewhere: an unknown id is nobody's.
    pub(crate) fn key(&self, kid: Option<&str>) -> Option<std::sync::Arc<Key>> {
        self.keys.find(Some(kid?))
    }
}

/// An https address without anything that could be taken for a part of a request's own. Loopback may
/// go without TLS, as RFC 8252, 8.3 has it: nobody can listen there who could not read our memory.
fn address(top: &mut Entry<'_, '_>, name: &'static str, to: &mut Reader<'_>) -> Option<String> {
    let (text, at) = top.text(name, to)?;
    if is_address(&text) {
        return Some(text);
    }
    to.fault(at, format!("`{name}` is an https:// address without a query, or a slash at its end"));
    None
}

fn urls(top: &mut Entry<'_, '_>, to: &mut Reader<'_>) -> Vec<String> {
    let given = top.texts("urls", to);
    for (text, at) in &given {
        if !is_address(text) {
            to.fault(
                *at,
                format!("`{text}` is not an https:// address without a slash at its end"),
            );
        }
    }
    given.into_iter().map(|(text, _)| text).collect()
}

fn is_address(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    let local = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    (url.scheme() == "https" || (url.scheme() == "http" && local))
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !text.ends_with('/')
}

fn bounds(top: &mut Entry<'_, '_>, to: &mut Reader<'_>) -> Option<Bounds> {
    let mut number =
        |name, range: RangeInclusive<u64>, default| top.number(name, range, Some(default), to);
    let lifetime_s = number("lifetime_s", 30..=900, 300);
    let chain_s = number("chain_s", 60..=12 * 3600, 3600);
    let max_depth = number("max_depth", 0..=8, 4);
    let max_children = number("max_children", 1..=4096, 16);
    let max_nodes = number("max_nodes", 1..=4096, 128);
    let ticket_s = number("ticket_s", 1..=600, 60);
    let replays = number("replays", 1..=1000, 100);
    Some(Bounds {
        lifetime_s: lifetime_s?,
        chain_s: chain_s?,
        max_depth: max_depth?,
        max_children: max_children?,
        max_nodes: max_nodes?,
        ticket_s: ticket_s?,
        replays: replays?,
    })
}

fn optional(top: &mut Entry<'_, '_>, name: &'static str, to: &mut Reader<'_>) -> Option<String> {
    let given = top.text_or(name, "", to);
    (!given.is_empty()).then_some(given)
}

/// The keys as verifiers use them, the id of the one that signs, and the document as it is served.
fn published(jwks: &[u8], signing: Option<&str>) -> Result<(KeySet, String, Value), String> {
    let keys = KeySet::read(jwks, &[Algorithm::Es256]).map_err(|bad| bad.to_string())?;
    let document = request::json::strict(jwks, 8).map_err(|error| error.to_string())?;
    let first = || document.get("keys")?.get(0)?.get("kid")?.as_str();
    let kid = signing.or_else(first).ok_or("the first key of the key set has no `kid`")?;
    if keys.find(Some(kid)).is_none() {
        return Err(format!("the key set has no P-256 key `{kid}`"));
    }
    Ok((keys, kid.to_owned(), document))
}

fn mistake(file: &str, text: impl Into<String>) -> Mistakes {
    Mistakes(vec![Mistake { file: file.into(), line: 0, text: text.into() }])
}
