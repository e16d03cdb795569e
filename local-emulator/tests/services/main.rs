//! What the services are to those who know nothing of the emulator: the vendors' own clients.

#[cfg(test)]
mod agent;
#[cfg(test)]
mod child;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod key_vault;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod secrets_manager;
#[cfg(test)]
mod serve;
