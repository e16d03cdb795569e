//! A date or moment cut to its year, in the text that drivers give it.

/// The first of January, at midnight where there is a time, of the year that an ISO 8601 text begins
/// with; in the zone of the text, which is UTC where there is one. Infinity is in no year and stays.
/// `None` for what is no such text.
pub(crate) fn cut(text: &str) -> Option<String> {
    if matches!(text, "infinity" | "-infinity") {
        return Some(text.to_owned());
    }
    let (moment, era) = match text.strip_suffix(BEFORE_CHRIST) {
        Some(moment) => (moment, BEFORE_CHRIST),
        None => (text, ""),
    };
    let (date, time) = match moment.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (moment, None),
    };
    let year = year(date)?;
    let time = match time {
        None => "",
        Some(time) => midnight(time)?,
    };
    Some(format!("{year}-01-01{time}{era}"))
}

const BEFORE_CHRIST: &str = " BC";

fn year(date: &str) -> Option<&str> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let sound = year.len() >= 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    (sound && [year, month, day].into_iter().all(digits)).then_some(year)
}

fn midnight(time: &str) -> Option<&'static str> {
    let (clock, midnight) = match time.strip_suffix('Z') {
        Some(clock) => (clock, "T00:00:00Z"),
        None => (time, "T00:00:00"),
    };
    let sound = clock.len() >= 8 && clock.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b));
    sound.then_some(midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_moment_its_year_and_its_form_are_left() {
        for (text, expected) in [
            ("2024-02-29", "2024-01-01"),
            ("2024-12-31T23:59:59.999999", "2024-01-01T00:00:00"),
            ("2024-12-31T24:00:00Z", "2024-01-01T00:00:00Z"),
            ("12024-05-06", "12024-01-01"),
            ("0044-03-15 BC", "0044-01-01 BC"),
            ("0044-03-15T12:00:00Z BC", "0044-01-01T00:00:00Z BC"),
            ("infinity", "infinity"),
            ("-infinity", "-infinity"),
        ] {
            assert_eq!(cut(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_has_no_year() {
        for text in [
            "",
            "2024",
            "24-01-01",
            "2024-1-1",
            "2024-01-01-01",
            "2024-01-01 10:00:00",
            "2024-01-01T",
            "2024-01-01T10:00:00+02",
            "2024-01-01T078-05-1120",
            "secret-01-01",
            "2024-01-0x",
            "2024-01-01Z",
            "-2024-01-01",
        ] {
            assert_eq!(cut(text), None, "{text}");
        }
    }
}
