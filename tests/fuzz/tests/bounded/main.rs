//! The targets on many inputs and always the same ones: seeds, and what comes of them by accident.
//!
//! No clock ends it, so that it finds on one machine what it finds on another. To look further:
//! `FUZZ_SEED=… FUZZ_RUNS=…`, or `tests/fuzz/run`, which looks where it is going.
#![expect(clippy::disallowed_methods, reason = "how far to look is said by whoever runs the tests")]

#[cfg(test)]
mod mutator;

#[cfg(test)]
mod here {
    use std::{
        fs,
        panic::{AssertUnwindSafe, catch_unwind},
        path::Path,
    };

    use postern_fuzz::{TARGETS, Target, memory};

    use crate::mutator::Mutator;

    /// Inputs for each target, unless somebody wants more.
    const RUNS: u64 = 50_000;
    /// Where the accidents start.
    const SEED: u64 = 20_261_121;
    /// Bytes by which memory may grow while a target runs, whatever it is given.
    const GROWTH_LIMIT: u64 = 64 << 20;

    /// The files of a target, in the order of their names.
    fn seeds(name: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    }

    fn number(name: &str) -> Option<u64> {
        std::env::var(name).ok().map(|text| text.parse().expect("a whole number"))
    }

    fn target(name: &str) -> Target {
        TARGETS.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// Gives the target an input, and tells which one it was if it fails.
    fn give(target: Target, input: &[u8]) {
        if catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
            panic!(
                "it fails on {} bytes: {}",
                input.len(),
                input[..input.len().min(4096)].escape_ascii()
            );
        }
    }

    fn run(name: &str) {
        let (target, seeds) = (target(name), seeds(name));
        seeds.iter().for_each(|seed| give(target, seed));
        let before = memory::peak();
        let mut mutator = Mutator::new(number("FUZZ_SEED").unwrap_or(SEED), seeds);
        for _ in 0..number("FUZZ_RUNS").unwrap_or(RUNS) {
            give(target, mutator.next());
        }
        let grown = memory::peak() - before;
        assert!(grown < GROWTH_LIMIT, "{name}: memory grew by {grown} bytes");
    }

    #[test]
    fn no_security_event_makes_us_panic_or_grow() {
        run("event");
    }

    #[test]
    fn no_proof_makes_us_panic_or_grow() {
        run("proof");
    }

    #[test]
    fn no_rights_make_us_panic_or_grow_or_break_their_order() {
        run("rights");
    }

    #[test]
    fn no_token_makes_us_panic_or_grow() {
        run("token");
    }
}
