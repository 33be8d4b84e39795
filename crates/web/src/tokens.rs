//! Bearer tokens: who they stand for, until when. What is kept is a hash; the token itself is shown
//! once, when it is issued, and never again.

use crate::secret_file;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use room::planted;
use rules::name::{Label, StaffId};
use rules::role::{By, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use subtle::ConstantTimeEq;
use thiserror::Error;

/// What every token begins with, so that one left lying about is known for what it is.
pub const PREFIX: &str = "cbx_";

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Its name, to revoke it by.
    pub id: String,
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: Role,
    /// What they are trained for.
    #[serde(default)]
    pub skills: Vec<Label>,
    /// SHA-256 of the token, 64 hexadecimal digits.
    pub sha256: String,
    /// When it was issued.
    pub created: jiff::Timestamp,
    /// When it ends.
    pub expires: jiff::Timestamp,
}

impl Token {
    /// Who acts with it.
    pub fn by(&self) -> By {
        By { staff: self.staff.clone(), role: self.role }
    }
}

/// Why the tokens could not be kept or read.
#[derive(Debug, Error)]
pub enum TokenFault {
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
    #[error("{} is no list of tokens: restore it, or issue new ones elsewhere", path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// No randomness.
    #[error("the system gives no random numbers: no token can be made")]
    Random(#[source] getrandom::Error),
    /// A lifetime out of bounds.
    #[error("a token lasts 1 to 3650 days: choose a number of days between")]
    Days,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    tokens: Vec<Token>,
}

/// The tokens of a deployment.
pub struct Tokens {
    path: Option<PathBuf>,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    tokens: Vec<Arc<Token>>,
    /// The file as it was when they were read from it.
    read: Option<std::fs::Metadata>,
    looked: Option<tokio::time::Instant>,
}

/// How often a token that is not known makes us look at the file again.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(1);
/// How long a token may last at most, in days.
const DAYS_MAX: u32 = 3_650;

impl Tokens {
    /// Tokens that live as long as this process.
    pub fn in_memory() -> Tokens {
        Tokens { path: None, held: RwLock::default() }
    }

    /// The tokens kept in a file; none yet if there is no file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no list of tokens.
    pub fn open(path: impl Into<PathBuf>) -> Result<Tokens, TokenFault> {
        let path = path.into();
        let held = RwLock::new(read(&path)?);
        Ok(Tokens { path: Some(path), held })
    }

    /// Makes a token and keeps its hash. What is returned is the only copy of the token.
    ///
    /// # Errors
    /// No randomness, a file that cannot be written, or a number of days out of bounds.
    pub fn issue(
        &self,
        staff: StaffId,
        role: Role,
        skills: Vec<Label>,
        days: u32,
    ) -> Result<String, TokenFault> {
        if days == 0 || days > DAYS_MAX {
            return Err(TokenFault::Days);
        }
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).map_err(TokenFault::Random)?;
        let text = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
        let created = jiff::Timestamp::now();
        let expires = created + jiff::SignedDuration::from_hours(i64::from(days) * 24);
        let sha256 = if planted("unhashed_token") { text.clone() } else { hash_hex(&text) };
        let id = uuid::Uuid::now_v7().simple().to_string();
        let token = Token { id, staff, role, skills, sha256, created, expires };
        self.change(|tokens| tokens.push(Arc::new(token)))?;
        Ok(text)
    }

    /// Ends a token at once. Whether there was one of this name.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn revoke(&self, id: &str) -> Result<bool, TokenFault> {
        let mut found = false;
        self.change(|tokens| {
            let before = tokens.len();
            tokens.retain(|t| t.id != id);
            found = tokens.len() < before;
        })?;
        Ok(found)
    }

    /// Every token, without the tokens themselves: nobody has those.
    pub fn list(&self) -> Vec<Arc<Token>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).tokens.clone()
    }

    /// Whom a token stands for, if it is one of ours and has not ended.
    pub fn find(&self, text: &str, now: jiff::Timestamp) -> Option<Arc<Token>> {
        let found = self.find_held(text).or_else(|| {
            // It may have been issued by another process since we looked.
            if self.look_again() { self.find_held(text) } else { None }
        });
        found.filter(|t| now < t.expires)
    }

    /// Whether a token of this name still holds.
    pub fn holds(&self, id: &str, now: jiff::Timestamp) -> bool {
        self.look_again();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.tokens.iter().any(|t| t.id == id && now < t.expires)
    }

    fn find_held(&self, text: &str) -> Option<Arc<Token>> {
        let presented = if planted("unhashed_token") { text.to_owned() } else { hash_hex(text) };
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        // Every token is looked at, so that how long it takes tells nothing about any of them.
        for token in &held.tokens {
            if same(token.sha256.as_bytes(), presented.as_bytes()) {
                found = Some(token.clone());
            }
        }
        found
    }

    /// Reads the file again if it has changed, at most once a second. Whether it was read.
    fn look_again(&self) -> bool {
        let Some(path) = &self.path else { return false };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.looked.is_some_and(|at| at.elapsed() < LOOK_AGAIN) {
            return false;
        }
        held.looked = Some(tokio::time::Instant::now());
        let now = std::fs::metadata(path).ok();
        if !differs(now.as_ref(), held.read.as_ref()) {
            return false;
        }
        match read(path) {
            Ok(new) => {
                held.tokens = new.tokens;
                held.read = new.read;
                true
            }
            Err(fault) => {
                tracing::error!(%fault, "the tokens were not read again: the ones known hold on");
                false
            }
        }
    }

    fn change(&self, f: impl FnOnce(&mut Vec<Arc<Token>>)) -> Result<(), TokenFault> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut tokens = match &self.path {
            Some(path) => read(path)?.tokens,
            None => held.tokens.clone(),
        };
        f(&mut tokens);
        if let Some(path) = &self.path {
            write(path, &tokens)?;
            held.read = std::fs::metadata(path).ok();
        }
        held.tokens = tokens;
        Ok(())
    }
}

/// Whether two texts are the same, in a time that depends on their lengths only. Generic in what it
/// compares, so that a test can count how much is looked at.
pub fn same<B: ConstantTimeEq + PartialEq>(a: &[B], b: &[B]) -> bool {
    if planted("plain_compare") {
        return a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b);
    }
    a.ct_eq(b).into()
}

/// SHA-256 as 64 hexadecimal digits.
pub(crate) fn hash_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn differs(a: Option<&std::fs::Metadata>, b: Option<&std::fs::Metadata>) -> bool {
    let key = |m: &std::fs::Metadata| (m.len(), m.modified().ok());
    a.map(key) != b.map(key)
}

fn read(path: &Path) -> Result<Held, TokenFault> {
    let file = |source| TokenFault::File { path: path.to_owned(), source };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Held::default()),
        Err(e) => return Err(file(e)),
    };
    let kept: Kept = serde_json::from_slice(&bytes)
        .map_err(|source| TokenFault::Content { path: path.to_owned(), source })?;
    let read = Some(std::fs::metadata(path).map_err(file)?);
    Ok(Held { tokens: kept.tokens.into_iter().map(Arc::new).collect(), read, looked: None })
}

fn write(path: &Path, tokens: &[Arc<Token>]) -> Result<(), TokenFault> {
    let file = |source| TokenFault::File { path: path.to_owned(), source };
    let kept = Kept { tokens: tokens.iter().map(|t| (**t).clone()).collect() };
    let content = |source| TokenFault::Content { path: path.to_owned(), source };
    let text = serde_json::to_vec_pretty(&kept).map_err(content)?;
    secret_file::replace(path, &text).map_err(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff(name: &str) -> StaffId {
        StaffId::parse(name).unwrap()
    }

    #[test]
    fn a_token_is_known_again_and_never_stored() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.json");
        let tokens = Tokens::open(&path).unwrap();
        let text = tokens.issue(staff("4417"), Role::Dispatcher, Vec::new(), 30).unwrap();
        assert!(text.starts_with(PREFIX));
        assert!(text.len() >= PREFIX.len() + 43, "256 bits");
        let now = jiff::Timestamp::now();
        assert_eq!(tokens.find(&text, now).unwrap().staff, staff("4417"));
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(!kept.contains(&text) && !kept.contains(&text[PREFIX.len()..]), "stored in clear");
        assert!(!format!("{:?}", tokens.list()).contains(&text[PREFIX.len()..]));
        let again = Tokens::open(&path).unwrap();
        assert_eq!(again.find(&text, now).unwrap().role, Role::Dispatcher);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.json");
        let tokens = Tokens::open(&path).unwrap();
        tokens.issue(staff("1"), Role::Auditor, Vec::new(), 1).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_token_ends_when_it_expires_and_when_it_is_revoked() {
        let tokens = Tokens::in_memory();
        let text = tokens.issue(staff("1"), Role::Officer, Vec::new(), 1).unwrap();
        let now = jiff::Timestamp::now();
        let later = now + jiff::SignedDuration::from_hours(25);
        let found = tokens.find(&text, now).unwrap();
        assert!(tokens.find(&text, later).is_none());
        assert!(tokens.holds(&found.id, now) && !tokens.holds(&found.id, later));
        assert!(tokens.revoke(&found.id).unwrap());
        assert!(tokens.find(&text, now).is_none());
        assert!(!tokens.revoke(&found.id).unwrap());
        assert!(tokens.issue(staff("1"), Role::Officer, Vec::new(), 0).is_err());
    }

    #[test]
    fn what_is_nearly_a_token_is_none() {
        let tokens = Tokens::in_memory();
        let text = tokens.issue(staff("1"), Role::Officer, Vec::new(), 1).unwrap();
        let now = jiff::Timestamp::now();
        let kept = tokens.list()[0].sha256.clone();
        for wrong in ["", PREFIX, &text[..text.len() - 1], &format!("{text}A"), &kept] {
            assert!(tokens.find(wrong, now).is_none(), "{wrong}");
        }
        assert!(same(b"abc", b"abc") && !same(b"abc", b"abd") && !same(b"abc", b"ab"));
    }

    /// A byte that counts how often it is compared, and refuses to be compared plainly.
    struct Counted<'c>(u8, &'c std::cell::Cell<u32>);

    impl PartialEq for Counted<'_> {
        fn eq(&self, _: &Self) -> bool {
            panic!("compared in a way that stops at the first difference");
        }
    }

    impl ConstantTimeEq for Counted<'_> {
        fn ct_eq(&self, other: &Self) -> subtle::Choice {
            self.1.set(self.1.get() + 1);
            self.0.ct_eq(&other.0)
        }
    }

    #[test]
    fn a_comparison_looks_at_every_byte_wherever_they_differ() {
        let hash = hash_hex("a token");
        for differs_at in [0, 31, 63] {
            let count = std::cell::Cell::new(0);
            let counted = |b: &u8| Counted(*b, &count);
            let a: Vec<Counted> = hash.as_bytes().iter().map(counted).collect();
            let mut b: Vec<Counted> = hash.as_bytes().iter().map(counted).collect();
            b[differs_at].0 ^= 1;
            assert!(!same(&a, &b));
            assert_eq!(count.get(), 64, "it stopped at {differs_at}");
        }
    }

    #[test]
    fn a_token_issued_by_another_process_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.json");
        let serving = Tokens::open(&path).unwrap();
        let text =
            Tokens::open(&path).unwrap().issue(staff("7"), Role::Officer, Vec::new(), 1).unwrap();
        assert!(serving.find(&text, jiff::Timestamp::now()).is_some());
    }
}
