//! What a statement may show at most is what its intent reserved, and not what a driver would like.

fn generous(witnessed: audit::Witnessed) -> audit::Witnessed {
    audit::Witnessed { limits: 1_000_000, ..witnessed }
}

fn main() {}
