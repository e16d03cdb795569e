//! What the port for signing promises: 64 bytes that anybody can verify with the public key alone.

mod disk;
mod kms;
mod vault;

use std::{
    error::Error as _,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use delegation::{SignError, Signer};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};

/// The public half of a key, as whoever verifies tokens has it.
struct Public {
    x: String,
    y: String,
}

impl Public {
    /// Of a point that is not compressed (SEC 1, 2.3.3).
    fn of_point(point: &[u8]) -> Self {
        assert_eq!((point.len(), point[0]), (65, 4));
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Self { x: part(&point[1..33]), y: part(&point[33..]) }
    }

    fn verifies(&self, message: &[u8], signature: [u8; 64]) -> bool {
        let key = DecodingKey::from_ec_components(&self.x, &self.y).unwrap();
        let signature = URL_SAFE_NO_PAD.encode(signature);
        crypto::verify(&signature, message, &key, Algorithm::ES256).unwrap()
    }
}

/// Keeps the promises of the port, for messages up to so many bytes.
async fn keep(signer: &dyn Signer, public: &Public, longest: usize) {
    for length in [1, 300, longest] {
        let message = vec![b'm'; length];
        let signature = signer.sign(&message).await.unwrap();
        assert!(public.verifies(&message, signature), "{length} bytes");
        assert!(!public.verifies(&[&message[..], b"m"].concat(), signature), "{length} bytes");
    }
    // In one of three such runs a number is short by a byte, for which a zero has to stand.
    for count in 0..64 {
        let message = format!("{MESSAGE}{count}");
        let signature = signer.sign(message.as_bytes()).await.unwrap();
        assert!(public.verifies(message.as_bytes(), signature), "{count}: {signature:02x?}");
    }
}

/// There is no signature, in good time, and the reason is this one.
async fn no_signature(signer: &dyn Signer, reason: &str) {
    let start = Instant::now();
    let error = signer.sign(MESSAGE.as_bytes()).await.unwrap_err();
    let told = told(&error);
    assert!(start.elapsed() < PATIENCE, "{:?}: {told}", start.elapsed());
    assert!(told.contains(reason), "{told}");
    // Neither what was to be signed nor a token that lets us in, which both begin so.
    assert!(!told.contains("eyJ"), "{told}");
}

/// All that an error says in a log.
fn told(error: &SignError) -> String {
    let mut told = format!("{error}: {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}

const MESSAGE: &str = "eyJ0eXAiOiJhdCtqd3QifQ.eyJzdWIiOiJzb21lYm9keSJ9";

/// Before the front of the functions gives up, with time left for the rest of a request.
const PATIENCE: Duration = Duration::from_secs(10);
