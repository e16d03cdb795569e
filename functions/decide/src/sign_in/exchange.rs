//! A code becomes an ID token: one request to the issuer's token endpoint, by our own HTTP client.

use std::{fmt, time::Duration};

use http::header;
use oauth2::{
    AsyncHttpClient, AuthorizationCode, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RequestTokenError,
    StandardRevocableToken, StandardTokenResponse,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use request::{Bearer, Later};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Door, Error, unavailable};

/// An OAuth client that has both endpoints, and whose tokens come with an ID token.
pub(super) type Client<Auth = EndpointSet, Token = EndpointSet> = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<IdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// What OpenID Connect Core, 3.1.3.3 adds to a token response. Not printed.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct IdToken {
    id_token: Option<Zeroizing<String>>,
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

impl ExtraTokenFields for IdToken {}

impl Door {
    /// The access token that comes along is dropped: the page asks for nothing in people's names.
    pub(super) async fn exchange(
        &self,
        code: String,
        verifier: PkceCodeVerifier,
    ) -> Result<Bearer, Error> {
        let mut client = self.client.clone();
        if let Some(secret) = self.secret().await? {
            client = client.set_client_secret(secret);
        }
        let code = AuthorizationCode::new(code);
        let exchange = client.exchange_code(code).set_pkce_verifier(verifier);
        let answer = exchange.request_async(&self.http).await.map_err(|error| match error {
            RequestTokenError::Request(error) => unavailable(error),
            // Neither the answer nor its description is repeated: both are the issuer's text.
            RequestTokenError::ServerResponse(answer) => {
                Error::Exchange(answer.error().to_string())
            }
            RequestTokenError::Parse(..) => Error::Exchange("the answer cannot be read".into()),
            RequestTokenError::Other(_) => Error::Exchange("the answer is none".into()),
        })?;
        let token = answer.extra_fields().id_token.as_ref();
        let token = token.ok_or_else(|| Error::Exchange("there is no ID token".into()))?;
        Ok(Bearer::new(token.as_str().to_owned()))
    }

    async fn secret(&self) -> Result<Option<ClientSecret>, Error> {
        let Some(name) = &self.settings.client_secret else { return Ok(None) };
        let store = self.secrets.as_ref().ok_or_else(|| unavailable("there is no secret store"))?;
        let fetched = store.fetch(name).await.map_err(unavailable)?;
        let secret = fetched.secret.client_secret();
        let secret = secret.ok_or_else(|| unavailable("the client secret has another shape"))?;
        Ok(Some(ClientSecret::new(secret.as_str().to_owned())))
    }
}

/// Our own HTTP client: it follows no redirect, and no proxy of the environment.
pub(super) struct Http(pub(super) reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Later<'c, Result<HttpResponse, Failed>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&self.0, request))
    }
}

/// Sends it, and reads no more than a token response can be long.
async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let (head, body) = request.into_parts();
    let asked = http.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
    let mut answer = asked.send().await.map_err(Failed::Http)?;
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(Failed::Http)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LIMIT {
            return Err(Failed::Long);
        }
    }
    let mut response = HttpResponse::new(bytes);
    *response.status_mut() = status;
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("the token endpoint cannot be reached")]
    Http(#[source] reqwest::Error),
    #[error("the token endpoint's answer is too long")]
    Long,
}

/// Somebody waits in front of a browser.
pub(super) const WITHIN: Duration = Duration::from_secs(10);
/// Bytes: an access token, an ID token and a refresh token of 8 KiB each, and room.
const LIMIT: usize = 64 * 1024;
