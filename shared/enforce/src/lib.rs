//! enforce.
