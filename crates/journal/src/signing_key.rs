//! The key that signs heads: a PEM file only its owner reads, its public half beside it.

use crate::fault::{Cause, OpenFault};
use crate::note::{self, Signer, Verifier};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What was found or made.
pub(crate) struct KeyFile {
    pub signer: Signer,
    pub made: bool,
    pub readable_by_others: bool,
}

/// Where the public half of a signing key is written, as one verifier key line.
#[must_use]
pub fn verifier_path(signing_key: &Path) -> PathBuf {
    signing_key.with_extension("pub")
}

/// Reads the key, or makes one.
pub(crate) fn load_or_make(path: &Path, origin: &str) -> Result<KeyFile, OpenFault> {
    if !note::is_name(origin) {
        return Err(OpenFault::Origin { origin: origin.to_owned() });
    }
    let (key, made) = match fs::read_to_string(path) {
        Ok(pem) => (parse(path, &pem)?, false),
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => (make(path)?, true),
        Err(other) => return Err(fault(path, "it cannot be read", other)),
    };
    let signer = Signer::new(origin, key);
    Ok(KeyFile { signer, made, readable_by_others: readable_by_others(path) })
}

/// Sees that the public half of the key lies beside it.
pub(crate) fn publish(path: &Path, signer: &Signer) -> Result<(), OpenFault> {
    let line = signer.verifier().line() + "\n";
    let public = verifier_path(path);
    if fs::read_to_string(&public).ok().as_ref() == Some(&line) {
        return Ok(());
    }
    write_whole(&public, line.as_bytes(), 0o644)
        .map_err(|e| fault(&public, "its public half cannot be written", e))
}

/// Reads verifier key lines; empty lines and lines after `#` are left out.
///
/// # Errors
/// What is wrong, as a sentence.
pub(crate) fn read_verifiers(path: &Path) -> Result<Vec<Verifier>, String> {
    let text = fs::read_to_string(path)
        .map_err(|e| format!("the trusted key {} cannot be read: {e}", path.display()))?;
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let keys: Option<Vec<_>> = lines.map(Verifier::parse).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(|| {
        format!("{} does not hold a verifier key: give the .pub file", path.display())
    })
}

fn parse(path: &Path, pem: &str) -> Result<SigningKey, OpenFault> {
    SigningKey::from_pkcs8_pem(pem)
        .map_err(|e| fault(path, "it is not an Ed25519 private key (PKCS #8, PEM)", e))
}

fn make(path: &Path) -> Result<SigningKey, OpenFault> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|e| fault(path, "no randomness to make it from", e.to_string()))?;
    let key = SigningKey::from_bytes(&seed);
    let pem = key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|e| fault(path, "it cannot be put into its form", e))?;
    write_whole(path, pem.as_bytes(), 0o600)
        .map_err(|e| fault(path, "it does not exist and cannot be made", e))?;
    Ok(key)
}

/// Writes a file so that it exists whole or not at all, also after a power cut.
fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let unfinished = PathBuf::from(unfinished);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    sync_folder(path)
}

/// Makes the names in a file's folder durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_path: &Path) -> bool {
    false
}

fn fault(path: &Path, what: &str, source: impl Into<Cause>) -> OpenFault {
    OpenFault::Key { path: path.to_owned(), what: what.to_owned(), source: Some(source.into()) }
}
