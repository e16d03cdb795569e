//! What waits for people, on both clouds: the state machine carried out by moto's Step Functions with
//! SQS in between, the queues on Azurite, and the functions themselves at the ends of both.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod aws;
#[cfg(test)]
mod azure;
#[cfg(test)]
#[expect(dead_code, reason = "`conformance` uses all of it")]
#[path = "../conformance/certificate.rs"]
mod certificate;
#[cfg(test)]
#[path = "../conformance/child.rs"]
mod child;
#[cfg(test)]
mod definition;
#[cfg(test)]
mod emulator;
#[cfg(test)]
#[expect(dead_code, reason = "`conformance` uses all of it")]
#[path = "../conformance/identity.rs"]
mod identity;
#[cfg(test)]
mod notice;
#[cfg(test)]
mod organisation;
#[cfg(test)]
#[expect(dead_code, reason = "`conformance` uses all of it")]
#[path = "../conformance/servers.rs"]
mod servers;
