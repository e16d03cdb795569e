//! A proof of possession is as good as its token until it was used.

fn leak(proof: &request::Proof) -> String {
    format!("{proof:?}")
}

fn main() {}
