//! Bugs planted on purpose, to prove that the tests find them: only in a build with `--cfg canary`,
//! and only the one named by `CALLBOX_CANARY`. This crate plants `page_size_zero`, `unwrap_utf8`,
//! `unscoped_query`, `unhashed_token`, `plain_compare`.

/// Whether the planted bug of this name is awake.
#[cfg(canary)]
pub(crate) fn planted(name: &str) -> bool {
    static AWAKE: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    AWAKE.get_or_init(|| std::env::var("CALLBOX_CANARY").ok()).as_deref() == Some(name)
}

/// Whether the planted bug of this name is awake: never, in a build without `--cfg canary`.
#[cfg(not(canary))]
#[inline]
pub(crate) const fn planted(_name: &str) -> bool {
    false
}
