//! Whether a request that changes something comes from a page of ours: the browser's own word for it
//! (Fetch Metadata; RFC 6454, 7), beside the token in the form.

use http::{HeaderMap, header};

/// Whether it does. `origin` is that of the page.
///
/// Our pages send no referrer, and so their forms an `Origin: null` (Fetch, 3.2), which says nothing:
/// then `Sec-Fetch-Site` has to. A browser that sends neither is too old to decide with.
pub(crate) fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let one = |name: &str| {
        let mut all = headers.get_all(name).iter();
        let value = all.next().map(|value| value.to_str().unwrap_or("?"));
        // Two say nothing that could be relied on.
        if all.next().is_some() { Some("?") } else { value }
    };
    let (from, site) = (one(header::ORIGIN.as_str()), one("sec-fetch-site"));
    match (from, site) {
        (None | Some("null"), Some(site)) => site == "same-origin",
        (Some(from), Some(site)) => from == origin && site == "same-origin",
        (Some(from), None) => from == origin,
        (None, None) => false,
    }
}

/// The origin of an address: its scheme, host and port (RFC 6454, 6.2).
pub(crate) fn origin(page: &str) -> String {
    url::Url::parse(page).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_a_page_of_ours_changes_anything() {
        let ours = "https://decide.example";
        for (lines, good) in [
            (vec![("origin", ours), ("sec-fetch-site", "same-origin")], true),
            (vec![("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("origin", ours)], true),
            (vec![], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (vec![("origin", ours), ("sec-fetch-site", "same-site")], false),
            (vec![("origin", ours), ("sec-fetch-site", "cross-site")], false),
            (vec![("origin", "null"), ("sec-fetch-site", "none")], false),
            (vec![("origin", ours), ("origin", ours)], false),
            (vec![("origin", "https://decide.example.evil.example")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &lines {
                let name: HeaderName = name.parse().unwrap();
                headers.append(name, HeaderValue::from_static(value));
            }
            assert_eq!(is_ours(&headers, ours), good, "{lines:?}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://decide.example/a/b"), "https://decide.example");
        assert_eq!(origin("http://localhost:8080"), "http://localhost:8080");
    }
}
