//! What the bytes of a text are, a bit each and 64 bytes at a time: the one pass in which all
//! detectors learn where they have to look.

use super::view::is_word;

/// Which of 64 bytes are of the kinds that every text is full of. The lowest bit is the first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Decimal digits of ASCII.
    pub(super) digit: u64,
    /// `=` and `:`.
    pub(super) sign: u64,
    /// What may stand in a token.
    pub(super) word: u64,
}

/// 64 bytes of a text, or what is left of it.
pub(super) struct Block<'a> {
    /// The byte before them, and they.
    window: &'a [u8; 1 + WIDTH],
    /// Where they begin.
    pub(super) start: usize,
    pub(super) now: Masks,
    /// Of the block before; nothing at the start of a text.
    pub(super) before: Masks,
    /// Whether there is an `@`, what may begin an escape, two dashes, or anything but ASCII.
    pub(super) rare: bool,
}

/// Goes through a text. The last block has fewer than 64 bytes, and none if nothing is left; it is
/// filled up with 0, which is of no kind.
pub(super) fn each(text: &[u8], mut act: impl FnMut(&Block<'_>)) {
    let (mut start, mut before) = (0, Masks::default());
    while text.len() - start >= WIDTH {
        let whole = start.checked_sub(1).and_then(|from| text.get(from..)?.first_chunk());
        let now = match whole {
            Some(window) => Block::of(window, start, before).told(&mut act),
            None => Block::of(&cut(text, start), start, before).told(&mut act),
        };
        (start, before) = (start + WIDTH, now);
    }
    act(&Block::of(&cut(text, start), start, before));
}

/// The byte before this place and the 64 from there on, filled up with 0 at both ends of a text.
pub(super) fn cut(text: &[u8], start: usize) -> [u8; 1 + WIDTH] {
    let mut window = [0; 1 + WIDTH];
    let [first, others @ ..] = &mut window;
    *first = start.checked_sub(1).and_then(|before| text.get(before)).copied().unwrap_or(0);
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.get(..WIDTH).unwrap_or(rest);
    if let Some(others) = others.get_mut(..rest.len()) {
        others.copy_from_slice(rest);
    }
    window
}

impl<'a> Block<'a> {
    fn of(window: &'a [u8; 1 + WIDTH], start: usize, before: Masks) -> Self {
        let ([_, bytes @ ..], [shifted @ .., _]) = (window, window);
        Self { window, start, now: masks(bytes), before, rare: is_rare(bytes, shifted) }
    }

    /// The only block of a text.
    pub(super) fn only(window: &'a [u8; 1 + WIDTH]) -> Self {
        Self::of(window, 0, Masks::default())
    }

    fn told(self, act: &mut impl FnMut(&Block<'_>)) -> Masks {
        act(&self);
        self.now
    }

    /// Which of the bytes are of another kind.
    pub(super) fn which(&self, wanted: impl Fn(u8) -> bool) -> u64 {
        let [_, bytes @ ..] = self.window;
        gather(bytes, wanted)
    }

    /// The byte before all of them.
    pub(super) fn first(&self) -> u8 {
        let [first, ..] = self.window;
        *first
    }

    /// The bytes that follow a digit.
    pub(super) fn after_digit(&self) -> u64 {
        self.now.digit << 1 | self.before.digit >> 63
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

/// Without a branch, here and below, so that the compiler makes vectors of it.
fn masks(bytes: &[u8; WIDTH]) -> Masks {
    Masks {
        digit: gather(bytes, |byte| byte.wrapping_sub(b'0') < 10),
        sign: gather(bytes, |byte| (byte == b'=') | (byte == b':')),
        word: gather(bytes, is_word),
    }
}

/// Whether something rare is among the bytes, each of which is handed in with the one before it.
fn is_rare(bytes: &[u8; WIDTH], before: &[u8; WIDTH]) -> bool {
    let mut rare = [0u8; WIDTH];
    for ((rare, byte), before) in rare.iter_mut().zip(bytes).zip(before) {
        let dashes = (*byte == b'-') & (*before == b'-');
        let sign = (*byte == b'@') | (*byte == b'%') | (*byte == b'&') | (*byte == b'\\');
        *rare = u8::from(dashes | sign) | *byte & 0x80;
    }
    rare.iter().fold(0, |all, rare| all | rare) != 0
}

fn gather(bytes: &[u8; WIDTH], wanted: impl Fn(u8) -> bool) -> u64 {
    let mut hits = [0u8; WIDTH];
    for (hit, byte) in hits.iter_mut().zip(bytes) {
        *hit = u8::from(wanted(*byte));
    }
    let (words, _) = hits.as_chunks::<8>();
    // The product moves the lowest bit of the byte at n to the bit at 56 + n.
    let pack = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    words.iter().rev().fold(0, |bits, word| bits << 8 | pack(word))
}

/// How many bytes a block has.
pub(super) const WIDTH: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a block says of its bytes, said byte by byte.
    fn plainly(text: &[u8], start: usize) -> (Masks, bool) {
        let at = |place: usize| text.get(place).copied().unwrap_or(0);
        let bits = |wanted: &dyn Fn(u8) -> bool| {
            (0..WIDTH).fold(0, |bits, n| bits | u64::from(wanted(at(start + n))) << n)
        };
        let masks = Masks {
            digit: bits(&|byte| byte.is_ascii_digit()),
            sign: bits(&|byte| b"=:".contains(&byte)),
            word: bits(&|byte| byte.is_ascii_alphanumeric() || b"+/-_.=~".contains(&byte)),
        };
        let rare = (start..start + WIDTH).any(|place| {
            let dashes = place > 0 && (at(place - 1), at(place)) == (b'-', b'-');
            dashes || b"@%&\\".contains(&at(place)) || !at(place).is_ascii()
        });
        (masks, rare)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn blocks_say_what_every_byte_says_by_itself(
            text in prop::collection::vec(
                prop_oneof![any::<u8>(), 32..127u8, prop::sample::select(b"a0-=:@ ".to_vec())],
                0..300,
            ),
        ) {
            let (mut start, mut before) = (0, Masks::default());
            each(&text, |block| {
                let (masks, rare) = plainly(&text, start);
                assert_eq!((block.start, block.now, block.before), (start, masks, before));
                assert_eq!(block.rare, rare);
                let digit = |place: usize| text.get(place).is_some_and(u8::is_ascii_digit);
                for n in 0..WIDTH {
                    let follows = start + n > 0 && digit(start + n - 1);
                    assert_eq!(block.after_digit() >> n & 1 == 1, follows);
                }
                (start, before) = (start + WIDTH, block.now);
            });
            prop_assert!(start > text.len() && start <= text.len() + WIDTH);
        }
    }

    #[test]
    fn all_bytes_from_a_place_on_are_counted_from_the_start_of_the_text() {
        let window = cut(&[b'1'; 70], 64);
        let block = Block::of(&window, 64, Masks::default());
        assert_eq!(block.now.digit, 0b11_1111);
        assert_eq!((block.from(0), block.from(64), block.from(67)), (u64::MAX, u64::MAX, !0b111));
        assert_eq!((block.from(127), block.from(128), block.from(999)), (1 << 63, 0, 0));
        assert_eq!(block.place(0b1000), 67);
    }
}
