//! Style, script and icon: part of the binary, under names that change with their bytes.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use doors::Problem;
use http::{StatusCode, header};
use request::Digest;

/// One of them.
struct Asset {
    path: String,
    kind: &'static str,
    bytes: &'static [u8],
}

static ALL: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("css", "text/css; charset=utf-8", include_bytes!("../assets/page.css")),
        asset("js", "text/javascript; charset=utf-8", include_bytes!("../assets/page.js")),
        asset("svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
    ]
});

fn asset(extension: &str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let digest: String = Digest::of(bytes).to_string().chars().take(16).collect();
    Asset { path: format!("/assets/{digest}.{extension}"), kind, bytes }
}

/// The path of the style sheet.
pub(crate) fn style() -> &'static str {
    let [style, ..] = &*ALL;
    &style.path
}

/// The path of the script.
pub(crate) fn script() -> &'static str {
    let [_, script, _] = &*ALL;
    &script.path
}

/// The path of the icon.
pub(crate) fn icon() -> &'static str {
    let [.., icon] = &*ALL;
    &icon.path
}

/// `GET /assets/{name}`. They are public, and the same for ever under their names.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let path = format!("/assets/{name}");
    match ALL.iter().find(|asset| asset.path == path) {
        Some(asset) => {
            let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, FOR_EVER)];
            (headers, asset.bytes).into_response()
        }
        None => Problem::plain(StatusCode::NOT_FOUND, "there is no such file").into_response(),
    }
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";
