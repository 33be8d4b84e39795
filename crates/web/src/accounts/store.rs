//! Accounts added, changed and checked.

use super::code::{self, NewCode};
use super::{kept, password};
use crate::tokens::hash_hex;
use rules::name::{PersonName, StaffId};
use rules::role::Role;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use thiserror::Error;

/// A password given by an administrator holds for so many days, for one sign-on.
const ONE_TIME_DAYS: i64 = 7;

/// An account as it is kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Who: the name they sign on with.
    pub staff: StaffId,
    /// Their name.
    pub name: PersonName,
    /// The roles they may choose among. The staff directory may allow fewer.
    pub roles: Vec<Role>,
    /// Whether it has been switched off.
    #[serde(default)]
    pub disabled: bool,
    /// The password's hash, in PHC form.
    password: String,
    /// Until when the password holds, if it is for one sign-on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_time_until: Option<jiff::Timestamp>,
    /// The authenticator's secret, in base 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code_secret: Option<String>,
    /// The last step whose code was used: it and those before it are used up.
    #[serde(default)]
    code_used: u64,
    /// When it was added.
    pub created: jiff::Timestamp,
    /// When its password was last set or reset: who signed on before has shown one that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed_at: Option<jiff::Timestamp>,
}

impl Account {
    /// Whether its password was set or reset after a moment.
    pub(crate) fn changed_since(&self, at: jiff::Timestamp) -> bool {
        self.changed_at.is_some_and(|changed| at < changed)
    }

    /// Whether it takes a code beside the password.
    pub fn has_code(&self) -> bool {
        self.code_secret.is_some()
    }
}

/// What secrets there are is said, and no more.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Account");
        out.field("staff", &self.staff).field("roles", &self.roles);
        out.field("disabled", &self.disabled)
            .field("code", &self.has_code())
            .finish_non_exhaustive()
    }
}

/// Somebody to be given an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: PersonName,
    /// The roles they may choose among.
    pub roles: Vec<Role>,
    /// Whether they need a code of an authenticator as well.
    pub code: bool,
}

/// Why accounts could not be kept, read or changed.
#[derive(Debug, Error)]
pub enum AccountFault {
    /// The file.
    #[error("{} cannot be used: see whether its folder is there and writable", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Its content.
    #[error("{} is no list of accounts: restore it from a backup", path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// No randomness.
    #[error("the system gives no random numbers: no account can be made")]
    Random(#[source] getrandom::Error),
    /// No hash.
    #[error("the password could not be hashed: see whether there is enough memory")]
    Hash,
    /// No authenticator code.
    #[error("no code can be made for this name: leave '--totp' out, or choose another name")]
    Code,
    /// Somebody has one already.
    #[error("{0} has an account already: reset it, or disable it")]
    Exists(StaffId),
    /// Nobody has one.
    #[error("{0} has no account: add one")]
    Unknown(StaffId),
    /// No role.
    #[error("an account needs a role that a person can hold: name at least one")]
    NoRole,
    /// The password is no good.
    #[error("{0}")]
    Password(String),
}

/// What a name, a password and a code came to.
#[derive(Debug)]
pub enum Checked {
    /// They are right.
    Right(Account),
    /// They are right, and the password has to be changed before anything else.
    Change(Account),
    /// Something about them is wrong; which, nobody is told.
    Wrong,
}

/// The local accounts of a deployment. Every question reads the file, so that what another process
/// changed holds at once.
pub struct Accounts {
    path: PathBuf,
    turn: Mutex<()>,
}

impl Accounts {
    /// The accounts kept in a file; none yet if there is no file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no list of accounts.
    pub fn open(path: impl Into<PathBuf>) -> Result<Accounts, AccountFault> {
        let accounts = Accounts { path: path.into(), turn: Mutex::new(()) };
        kept::read(&accounts.path)?;
        password::make_ready();
        Ok(accounts)
    }

    /// Every account.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn list(&self) -> Result<Vec<Account>, AccountFault> {
        kept::read(&self.path)
    }

    /// Adds an account. What is returned is the only copy of its one-time password and its
    /// authenticator's secret.
    ///
    /// # Errors
    /// Somebody who has one already, no role, or a file that cannot be written.
    pub fn add(&self, new: NewAccount) -> Result<(String, Option<NewCode>), AccountFault> {
        if new.roles.is_empty() || new.roles.contains(&Role::System) {
            return Err(AccountFault::NoRole);
        }
        let (word, code) = (password::one_time()?, secret(new.code, &new.staff)?);
        let account = Account {
            password: password::hash(&word)?,
            one_time_until: Some(in_days(ONE_TIME_DAYS)),
            code_secret: code.as_ref().map(|c| c.secret.clone()),
            code_used: 0,
            disabled: false,
            created: jiff::Timestamp::now(),
            changed_at: None,
            staff: new.staff,
            name: new.name,
            roles: new.roles,
        };
        self.change(|all| match all.iter().find(|a| same(&a.staff, &account.staff)) {
            Some(there) => Err(AccountFault::Exists(there.staff.clone())),
            None => {
                all.push(account);
                Ok(())
            }
        })?;
        Ok((word, code))
    }

    /// Gives an account a new one-time password, and a new authenticator if it has one or is to
    /// have one; a disabled account is enabled again.
    ///
    /// # Errors
    /// Nobody of this name, or a file that cannot be written.
    pub fn reset(
        &self,
        staff: &StaffId,
        code: bool,
    ) -> Result<(String, Option<NewCode>), AccountFault> {
        let word = password::one_time()?;
        let hash = password::hash(&word)?;
        let has = self.list()?.iter().any(|a| same(&a.staff, staff) && a.has_code());
        let code = secret(code || has, staff)?;
        self.one(staff, |account| {
            account.password = hash;
            account.one_time_until = Some(in_days(ONE_TIME_DAYS));
            account.code_secret = code.as_ref().map(|c| c.secret.clone());
            account.code_used = 0;
            account.disabled = false;
            account.changed_at = Some(jiff::Timestamp::now());
            Ok(())
        })?;
        Ok((word, code))
    }

    /// Switches an account off. Its sessions end at their next request.
    ///
    /// # Errors
    /// Nobody of this name, or a file that cannot be written.
    pub fn disable(&self, staff: &StaffId) -> Result<(), AccountFault> {
        self.one(staff, |account| {
            account.disabled = true;
            Ok(())
        })
    }

    /// Whether these are somebody's name, password and code. It takes as long for a name that
    /// nobody has, and a code is taken once.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn check(&self, staff: &str, word: &str, code: &str) -> Result<Checked, AccountFault> {
        let now = jiff::Timestamp::now();
        let staff = StaffId::parse(staff).ok();
        let all = self.list()?;
        let found = staff.and_then(|staff| all.into_iter().find(|a| same(&a.staff, &staff)));
        let right = password::is(word, found.as_ref().map(|a| a.password.as_str()));
        let Some(account) = found.filter(|_| right) else { return Ok(Checked::Wrong) };
        if account.disabled || account.one_time_until.is_some_and(|until| until < now) {
            return Ok(Checked::Wrong);
        }
        if let Some(secret) = &account.code_secret
            && !self.uses_up(&account.staff, secret, code, now)?
        {
            return Ok(Checked::Wrong);
        }
        Ok(match account.one_time_until {
            Some(_) => Checked::Change(account),
            None => Checked::Right(account),
        })
    }

    /// Whether a code holds and has not been used; it has been then.
    fn uses_up(
        &self,
        staff: &StaffId,
        secret: &str,
        code: &str,
        now: jiff::Timestamp,
    ) -> Result<bool, AccountFault> {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let Some(step) = code::step(secret, staff, code, seconds) else { return Ok(false) };
        let mut fresh = false;
        self.one(staff, |account| {
            fresh = account.code_used < step && account.code_secret.as_deref() == Some(secret);
            if fresh {
                account.code_used = step;
            }
            Ok(())
        })?;
        Ok(fresh)
    }

    /// Sets a password that its owner has chosen.
    ///
    /// # Errors
    /// A password that is no good, nobody of this name, or a file that cannot be written.
    pub fn set_password(&self, staff: &StaffId, word: &str) -> Result<(), AccountFault> {
        let all = self.list()?;
        let found = all.iter().find(|a| same(&a.staff, staff));
        let account = found.ok_or_else(|| AccountFault::Unknown(staff.clone()))?;
        password::against(word, staff, &account.name).map_err(AccountFault::Password)?;
        if password::is(word, Some(&account.password)) {
            let says = "this is the password you have: choose another";
            return Err(AccountFault::Password(says.to_owned()));
        }
        let hash = password::hash(word)?;
        self.one(staff, |account| {
            account.password = hash;
            account.one_time_until = None;
            account.changed_at = Some(jiff::Timestamp::now());
            Ok(())
        })
    }

    /// Whether this is somebody's password now, their code aside.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn has_password(&self, staff: &StaffId, word: &str) -> Result<bool, AccountFault> {
        let all = self.list()?;
        let found = all.iter().find(|a| same(&a.staff, staff) && !a.disabled);
        Ok(password::is(word, found.map(|a| a.password.as_str())))
    }

    /// What a browser is given on which somebody signed on with their password: it is known again
    /// by this until the password changes. Nobody can make it who cannot read the accounts.
    pub(crate) fn device_mark(&self, staff: &str) -> Option<String> {
        let staff = StaffId::parse(staff.trim()).ok()?;
        let all = self.list().ok()?;
        let account = all.into_iter().find(|a| same(&a.staff, &staff) && !a.disabled)?;
        let (name, hash) = (account.staff.as_str().to_lowercase(), account.password);
        Some(hash_hex(&format!("a browser of {name} with {hash}")))
    }

    /// The account of somebody, if it is not switched off.
    pub fn enabled(&self, staff: &StaffId) -> Option<Account> {
        match self.list() {
            Ok(all) => all.into_iter().find(|a| a.staff == *staff && !a.disabled),
            Err(fault) => {
                tracing::error!(%fault, "the accounts cannot be read: nobody signs on with one");
                None
            }
        }
    }

    fn one(
        &self,
        staff: &StaffId,
        f: impl FnOnce(&mut Account) -> Result<(), AccountFault>,
    ) -> Result<(), AccountFault> {
        self.change(|all| match all.iter_mut().find(|a| same(&a.staff, staff)) {
            Some(account) => f(account),
            None => Err(AccountFault::Unknown(staff.clone())),
        })
    }

    fn change(
        &self,
        f: impl FnOnce(&mut Vec<Account>) -> Result<(), AccountFault>,
    ) -> Result<(), AccountFault> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        kept::alone(&self.path, || {
            let mut all = kept::read(&self.path)?;
            f(&mut all)?;
            kept::write(&self.path, all)
        })
    }
}

/// Nobody is two people by the size of a letter.
fn same(a: &StaffId, b: &StaffId) -> bool {
    a.as_str().eq_ignore_ascii_case(b.as_str())
}

fn secret(wanted: bool, staff: &StaffId) -> Result<Option<NewCode>, AccountFault> {
    if wanted { code::make(staff).map(Some) } else { Ok(None) }
}

fn in_days(days: i64) -> jiff::Timestamp {
    jiff::Timestamp::now() + jiff::SignedDuration::from_hours(days * 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> (tempfile::TempDir, Accounts) {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(dir.path().join("accounts.json")).unwrap();
        (dir, accounts)
    }

    fn new(staff: &str) -> NewAccount {
        NewAccount {
            staff: StaffId::parse(staff).unwrap(),
            name: PersonName::parse("Sian Rowe").unwrap(),
            roles: vec![Role::Dispatcher],
            code: false,
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only_and_says_no_secret() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, accounts) = accounts();
        let (word, _) = accounts.add(new("4417")).unwrap();
        let mode = std::fs::metadata(&accounts.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!std::fs::read_to_string(&accounts.path).unwrap().contains(&word));
        let said = format!("{:?}", accounts.list().unwrap());
        assert!(said.contains("4417") && !said.contains("argon2"), "{said}");
    }

    #[test]
    fn a_name_is_one_account_whatever_the_size_of_its_letters() {
        let (_dir, accounts) = accounts();
        accounts.add(new("dd07")).unwrap();
        assert!(matches!(accounts.add(new("DD07")), Err(AccountFault::Exists(_))));
        let nobody = StaffId::parse("DD08").unwrap();
        assert!(matches!(accounts.disable(&nobody), Err(AccountFault::Unknown(_))));
        let none = NewAccount { roles: Vec::new(), ..new("4419") };
        assert!(matches!(accounts.add(none), Err(AccountFault::NoRole)));
    }

    #[test]
    fn a_reset_gives_a_new_password_and_enables_again() {
        let (_dir, accounts) = accounts();
        let who = StaffId::parse("4417").unwrap();
        let (first, _) = accounts.add(new("4417")).unwrap();
        accounts.disable(&who).unwrap();
        assert!(accounts.enabled(&who).is_none());
        let (second, _) = accounts.reset(&who, false).unwrap();
        assert!(accounts.enabled(&who).is_some());
        assert!(matches!(accounts.check("4417", &first, "").unwrap(), Checked::Wrong));
        assert!(matches!(accounts.check("4417", &second, "").unwrap(), Checked::Change(_)));
        accounts.set_password(&who, "three words and a lamp").unwrap();
        let right = accounts.check("4417", "three words and a lamp", "").unwrap();
        assert!(matches!(right, Checked::Right(_)));
    }

    #[test]
    fn a_one_time_password_does_not_hold_for_ever() {
        let (_dir, accounts) = accounts();
        let (word, _) = accounts.add(new("4417")).unwrap();
        let past = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(1);
        let who = StaffId::parse("4417").unwrap();
        accounts
            .one(&who, |account| {
                account.one_time_until = Some(past);
                Ok(())
            })
            .unwrap();
        assert!(matches!(accounts.check("4417", &word, "").unwrap(), Checked::Wrong));
    }
}
