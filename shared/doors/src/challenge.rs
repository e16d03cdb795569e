//! Challenges: what a caller who is not believed has to show (RFC 6750, 3; RFC 9449, 7.1; RFC 9728,
//! 5.1).

use http::{HeaderMap, HeaderName, HeaderValue, header};
use identity::Own;
use request::Scheme;

/// What was wrong with what the caller showed. Put among the extensions of a response, it becomes
/// the challenge there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing was shown. That is no error (RFC 6750, 3.1): the caller is told what to show.
    Credentials,
    /// The proof of the key is good but for the nonce, which is to be this one.
    Nonce(String),
    /// The proof of the key is not good.
    Proof,
    /// The token is not good; it was presented like this.
    Token(Scheme),
}

impl Wanted {
    /// Writes the headers. `metadata` says where to read about us; a function without tokens of its
    /// own has no such place, and can be asked with a bearer's token only.
    pub(crate) fn write(&self, headers: &mut HeaderMap, metadata: Option<&str>) {
        // One value for both schemes: of a repeated header, Lambda's answer keeps the first.
        let challenge = match metadata {
            Some(at) => format!("{}, {}", self.dpop(at), self.bearer(Some(at))),
            None => self.bearer(None),
        };
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            headers.insert(header::WWW_AUTHENTICATE, value);
        }
        if let Self::Nonce(nonce) = self
            && let Ok(value) = HeaderValue::from_str(nonce)
        {
            headers.insert(HeaderName::from_static("dpop-nonce"), value);
        }
    }

    fn dpop(&self, metadata: &str) -> String {
        let error = match self {
            Self::Credentials | Self::Token(Scheme::Bearer) => "",
            Self::Nonce(_) => "error=\"use_dpop_nonce\", ",
            Self::Proof => "error=\"invalid_dpop_proof\", ",
            Self::Token(Scheme::Dpop) => INVALID,
        };
        format!("DPoP {error}algs=\"{}\", resource_metadata=\"{metadata}\"", PROOFS.join(" "))
    }

    fn bearer(&self, metadata: Option<&str>) -> String {
        // Where there is one challenge only, it says what is wrong.
        let alone = metadata.is_none() && *self != Self::Credentials;
        let error = match self {
            Self::Token(Scheme::Bearer) => INVALID,
            _ if alone => INVALID,
            _ => "",
        };
        let at = metadata.map(|at| format!(", resource_metadata=\"{at}\"")).unwrap_or_default();
        format!("Bearer {error}realm=\"postern\"{at}")
    }
}

/// Where our metadata as a protected resource is (RFC 9728, 3.1): below the address by which callers
/// reach the resource, with what is left of its name behind. A platform's own path in front stays in
/// front, since nothing of ours answers at the root of that host.
#[must_use]
pub fn metadata(own: &Own) -> String {
    let (base, rest) = place(own);
    format!("{base}{WELL_KNOWN}{rest}")
}

/// The public address in front of the resource, and the rest of the resource's name.
fn place(own: &Own) -> (&str, &str) {
    let within = own.urls().iter().filter_map(|url| {
        let rest = own.resource().strip_prefix(url.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((url.as_str(), rest))
    });
    let first = own.urls().first().map(|url| (url.as_str(), ""));
    within.max_by_key(|(url, _)| url.len()).or(first).unwrap_or_default()
}

/// What proofs may be signed with, as RFC 9449 has them listed.
pub const PROOFS: [&str; 5] = ["ES256", "ES384", "EdDSA", "Ed25519", "PS256"];

const INVALID: &str = "error=\"invalid_token\", ";
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "https://gw.example/.well-known/oauth-protected-resource/v1";

    fn written(wanted: &Wanted, metadata: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        wanted.write(&mut headers, metadata);
        headers
    }

    fn challenge(wanted: &Wanted, metadata: Option<&str>) -> String {
        let headers = written(wanted, metadata);
        assert_eq!(headers.get_all(header::WWW_AUTHENTICATE).iter().count(), 1);
        headers[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned()
    }

    #[test]
    fn whoever_shows_nothing_is_told_what_to_show_and_not_blamed() {
        assert_eq!(
            challenge(&Wanted::Credentials, Some(AT)),
            format!(
                "DPoP algs=\"ES256 ES384 EdDSA Ed25519 PS256\", resource_metadata=\"{AT}\", \
                 Bearer realm=\"postern\", resource_metadata=\"{AT}\""
            )
        );
        assert_eq!(challenge(&Wanted::Credentials, None), "Bearer realm=\"postern\"");
    }

    #[test]
    fn the_error_stands_with_the_scheme_that_it_is_about() {
        let bearer = challenge(&Wanted::Token(Scheme::Bearer), Some(AT));
        assert!(bearer.contains("Bearer error=\"invalid_token\""), "{bearer}");
        assert_eq!(bearer.matches("error=").count(), 1, "{bearer}");
        let bound = challenge(&Wanted::Token(Scheme::Dpop), Some(AT));
        assert!(bound.starts_with("DPoP error=\"invalid_token\""), "{bound}");
        assert_eq!(bound.matches("error=").count(), 1, "{bound}");
        let proof = challenge(&Wanted::Proof, Some(AT));
        assert!(proof.starts_with("DPoP error=\"invalid_dpop_proof\""), "{proof}");
    }

    #[test]
    fn without_tokens_of_our_own_a_bearer_is_wanted() {
        for wanted in [Wanted::Token(Scheme::Bearer), Wanted::Token(Scheme::Dpop), Wanted::Proof] {
            let told = challenge(&wanted, None);
            assert_eq!(told, "Bearer error=\"invalid_token\", realm=\"postern\"");
        }
    }

    fn own(resource: &str, urls: &[&str]) -> Own {
        let text = format!("issuer = \"{0}\"\nresource = \"{resource}\"\nurls = {urls:?}", urls[0]);
        Own::parse("tokens.toml", &text, KEYS.as_bytes()).unwrap()
    }

    #[test]
    fn the_metadata_is_where_the_name_of_the_resource_says() {
        let at = |resource, urls: &[&str]| metadata(&own(resource, urls));
        let gw = "https://gw.example";
        assert_eq!(at("https://gw.example/v1", &["https://token.example", gw]), AT);
        assert_eq!(at(gw, &[gw]), format!("{gw}{WELL_KNOWN}"));
        // A stage in front of every path of ours.
        let stage = "https://gw.example/prod";
        assert_eq!(
            at("https://gw.example/prod/v1", &[gw, stage]),
            format!("{stage}{WELL_KNOWN}/v1")
        );
        // A name under which nothing answers, or only seems to.
        assert_eq!(at("https://gw.example.com/v1", &[gw]), format!("{gw}{WELL_KNOWN}"));
    }

    /// The key of RFC 7515, A.3.1.
    const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"one",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

    #[test]
    fn a_wanted_nonce_comes_along() {
        let wanted = Wanted::Nonce("n-1".into());
        let told = challenge(&wanted, Some(AT));
        assert!(told.starts_with("DPoP error=\"use_dpop_nonce\", algs="), "{told}");
        assert_eq!(written(&wanted, Some(AT))["dpop-nonce"], "n-1");
    }
}
