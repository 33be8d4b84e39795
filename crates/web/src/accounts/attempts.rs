//! How often somebody may try to sign on. Every attempt counts, before it is looked at: an answer
//! to a guess that came too often would be worth waiting for.

use crate::door::{Peer, one_place};
use crate::problem::{Kind, Problem};
use crate::tokens::hash_hex;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Limits of attempts to sign on with a password. So many at once, then one after each pause.
#[derive(Clone, Debug)]
pub struct Attempts {
    /// For one account from one place.
    pub here: (NonZeroU32, Duration),
    /// For one account from everywhere.
    pub account: (NonZeroU32, Duration),
    /// From one place, for all accounts. A room behind one proxy is one place.
    pub place: (NonZeroU32, Duration),
}

const fn n(n: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(n - 1)
}

impl Default for Attempts {
    fn default() -> Attempts {
        Attempts {
            here: (n(8), Duration::from_secs(30)),
            account: (n(40), Duration::from_secs(20)),
            place: (n(120), Duration::from_secs(1)),
        }
    }
}

/// Who has tried how often.
pub(crate) struct Gate {
    here: DefaultKeyedRateLimiter<(String, Option<IpAddr>)>,
    account: DefaultKeyedRateLimiter<String>,
    place: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    hashing: Semaphore,
}

/// So many passwords are hashed at once: each takes 19 MiB and a processor.
const HASHED_AT_ONCE: usize = 4;

/// More names than this are forgotten when they have been quiet.
const NAMES_KEPT: usize = 10_000;

impl Gate {
    pub fn new(limits: &Attempts) -> Gate {
        Gate {
            here: RateLimiter::keyed(quota(limits.here)),
            account: RateLimiter::keyed(quota(limits.account)),
            place: RateLimiter::keyed(quota(limits.place)),
            clock: DefaultClock::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
        }
    }

    /// Waits for a turn to hash a password.
    pub async fn hashing(&self) -> Option<SemaphorePermit<'_>> {
        self.hashing.acquire().await.ok()
    }

    /// One more attempt for an account, whether there is one of this name or not.
    pub fn attempt(&self, staff: &str, peer: Option<Peer>) -> Result<(), Problem> {
        // A hash, so that a long name takes no more room than a short one.
        let name = hash_hex(&staff.trim().to_lowercase());
        let place = self.from(peer)?;
        self.one(&self.here, &(name.clone(), place))?;
        self.one(&self.account, &name)
    }

    /// One more attempt from a place, whoever it is.
    pub fn from(&self, peer: Option<Peer>) -> Result<Option<IpAddr>, Problem> {
        let place = peer.map(|Peer(address)| one_place(address));
        if let Some(place) = place {
            self.one(&self.place, &place)?;
        }
        Ok(place)
    }

    fn one<K: Hash + Eq + Clone>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<(), Problem> {
        if limiter.len() > NAMES_KEPT {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = format!("too many attempts to sign on: wait {wait} seconds and try again");
            Problem::new(Kind::TooMany, detail).retry_after(wait)
        })
    }
}

fn quota((at_once, pause): (NonZeroU32, Duration)) -> Quota {
    Quota::with_period(pause).map_or(Quota::per_second(at_once), |q| q.allow_burst(at_once))
}
