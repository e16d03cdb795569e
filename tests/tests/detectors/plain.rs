//! What databases are full of and nobody minds: a hundred thousand ids, digests, times and amounts.

use std::{collections::BTreeMap, fmt::Write as _};

use masking::detect::scan;

/// How many of each sort are taken for something, and for what.
pub(crate) fn table() -> String {
    let mut draw = Draw(0x2545_f491_4f6c_dd1d);
    let mut table = HEAD.to_owned();
    let mut all = 0;
    for (sort, make) in SORTS {
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for _ in 0..EACH {
            for finding in scan(&make(&mut draw)) {
                *taken.entry(finding.kind.name()).or_default() += 1;
            }
        }
        all += EACH;
        let taken: Vec<_> = taken.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let taken = if taken.is_empty() { "-".into() } else { taken.join(", ") };
        writeln!(table, "{sort:<32}{EACH:>7}   {taken}").unwrap();
    }
    assert_eq!(all, 100_000);
    table
}

/// Numbers that look drawn (Marsaglia's xorshift) and are the same each time.
pub(crate) struct Draw(u64);

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

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| format!("{:x}", self.below(16))).collect()
    }

    fn digits(&mut self, digits: usize) -> String {
        (0..digits).map(|_| format!("{}", self.below(10))).collect()
    }

    fn of(&mut self, letters: &str, length: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..length).map(|_| letters[self.below(letters.len() as u64) as usize]).collect()
    }

    fn uuid(&mut self, version: char) -> String {
        let (a, b, c, d) = (self.hex(8), self.hex(4), self.hex(3), self.hex(3));
        format!("{a}-{b}-{version}{c}-{}{d}-{}", self.of("89ab", 1), self.hex(12))
    }

    fn date(&mut self) -> String {
        format!("{}-{:02}-{:02}", 1970 + self.below(80), self.below(12) + 1, self.below(28) + 1)
    }

    fn time(&mut self) -> String {
        format!("{:02}:{:02}:{:02}", self.below(24), self.below(60), self.below(60))
    }

    /// Seconds of the years 2001 to 2033.
    fn epoch(&mut self) -> u64 {
        1_000_000_000 + self.below(1_000_000_000)
    }
}

type Sort = (&'static str, fn(&mut Draw) -> String);

const SORTS: [Sort; 25] = [
    ("UUID, version 4", |draw| draw.uuid('4')),
    ("UUID, version 7", |draw| draw.uuid('7')),
    ("UUID, capitals in braces", |draw| format!("{{{}}}", draw.uuid('4').to_uppercase())),
    ("UUID without dashes", |draw| draw.hex(32)),
    ("two UUIDs in a row of a table", |draw| format!("{}\t{}\t7", draw.uuid('4'), draw.uuid('1'))),
    ("digest, MD5", |draw| draw.hex(32)),
    ("digest, SHA-1", |draw| draw.hex(40)),
    ("digest, SHA-256", |draw| draw.hex(64)),
    ("nanoid, 21 characters", |draw| draw.of(NANOID, 21)),
    ("ULID", |draw| format!("01{}", draw.of("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24))),
    ("ObjectId", |draw| draw.hex(24)),
    ("seconds since 1970", |draw| draw.epoch().to_string()),
    ("milliseconds since 1970", |draw| format!("{}{}", draw.epoch(), draw.digits(3))),
    ("microseconds since 1970", |draw| format!("{}{}", draw.epoch(), draw.digits(6))),
    ("time of PostgreSQL", |draw| format!("{} {}.{}+00", draw.date(), draw.time(), draw.digits(6))),
    ("time of RFC 3339", |draw| {
        format!("{}T{}.{}+01:00", draw.date(), draw.time(), draw.digits(3))
    }),
    ("id, 13 to 19 digits", |draw| {
        let digits = 13 + draw.below(7);
        draw.digits(digits as usize)
    }),
    ("amount", |draw| format!("{}.{}", draw.below(100_000_000), draw.digits(2))),
    ("amount with commas", |draw| {
        format!("-{},{},{}.{}", draw.below(999) + 1, draw.digits(3), draw.digits(3), draw.digits(2))
    }),
    ("float", |draw| format!("{}", f64::from_bits(draw.next() >> 12 | 0x3ff0 << 48) * 1e6)),
    ("order number", |draw| format!("ORD-{}-{}", 2000 + draw.below(30), draw.digits(6))),
    ("invoice number", |draw| format!("INV{}/{}", draw.digits(4), draw.digits(8))),
    ("id, 6 to 12 digits", |draw| {
        let digits = 6 + draw.below(7);
        draw.digits(digits as usize)
    }),
    ("IPv4 address and port", |draw| {
        let mut part = || draw.below(256);
        format!("{}.{}.{}.{}:{}", part(), part(), part(), part(), 1024 + draw.below(60_000))
    }),
    ("version and commit", |draw| {
        format!("v{}.{}.{}-g{}", draw.below(20), draw.below(99), draw.below(999), draw.hex(7))
    }),
];

const NANOID: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-";

const EACH: usize = 4000;

const HEAD: &str = "\
What is taken for something though it is nothing, of so many that were drawn.

sort                              drawn   taken for
";
