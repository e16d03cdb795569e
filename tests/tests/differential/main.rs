//! Our verifier beside those of others, over tokens and proofs that are good or wrong in one way or in
//! two. Where they differ, `disagreements.txt` says why, and how often.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod build;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod disagreements;
#[cfg(test)]
mod form;
#[cfg(test)]
mod header;
#[cfg(test)]
mod issuers;
#[cfg(test)]
mod judges;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod signer;

#[cfg(test)]
mod here {
    use crate::{
        cases,
        disagreements::{Sides, compare},
        issuers::Stand,
        judges, proofs,
    };

    #[test]
    fn every_disagreement_with_other_verifiers_is_listed_with_its_reason() {
        let stand = Stand::new();
        let (tokens, proofs) = (cases::all(&stand), proofs::all(&stand));
        assert!(tokens.len() >= 3_000, "{}", tokens.len());
        let all: Vec<_> = tokens.into_iter().chain(proofs).collect();
        let ours: Vec<_> = all.iter().map(|case| stand.judge(case)).collect();
        let theirs = judges::all(&stand, &all);
        compare(&Sides { cases: &all, ours: &ours, theirs: &theirs });
    }
}
