//! Bugs planted on purpose, to prove that the tests would find them.
//!
//! They exist only in a debug build of the whole workspace, which the suite of faults is part of,
//! and only the one named by `CALLBOX_CANARY` is awake. A build of the product alone has none.
//!
//! - journal: `no_fsync`, `normal`, `ack_before_write`, `hash_gap`, `back_date`
//! - room: `local_time_due`, `in_memory_timer`, `double_fire`, `lost_wake_up`, `stale_claim`,
//!   `unbounded_queue`
//! - web: `page_size_zero`, `unwrap_utf8`, `unscoped_query`, `unhashed_token`, `plain_compare`

/// Whether the planted bug of this name is awake.
#[cfg(all(feature = "planted-bugs", debug_assertions))]
pub fn planted(name: &str) -> bool {
    static AWAKE: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    AWAKE.get_or_init(|| std::env::var("CALLBOX_CANARY").ok()).as_deref() == Some(name)
}

/// Whether the planted bug of this name is awake: never, where there are none.
#[cfg(not(all(feature = "planted-bugs", debug_assertions)))]
#[inline]
pub const fn planted(_name: &str) -> bool {
    false
}
