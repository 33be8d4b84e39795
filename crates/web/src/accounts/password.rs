//! What is a password, and whether it is the right one. Length counts and common ones are refused;
//! nobody is told which characters to use, and nobody has to change a password that is not known to
//! others (NIST SP 800-63B; ASVS 5.0, V6.2).

use super::AccountFault;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rules::name::{PersonName, StaffId};
use std::sync::LazyLock;

/// The fewest characters.
pub(super) const CHARACTERS_MIN: usize = 12;
/// The most; a longer one is refused rather than cut off.
pub(super) const CHARACTERS_MAX: usize = 256;

/// 19 MiB, two passes, one lane: the parameters that ASVS and OWASP name for argon2id.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What an account that does not exist is checked against, so that it takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("no account has this password").unwrap_or_default());

/// Makes ready what an account that does not exist is checked against.
pub(super) fn make_ready() {
    LazyLock::force(&NOBODY);
}

/// The hash to keep.
pub(super) fn hash(password: &str) -> Result<String, AccountFault> {
    let hash: PasswordHash =
        argon2().hash_password(password.as_bytes()).map_err(|_| AccountFault::Hash)?;
    Ok(hash.to_string())
}

/// Whether it is the password. Without an account it takes as long, and is not.
pub(super) fn is(password: &str, kept: Option<&str>) -> bool {
    let text = kept.unwrap_or(NOBODY.as_str());
    let right = PasswordHash::new(text)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
    right && kept.is_some()
}

/// A password for one sign-on: 120 bits.
pub(super) fn one_time() -> Result<String, AccountFault> {
    let mut bytes = [0_u8; 15];
    getrandom::fill(&mut bytes).map_err(AccountFault::Random)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What a password is when it is no more than this and figures or signs around it.
const COMMON: [&str; 42] = [
    "password",
    "passw0rd",
    "letmein",
    "welcome",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdf",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "administrator",
    "admin",
    "changeme",
    "secret",
    "monkey",
    "dragon",
    "football",
    "liverpool",
    "chelsea",
    "arsenal",
    "rugby",
    "cymru",
    "wales",
    "england",
    "london",
    "police",
    "policing",
    "constable",
    "sergeant",
    "inspector",
    "dispatcher",
    "callhandler",
    "control",
    "controlroom",
    "emergency",
    "callbox",
    "heddlu",
    "summer",
    "winter",
    "autumn",
    "spring",
    "croeso",
];

/// What stands against a password, as a sentence.
pub(super) fn against(password: &str, staff: &StaffId, name: &PersonName) -> Result<(), String> {
    let n = password.chars().count();
    if n < CHARACTERS_MIN {
        return Err(format!(
            "this password has {n} characters: use {CHARACTERS_MIN} or more, such as a few words"
        ));
    }
    if n > CHARACTERS_MAX {
        return Err(format!("this password is too long: {CHARACTERS_MAX} characters are the most"));
    }
    if is_common(&password.to_lowercase(), staff, name) {
        return Err("this password is among the first that somebody would try: choose another, \
                    such as a few words that have nothing to do with each other"
            .to_owned());
    }
    Ok(())
}

fn is_common(lower: &str, staff: &StaffId, name: &PersonName) -> bool {
    let letters = |text: &str| -> String {
        let plain = text.to_lowercase();
        plain.chars().filter(|c| c.is_alphabetic() || *c == '0').collect()
    };
    let core = letters(lower);
    let own: Vec<String> = name
        .as_str()
        .split_whitespace()
        .chain([name.as_str(), staff.as_str()])
        .map(letters)
        .filter(|word| !word.is_empty())
        .collect();
    let mut words: Vec<&str> =
        COMMON.iter().copied().chain(own.iter().map(String::as_str)).collect();
    // A long word is taken out before a shorter one that it holds.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let is_made_of = |text: &str| {
        let mut rest = text.to_owned();
        for word in &words {
            rest = rest.replace(word, "");
        }
        rest.trim_matches('0').is_empty()
    };
    is_made_of(&core) || repeats(lower) || counts(lower)
}

/// One short piece over and over.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=4).any(|n| all.iter().zip(all.iter().skip(n)).all(|(a, b)| a == b))
}

/// Each character the next one up or down: 123456789012, abcdefghijkl.
fn counts(text: &str) -> bool {
    let all: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |up: bool| {
        let next = |(a, b): (&u32, &u32)| {
            let (low, high) = if up { (*a, *b) } else { (*b, *a) };
            high == low + 1 || (low, high) == (u32::from('9'), u32::from('0'))
        };
        all.iter().zip(all.iter().skip(1)).all(next)
    };
    steps(true) || steps(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_what_everybody_tries_first_is_refused() {
        let staff = StaffId::parse("DD4417").unwrap();
        let name = PersonName::parse("Sian Rowe").unwrap();
        let against = |password: &str| against(password, &staff, &name);
        for good in
            ["correct horse battery", "mae'r gath yn yr ardd", "tttuuuvvvwwwx9", "ΓΕΙΑ ΣΟΥ ΚΟΣΜΕ"]
        {
            assert_eq!(against(good), Ok(()), "{good}");
        }
        for bad in [
            "short",
            "elevenchars",
            "password1234",
            "Password!2026",
            "PASSW0RD-PASSW0RD",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "123456789012",
            "987654321098",
            "sianrowe2026!",
            "DD4417-DD4417",
            "policecallbox",
            "qwertyuiop12",
            "000000000001",
        ] {
            assert!(against(bad).is_err(), "{bad}");
        }
        assert!(against(&"ab c".repeat(80)).is_err());
    }

    #[test]
    fn a_hash_is_salted_and_known_again() {
        let (a, b) =
            (hash("correct horse battery").unwrap(), hash("correct horse battery").unwrap());
        assert_ne!(a, b);
        assert!(a.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{a}");
        assert!(is("correct horse battery", Some(&a)) && !is("correct horse batterx", Some(&a)));
        assert!(!is("no account has this password", None), "nobody's password opens nothing");
        assert!(!is("", Some("")), "an empty hash is no hash");
    }
}
