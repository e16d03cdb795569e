//! The bytes of one kind in a text, a bit each and 64 at a time: runs of them are found by shifting.

use std::ops::Range;

/// Which bytes are `wanted`. It goes forward; each block is judged once.
pub(super) struct Bits<'a, F> {
    bytes: &'a [u8],
    wanted: F,
    /// Where the block starts that is judged.
    start: usize,
    bits: u64,
}

impl<'a, F: Fn(u8) -> bool> Bits<'a, F> {
    /// The test must have no branch, so that the compiler makes vectors of it, and 0, which fills up
    /// the last block, must not be wanted.
    pub(super) fn of(bytes: &'a [u8], wanted: F) -> Self {
        let bits = judge(bytes, 0, &wanted);
        Self { bytes, wanted, start: 0, bits }
    }

    /// Where the next of them stands, from there on.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        self.first(from, |bits| bits)
    }

    /// Where the next run of at least so many begins. What goes on in the next block counts as long
    /// enough until that is looked at.
    pub(super) fn run(&mut self, from: usize, least: usize) -> Option<Range<usize>> {
        let mut from = from;
        loop {
            let start = self.first(from, |bits| bits & !spread(!bits, least))?;
            let end = self.end(start);
            if end - start >= least {
                return Some(start..end);
            }
            from = end;
        }
    }

    /// Where they stop, from there on.
    pub(super) fn end(&mut self, from: usize) -> usize {
        self.first(from, |bits| !bits).map_or(self.bytes.len(), |end| end.min(self.bytes.len()))
    }

    /// The first bit of what is made of each block, from there on.
    fn first(&mut self, from: usize, made: impl Fn(u64) -> u64) -> Option<usize> {
        let block = from - from % WIDTH;
        if block != self.start {
            self.load(block);
        }
        let mut left = made(self.bits) & (u64::MAX << (from % WIDTH));
        while left == 0 {
            let next = self.start + WIDTH;
            if next >= self.bytes.len() {
                return None;
            }
            self.load(next);
            left = made(self.bits);
        }
        Some(self.start + left.trailing_zeros() as usize)
    }

    fn load(&mut self, start: usize) {
        self.bits = judge(self.bytes, start, &self.wanted);
        self.start = start;
    }
}

/// Each bit and the `least - 1` before it: no run of that length can begin there.
fn spread(bits: u64, least: usize) -> u64 {
    let (mut spread, mut reach) = (bits, 1);
    while reach < least {
        let step = reach.min(least - reach);
        spread |= spread >> step;
        reach += step;
    }
    spread
}

fn judge(bytes: &[u8], start: usize, wanted: &impl Fn(u8) -> bool) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.first_chunk::<WIDTH>() {
        Some(block) => gather(block, wanted),
        None => gather(&padded(rest), wanted),
    }
}

fn gather(block: &[u8; WIDTH], wanted: &impl Fn(u8) -> bool) -> u64 {
    let mut hits = [0u8; WIDTH];
    for (hit, byte) in hits.iter_mut().zip(block) {
        *hit = u8::from(wanted(*byte));
    }
    let (words, _) = hits.as_chunks::<8>();
    // The product moves the lowest bit of the byte at n to the bit at 56 + n.
    let pack = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    words.iter().rev().fold(0, |bits, word| bits << 8 | pack(word))
}

/// The end of a text as a block of its own, filled up with 0.
pub(super) fn padded<const N: usize>(rest: &[u8]) -> [u8; N] {
    let mut block = [0; N];
    for (byte, rest) in block.iter_mut().zip(rest) {
        *byte = *rest;
    }
    block
}

const WIDTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_x(byte: u8) -> bool {
        byte == b'x'
    }

    #[test]
    fn every_byte_is_found_where_it_stands() {
        for length in [0, 1, 7, 63, 64, 65, 130, 200] {
            for at in 0..length {
                let mut text = vec![b'.'; length];
                text[at] = b'x';
                let mut bits = Bits::of(&text, is_x);
                assert_eq!((bits.next(0), bits.end(at)), (Some(at), at + 1), "{length} {at}");
                assert_eq!((bits.next(at), bits.next(at + 1)), (Some(at), None));
            }
        }
    }

    #[test]
    fn runs_are_found_across_blocks_and_short_ones_are_not() {
        for start in 0..140 {
            for length in 1..80 {
                let mut text = vec![b'.'; 240];
                text[start..start + length].fill(b'x');
                let mut bits = Bits::of(&text, is_x);
                let run = (length >= 12).then_some(start..start + length);
                assert_eq!(bits.run(0, 12), run, "{start} {length}");
            }
        }
    }

    #[test]
    fn a_run_may_end_with_the_text() {
        assert_eq!(Bits::of(b"..xxxxx", is_x).run(0, 5), Some(2..7));
        assert_eq!(Bits::of(b"..xxxx", is_x).run(0, 5), None);
        assert_eq!(Bits::of(&[b'x'; 64], is_x).run(3, 5), Some(3..64));
        assert_eq!(Bits::of(b"", is_x).run(0, 5), None);
    }
}
