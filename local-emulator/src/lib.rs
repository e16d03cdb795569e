//! local-emulator.
