//! `POST /v1/requests/{id}/run` and `DELETE /v1/requests/{id}`: what waited for people is taken up by
//! its agent, or taken back.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::{Ports, Redemption};
use host::Place;
use http::{HeaderMap, Method, StatusCode, Uri};
use request::RequestId;

use crate::{answer, problem, query};

/// Run what people have approved: the stored bytes, once.
#[utoipa::path(
    post,
    path = "/v1/requests/{id}/run",
    params(("id" = String, Path, description = "The id of the request that waited")),
    responses(
        (status = 200, description = "The rows, masked", body = answer::Rows),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn run(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let presented = match doors::presented(&headers, doors::over(&method, &uri)) {
        Ok(presented) => presented,
        Err(problem) => return problem.into_response(),
    };
    // A name that is no id is nobody's request.
    let request = RequestId::new(id).unwrap_or_else(|_| RequestId::fresh());
    let (id, scheme, on) = (request.clone(), presented.scheme, Arc::clone(&ports));
    let Place { source, deadline } = place;
    let come = Redemption { presented, request, source, deadline };
    query::answered(&id, scheme, &ports, async move { enforce::redeem(come, &on).await }).await
}

/// Take back a request that waits: whoever made it may, and every hop above them.
#[utoipa::path(
    delete,
    path = "/v1/requests/{id}",
    params(("id" = String, Path, description = "The id of the request that waits")),
    responses(
        (status = 204, description = "Nobody is asked about it any more"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn withdraw(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let presented = match doors::presented(&headers, doors::over(&method, &uri)) {
        Ok(presented) => presented,
        Err(problem) => return problem.into_response(),
    };
    let request = RequestId::new(id).unwrap_or_else(|_| RequestId::fresh());
    match enforce::withdraw(&presented, &request, &place.source, &ports).await {
        Ok(on_record) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            answer::receipt(response.headers_mut(), Some(&on_record.to_string()));
            response
        }
        Err(refusal) => problem::refused(&request, &refusal, presented.scheme, &ports).await,
    }
}
