//! What people decide about requests that wait, and its record.
