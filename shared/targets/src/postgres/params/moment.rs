//! Dates, times, moments and intervals in ISO 8601, each field held to its bounds.
//!
//! PostgreSQL reads far more ("tomorrow", 02/03/04) and rounds what is finer than a microsecond;
//! nobody who approves a request could say what such a value is.

use serde_json::Value;

use super::Wrong;

pub(super) fn date(value: &Value) -> Result<String, Wrong> {
    endless(value)
        .or_else(|| {
            let (text, era) = era(value.as_str()?);
            Some(day(text, era)?.to_owned() + era)
        })
        .ok_or(Wrong::Shape("YYYY-MM-DD"))
}

pub(super) fn time(value: &Value) -> Result<String, Wrong> {
    let clock = value.as_str().and_then(clock);
    clock.map(str::to_owned).ok_or(Wrong::Shape("HH:MM:SS without a zone"))
}

pub(super) fn timetz(value: &Value) -> Result<String, Wrong> {
    value.as_str().and_then(zoned).ok_or(Wrong::Shape("HH:MM:SS with a zone: Z or an offset"))
}

/// PostgreSQL would drop a zone without a word.
pub(super) fn timestamp(value: &Value) -> Result<String, Wrong> {
    let moment = endless(value).or_else(|| moment(value, |text| clock(text).map(str::to_owned)));
    moment.ok_or(Wrong::Shape("YYYY-MM-DDTHH:MM:SS without a zone"))
}

/// PostgreSQL would take a missing zone from the session's settings.
pub(super) fn timestamptz(value: &Value) -> Result<String, Wrong> {
    let moment = endless(value).or_else(|| moment(value, zoned));
    moment.ok_or(Wrong::Shape("YYYY-MM-DDTHH:MM:SS with a zone: Z or an offset"))
}

/// `P1Y2M3W4DT5H6M7.89S`: any of the parts, in this order, each with a sign of its own.
pub(super) fn interval(value: &Value) -> Result<String, Wrong> {
    let text = value.as_str().filter(|text| duration(text).is_some());
    let known = endless(value).or_else(|| text.map(str::to_owned));
    known.ok_or(Wrong::Shape("an ISO 8601 duration, as in P1DT2H"))
}

/// One to many ASCII digits, or none at all.
pub(super) fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn endless(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    matches!(text, "infinity" | "-infinity").then(|| text.to_owned())
}

/// The text and the ` BC` at its end, if it has one.
fn era(text: &str) -> (&str, &'static str) {
    text.strip_suffix(" BC").map_or((text, ""), |text| (text, " BC"))
}

/// The date as it came, if there is such a day.
fn day<'a>(text: &'a str, era: &str) -> Option<&'a str> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits = (4..=7).contains(&year.len()) && all_digits(year);
    let year: u32 = year.parse().ok().filter(|year| digits && *year > 0)?;
    // The year before 1 AD is 1 BC, and a leap year.
    let year = if era.is_empty() { year } else { year - 1 };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match two(month)? {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&two(day)?).then_some(text)
}

/// The time as it came, if there is such a time; 24:00 is one of PostgreSQL's.
fn clock(text: &str) -> Option<&str> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, rest) = rest.split_once(':').unwrap_or((rest, "00"));
    let (second, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    if !(1..=6).contains(&fraction.len()) || !all_digits(fraction) {
        return None;
    }
    let zero = fraction.bytes().all(|digit| digit == b'0');
    match (two(hour)?, two(minute)?, two(second)?) {
        (0..=23, 0..=59, 0..=59) => Some(text),
        (24, 0, 0) if zero => Some(text),
        _ => None,
    }
}

/// A time with a zone: `Z` or hours, minutes and seconds east of Greenwich.
fn zoned(text: &str) -> Option<String> {
    if let Some(utc) = text.strip_suffix('Z') {
        return Some(clock(utc)?.to_owned() + "+00");
    }
    let (time, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    let mut parts = offset.split_at_checked(1)?.1.split(':').map(two);
    let [hour, minute, second] = std::array::from_fn(|_| parts.next().unwrap_or(Some(0)));
    // PostgreSQL takes zones up to 15:59:59.
    let known = matches!((hour?, minute?, second?), (0..=15, 0..=59, 0..=59));
    (known && parts.next().is_none()).then_some(clock(time)?.to_owned() + offset)
}

fn moment(value: &Value, time: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (text, era) = era(value.as_str()?);
    let (date, rest) = text.split_once(['T', ' '])?;
    Some(format!("{} {}{era}", day(date, era)?, time(rest)?))
}

fn two(text: &str) -> Option<u32> {
    (text.len() == 2 && all_digits(text)).then(|| text.parse().ok())?
}

fn duration(text: &str) -> Option<()> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        None => (text, None),
        Some((date, time)) => (date, Some(time)),
    };
    let parts = parts(date, &['Y', 'M', 'W', 'D'])?;
    match time {
        None => (parts > 0).then_some(()),
        Some(time) => (self::parts(time, &['H', 'M', 'S'])? > 0).then_some(()),
    }
}

/// How many parts there are, if each has one of the units and they stand in their order.
fn parts(mut text: &str, units: &[char]) -> Option<usize> {
    let (mut units, mut count) = (units.iter(), 0);
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at_checked(end)?;
        let unit = rest.chars().next()?;
        units.find(|known| **known == unit)?;
        amount(number, unit)?;
        text = rest.strip_prefix(unit)?;
        count += 1;
    }
    Some(count)
}

/// Seconds may have a fraction, as fine as PostgreSQL keeps it.
fn amount(number: &str, unit: char) -> Option<()> {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = match digits.split_once('.') {
        Some(both) if unit == 'S' => both,
        Some(_) => return None,
        None => (digits, "0"),
    };
    // Ten digits are those of the widest field, 32 bits.
    let known = (1..=10).contains(&whole.len()) && (1..=6).contains(&fraction.len());
    (known && all_digits(whole) && all_digits(fraction)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_were_or_will_be_are_taken() {
        for text in ["2024-02-29", "2000-02-29", "0001-02-29 BC", "5874897-12-31", "infinity"] {
            assert_eq!(date(&text.into()), Ok(text.to_owned()));
        }
        for text in [
            "2023-02-29",
            "1900-02-29",
            "0004-02-29 BC",
            "0000-01-01",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-04-31",
            "24-01-01",
            "2024-1-1",
            "20240101",
            "+2024-01-01",
            "",
            "tomorrow",
            "2024-01-01 AD",
            "2024-01-01T00:00",
            "2024-01-0１",
            "Infinity",
        ] {
            assert!(date(&text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_zone_is_there_if_and_only_if_the_type_has_one() {
        for text in ["2024-01-01T12:34", "2024-01-01 24:00:00", "0044-03-15T00:00:00.5 BC"] {
            assert!(timestamp(&text.into()).is_ok(), "{text}");
            assert!(timestamptz(&text.into()).is_err(), "{text}");
        }
        for text in ["2024-01-01T12:34Z", "2024-01-01T12:34:56.123456-15:59:59", "1-01T00:00Z"] {
            assert!(timestamp(&text.into()).is_err(), "{text}");
            assert_eq!(timestamptz(&text.into()).is_ok(), text.len() > 12, "{text}");
        }
    }

    #[test]
    fn what_would_be_rounded_or_rolled_over_is_refused() {
        for text in ["12:00:60", "24:00:01", "24:00:00.000001", "12:00:00.1234567", "12", "12:0"] {
            assert!(time(&text.into()).is_err(), "{text}");
        }
        for text in ["12:00+16", "12:00+1", "12:00+01:00:00:00", "12:00 UTC", "12:00", "Z", "+01"] {
            assert!(timetz(&text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_has_its_parts_in_order_and_at_least_one() {
        for text in ["P1Y2M3W4DT5H6M7.89S", "PT0S", "P-1D", "PT-0.000001S", "-infinity"] {
            assert_eq!(interval(&text.into()), Ok(text.to_owned()));
        }
        for text in [
            "P",
            "PT",
            "P1DT",
            "P1M1Y",
            "P1.5D",
            "PT1S1H",
            "P1Y1Y",
            "1 day",
            "P1",
            "P1y",
            "-P1D",
            "PT0.1234567S",
            "P12345678901D",
            "PD",
            "P-D",
            "P+1D",
            "PT.5S",
            "P1D ",
            "P１D",
        ] {
            assert!(interval(&text.into()).is_err(), "{text}");
        }
    }
}
