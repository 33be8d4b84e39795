//! How webhooks are sent.

use super::destination::{Lookup, system_lookup};
use std::time::Duration;

/// How webhooks are sent. The defaults are those of Standard Webhooks 1.0.0 where it has one.
#[derive(Clone)]
pub struct Settings {
    /// How long to wait after each failed attempt in turn. When all have been waited for, and the
    /// attempt after the last fails too, the webhook is disabled.
    pub retry_after: Vec<Duration>,
    /// Up to this share of a wait is added by chance, so that many do not come back at once; in
    /// hundredths.
    pub jitter_percent: u32,
    /// How long one attempt may take, from looking the name up to the end of the answer.
    pub attempt_at_most: Duration,
    /// How many events are read from the journal at a time, for each webhook.
    pub read_ahead: usize,
    /// How many attempts are kept to be looked at, for each webhook.
    pub attempts_kept: usize,
    /// How many webhooks there may be.
    pub hooks_most: usize,
    /// How long the last attempts may go on when the program stops.
    pub stop_within: Duration,
    /// Hosts that webhooks may reach although their addresses are not public, or without TLS. Only
    /// whoever operates the program says which: who sets a webhook's address must not.
    pub allow_hosts: Vec<String>,
    /// How a name is looked up.
    pub lookup: Lookup,
}

impl Default for Settings {
    fn default() -> Settings {
        let (minute, hour) = (60, 3_600);
        let waits = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour];
        let waits = waits.into_iter().chain([20 * hour, 24 * hour]);
        Settings {
            retry_after: waits.map(Duration::from_secs).collect(),
            jitter_percent: 10,
            attempt_at_most: Duration::from_secs(20),
            read_ahead: 256,
            attempts_kept: 1_000,
            hooks_most: 100,
            stop_within: Duration::from_secs(5),
            allow_hosts: Vec::new(),
            lookup: system_lookup(),
        }
    }
}
