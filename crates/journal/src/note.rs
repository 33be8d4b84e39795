//! Signed heads: C2SP checkpoints, as signed notes with Ed25519.
//!
//! Formats: <https://c2sp.org/tlog-checkpoint>, <https://c2sp.org/signed-note>.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The signature type of plain Ed25519.
const ED25519: u8 = 1;
/// More signatures than this on one note are not looked at.
const SIGNATURES_MAX: usize = 64;

/// A signed head of the journal: what it held, vouched for by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the journal.
    pub origin: String,
    /// How many records it covers.
    pub size: u64,
    /// The root of the RFC 6962 tree over the hashes of those records.
    pub root: [u8; 32],
    /// The whole signed note, as it may be handed to a stranger.
    pub note: String,
}

/// A private key that signs heads under a name.
pub(crate) struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    pub fn new(name: &str, key: SigningKey) -> Self {
        let verifier = Verifier::new(name, key.verifying_key());
        Self { key, verifier }
    }

    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs a head; the origin is the key's name.
    pub fn sign(&self, size: u64, root: [u8; 32]) -> Checkpoint {
        let origin = self.verifier.name.clone();
        let text = format!("{origin}\n{size}\n{}\n", STANDARD.encode(root));
        let mut signature = self.verifier.id.to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        let note = format!("{text}\n\u{2014} {origin} {}\n", STANDARD.encode(signature));
        Checkpoint { origin, size, root, note }
    }
}

/// A public key that heads are checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verifier {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: &str, key: VerifyingKey) -> Self {
        let digest = Sha256::new()
            .chain_update(name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(key.as_bytes())
            .finalize();
        Self { name: name.to_owned(), id: [digest[0], digest[1], digest[2], digest[3]], key }
    }

    /// Reads a verifier key line: `NAME+ID+BASE64`.
    pub fn parse(line: &str) -> Option<Self> {
        // The encoded key may hold `+` too; the name and the id may not.
        let mut parts = line.trim().splitn(3, '+');
        let (name, id, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = STANDARD.decode(encoded).ok()?;
        let (&[kind], key) = bytes.split_first_chunk::<1>()?;
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let verifier = Self::new(name, key);
        let sound = kind == ED25519 && is_name(name) && verifier.key_id() == id;
        sound.then_some(verifier)
    }

    /// The verifier key line.
    pub fn line(&self) -> String {
        let mut encoded = vec![ED25519];
        encoded.extend_from_slice(self.key.as_bytes());
        format!("{}+{}+{}", self.name, self.key_id(), STANDARD.encode(encoded))
    }

    /// The key's id, 8 hexadecimal digits.
    pub fn key_id(&self) -> String {
        crate::fault::hex(&self.id)
    }

    fn accepts(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

/// Whether a text may name a key and a journal.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// Reads a checkpoint, if one of these keys signed it, and no known key's signature is wrong.
///
/// # Errors
/// What is wrong with it, to follow "its signed head".
pub(crate) fn open(note: &str, keys: &[Verifier]) -> Result<Checkpoint, &'static str> {
    let bad = "is not a signed note";
    if note.chars().any(|c| c.is_control() && c != '\n') {
        return Err(bad);
    }
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(bad)?;
    let text = &note[..=text.len()];
    let mut signed = false;
    for line in signatures.lines().take(SIGNATURES_MAX) {
        let line = line.strip_prefix("\u{2014} ").ok_or(bad)?;
        let (name, encoded) = line.split_once(' ').ok_or(bad)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| bad)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(bad)?;
        if let Some(key) = keys.iter().find(|key| key.name == name && key.id == *id) {
            if !key.accepts(text, signature) {
                return Err("has a signature that does not match it");
            }
            signed = true;
        }
    }
    if !signed {
        return Err("is not signed by a key that is trusted here");
    }
    body(text, note).ok_or("is not a checkpoint")
}

fn body(text: &str, note: &str) -> Option<Checkpoint> {
    let mut lines = text.lines();
    let (origin, digits, encoded) = (lines.next()?, lines.next()?, lines.next()?);
    let size: u64 = digits.parse().ok()?;
    let root = STANDARD.decode(encoded).ok()?.try_into().ok()?;
    let sound = !origin.is_empty() && size.to_string() == digits;
    sound.then(|| Checkpoint { origin: origin.to_owned(), size, root, note: note.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of the two specifications.
    const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo \
        Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ineya\
        QM=\n";
    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    fn signer(seed: u8) -> Signer {
        Signer::new("test.example/journal", SigningKey::from_bytes(&[seed; 32]))
    }

    #[test]
    fn the_specifications_own_note_verifies_under_its_own_key() {
        let key = Verifier::parse(KEY).expect("the example key");
        assert_eq!(key.line(), KEY);
        assert_eq!(open(NOTE, &[key]), Err("is not a checkpoint"), "signed, but not a checkpoint");
    }

    #[test]
    fn a_head_verifies_under_its_key_and_no_other() {
        let (ours, other) = (signer(1), signer(2));
        let head = ours.sign(7, [9; 32]);
        let read = open(&head.note, &[other.verifier().clone(), ours.verifier().clone()]);
        assert_eq!(read.as_ref(), Ok(&head));
        let untrusted = open(&head.note, &[other.verifier().clone()]);
        assert_eq!(untrusted, Err("is not signed by a key that is trusted here"));
        let parsed = Verifier::parse(&ours.verifier().line());
        assert_eq!(parsed.as_ref(), Some(ours.verifier()));
    }

    #[test]
    fn no_changed_byte_of_a_head_verifies() {
        let ours = signer(1);
        let note = ours.sign(20_852_163, [0xa5; 32]).note;
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(open(&changed, &[ours.verifier().clone()]).is_err(), "byte {at}");
            }
        }
    }

    #[test]
    fn a_damaged_key_line_is_not_a_key() {
        for at in 0..KEY.len() {
            let mut bytes = KEY.as_bytes().to_vec();
            bytes[at] ^= 2;
            let line = String::from_utf8(bytes).expect("still ASCII");
            assert_eq!(Verifier::parse(&line), None, "byte {at}");
        }
    }
}
