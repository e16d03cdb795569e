//! What a token would say is nothing until it comes back signed.

fn forge(grant: identity::Grant) -> identity::Verified<identity::Chain> {
    identity::Verified(grant.into())
}

fn main() {}
