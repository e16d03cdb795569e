//! request-function.
