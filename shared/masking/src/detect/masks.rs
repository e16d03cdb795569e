//! What the bytes of a text are, a bit each and 64 bytes at a time: the one pass in which all
//! detectors learn where they have to look.

use fearless_simd::{Level, dispatch, prelude::*, u8x16};

/// Which of 64 bytes are of the kinds that are looked for. The lowest bit is the first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Decimal digits of ASCII.
    pub(super) digit: u64,
    /// `=` and `:`.
    pub(super) sign: u64,
    /// What may stand in a token.
    pub(super) word: u64,
    /// Signs that may stand between the digits of a number: a blank and `+-_./:`.
    pub(super) glue: u64,
    pub(super) dot: u64,
    pub(super) dash: u64,
    pub(super) at: u64,
    /// `@`, what may begin an escape, and anything but ASCII.
    pub(super) rare: u64,
}

/// 64 bytes of a text, or what is left of it.
pub(super) struct Block {
    /// Where they begin.
    pub(super) start: usize,
    pub(super) now: Masks,
    /// Of the block before; nothing at the start of a text.
    pub(super) before: Before,
}

/// What of a block counts for the next.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    pub(super) digit: u64,
    pub(super) word: u64,
    pub(super) dash: u64,
}

/// Goes through a text. The last block has fewer than 64 bytes, and none if nothing is left; what is
/// missing is of no kind.
pub(super) fn each(text: &[u8], mut act: impl FnMut(&Block)) {
    let (whole, rest) = text.as_chunks::<WIDTH>();
    let (mut start, mut before) = (0, Before::default());
    for bytes in whole {
        let block = Block { start, now: Masks::of(bytes), before };
        act(&block);
        let Masks { digit, word, dash, .. } = block.now;
        (start, before) = (start + WIDTH, Before { digit, word, dash });
    }
    act(&Block { start, now: Masks::of_rest(rest), before });
}

impl Block {
    /// The only block of a text.
    pub(super) fn only(text: &[u8]) -> Self {
        Self { start: 0, now: Masks::of_rest(text), before: Before::default() }
    }

    /// Whether there is an `@`, what may begin an escape, two dashes, or anything but ASCII.
    pub(super) fn is_rare(&self) -> bool {
        self.now.rare | self.now.dash & self.after_dash() != 0
    }

    /// The bytes that follow a digit.
    pub(super) fn after_digit(&self) -> u64 {
        self.now.digit << 1 | self.before.digit >> 63
    }

    /// The bytes that follow a dash.
    pub(super) fn after_dash(&self) -> u64 {
        self.now.dash << 1 | self.before.dash >> 63
    }

    /// All bytes from this place of the text on.
    pub(super) fn from(&self, place: usize) -> u64 {
        let skipped = u32::try_from(place.saturating_sub(self.start)).unwrap_or(u32::MAX);
        u64::MAX.checked_shl(skipped).unwrap_or(0)
    }

    /// Where in the text the first of these bytes stands.
    pub(super) fn place(&self, bits: u64) -> usize {
        self.start + bits.trailing_zeros() as usize
    }
}

impl Masks {
    /// By the widest vectors that this processor has.
    fn of(bytes: &[u8; WIDTH]) -> Self {
        dispatch!(Level::new(), simd => Self::by(simd, bytes))
    }

    #[inline(always)]
    fn by<S: Simd>(simd: S, bytes: &[u8; WIDTH]) -> Self {
        let mut all = Self::default();
        for (at, part) in (0..).step_by(S::u8s::LEN).zip(bytes.chunks_exact(S::u8s::LEN)) {
            all.add(at, Self::part(S::u8s::from_slice(simd, part)));
        }
        all
    }

    /// Of fewer than 64 bytes. Most are the cell of a table and have one or two vectors of sixteen,
    /// which every processor has: that is sooner done than to ask what else it has.
    fn of_rest(rest: &[u8]) -> Self {
        dispatch!(Level::baseline(), simd => {
            let (parts, few) = rest.as_chunks::<16>();
            let (mut all, mut at) = (Self::default(), 0);
            for part in parts {
                all.add(at, Self::part(u8x16::simd_from(simd, *part)));
                at += 16;
            }
            if !few.is_empty() {
                all.add(at, Self::part(u8x16::simd_from(simd, filled(few))));
            }
            all
        })
    }

    /// Without a branch. What is called while the vectors are wide has to be inlined.
    #[inline(always)]
    fn part<S: Simd, V: SimdInt<S, Element = u8>>(bytes: V) -> Self {
        let simd = bytes.token();
        let is = |byte: u8| bytes.simd_eq(V::splat(simd, byte));
        let below = |bytes: V, end: u8| bytes.simd_lt(V::splat(simd, end));
        let (equals, colon, plus, bar, at) = (is(b'='), is(b':'), is(b'+'), is(b'_'), is(b'@'));
        // `-`, `.`, `/` and the digits stand one behind the other.
        let from_dash = bytes - b'-';
        let letter = below((bytes | 0x20) - b'a', 26);
        let word = below(from_dash, 13) | letter | plus | equals | bar | is(b'~');
        let glue = below(from_dash, 3) | is(b' ') | plus | colon | bar;
        let rare = at | below(bytes - b'%', 2) | is(b'\\') | !below(bytes, 0x80);
        Self {
            digit: below(bytes - b'0', 10).to_bitmask(),
            sign: (equals | colon).to_bitmask(),
            word: word.to_bitmask(),
            glue: glue.to_bitmask(),
            dot: is(b'.').to_bitmask(),
            dash: is(b'-').to_bitmask(),
            at: at.to_bitmask(),
            rare: rare.to_bitmask(),
        }
    }

    /// Adds what the bytes from some place on are.
    #[inline(always)]
    fn add(&mut self, at: u32, part: Self) {
        self.digit |= part.digit << at;
        self.sign |= part.sign << at;
        self.word |= part.word << at;
        self.glue |= part.glue << at;
        self.dot |= part.dot << at;
        self.dash |= part.dash << at;
        self.at |= part.at << at;
        self.rare |= part.rare << at;
    }
}

/// Fewer than sixteen bytes, with 0 behind them: two words that may overlap, which costs no branch
/// for each length.
fn filled(few: &[u8]) -> [u8; 16] {
    let halves = (few.first_chunk::<8>(), few.last_chunk::<8>());
    let quarters = (few.first_chunk::<4>(), few.last_chunk::<4>());
    let bits = if let (Some(head), Some(tail)) = halves {
        let [head, tail] = [head, tail].map(|half| u128::from(u64::from_le_bytes(*half)));
        head | tail << (8 * (few.len() - 8))
    } else if let (Some(head), Some(tail)) = quarters {
        let [head, tail] = [head, tail].map(|part| u128::from(u32::from_le_bytes(*part)));
        head | tail << (8 * (few.len() - 4))
    } else {
        few.iter().rev().fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    };
    bits.to_le_bytes()
}

/// How many bytes a block has.
pub(super) const WIDTH: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the masks say of bytes, said byte by byte.
    fn plainly(text: &[u8]) -> Masks {
        let bits = |wanted: &dyn Fn(u8) -> bool| {
            let bytes = text.iter().take(WIDTH).enumerate();
            bytes.fold(0, |bits, (n, byte)| bits | u64::from(wanted(*byte)) << n)
        };
        Masks {
            digit: bits(&|byte| byte.is_ascii_digit()),
            sign: bits(&|byte| b"=:".contains(&byte)),
            word: bits(&|byte| byte.is_ascii_alphanumeric() || b"+/-_.=~".contains(&byte)),
            glue: bits(&|byte| b" +-_./:".contains(&byte)),
            dot: bits(&|byte| byte == b'.'),
            dash: bits(&|byte| byte == b'-'),
            at: bits(&|byte| byte == b'@'),
            rare: bits(&|byte| b"@%&\\".contains(&byte) || !byte.is_ascii()),
        }
    }

    fn bytes(length: usize) -> impl Strategy<Value = Vec<u8>> {
        let some = prop::sample::select(b"a0-=:@ .".to_vec());
        prop::collection::vec(prop_oneof![any::<u8>(), 32..127u8, some], 0..length)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn blocks_say_what_every_byte_says_by_itself(text in bytes(300)) {
            let mut start = 0;
            each(&text, |block| {
                assert_eq!((block.start, block.now), (start, plainly(&text[start..])));
                for n in 0..WIDTH {
                    let at = |place: usize| text.get(place).copied().unwrap_or(0);
                    let before = if start + n > 0 { at(start + n - 1) } else { 0 };
                    assert_eq!(block.after_digit() >> n & 1 == 1, before.is_ascii_digit());
                    assert_eq!(block.after_dash() >> n & 1 == 1, before == b'-');
                }
                let dashes = block.now.dash & block.after_dash();
                assert_eq!(block.is_rare(), block.now.rare | dashes != 0);
                start += WIDTH;
            });
            prop_assert!(start > text.len() && start <= text.len() + WIDTH);
        }

        #[test]
        fn all_processors_say_the_same(text in bytes(65)) {
            let whole = text.first_chunk::<WIDTH>();
            let baseline = |bytes| dispatch!(Level::baseline(), simd => Masks::by(simd, bytes));
            prop_assert_eq!(whole.map(Masks::of), whole.map(baseline));
            let few = &text[..text.len().min(15)];
            let mut expected = few.to_vec();
            expected.resize(16, 0);
            prop_assert_eq!(filled(few).to_vec(), expected);
        }
    }

    #[test]
    fn all_bytes_from_a_place_on_are_counted_from_the_start_of_the_text() {
        let block = Block { start: 64, now: Masks::of_rest(b"111111"), before: Before::default() };
        assert_eq!(block.now.digit, 0b11_1111);
        assert_eq!((block.from(0), block.from(64), block.from(67)), (u64::MAX, u64::MAX, !0b111));
        assert_eq!((block.from(127), block.from(128), block.from(999)), (1 << 63, 0, 0));
        assert_eq!(block.place(0b1000), 67);
    }
}
