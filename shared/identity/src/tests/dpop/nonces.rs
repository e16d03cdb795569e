//! Nonces: whose are good, and for how long.

use request::Millis;
use zeroize::Zeroizing;

use super::{Verdict, draft::Draft, over, with};
use crate::{
    Nonces, ProofError as Error,
    tests::{
        signer::{KEYS, base64url},
        stand::NOW,
    },
};

/// The first second of a window.
const BEGIN: u64 = NOW / 60 * 60;

fn nonces() -> Nonces {
    of("https://gate.example", 1, Some(2))
}

/// With keys of one byte's repetition.
fn of(deployment: &str, current: u8, previous: Option<u8>) -> Nonces {
    let key = |byte| Zeroizing::new([byte; 32]);
    Nonces::new(deployment, key(current), previous.map(key))
}

fn millis(seconds: u64) -> Millis {
    Millis(seconds * 1000)
}

/// What becomes at this second of a proof with these claims.
fn judged(nonces: &Nonces, seconds: u64, draft: &Draft) -> Verdict {
    with(&over(), seconds, Some(nonces), &draft.signed_by(&KEYS.ed25519))
}

/// A proof of this second with this nonce.
fn draft(iat: u64, nonce: &str) -> Draft {
    Draft::of(&KEYS.ed25519).claim("iat", iat).claim("nonce", nonce)
}

#[test]
fn a_nonce_is_good_in_its_own_minute_and_in_the_next() {
    let nonces = nonces();
    for made in [BEGIN, BEGIN + 30, BEGIN + 59] {
        let nonce = nonces.fresh(millis(made));
        for (now, good) in [
            (BEGIN - 1, false),
            (BEGIN, true),
            (BEGIN + 59, true),
            (BEGIN + 60, true),
            (BEGIN + 119, true),
            (BEGIN + 120, false),
            (BEGIN + 3600, false),
        ] {
            let meets = if good { Ok(()) } else { Err(Error::Nonce) };
            let verdict = judged(&nonces, now, &draft(now, &nonce));
            assert_eq!(verdict.map(|_| ()), meets, "{made} {now}");
        }
    }
}

#[test]
fn a_nonce_of_another_deployment_or_key_is_none() {
    let ours = nonces();
    let now = millis(NOW);
    for other in [
        of("https://gate.example/", 1, None),
        of("https://other.example", 1, None),
        of("", 1, None),
        of("https://gate.example", 3, Some(1)),
    ] {
        assert_eq!(judged(&ours, NOW, &draft(NOW, &other.fresh(now))).err(), Some(Error::Nonce));
        assert!(!ours.accepts(&other.fresh(now), now));
    }
}

#[test]
fn a_nonce_of_the_key_before_is_good_and_nobody_gets_another() {
    let (before, after) = (of("gate", 2, None), of("gate", 1, Some(2)));
    let (alone, now) = (of("gate", 1, None), millis(NOW));
    assert!(after.accepts(&before.fresh(now), now));
    assert!(!alone.accepts(&before.fresh(now), now));
    assert_eq!(after.fresh(now), alone.fresh(now));
    assert!(alone.accepts(&after.fresh(now), now));
}

#[test]
fn a_nonce_that_was_touched_is_none() {
    let nonces = nonces();
    let now = millis(NOW);
    let nonce = nonces.fresh(now);
    assert_eq!(nonce.len(), 43);
    let tag = crate::base64url::decode(&nonce).unwrap();
    for bit in 0..256 {
        let mut tag = tag.clone();
        tag[bit / 8] ^= 1 << (bit % 8);
        assert!(!nonces.accepts(&base64url(tag), now), "{bit}");
    }
    for length in 0..32 {
        assert!(!nonces.accepts(&base64url(&tag[..length]), now), "{length}");
    }
    let other_case = nonce.to_ascii_uppercase();
    for text in ["", &format!("{nonce}="), &format!(" {nonce}"), &format!("{nonce}A"), &other_case]
    {
        assert!(!nonces.accepts(text, now), "{text:?}");
    }
}

#[test]
fn a_proof_without_a_nonce_is_told_to_take_one() {
    let nonces = nonces();
    let nonce = nonces.fresh(millis(NOW));
    let bare = Draft::of(&KEYS.ed25519);
    for draft in [bare.clone(), bare.clone().claim("nonce", ""), bare.clone().claim("nonce", 1)] {
        assert_eq!(judged(&nonces, NOW, &draft), Err(Error::Nonce));
    }
    assert_eq!(
        judged(&nonces, NOW, &bare.claim("nonce", serde_json::json!([nonce]))),
        Err(Error::Nonce)
    );
}

#[test]
fn a_clock_that_is_behind_does_not_matter_where_a_nonce_bounds_the_age() {
    let nonces = nonces();
    let nonce = nonces.fresh(millis(NOW));
    for iat in [0, NOW - 86_400, NOW - 61, NOW, NOW + 5] {
        assert!(judged(&nonces, NOW, &draft(iat, &nonce)).is_ok(), "{iat}");
    }
}

#[test]
fn a_proof_for_later_is_refused_whatever_its_nonce() {
    let nonces = nonces();
    let nonce = nonces.fresh(millis(NOW));
    for iat in [NOW + 6, NOW + 60, NOW + 86_400] {
        assert_eq!(judged(&nonces, NOW, &draft(iat, &nonce)), Err(Error::Time), "{iat}");
    }
    // Kept until its time, it comes too late for its nonce.
    let later = draft(NOW + 3600, &nonce);
    assert_eq!(judged(&nonces, NOW + 3600, &later), Err(Error::Nonce));
}

#[test]
fn a_proof_with_a_nonce_is_remembered_until_long_after_the_nonce() {
    let nonces = nonces();
    for now in BEGIN..BEGIN + 60 {
        let draft = draft(now - 3600, &nonces.fresh(millis(now)));
        let until = judged(&nonces, now, &draft).unwrap().until_s();
        assert_eq!(judged(&nonces, until - 70, &draft), Err(Error::Nonce), "{now}");
    }
}

#[test]
fn a_nonce_is_an_hmac_that_others_compute_alike() {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    let message = [b"postern dpop nonce 1\0", &(NOW / 60).to_be_bytes()[..], b"gate"].concat();
    let tag = sign(&Key::new(HMAC_SHA256, &[7; 32]), &message);
    assert_eq!(of("gate", 7, None).fresh(millis(NOW)), base64url(tag));
}
