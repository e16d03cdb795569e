//! The hosts of both clouds, with real processes behind them.

#[cfg(test)]
mod asking;
#[cfg(test)]
mod azure;
#[cfg(test)]
mod lambda;
#[cfg(test)]
mod processes;
