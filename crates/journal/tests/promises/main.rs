//! What the journal promises, tested from outside.
#![expect(clippy::unwrap_used, reason = "a step that fails here fails its test")]

mod appending;
mod copies;
#[cfg(feature = "postgres-tests")]
mod postgres;
mod rig;
mod tampering;
