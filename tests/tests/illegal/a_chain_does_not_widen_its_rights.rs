//! A chain that is believed has the rights that its token carries, and no others.

fn widen(chain: &mut identity::Chain, rights: rights::Rights) {
    chain.grant = None;
    let _ = rights;
}

fn main() {}
