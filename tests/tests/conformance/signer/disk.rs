//! A key in a file.

use on_disk::FileKey;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData as _};

use super::{Public, keep};

#[tokio::test]
async fn a_key_in_a_file_keeps_the_promises_of_a_signer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    std::fs::write(&file, pair.serialize_pem()).unwrap();
    let signer = FileKey::read(&file).unwrap();
    // What was read is kept.
    std::fs::remove_file(&file).unwrap();
    keep(&signer, &Public::of_point(pair.der_bytes()), 100_000).await;
}
