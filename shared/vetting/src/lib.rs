//! vetting.
