//! A token of ours: signed, and believed by us as by anybody, before it leaves.

use audit::Receipt;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{Chain, Class, Grant, NodeId, Own, Proven, Verified};
use request::{Bearer, Over, Presented, Scheme, json};
use serde_json::{Map, Value};

use crate::{Error, Ports};

/// A token with what its holder is told of it (RFC 8693, 2.2.1). It has no `Debug`.
pub struct Issued {
    /// The token.
    pub token: Bearer,
    /// How its holder shows to be that.
    pub class: Class,
    /// The node that it is for.
    pub node: NodeId,
    /// Seconds that it lives from now on.
    pub expires_in: u64,
    /// The rights that were granted, as `authorization_details`.
    pub rights: Value,
    /// Where its issue is on record.
    pub receipt: Receipt,
}

/// A token that waits for its commit. Nobody has seen it.
pub(crate) struct Minted {
    token: Bearer,
    who: Verified<Chain>,
}

/// Who will hold it.
pub(crate) enum Holder<'a> {
    /// Whoever has this key.
    Key(&'a Proven),
    /// Whoever has the token.
    Anybody(&'a Over),
}

/// Signs it. What comes of that is looked at as if a stranger had sent it: a key that is not the
/// published one shows here, and not at the child's first request.
pub(crate) async fn mint(message: String, holder: Holder<'_>, on: &Ports) -> Result<Minted, Error> {
    let signature = on.signer.sign(message.as_bytes()).await?;
    let text = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    let token = Bearer::new(text.clone());
    let who = match holder {
        Holder::Key(proven) => identity::subject(&token, proven, &on.verifier).await,
        Holder::Anybody(over) => {
            let token = Bearer::new(text);
            let over = over.clone();
            let shown = Presented { scheme: Scheme::Bearer, token, proof: None, over };
            identity::verify(&shown, &on.verifier).await
        }
    };
    match who {
        Ok(who) => Ok(Minted { token, who }),
        Err(error) => {
            tracing::error!(alarm = "signing-key", why = %error, "a token of ours is not good");
            Err(Error::Key(error))
        }
    }
}

impl Minted {
    /// The chain that it makes.
    pub(crate) fn chain(&self) -> &Chain {
        self.who.get()
    }

    /// What its holder gets, now that it is on record.
    pub(crate) fn issued(self, receipt: Receipt) -> Result<Issued, Error> {
        let grant = self.who.get().grant().ok_or(Error::Off)?;
        Ok(Issued {
            class: grant.class,
            node: self.who.get().actor().node().clone(),
            expires_in: grant.expires_s.saturating_sub(grant.issued_s),
            rights: grant.rights.to_json(),
            token: self.token,
            receipt,
        })
    }
}

/// The claims of a token that grants this.
pub(crate) fn claims(grant: &Grant, own: &Own) -> Result<Map<String, Value>, Error> {
    let message = grant.message(own);
    let part = message.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    match part.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        Some(Value::Object(claims)) => Ok(claims),
        _ => Err(Error::Ledger(audit::Error::Mismatch)),
    }
}

/// Header and claims as they are signed (RFC 7515, 5.1; RFC 9068, 2.1).
pub(crate) fn message(claims: Map<String, Value>, own: &Own) -> String {
    let header = serde_json::json!({"alg": "ES256", "kid": own.kid(), "typ": "at+jwt"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(json::canonical(value));
    format!("{}.{}", part(&header), part(&Value::Object(claims)))
}
