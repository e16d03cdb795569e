//! Dates, times, moments and intervals, from counts of days and microseconds to ISO 8601.
//!
//! PostgreSQL's calendar is wider than that of any crate: 4714 BC to 5874897 AD.

use std::{borrow::Cow, fmt};

use masking::Cell;

use super::{
    Error,
    reader::{Reader, fixed, whole},
};

pub(super) fn date(raw: &[u8]) -> Result<Cell<'_>, Error> {
    text(match i32::from_be_bytes(fixed(raw)?) {
        i32::MAX => "infinity".into(),
        i32::MIN => "-infinity".into(),
        days => {
            let day = Day::from(days.into())?;
            format!("{day}{}", day.era())
        }
    })
}

pub(super) fn time(raw: &[u8]) -> Result<Cell<'_>, Error> {
    text(clock(i64::from_be_bytes(fixed(raw)?))?)
}

pub(super) fn timetz(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let (micros, west) = whole(raw, |reader| Ok((reader.i64()?, reader.i32()?)))?;
    text(clock(micros)? + &offset(west)?)
}

pub(super) fn timestamp(raw: &[u8]) -> Result<Cell<'_>, Error> {
    text(moment(i64::from_be_bytes(fixed(raw)?), "")?)
}

/// In UTC, whatever zone the session is in: the zone it was written in is not kept by PostgreSQL.
pub(super) fn timestamptz(raw: &[u8]) -> Result<Cell<'_>, Error> {
    text(moment(i64::from_be_bytes(fixed(raw)?), "Z")?)
}

/// As PostgreSQL prints it with `intervalstyle = iso_8601`: each part has its own sign.
pub(super) fn interval(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let parts = |reader: &mut Reader<'_>| Ok((reader.i64()?, reader.i32()?, reader.i32()?));
    text(match whole(raw, parts)? {
        // PostgreSQL 17 and later.
        (i64::MAX, i32::MAX, i32::MAX) => "infinity".into(),
        (i64::MIN, i32::MIN, i32::MIN) => "-infinity".into(),
        (0, 0, 0) => "PT0S".into(),
        (micros, days, months) => format!("P{}{}", calendar(months, days), span(micros)),
    })
}

fn text<'a>(text: String) -> Result<Cell<'a>, Error> {
    Ok(Cell::Text(Cow::Owned(text)))
}

/// A day of the proleptic Gregorian calendar; the year before 1 is 0.
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// From days since 2000-01-01, the epoch of PostgreSQL.
    fn from(days: i64) -> Result<Self, Error> {
        if days < FIRST_DAY {
            return Err(Error::Malformed);
        }
        // Years are counted from March, so that a leap day is the last of its year.
        let days = days + MARCH_OF_YEAR_0_TO_EPOCH;
        let (cycle, day) = (days.div_euclid(DAYS_400_YEARS), days.rem_euclid(DAYS_400_YEARS));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let march = (5 * day + 2) / 153;
        let month = if march < 10 { march + 3 } else { march - 9 };
        Ok(Self {
            year: cycle * 400 + year + i64::from(month <= 2),
            month,
            day: day - (153 * march + 2) / 5 + 1,
        })
    }

    /// What comes after the time of such a day.
    fn era(&self) -> &'static str {
        if self.year > 0 { "" } else { " BC" }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = if self.year > 0 { self.year } else { 1 - self.year };
        write!(f, "{year:04}-{:02}-{:02}", self.month, self.day)
    }
}

/// From microseconds since 2000-01-01.
fn moment(micros: i64, zone: &str) -> Result<String, Error> {
    match micros {
        i64::MAX => return Ok("infinity".into()),
        i64::MIN => return Ok("-infinity".into()),
        _ => {}
    }
    let day = Day::from(micros.div_euclid(DAY))?;
    Ok(format!("{day}T{}{zone}{}", clock(micros.rem_euclid(DAY))?, day.era()))
}

/// From microseconds since midnight; 24:00:00 is one of PostgreSQL's times.
fn clock(micros: i64) -> Result<String, Error> {
    if !(0..=DAY).contains(&micros) {
        return Err(Error::Malformed);
    }
    let (hour, minute) = (micros / HOUR, micros / MINUTE % 60);
    let (second, rest) = (micros / SECOND % 60, fraction(micros % SECOND));
    Ok(format!("{hour:02}:{minute:02}:{second:02}{rest}"))
}

/// The point and the digits that are needed, or nothing.
fn fraction(micros: i64) -> String {
    match micros {
        0 => String::new(),
        micros => format!(".{micros:06}").trim_end_matches('0').into(),
    }
}

/// From seconds west of Greenwich.
fn offset(west: i32) -> Result<String, Error> {
    if !(-WIDEST_OFFSET..=WIDEST_OFFSET).contains(&west) {
        return Err(Error::Malformed);
    }
    let sign = if west > 0 { '-' } else { '+' };
    let (hour, minute, second) = (west.abs() / 3600, west.abs() / 60 % 60, west.abs() % 60);
    let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
    Ok(format!("{sign}{hour:02}:{minute:02}{seconds}"))
}

fn calendar(months: i32, days: i32) -> String {
    part(months / 12, 'Y') + &part(months % 12, 'M') + &part(days, 'D')
}

fn span(micros: i64) -> String {
    if micros == 0 {
        return String::new();
    }
    let rest = micros % MINUTE;
    let (sign, second) = (if rest < 0 { "-" } else { "" }, (rest / SECOND).abs());
    let seconds = match rest {
        0 => String::new(),
        _ => format!("{sign}{second}{}S", fraction((rest % SECOND).abs())),
    };
    format!("T{}{}{seconds}", part(micros / HOUR, 'H'), part(micros / MINUTE % 60, 'M'))
}

fn part<N: PartialEq + From<i8> + fmt::Display>(count: N, unit: char) -> String {
    if count == N::from(0) { String::new() } else { format!("{count}{unit}") }
}

// Microseconds.
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
// Days. The first one PostgreSQL knows is 4714-11-24 BC, number 0 of the Julian count.
const FIRST_DAY: i64 = -2_451_545;
const MARCH_OF_YEAR_0_TO_EPOCH: i64 = 730_425;
const DAYS_400_YEARS: i64 = 146_097;
/// Seconds: PostgreSQL takes zones up to 15:59:59.
const WIDEST_OFFSET: i32 = 16 * 3600 - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_of_the_calendar_is_malformed() {
        assert!(Day::from(FIRST_DAY).is_ok());
        assert!(Day::from(FIRST_DAY - 1).is_err());
        assert!(clock(DAY).is_ok());
        assert!(clock(DAY + 1).is_err());
        assert!(clock(-1).is_err());
        assert!(offset(WIDEST_OFFSET).is_ok());
        assert!(offset(i32::MIN).is_err());
    }
}
