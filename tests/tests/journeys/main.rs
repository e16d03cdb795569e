//! What agents see, end to end: the real functions of both clouds on the emulator.

#[cfg(test)]
mod agents;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod http;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod names;
#[cfg(test)]
mod once;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod results;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod start;
