//! People who sign on: local accounts with a password and a code, a provider of identities, and
//! the invented people of a demonstration. Credentials are in a file of their own, never in the
//! journal; the roles and skills that gate work are in the staff directory, which is.

mod attempts; //     how often somebody may try
mod code; //         the code of an authenticator
mod kept; //         the file
#[cfg(feature = "oidc")]
pub mod oidc; //     signing on with a provider of identities
mod password; //     what is a password, and whether it is the right one
pub mod provider; // what a provider of identities must do
mod store; //        accounts added, changed, checked

pub use attempts::Attempts;
pub(crate) use attempts::Gate;
pub use code::NewCode;
pub use store::{Account, AccountFault, Accounts, Checked, NewAccount};

use provider::Provider;
use rules::name::StaffId;
use rules::role::Role;
use std::sync::Arc;
use std::time::Duration;

/// How people sign on to the pages.
#[derive(Clone)]
pub struct SignOn {
    /// The local accounts; none if nobody has one.
    pub accounts: Option<Arc<Accounts>>,
    /// A provider of identities, such as the force's own directory.
    pub provider: Option<Arc<dyn Provider>>,
    /// Invented people whom anybody may be, in a demonstration only.
    pub people: Vec<Invented>,
    /// How often somebody may try.
    pub attempts: Attempts,
    /// A session ends when nothing was done for so long.
    pub idle: Duration,
}

impl Default for SignOn {
    fn default() -> SignOn {
        SignOn {
            accounts: None,
            provider: None,
            people: Vec::new(),
            attempts: Attempts::default(),
            idle: Duration::from_secs(60 * 60),
        }
    }
}

/// Somebody of a demonstration.
#[derive(Clone, Debug)]
pub struct Invented {
    /// Their id.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}
