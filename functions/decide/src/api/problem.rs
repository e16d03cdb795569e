//! Why a step was not taken, as a problem document. The one place where causes become HTTP.

use doors::Problem;
use http::StatusCode;

pub(super) fn of(error: &decisions::Error) -> Box<Problem> {
    use approvals::Error as Rule;
    let status = match error {
        decisions::Error::Missing => StatusCode::NOT_FOUND,
        decisions::Error::Ended => StatusCode::UNAUTHORIZED,
        decisions::Error::Approvals(Rule::Ineligible(_)) => StatusCode::FORBIDDEN,
        decisions::Error::Approvals(_) | decisions::Error::Busy => StatusCode::CONFLICT,
        decisions::Error::Ledger(cause) => {
            tracing::error!(%cause, source = ?std::error::Error::source(cause), "a step is not on record");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let kind = format!("/problems/approvals/{}", error.word());
    Box::new(Problem::of(kind, status, &error.told()))
}

pub(super) fn unavailable() -> Problem {
    let text = "something that is needed cannot be reached; try again later";
    Problem::of("/problems/approvals/unavailable", StatusCode::SERVICE_UNAVAILABLE, text)
}
