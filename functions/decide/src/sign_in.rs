//! Signing in: people are sent to their own issuer, and come back with a code (OpenID Connect Core,
//! 3.1; RFC 7636; RFC 9700).

mod exchange;
mod pending;

use std::sync::Arc;

use credentials::SecretStore;
use identity::{Person, Verified};
use oauth2::{
    AuthUrl, ClientId, CsrfToken, EndpointNotSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, TokenUrl,
};
use request::{Digest, Later, Mistakes};
use reqwest::redirect::Policy;

use crate::{
    Desk, SignIn,
    cookie::{Cookie, Ticket, random},
    shelf::{self, Kind},
};
use exchange::{Client, Http};
use pending::Pending;

/// Where people sign in.
pub struct Door {
    settings: SignIn,
    secrets: Option<Arc<dyn SecretStore>>,
    http: Http,
    client: Client,
}

/// How somebody has to sign in for what they want to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Anew {
    /// Whether to log in even where their issuer knows them still.
    pub(crate) asked: bool,
    /// How many seconds ago at most.
    pub(crate) max_age: Option<u64>,
    /// In one of these ways.
    pub(crate) acr: Vec<String>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The issuer says that they are not, or they thought better of it.
    #[error("the issuer did not sign them in: {0}")]
    Declined(String),
    /// The code did not become a token.
    #[error("the code did not become a token: {0}")]
    Exchange(String),
    /// Whom the issuer names is not believed.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// Another issuer than the one whom the page sends people to.
    #[error("the token is of another issuer than people are sent to")]
    Issuer,
    /// It was not begun in this browser, or a while ago, or was finished already.
    #[error("the sign-in was not begun here, or is over")]
    Lost,
    /// The store, or randomness, or our own secret cannot be had.
    #[error("something that signing in needs cannot be had")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<shelf::Error> for Error {
    fn from(error: shelf::Error) -> Self {
        match error {
            shelf::Error::Used => Self::Lost,
            other => Self::Unavailable(Box::new(other)),
        }
    }
}

impl Door {
    /// With the address of the page, which people come back to. `secrets` is where our client secret
    /// is, for a client that has one.
    ///
    /// # Errors
    /// TLS cannot be set up, or the address is none.
    pub fn new(
        settings: SignIn,
        page: &str,
        secrets: Option<Arc<dyn SecretStore>>,
    ) -> Result<Self, Mistakes> {
        let http = reqwest::Client::builder();
        // What answers with a redirect is no token endpoint.
        let http = http.redirect(Policy::none()).no_proxy().timeout(exchange::WITHIN);
        let http = http.build().map_err(crate::mistake)?;
        let redirect = RedirectUrl::new(format!("{page}{BACK}")).map_err(crate::mistake)?;
        let client = Client::<EndpointNotSet, EndpointNotSet>::new(ClientId::new(
            settings.client_id.clone(),
        ))
        .set_auth_uri(AuthUrl::from_url(settings.authorization_endpoint.clone()))
        .set_token_uri(TokenUrl::from_url(settings.token_endpoint.clone()))
        .set_redirect_uri(redirect);
        Ok(Self { settings, secrets, http: Http(http), client })
    }

    /// Where to send a browser that is to come back to `to`, and the cookie by which it is known then.
    pub(crate) async fn begin(
        &self,
        to: &str,
        anew: &Anew,
        on: &Desk,
    ) -> Result<(String, Ticket), Error> {
        let ticket = Ticket::fresh().map_err(unavailable)?;
        let nonce = Digest::of(random().map_err(unavailable)?.as_slice()).to_string();
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let asked = self.client.authorize_url(CsrfToken::new_random).add_scopes(scopes);
        let mut asked = asked.set_pkce_challenge(challenge).add_extra_param("nonce", &nonce);
        if anew.asked {
            asked = asked.add_extra_param("prompt", "login");
        }
        if let Some(max_age) = anew.max_age {
            asked = asked.add_extra_param("max_age", max_age.to_string());
        }
        if !anew.acr.is_empty() {
            asked = asked.add_extra_param("acr_values", anew.acr.join(" "));
        }
        let (url, state) = asked.url();
        let pending = Pending { state: state.into_secret(), nonce, verifier, to: to.to_owned() };
        let until_s = on.now().seconds() + Pending::LIFE_S;
        on.shelf().put(Kind::SignIn, &ticket.digest(), pending.kept(until_s), until_s).await?;
        Ok((url.to_string(), ticket))
    }

    /// Who came back, and where they want to go.
    pub(crate) async fn finish(
        &self,
        back: &Back,
        headers: &http::HeaderMap,
        on: &Desk,
    ) -> Result<(Verified<Person>, String), Error> {
        let ticket = Cookie::SignIn.read(headers).ok_or(Error::Lost)?;
        let until_s = on.now().seconds() + Pending::LIFE_S;
        let kept = on.shelf().take(Kind::SignIn, &ticket.digest(), until_s).await?;
        let pending = Pending::read(&kept, on.now().seconds()).ok_or(Error::Lost)?;
        // As digests, so that the time it takes tells nothing of the right one.
        let state = back.state.as_deref().map(|state| Digest::of(state.as_bytes()));
        if state != Some(Digest::of(pending.state.as_bytes())) {
            return Err(Error::Lost);
        }
        if let Some(why) = &back.error {
            return Err(Error::Declined(
                why.chars().filter(char::is_ascii_graphic).take(64).collect(),
            ));
        }
        let code = back.code.clone().ok_or(Error::Lost)?;
        let token = self.exchange(code, pending.verifier).await?;
        let client = &self.settings.client_id;
        // Behind a box: what lies within cannot be shown to be `Send` from out here.
        let person: Later<'_, _> =
            Box::pin(identity::signed_in(&token, &pending.nonce, client, &on.verifier));
        let person: Verified<Person> = person.await?;
        match person.get().issuer().as_str() == self.settings.issuer {
            true => Ok((person, pending.to)),
            false => Err(Error::Issuer),
        }
    }
}

/// What a browser brings back from the issuer.
#[derive(Debug, Default)]
pub(crate) struct Back {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) error: Option<String>,
}

impl Back {
    /// Reads the query; a parameter that comes twice makes it none of ours (RFC 6749, 3.1).
    pub(crate) fn read(query: &str) -> Option<Self> {
        let mut back = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "code" => &mut back.code,
                "state" => &mut back.state,
                "error" => &mut back.error,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(back)
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Unavailable(error.into())
}

fn verifier(text: String) -> PkceCodeVerifier {
    PkceCodeVerifier::new(text)
}

/// Where people come back to, below the page's address.
pub(crate) const BACK: &str = "/signed-in";
