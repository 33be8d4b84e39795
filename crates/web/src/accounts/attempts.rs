//! How often somebody may try to sign on. Every attempt counts, before it is looked at: an answer
//! to a guess that came too often would be worth waiting for.

use crate::door::{Peer, place_of};
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
    /// From one place, for all accounts. Whoever comes from this machine is in no place: it is a
    /// proxy that was not named as one, or somebody who is on the machine already.
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
    /// Going to the provider of identities is counted apart: passwords that are guessed do not keep
    /// anybody from it.
    provider: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    hashing: Semaphore,
    queue: Semaphore,
}

/// So many passwords are hashed at once: each takes 19 MiB and a processor.
const HASHED_AT_ONCE: usize = 4;
/// So many more wait for it; the next are told to come back.
const WAIT_TO_HASH: usize = 64;

/// More names than this are forgotten when they have been quiet.
const NAMES_KEPT: usize = 10_000;

impl Gate {
    pub fn new(limits: &Attempts) -> Gate {
        Gate {
            here: RateLimiter::keyed(quota(limits.here)),
            account: RateLimiter::keyed(quota(limits.account)),
            place: RateLimiter::keyed(quota(limits.place)),
            provider: RateLimiter::keyed(quota(limits.place)),
            clock: DefaultClock::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
            queue: Semaphore::new(HASHED_AT_ONCE + WAIT_TO_HASH),
        }
    }

    /// Waits for a turn to hash a password, unless too many wait already.
    pub async fn hashing(&self) -> Result<[SemaphorePermit<'_>; 2], Problem> {
        let busy = || {
            let detail = "too many people sign on at this moment: try again in a few seconds";
            Problem::new(Kind::Busy, detail).retry_after(2)
        };
        let queued = self.queue.try_acquire().map_err(|_| busy())?;
        let turn = self.hashing.acquire().await.map_err(|_| busy())?;
        Ok([queued, turn])
    }

    /// One more attempt for an account, whether there is one of this name or not.
    pub fn attempt(&self, staff: &str, peer: Option<Peer>) -> Result<(), Problem> {
        // A hash, so that a long name takes no more room than a short one.
        let name = hash_hex(&staff.trim().to_lowercase());
        let place = peer.and_then(place_of);
        if let Some(place) = place {
            self.one(&self.place, &place)?;
        }
        self.one(&self.here, &(name.clone(), place))?;
        self.one(&self.account, &name)
    }

    /// One more attempt for an account from a browser on which its owner has signed on before.
    /// Others who guess at the name do not lock it out.
    pub fn attempt_known(&self, staff: &str, mark: &str) -> Result<(), Problem> {
        let name = hash_hex(&format!("{} at {mark}", staff.trim().to_lowercase()));
        self.one(&self.here, &(name, None))
    }

    /// One more who goes to the provider of identities, from a place.
    pub fn away(&self, peer: Option<Peer>) -> Result<(), Problem> {
        peer.and_then(place_of).map_or(Ok(()), |place| self.one(&self.provider, &place))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        let few = |n: u32| (NonZeroU32::new(n).unwrap(), Duration::from_secs(3_600));
        Gate::new(&Attempts { here: few(2), account: few(4), place: few(6) })
    }

    fn from(text: &str) -> Option<Peer> {
        Some(Peer(text.parse().unwrap()))
    }

    #[test]
    fn guesses_from_one_place_lock_out_no_other_place_and_no_provider() {
        let gate = gate();
        let n = (0..20).filter(|n| gate.attempt(&format!("{n}"), from("192.0.2.1")).is_ok());
        assert_eq!(n.count(), 6);
        assert!(gate.attempt("4417", from("192.0.2.2")).is_ok());
        assert!(gate.away(from("192.0.2.1")).is_ok(), "the provider shares the bucket");
        let here = (0..200).filter(|n| gate.attempt(&format!("x{n}"), from("127.0.0.1")).is_ok());
        assert_eq!(here.count(), 200, "a proxy on this machine is not a place");
    }

    #[test]
    fn guesses_at_a_name_do_not_lock_out_a_browser_that_its_owner_has_used() {
        let gate = gate();
        for n in 0..20 {
            // Whether it is let through does not matter: it counts.
            let _ = gate.attempt("4417", from(&format!("192.0.2.{n}")));
        }
        assert!(gate.attempt("4417", from("192.0.2.99")).is_err(), "the name is locked");
        assert!(gate.attempt_known("4417", "mark").is_ok());
        assert!(gate.attempt_known("4417", "mark").is_ok());
        assert!(gate.attempt_known("4417", "mark").is_err(), "and guesses there are slowed too");
    }

    #[tokio::test]
    async fn no_more_wait_to_be_hashed_than_there_is_room_for() {
        let gate = gate();
        let mut turns = Vec::new();
        for _ in 0..HASHED_AT_ONCE {
            turns.push(gate.hashing().await.unwrap());
        }
        let waiting: Vec<_> =
            (0..WAIT_TO_HASH).map(|_| gate.queue.try_acquire().unwrap()).collect();
        assert_eq!(gate.hashing().await.unwrap_err().kind, Kind::Busy);
        drop(waiting);
        drop(turns);
        assert!(gate.hashing().await.is_ok());
    }
}
