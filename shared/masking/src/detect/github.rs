//! GitHub: tokens by their prefix, and by their checksum where one is defined.

use std::ops::Range;

use super::view::View;

/// A token that begins here.
pub(super) fn at(view: &View<'_>, at: usize) -> Option<Range<usize>> {
    let end = match view.part(at..at + 4) {
        b"ghp_" | b"gho_" | b"ghu_" | b"ghs_" | b"ghr_" => classic(view, at + 4)?,
        b"gith" => fine_grained(view, at)?,
        _ => return None,
    };
    Some(at..end)
}

/// 30 random characters and six of checksum. Refresh tokens and those of newer apps are longer and
/// their checksum is not published: they count by their form.
fn classic(view: &View<'_>, start: usize) -> Option<usize> {
    let end = view.while_from(start, |byte| byte.is_ascii_alphanumeric());
    let short = start + RANDOM + CHECKSUM;
    match view.part(start..end).get(..RANDOM + CHECKSUM)?.split_at_checked(RANDOM)? {
        (random, sum) if checksum(random) == sum => Some(short),
        _ if end > short => Some(view.while_from(end, is_longer)),
        _ => None,
    }
}

fn fine_grained(view: &View<'_>, start: usize) -> Option<usize> {
    let prefix = b"github_pat_";
    let rest = start + prefix.len();
    let end = view.while_from(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (view.part(start..rest) == prefix && end - rest >= FINE_GRAINED).then_some(end)
}

/// CRC-32 of the random characters in base 62, as GitHub made it known in 2021.
fn checksum(random: &[u8]) -> [u8; CHECKSUM] {
    let mut rest = crc32(random);
    let mut sum = [b'0'; CHECKSUM];
    for digit in sum.iter_mut().rev() {
        *digit = match u8::try_from(rest % 62).unwrap_or_default() {
            value @ 0..10 => b'0' + value,
            value @ 10..36 => b'A' + value - 10,
            value => b'a' + value - 36,
        };
        rest /= 62;
    }
    sum
}

/// The CRC of ISO 3309 and of zip files.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => crc >> 1 ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    })
}

fn is_longer(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

const RANDOM: usize = 30;
const CHECKSUM: usize = 6;

/// 22 characters, `_` and 59; anything half as long is no accident.
const FINE_GRAINED: usize = 36;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Kind, tests::found_only};

    #[test]
    fn the_checksum_is_that_of_a_published_token() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(&checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), b"0mLq17");
    }

    fn found(text: &str) -> Vec<&str> {
        found_only(Kind::GithubToken, text)
    }

    #[test]
    fn a_token_counts_by_its_checksum_and_a_longer_one_by_its_form() {
        let token = "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";
        assert_eq!(found(token), [token]);
        assert_eq!(found(&format!("access_token={token}&x=1")), [token]);
        assert_eq!(found("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"), [""; 0]);
        let refresh = format!("ghr_{}", "1B4a2e77838347a7E420ce178F2E7c6912E1".repeat(2));
        assert_eq!(found(&refresh), [refresh.as_str()]);
        let fine = format!("github_pat_{}_{}", "1B4a2e77838347a7E420ce", "q7".repeat(29));
        assert_eq!(found(&fine), [fine.as_str()]);
        assert_eq!(found("github_pat_short"), [""; 0]);
    }
}
