//! What all routes have in common: bounded headers, one way to say no, and answers that nobody keeps.

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use identity::Own;

use crate::{
    Problem,
    challenge::{self, Wanted},
};

/// Takes all routes of a function and bounds them. `own` is our own issuer, where there is one: a
/// caller who is asked for credentials is told where to get them.
pub fn bounded<S>(routes: Router<S>, own: Option<&Own>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let metadata = own.map(challenge::metadata);
    routes
        .fallback(async || Problem::plain(StatusCode::NOT_FOUND, "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
        })
        .layer(middleware::from_fn(move |request, next| {
            let metadata = metadata.clone();
            async move { within(request, next, metadata.as_deref()).await }
        }))
}

/// Looks at a request's headers before anything else does, and completes every answer's.
async fn within(request: Request, next: Next, metadata: Option<&str>) -> Response {
    let mut response = match heavy(request.headers()) {
        true => Problem::plain(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "the request has too many or too long headers",
        )
        .into_response(),
        false => next.run(request).await,
    };
    let wanted = response.extensions_mut().remove::<Wanted>();
    let headers = response.headers_mut();
    if let Some(wanted) = wanted {
        wanted.write(headers, metadata);
    }
    // What is public says so itself; the rest is nobody's to keep.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn heavy(headers: &HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    headers.len() > HEADERS || bytes > HEADER_BYTES
}

/// An agent sends a handful; platforms add a dozen or two.
const HEADERS: usize = 96;

/// A token has at most 8 KiB and a proof half of that; the rest is for all others.
const HEADER_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use request::Scheme;
    use tower::ServiceExt as _;

    use super::*;

    async fn call(path: &str, value: &str) -> Response {
        let routes = Router::new()
            .route("/plain", get(async || "here"))
            .route("/public", get(async || ([(header::CACHE_CONTROL, "max-age=300")], "here")))
            .route(
                "/closed",
                get(async || {
                    let wanted = Wanted::Token(Scheme::Bearer);
                    Problem::unauthenticated("the token has expired").wanting(wanted)
                }),
            );
        let request = Request::get(path).header("x-filling", value).body(Body::empty());
        bounded(routes, None).oneshot(request.unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn an_answer_is_nobodys_to_keep_unless_it_says_so() {
        let kept = async |path| call(path, "").await.headers()[header::CACHE_CONTROL].clone();
        assert_eq!(kept("/plain").await, "no-store");
        assert_eq!(kept("/nowhere").await, "no-store");
        assert_eq!(kept("/public").await, "max-age=300");
    }

    #[tokio::test]
    async fn whatever_is_refused_is_refused_as_a_problem() {
        for (path, value, status) in [("/nowhere", "", 404), ("/plain", &*"x".repeat(17_000), 431)]
        {
            let refused = call(path, value).await;
            assert_eq!(refused.status().as_u16(), status);
            assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
        }
    }

    #[tokio::test]
    async fn what_a_handler_wants_becomes_the_challenge() {
        let refused = call("/closed", "").await;
        let told = "Bearer error=\"invalid_token\", realm=\"postern\"";
        assert_eq!(refused.headers()[header::WWW_AUTHENTICATE], told);
    }
}
