//! The code of an authenticator: six digits, new every 30 seconds, as RFC 6238 has it.

use rules::name::StaffId;
use totp_rs::{Builder, Secret, Totp};

/// A secret of an authenticator, shown once.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// As text, to type in.
    pub secret: String,
    /// As a link that an authenticator opens.
    pub link: String,
}

/// RFC 4226 asks for 160 bits.
const SECRET_BYTES: usize = 20;
/// What an authenticator shows beside the account's name.
const ISSUER: &str = "Callbox";

/// Makes a secret.
pub(super) fn make(staff: &StaffId) -> Result<NewCode, super::AccountFault> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(super::AccountFault::Random)?;
    let secret = Secret::new_stack(bytes).to_base32();
    let totp = totp(&secret, staff).ok_or(super::AccountFault::Code)?;
    let link = totp.to_url().map_err(|_| super::AccountFault::Code)?;
    Ok(NewCode { secret, link })
}

/// The step in which a code holds at a time, if it does: now, or 30 seconds to either side.
pub(super) fn step(secret: &str, staff: &StaffId, code: &str, unix_s: u64) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp(secret, staff)?.check(&digits, unix_s)
}

fn totp(secret: &str, staff: &StaffId) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new()
        .with_secret(secret)
        .with_account_name(staff.as_str())
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> StaffId {
        StaffId::parse("4417").unwrap()
    }

    /// RFC 6238, appendix B: the secret "12345678901234567890" under SHA-1, the last six digits.
    #[test]
    fn the_codes_of_the_rfc_are_met() {
        let secret = Secret::new_stack(*b"12345678901234567890").to_base32();
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(step(&secret, &staff(), code, at), Some(at / 30), "{code}");
            assert_eq!(step(&secret, &staff(), code, at + 90), None, "{code}, too late");
        }
    }

    #[test]
    fn a_link_holds_the_secret_that_is_shown() {
        let new = make(&staff()).unwrap();
        assert!(new.link.starts_with("otpauth://totp/Callbox:4417?"), "{}", new.link);
        assert!(new.link.contains(&new.secret));
        assert_ne!(new.secret, make(&staff()).unwrap().secret);
    }
}
