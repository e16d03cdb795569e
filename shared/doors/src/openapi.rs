//! How OpenAPI documents tell of credentials: the same words for every function.

use utoipa::openapi::{
    OpenApi,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// Adds the schemes `dpop` and `proof`, which go together: a token that is bound to a key.
pub fn bound(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("dpop", header("Authorization", TOKEN));
    components.add_security_scheme("proof", header("DPoP", PROOF));
}

/// Adds the scheme `bearer`, and says whose tokens these are.
pub fn bearer(document: &mut OpenApi, whose: &str) {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(whose))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
}

/// OpenAPI knows of no scheme with a proof, so that its two headers are named.
fn header(name: &str, description: &str) -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, description)))
}

const TOKEN: &str = "`DPoP` and an access token that is bound to a key (RFC 9449, 7.1)";

const PROOF: &str = "A proof of the token's key for this very request (RFC 9449, 4), with `ath`, and where \
                     there is a body also `bdh`: its SHA-256 in base64url";
