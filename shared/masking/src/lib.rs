//! masking.
