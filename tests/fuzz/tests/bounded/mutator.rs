//! What comes of good inputs by accident: the same accidents for the same seed.

/// Makes inputs one after the other.
pub(crate) struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
    input: Vec<u8>,
}

impl Mutator {
    pub(crate) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        // Zero would stay zero.
        Self { state: seed | 1, seeds, input: Vec::new() }
    }

    /// The next input: a seed after one to six accidents.
    pub(crate) fn next(&mut self) -> &[u8] {
        let seed = self.below(self.seeds.len());
        self.input.clone_from(&self.seeds[seed]);
        for _ in 0..=self.below(6) {
            self.accident();
        }
        self.input.truncate(LIMIT);
        &self.input
    }

    fn accident(&mut self) {
        match self.below(12) {
            0 => self.flip(),
            1 => self.put_byte(),
            2 => self.cut(),
            3 => self.repeat(),
            4 => self.borrow(),
            5 | 6 => self.put_word(),
            7 => self.truncate(),
            _ => self.replace_value(),
        }
    }

    /// One bit is another one.
    fn flip(&mut self) {
        let (at, bit) = (self.place(), self.below(8));
        if let Some(byte) = self.input.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }

    /// One byte is any other one.
    fn put_byte(&mut self) {
        let (at, new) = (self.place(), self.random().to_le_bytes()[0]);
        if let Some(byte) = self.input.get_mut(at) {
            *byte = new;
        }
    }

    /// A piece is missing.
    fn cut(&mut self) {
        let (from, to) = self.piece();
        self.input.drain(from..to);
    }

    /// A piece is there twice, or very often.
    fn repeat(&mut self) {
        let (from, to) = self.piece();
        let piece = self.input[from..to].to_vec();
        let often = if self.below(40) == 0 { 1 << self.below(15) } else { 1 + self.below(3) };
        let room = LIMIT.saturating_sub(self.input.len()) / piece.len().max(1);
        let more = piece.repeat(often.min(room));
        self.input.splice(to..to, more);
    }

    /// A piece of another seed is in the place of one.
    fn borrow(&mut self) {
        let other = self.below(self.seeds.len());
        let (from, to) = self.piece();
        let length = self.seeds[other].len();
        let start = self.below(length.max(1));
        let end = (start + self.below(64)).min(length);
        let piece = self.seeds[other][start.min(end)..end].to_vec();
        self.input.splice(from..to, piece);
    }

    /// A word that means something is somewhere.
    fn put_word(&mut self) {
        let (at, word) = (self.place(), WORDS[self.below(WORDS.len())]);
        let to = if self.below(2) == 0 { at } else { (at + word.len()).min(self.input.len()) };
        self.input.splice(at..to, word.bytes());
    }

    fn truncate(&mut self) {
        let at = self.place();
        self.input.truncate(at);
    }

    /// A JSON value is another one, so that the whole stays JSON more often than not.
    fn replace_value(&mut self) {
        let starts = |byte: &u8| matches!(byte, b':' | b'[' | b',');
        let places: Vec<usize> =
            (0..self.input.len()).filter(|at| starts(&self.input[*at])).collect();
        let Some(at) = places.get(self.below(places.len().max(1))) else { return };
        let from = at + 1;
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']');
        let length = self.input[from..].iter().position(ends).unwrap_or(0);
        let value = VALUES[self.below(VALUES.len())];
        self.input.splice(from..from + length, value.bytes());
    }

    /// Anywhere in the input, its end included.
    fn place(&mut self) -> usize {
        self.below(self.input.len() + 1)
    }

    /// Anything from nothing to 64 bytes.
    fn piece(&mut self) -> (usize, usize) {
        let from = self.place();
        (from, (from + self.below(64)).min(self.input.len()))
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.random() >> 11).unwrap() % end.max(1)
    }

    /// Marsaglia's xorshift with 64 bits and Vigna's multiplier.
    fn random(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

/// Bytes of an input, at most: much more than any door lets in.
const LIMIT: usize = 256 << 10;

/// What is not only bytes to the one who reads.
const WORDS: [&str; 40] = [
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u0073ub",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    ".",
    "..",
    "/",
    "//",
    "%2e%2e/",
    "%",
    "%25",
    "%7C",
    "|",
    "*",
    "\\\"",
    "=",
    "+",
    "-",
    "_",
    "n_",
    "{",
    "}",
    "[[[[[[[[",
    "]]]]",
    "{\"a\":",
    ",\"exp\":0",
    ",\"sub\":\"x\"",
    ",\"act\":{\"sub\":\"x\"}",
    "https://",
    ":443",
    "[::1]",
    "@",
    "eyJ",
];

/// What may stand where a value stands.
const VALUES: [&str; 40] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    "-0",
    "1.0",
    "1e30",
    "1800000000",
    "1800000600",
    "1799999000",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
    "\"\"",
    "\"a\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"none\"",
    "\"ES256\"",
    "\"EdDSA\"",
    "\"RS256\"",
    "\"at+jwt\"",
    "\"1800000600\"",
    "\"select\"",
    "\"public.*\"",
    "\"*.*\"",
    "\"shop\"",
    "\"dpop\"",
    "\"https://gw.example/v1\"",
    "[]",
    "{}",
    "[\"a\",\"a\"]",
    "[null]",
    "{\"a\":{}}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "{\"a\":1,\"a\":2}",
];
