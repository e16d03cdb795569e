//! on-azure.
