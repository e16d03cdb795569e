//! Moments as people read them.

use maud::{Markup, html};
use request::Millis;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// The moment, to the second, in UTC; a script says beside it how far that is from now.
pub(crate) fn moment(at: Millis) -> Markup {
    let (machine, human) = (written(at, MACHINE), written(at, HUMAN));
    html! { time datetime=(machine) { (human) } }
}

/// The time of the day and the date, for a line of a list.
pub(crate) fn short(at: Millis) -> Markup {
    let (machine, human) = (written(at, MACHINE), written(at, SHORT));
    html! { time datetime=(machine) { (human) } }
}

fn written(at: Millis, format: &[BorrowedFormatItem<'_>]) -> String {
    let seconds = i64::try_from(at.seconds()).unwrap_or(i64::MAX);
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok();
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_else(|| "at no time".into())
}

const MACHINE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const HUMAN: &[BorrowedFormatItem<'_>] = format_description!(
    "[day padding:none] [month repr:short] [year], [hour]:[minute]:[second] UTC"
);
const SHORT: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:short], [hour]:[minute] UTC");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_utc_for_people_and_for_machines() {
        let told = moment(Millis(1_800_000_000_999)).into_string();
        let wants = "<time datetime=\"2027-01-15T08:00:00Z\">15 Jan 2027, 08:00:00 UTC</time>";
        assert_eq!(told, wants);
        assert!(moment(Millis(u64::MAX)).into_string().contains("at no time"));
    }
}
