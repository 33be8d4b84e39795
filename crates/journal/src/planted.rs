//! Bugs planted on purpose, to prove that the tests would find them.
//!
//! They exist only in a build with `--cfg canary`, and only the one named by `CALLBOX_CANARY`
//! is awake. This crate plants: `no_fsync`, `normal`, `ack_before_write`, `hash_gap`,
//! `back_date`.

/// Whether the planted bug of this name is awake.
#[cfg(canary)]
pub fn planted(name: &str) -> bool {
    static AWAKE: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    AWAKE.get_or_init(|| std::env::var("CALLBOX_CANARY").ok()).as_deref() == Some(name)
}

/// Whether the planted bug of this name is awake: never, in a build without `--cfg canary`.
#[cfg(not(canary))]
#[inline]
pub const fn planted(_name: &str) -> bool {
    false
}
