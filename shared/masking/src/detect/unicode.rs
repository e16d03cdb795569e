//! What a character looks like, in ASCII.

use super::view::{LETTER, OTHER};

/// The ASCII character that a reader takes `c` for, or a stand-in for a letter or for anything else;
/// `None` for what cannot be seen.
pub(super) fn fold(c: char) -> Option<u8> {
    let code = u32::from(c);
    if let Ok(byte) = u8::try_from(code)
        && byte.is_ascii()
    {
        return Some(byte);
    }
    if invisible(code) {
        return None;
    }
    Some(
        digit(code)
            .or_else(|| letter(code))
            .or_else(|| sign(c, code))
            .unwrap_or(if c.is_alphanumeric() { LETTER } else { OTHER }),
    )
}

/// Format characters, joiners, variation selectors and marks that sit on another character.
fn invisible(code: u32) -> bool {
    matches!(code,
        0x00ad | 0x034f | 0x061c | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe01ef
        | 0x0300..=0x036f | 0x0483..=0x0489 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff
        | 0xfe20..=0xfe2f)
}

/// Every decimal digit of Unicode, and those in circles, brackets and above or below the line.
fn digit(code: u32) -> Option<u8> {
    let value = match code {
        0x00b2 | 0x00b3 => code - 0x00b0,
        0x00b9 => 1,
        0x2070 | 0x24ea | 0x24ff | 0x1f100 => 0,
        0x2074..=0x2079 => code - 0x2070,
        0x2080..=0x2089 => code - 0x2080,
        0x2460..=0x2468 => code - 0x245f,
        0x2474..=0x247c => code - 0x2473,
        0x2488..=0x2490 => code - 0x2487,
        0x24f5..=0x24fd => code - 0x24f4,
        0x2776..=0x277e => code - 0x2775,
        0x2780..=0x2788 => code - 0x277f,
        0x278a..=0x2792 => code - 0x2789,
        0x1f101..=0x1f10a => code - 0x1f101,
        _ => code - zero_of(code)?,
    };
    u8::try_from(value).ok().map(|value| b'0' + value)
}

/// The zero of the row of ten that holds this character.
fn zero_of(code: u32) -> Option<u32> {
    let row = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    ZEROS.get(row).copied().filter(|zero| code - zero < 10)
}

/// Letters that are ASCII's in another dress: full-width, mathematical, in circles.
fn letter(code: u32) -> Option<u8> {
    let ascii = match code {
        0xff01..=0xff5e => code - 0xfee0,
        0x24b6..=0x24cf => code - 0x24b6 + u32::from(b'A'),
        0x24d0..=0x24e9 => code - 0x24d0 + u32::from(b'a'),
        0x1d400..=0x1d6a3 => match (code - 0x1d400) % 52 {
            upper @ 0..26 => upper + u32::from(b'A'),
            lower => lower - 26 + u32::from(b'a'),
        },
        _ => return None,
    };
    u8::try_from(ascii).ok()
}

/// Dashes, dots, blanks and the few other signs that hold a number or an address together.
fn sign(c: char, code: u32) -> Option<u8> {
    match code {
        0x0085 | 0x2028 | 0x2029 => Some(b'\n'),
        0x2800 | 0x3164 | 0x115f | 0x1160 | 0xffa0 => Some(b' '),
        0x2010..=0x2015 | 0x2043 | 0x2212 | 0x2796 | 0x2e17 | 0x2e3a | 0x2e3b => Some(b'-'),
        0x058a | 0x05be | 0x1806 | 0xfe31 | 0xfe32 | 0xfe58 | 0xfe63 => Some(b'-'),
        0x00b7 | 0x2022 | 0x2024 | 0x2027 | 0x2219 | 0x22c5 | 0x3002 | 0x30fb => Some(b'.'),
        0xfe52 | 0xff61 | 0xff65 => Some(b'.'),
        0xfe6b => Some(b'@'),
        0x2044 | 0x2215 => Some(b'/'),
        0x203f | 0xfe33 | 0xfe34 | 0xfe4d..=0xfe4f => Some(b'_'),
        _ if c.is_whitespace() => Some(b' '),
        _ => None,
    }
}

/// The zero of each row of ten decimal digits (general category Nd, Unicode 17), in order.
const ZEROS: [u32; 75] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
    0x11da0, 0x11de0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_read_as_digits() {
        for (text, plain) in [
            ("４１１１", "4111"),
            ("٤١١١", "4111"),
            ("४१११", "4111"),
            ("𝟒𝟙𝟣𝟭", "4111"),
            ("④¹₁❶", "4111"),
        ] {
            let folded: Vec<u8> = text.chars().filter_map(fold).collect();
            assert_eq!(String::from_utf8(folded).unwrap(), plain);
        }
    }

    #[test]
    fn the_rows_of_digits_are_in_order_and_apart() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
        for zero in ZEROS {
            assert!((0..10).all(|n| digit(zero + n) == u8::try_from(n).ok().map(|n| b'0' + n)));
        }
    }

    #[test]
    fn letters_stay_letters_and_what_cannot_be_seen_goes() {
        assert_eq!(fold('ж'), Some(LETTER));
        assert_eq!(fold('☃'), Some(OTHER));
        assert_eq!(fold('\u{200b}'), None);
        assert_eq!(fold('\u{a0}'), Some(b' '));
        assert_eq!(fold('–'), Some(b'-'));
        assert_eq!(fold('𝓪'), Some(b'a'));
    }
}
