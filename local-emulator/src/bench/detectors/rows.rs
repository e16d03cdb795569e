//! Rows as databases have them, with something planted in one of a hundred.

/// Many rows as one text, and how much was planted.
pub(super) struct Rows {
    pub(super) text: String,
    pub(super) planted: usize,
}

impl Rows {
    /// So many bytes of rows, the same each time.
    pub(super) fn of(bytes: usize) -> Self {
        let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
        let mut rows = Self { text: String::with_capacity(bytes + 1024), planted: 0 };
        while rows.text.len() < bytes {
            rows.push(&mut draw);
        }
        rows
    }

    /// The cells of a row stand between tabs.
    fn push(&mut self, draw: &mut Draw) {
        let id = draw.below(90_000_000) + 10_000_000;
        let (name, city) = (draw.one(NAMES), draw.one(CITIES));
        let (remark, state) = (draw.one(REMARKS), draw.one(STATES));
        let cells = [
            id.to_string(),
            draw.uuid(),
            format!("{name} {}", draw.one(NAMES)),
            draw.time(),
            city.into(),
            format!(
                "{{\"state\":\"{state}\",\"items\":{},\"total\":{}.{:02}}}",
                draw.below(20),
                draw.below(5000),
                draw.below(100)
            ),
            self.remark(remark, draw),
            format!("10.{}.{}.{}", draw.below(256), draw.below(256), draw.below(256)),
            (draw.below(9_000_000_000) + 1_000_000_000).to_string(),
            draw.time(),
        ];
        self.text.push_str(&cells.join("\t"));
        self.text.push('\n');
    }

    fn remark(&mut self, remark: &str, draw: &mut Draw) -> String {
        if draw.below(100) > 0 {
            return remark.into();
        }
        self.planted += 1;
        format!("{remark} {}", draw.one(PLANTED))
    }
}

/// Numbers that look drawn (Marsaglia's xorshift) and are the same each time.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one(&mut self, of: &'static [&'static str]) -> &'static str {
        let at = self.below(of.len() as u64);
        usize::try_from(at).ok().and_then(|at| of.get(at)).copied().unwrap_or_default()
    }

    /// A UUID of version 4.
    fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }

    fn time(&mut self) -> String {
        let (month, day) = (self.below(12) + 1, self.below(28) + 1);
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        let part = self.below(1_000_000);
        format!("2026-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{part:06}+00")
    }
}

const NAMES: &[&str] = &[
    "Ann",
    "Bob",
    "Carla",
    "Dmitri",
    "Eve",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Keiko",
    "Liam",
    "Smith",
    "Jones",
    "Garcia",
    "Tanaka",
    "Novak",
    "Okafor",
    "Lindqvist",
    "Moreau",
];

const CITIES: &[&str] = &["Oslo", "Porto", "Kyoto", "Lagos", "Quito", "San Sebastian", "Graz"];

const STATES: &[&str] = &["open", "paid", "shipped", "returned", "lost"];

const REMARKS: &[&str] = &[
    "Asked twice about the delivery; was told it would take until Friday.",
    "Prefers the invoice on paper, folded once, in a plain envelope.",
    "Parcel came back with the note: nobody of this name lives here.",
    "Wants a refund for 2 of 3 items and keeps the third one.",
    "No remarks.",
];

/// Test numbers of their schemes, addresses of nobody, and keys that open nothing.
const PLANTED: &[&str] = &[
    "4111 1111 1111 1111",
    "5555555555554444",
    "123-45-6789",
    "ann@example.com",
    "GB29NWBK60161331926819",
    "+1 415 555 0123",
    "AKIAIOSFODNN7EXAMPLE",
    "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",
    "postgres://app:s3cret@db/shop",
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.c2ln",
];
