//! Bugs planted on purpose, to prove that the tests find them: only in a build with `--cfg canary`,
//! and only the one named by `CALLBOX_CANARY`. This crate plants `local_time_due`,
//! `in_memory_timer`, `double_fire`, `lost_wake_up`, `stale_claim`, `unbounded_queue`.

pub(crate) use journal::planted::planted;
