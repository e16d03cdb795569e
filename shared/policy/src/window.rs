//! When an approved request may run: hours of the day, by the clocks of a place.

use std::fmt;

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};
use request::Millis;
use serde::{Deserialize, Serialize};

/// The hours that one policy names, for instance `Mon-Fri 22:00-06:00 Europe/Berlin`; several stretches
/// with `;` between, of which one has to be open.
///
/// A moment is in a stretch when the clocks of the zone show a time in it then. Nothing is computed
/// from what clocks show back to a moment, and so an hour that clocks leave out in spring is never
/// open, and one that they show twice in autumn is open twice. A stretch over midnight belongs to the
/// day on which it begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    text: String,
    spans: Vec<Span>,
}

/// One stretch of hours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Span {
    /// By the day of the week, Monday first.
    days: [bool; 7],
    /// Minutes of the day; the first that is open.
    from: i32,
    /// Minutes of the day; the first that is shut again. Not more than `from` where midnight is between.
    until: i32,
    /// In the spelling of the IANA database.
    zone: String,
}

impl Window {
    /// Reads what a policy says.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let spans = text.split(';').map(span).collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().to_owned(), spans })
    }

    /// Whether it is open at this moment. `now` is in Unix milliseconds.
    #[must_use]
    pub fn open_at(&self, now: Millis) -> bool {
        let at = i64::try_from(now.0).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        // What lies beyond every calendar is in no window.
        at.is_some_and(|at| self.spans.iter().any(|span| span.open_at(at)))
    }
}

/// As it was written.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.text
    }
}

impl TryFrom<String> for Window {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Span {
    fn open_at(&self, at: Timestamp) -> bool {
        let Some(zone) = zone(&self.zone) else { return false };
        let shown = zone.to_datetime(at);
        let minute = i32::from(shown.hour()) * 60 + i32::from(shown.minute());
        let began = |day: Date| self.days.get(index(day.weekday())) == Some(&true);
        if self.from < self.until {
            return (self.from..self.until).contains(&minute) && began(shown.date());
        }
        let since_yesterday = || shown.date().yesterday().is_ok_and(began);
        (minute >= self.from && began(shown.date())) || (minute < self.until && since_yesterday())
    }
}

fn span(text: &str) -> Result<Span, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (named, hours, place) = match words.as_slice() {
        [hours, place] => (None, *hours, *place),
        [named, hours, place] => (Some(*named), *hours, *place),
        _ => return Err(format!("`{}` is no window: {EXAMPLE}", text.trim())),
    };
    let days = named.map_or(Ok([true; 7]), days)?;
    let (from, until) =
        hours.split_once('-').ok_or(format!("`{hours}` are no hours: {EXAMPLE}"))?;
    let (from, until) = (minutes(from)?, minutes(until)?);
    // 24:00 is the end of a day and the beginning of none.
    if from == until || from == DAY {
        return Err(format!("`{hours}` is no stretch of time: {EXAMPLE}"));
    }
    zone(place).ok_or(format!("`{place}` is no zone of the IANA database"))?;
    Ok(Span { days, from, until, zone: place.to_owned() })
}

/// The zone of exactly this name. Our own copy of the database is asked and not the machine's, so that a
/// window means the same wherever it is read.
fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok().filter(|zone| zone.iana_name() == Some(name))
}

/// Days and ranges of days with `,` between. A range may go over Sunday.
fn days(text: &str) -> Result<[bool; 7], String> {
    let mut open = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        if part.contains('-') && first == last {
            return Err(format!("`{part}` is one day or seven: say which"));
        }
        let mut at = first;
        loop {
            if let Some(open) = open.get_mut(index(at)) {
                *open = true;
            }
            if at == last {
                break;
            }
            at = at.next();
        }
    }
    Ok(open)
}

fn day(text: &str) -> Result<Weekday, String> {
    let known = DAYS.iter().find(|(name, _)| *name == text);
    known
        .map(|(_, day)| *day)
        .ok_or(format!("`{text}` is no day: Mon, Tue, Wed, Thu, Fri, Sat, Sun"))
}

fn index(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

/// `HH:MM` in two digits each, up to `24:00`.
fn minutes(text: &str) -> Result<i32, String> {
    let wrong = || format!("`{text}` is no time of day, as 06:30 is");
    let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
    let two = |part: &str| -> Option<i32> {
        let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|_| plain)
    };
    let (hours, minutes) = two(hours).zip(two(minutes)).ok_or_else(wrong)?;
    let at = hours * 60 + minutes;
    if minutes < 60 && at <= DAY { Ok(at) } else { Err(wrong()) }
}

/// Minutes of a day.
const DAY: i32 = 24 * 60;

const EXAMPLE: &str = "one is written as `Mon-Fri 22:00-06:00 Europe/Berlin`";

const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the window is open at a moment, written with its offset from Greenwich.
    fn open(window: &str, moment: &str) -> bool {
        let at: Timestamp = moment.parse().unwrap();
        let now = Millis(at.as_millisecond().try_into().unwrap());
        Window::parse(window).unwrap().open_at(now)
    }

    #[test]
    fn a_window_is_open_from_its_first_minute_up_to_its_last() {
        let noon = "12:00-12:30 Europe/Berlin";
        assert!(!open(noon, "2026-11-21T11:59:59.999+01"));
        assert!(open(noon, "2026-11-21T12:00:00+01"));
        assert!(open(noon, "2026-11-21T12:29:59.999+01"));
        assert!(!open(noon, "2026-11-21T12:30:00+01"));
        assert!(
            !open(noon, "2026-11-21T12:00:00+00"),
            "by the clocks of Berlin and not of Greenwich"
        );
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
        let nights = "Mon-Fri 22:00-06:00 Europe/Berlin";
        // The 20th of November 2026 is a Friday.
        assert!(open(nights, "2026-11-20T23:00:00+01"));
        assert!(open(nights, "2026-11-21T05:59:59+01"), "the night that began on Friday");
        assert!(!open(nights, "2026-11-21T06:00:00+01"));
        assert!(!open(nights, "2026-11-21T23:00:00+01"), "a Saturday");
        assert!(!open(nights, "2026-11-23T05:00:00+01"), "the night that began on Sunday");
        assert!(open(nights, "2026-11-24T05:00:00+01"));
        assert!(!open(nights, "2026-11-20T05:00:00-05"), "eleven in the morning in Berlin");
    }

    #[test]
    fn days_are_named_one_by_one_or_from_to_also_over_sunday() {
        let at = |days: &str| -> Vec<u32> {
            let window = format!("{days} 00:00-24:00 UTC");
            // The 16th of November 2026 is a Monday.
            (16..23).filter(|day| open(&window, &format!("2026-11-{day}T12:00:00Z"))).collect()
        };
        assert_eq!(at("Wed"), [18]);
        assert_eq!(at("Mon,Wed,Sat-Sun"), [16, 18, 21, 22]);
        assert_eq!(at("Sat-Mon"), [16, 21, 22]);
        assert_eq!(at("Mon-Sun"), [16, 17, 18, 19, 20, 21, 22]);
    }

    #[test]
    fn a_day_ends_at_24_00() {
        let late = "Sat 22:00-24:00 UTC";
        assert!(open(late, "2026-11-21T23:59:59Z"));
        assert!(!open(late, "2026-11-22T00:00:00Z"));
    }

    #[test]
    fn of_several_stretches_one_is_enough() {
        let either = "Mon-Fri 22:00-06:00 Europe/Berlin; Sat,Sun 00:00-24:00 America/New_York";
        assert!(open(either, "2026-11-20T22:30:00+01"));
        assert!(open(either, "2026-11-21T12:00:00-05"));
        assert!(!open(either, "2026-11-20T12:00:00-05"));
    }

    #[test]
    fn an_hour_that_clocks_leave_out_is_never_open() {
        // On the 29th of March 2026 clocks in Berlin go from 02:00 to 03:00.
        let window = "02:30-03:00 Europe/Berlin";
        assert!(!minutes_open(window, "2026-03-29T00:00:00+01").any(|_| true));
        assert_eq!(minutes_open(window, "2026-03-28T00:00:00+01").count(), 30);
        assert_eq!(
            minutes_open("22:00-06:00 Europe/Berlin", "2026-03-28T12:00:00+01").count(),
            7 * 60
        );
        assert_eq!(minutes_open("01:30-03:30 Europe/Berlin", "2026-03-29T00:00:00+01").count(), 60);
    }

    #[test]
    fn an_hour_that_clocks_show_twice_is_open_twice() {
        // On the 25th of October 2026 clocks in Berlin go from 03:00 back to 02:00.
        let window = "02:30-03:00 Europe/Berlin";
        let open: Vec<i64> = minutes_open(window, "2026-10-25T00:00:00+02").collect();
        let expected: Vec<i64> = (150..180).chain(210..240).collect();
        assert_eq!(open, expected);
        assert_eq!(
            minutes_open("22:00-06:00 Europe/Berlin", "2026-10-24T12:00:00+02").count(),
            9 * 60
        );
    }

    #[test]
    fn clocks_that_change_by_half_an_hour_or_at_midnight_are_read_as_well() {
        // Lord Howe goes from 02:00 to 02:30 on the 4th of October 2026, and back in April.
        let howe = "02:00-03:00 Australia/Lord_Howe";
        assert_eq!(minutes_open(howe, "2026-10-04T00:00:00+10:30").count(), 30);
        assert_eq!(minutes_open(howe, "2026-04-05T00:00:00+11").count(), 60);
        assert_eq!(
            minutes_open("01:30-02:00 Australia/Lord_Howe", "2026-04-05T00:00:00+11").count(),
            60
        );
        // Cairo goes from 00:00 to 01:00 on the 24th of April 2026, a Friday.
        let cairo = "Thu 23:30-00:30 Africa/Cairo";
        assert_eq!(minutes_open(cairo, "2026-04-23T12:00:00+02").count(), 30);
        let cairo = "Fri 00:00-01:00 Africa/Cairo";
        assert_eq!(minutes_open(cairo, "2026-04-23T12:00:00+02").count(), 0);
    }

    /// The minutes of the day from this moment on at which the window is open.
    fn minutes_open(window: &str, from: &str) -> impl Iterator<Item = i64> {
        let window = Window::parse(window).unwrap();
        let from: Timestamp = from.parse().unwrap();
        let at = move |minute: i64| Millis((from.as_millisecond() + minute * 60_000) as u64);
        (0..24 * 60).filter(move |minute| window.open_at(at(*minute)))
    }

    #[test]
    fn a_window_is_written_back_as_it_was_read() {
        let text = "Mon-Fri 22:00-06:00 Europe/Berlin; Sat 00:00-24:00 UTC";
        let window = Window::parse(text).unwrap();
        assert_eq!(window.to_string(), text);
        let json = serde_json::to_string(&window).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), window);
        assert!(serde_json::from_str::<Window>("\"always\"").is_err());
    }

    #[test]
    fn what_is_no_window_is_told() {
        for (text, part) in [
            ("", "is no window"),
            ("22:00-06:00", "is no window"),
            ("22:00-06:00 Europe/Berlin;", "is no window"),
            ("Mon Tue 22:00-06:00 Europe/Berlin", "is no window"),
            ("22:00 Europe/Berlin", "are no hours"),
            ("22:00-22:00 Europe/Berlin", "is no stretch"),
            ("24:00-06:00 Europe/Berlin", "is no stretch"),
            ("22:00-24:01 Europe/Berlin", "is no time of day"),
            ("9:00-12:00 Europe/Berlin", "is no time of day"),
            ("09:60-12:00 Europe/Berlin", "is no time of day"),
            ("+9:00-12:00 Europe/Berlin", "is no time of day"),
            ("22:00-06:00 Europe/Bonn", "is no zone"),
            ("22:00-06:00 europe/berlin", "is no zone"),
            ("22:00-06:00 Etc/Unknown", "is no zone"),
            ("22:00-06:00 CEST-1", "is no zone"),
            ("mon 22:00-06:00 Europe/Berlin", "is no day"),
            ("Mon- 22:00-06:00 Europe/Berlin", "is no day"),
            ("Mon-Mon 22:00-06:00 Europe/Berlin", "is one day or seven"),
        ] {
            let why = Window::parse(text).unwrap_err();
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}
