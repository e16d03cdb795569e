//! A server with the API's answers as the function gives them, which keeps what it hears.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::runtime;

/// What the server believes.
pub(crate) const TOKEN: &str = "eyJ0.eyJz.c2ln";

/// One request: method, path with its query, and body.
type Heard = (String, String, Value);

pub(crate) struct Desk {
    pub(crate) url: String,
    state: Arc<Mutex<Scene>>,
}

struct Scene {
    sheet: Value,
    empty: bool,
    elsewhere: bool,
    heard: Vec<Heard>,
}

impl Desk {
    pub(crate) fn start() -> Self {
        let sheet = serde_json::from_str(include_str!("sheet.json")).unwrap();
        let scene = Scene { sheet, empty: false, elsewhere: false, heard: Vec::new() };
        let state = Arc::new(Mutex::new(scene));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        // The tests wait for the command on their own threads. This one ends with them all.
        thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { url, state }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.state.lock().unwrap().heard.clone()
    }

    pub(crate) fn sheet(&self) -> Value {
        self.state.lock().unwrap().sheet.clone()
    }

    pub(crate) fn change(&self, how: impl FnOnce(&mut Value)) {
        how(&mut self.state.lock().unwrap().sheet);
    }

    /// Nothing waits any more.
    pub(crate) fn empty(&self) {
        self.state.lock().unwrap().empty = true;
    }

    /// It points to somebody else from now on.
    pub(crate) fn elsewhere(&self) {
        self.state.lock().unwrap().elsewhere = true;
    }
}

async fn answer(State(state): State<Arc<Mutex<Scene>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let mut scene = state.lock().unwrap();
    let shown = head.headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    if shown != Some(format!("Bearer {TOKEN}").as_bytes()) {
        let problem = json!({ "status": 401, "detail": "who is that\u{1b}[31m?" });
        return (StatusCode::UNAUTHORIZED, Json(problem)).into_response();
    }
    if scene.elsewhere {
        let away = [(header::LOCATION, "http://127.0.0.1:1/")];
        return (StatusCode::TEMPORARY_REDIRECT, away).into_response();
    }
    let path = head.uri.path_and_query().unwrap().to_string();
    let said = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    scene.heard.push((head.method.to_string(), path.clone(), said));
    let request = scene.sheet["request"].clone();
    let whole = format!("/v1/approvals/{}", request.as_str().unwrap());
    Json(match path.as_str() {
        "/v1/approvals" if scene.empty => json!({ "approvals": [] }),
        "/v1/approvals" => json!({ "approvals": [waiting(&scene.sheet)] }),
        "/v1/approvals?past" => json!({ "approvals": scene.sheet["like"] }),
        path if path == whole => scene.sheet.clone(),
        _ => json!({
            "request": request, "phase": "pending", "missing": { "privacy": 1 },
            "receipt": "p_1/7/aa",
        }),
    })
    .into_response()
}

fn waiting(sheet: &Value) -> Value {
    json!({
        "request": sheet["request"], "target": "shop", "class": "write", "phase": "pending",
        "statement": "update public.orders\nset state = 'x'", "root": "analyst-1",
        "agent": "clean-up\u{1b}[2J", "hops": 2, "reason": "month's end",
        "asked_at": sheet["asked_at"], "expires": sheet["expires"],
        "approvers": { "dba": 1 }, "missing": { "dba": 1 }, "barred": "chain", "said": null,
    })
}
