//! on-disk.
