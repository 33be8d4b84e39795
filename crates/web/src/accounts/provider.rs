//! What a provider of identities must do for somebody to sign on with it.

use rules::name::StaffId;
use rules::role::Role;
use std::future::Future;
use std::pin::Pin;

/// What will be there later.
pub type Later<'p, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'p>>;

/// A provider of identities.
pub trait Provider: Send + Sync {
    /// Its name, as the button has it.
    fn name(&self) -> &str;

    /// Where the browser goes, and what has to be remembered until it comes back.
    fn begin(&self) -> Later<'_, Begun>;

    /// Who it is, when the browser has come back with a code.
    fn finish(&self, begun: Begun, code: String) -> Later<'_, Known>;
}

/// A sign-on that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub to: String,
    /// What it must bring back.
    pub state: String,
    /// What the identity must hold.
    pub nonce: String,
    /// What proves that it is we who ask for the code to be redeemed.
    pub verifier: String,
}

/// Somebody whom a provider knows.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The roles that their groups give them.
    pub roles: Vec<Role>,
    /// Where the browser goes to sign off there too.
    pub sign_off: Option<String>,
}
