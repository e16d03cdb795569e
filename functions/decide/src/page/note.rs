//! Pages that say one thing: why something is not shown or not done, and what to do about it.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::html;

use super::{account::way_anew, layout, markup_response};
use crate::text::Foreign;

/// One thing to say.
pub(super) struct Note {
    status: StatusCode,
    title: &'static str,
    text: String,
    kept: Option<Foreign>,
    way: (String, &'static str),
}

impl Note {
    pub(super) fn new(status: StatusCode, title: &'static str, text: impl Into<String>) -> Self {
        let way = ("/".into(), "To what waits");
        Self { status, title, text: text.into(), kept: None, way }
    }

    /// With what they had written, so that it is not lost.
    pub(super) fn kept(self, kept: Option<Foreign>) -> Self {
        Self { kept, ..self }
    }

    /// With another way on than the list of what waits.
    pub(super) fn way(mut self, to: impl Into<String>, name: &'static str) -> Self {
        self.way = (to.into(), name);
        self
    }

    /// None that they may see, or none at all.
    pub(super) fn missing() -> Self {
        let text = "It does not exist, or none of your groups is asked about it.";
        Self::new(StatusCode::NOT_FOUND, "There is no such request", text)
    }

    pub(super) fn unavailable() -> Self {
        let text = "Something behind this page cannot be reached. Nothing was changed; try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Not now", text)
    }

    /// A form that is not of a page of ours.
    pub(super) fn foreign() -> Self {
        let text = "The form was not sent by this page, or it is from before you signed in. Nothing was decided; \
                    open the request again.";
        Self::new(StatusCode::FORBIDDEN, "Not sent by this page", text)
    }

    /// Why a step was not taken.
    pub(super) fn of(error: &decisions::Error, request: &str) -> Self {
        use approvals::Error as Rule;
        let back = |note: Self| note.way(format!("/requests/{request}"), "Back to the request");
        match error {
            decisions::Error::Missing => Self::missing(),
            decisions::Error::Ended => {
                let text = "What you signed in with has been ended by those who vouch for you. Nothing was decided.";
                let note = Self::new(StatusCode::FORBIDDEN, "Sign in again", text);
                note.way(way_anew(request), "Sign in again")
            }
            decisions::Error::Busy => {
                let text = "Others are deciding about it at this moment. Look again.";
                back(Self::new(StatusCode::CONFLICT, "Somebody was faster", text))
            }
            decisions::Error::Ledger(error) => {
                tracing::error!(%error, source = ?std::error::Error::source(error), "a step is not on record");
                Self::unavailable()
            }
            decisions::Error::Approvals(Rule::Changed) => {
                let text = "What you read is not what waits. Read it again before you decide.";
                back(Self::new(StatusCode::CONFLICT, "It is another request", text))
            }
            decisions::Error::Approvals(Rule::Ineligible(why)) => back(Self::new(
                StatusCode::FORBIDDEN,
                "You may not decide",
                super::whole::barred(*why),
            )),
            decisions::Error::Approvals(Rule::Unreadable) => {
                tracing::error!(request, "what was kept of a request cannot be read");
                let text = "What was kept of it is not what we write. It cannot be decided, and does not run.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "It cannot be read", text)
            }
            decisions::Error::Approvals(rule) => {
                let text = format!("Nothing was changed: {rule}.");
                back(Self::new(StatusCode::CONFLICT, "Not decided", text))
            }
        }
    }
}

impl IntoResponse for Note {
    fn into_response(self) -> Response {
        let (to, name) = &self.way;
        let body = html! {
            section.note {
                h1 { (self.title) }
                p { (self.text) }
                @if let Some(kept) = &self.kept {
                    p { "You had written:" }
                    blockquote { (kept) }
                }
                p { a.button href=(to) { (name) } }
            }
        };
        markup_response(self.status, layout::page(self.title, "", None, body))
    }
}
