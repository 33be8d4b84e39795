//! Secrets, and the signatures made with them, as Standard Webhooks 1.0.0 has them: HMAC-SHA256
//! over `id.timestamp.body`, in the header as `v1,` and base64, one for every live secret.

use super::fault::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;

/// A signing secret. It is shown once, when it is made; nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

const PREFIX: &str = "whsec_";
/// How many random bytes a new secret has. The specification allows 24 to 64.
const LENGTH: usize = 32;

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

impl Secret {
    /// A new secret.
    ///
    /// # Errors
    /// [`Fault::Random`].
    pub fn generate() -> Result<Secret, Fault> {
        let mut bytes = vec![0; LENGTH];
        getrandom::fill(&mut bytes)
            .map_err(|error| Fault::Random(std::io::Error::other(error.to_string())))?;
        Ok(Secret(bytes))
    }

    /// Reads `whsec_` and base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// A sentence that does not repeat the text.
    pub fn parse(text: &str) -> Result<Secret, Fault> {
        let bytes = text.strip_prefix(PREFIX).and_then(|rest| STANDARD.decode(rest).ok());
        match bytes.filter(|bytes| (24..=64).contains(&bytes.len())) {
            Some(bytes) => Ok(Secret(bytes)),
            None => Err(Fault::refused(
                "that is not a secret of a webhook: it is whsec_ and then base64 of 24 to 64 bytes",
            )),
        }
    }

    /// The secret as its one reader gets it.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of one message, as one element of the header's list.
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(id.as_bytes());
        mac.update(format!(".{timestamp_s}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The header's list: a signature for every live secret, newest first.
pub(crate) fn signatures(secrets: &[Secret], id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let each: Vec<String> = secrets.iter().map(|s| s.sign(id, timestamp_s, body)).collect();
    each.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's own libraries test with.
    #[test]
    fn the_published_vector_is_met() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_read_back_and_never_printed() {
        let secret = Secret::generate().unwrap();
        assert_eq!(Secret::parse(&secret.reveal()).unwrap(), secret);
        assert_ne!(Secret::generate().unwrap(), secret);
        assert!(!format!("{secret:?}").contains(&secret.reveal()[6..]));
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_*"]
        {
            let refused = Secret::parse(wrong).unwrap_err().to_string();
            assert!(wrong.len() < 8 || !refused.contains(wrong), "{refused}");
        }
    }
}
