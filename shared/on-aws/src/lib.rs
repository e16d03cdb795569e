//! on-aws.
