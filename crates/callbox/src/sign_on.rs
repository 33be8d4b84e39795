//! How people sign on, read from a file: inactivity, and a provider of identities.

use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use web::accounts::{Accounts, SignOn};

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// A session ends when nothing was done for so many minutes.
    idle_minutes: Option<u32>,
    /// A provider of identities.
    oidc: Option<toml::Table>,
}

/// How people sign on to a force's own room.
pub fn of_files(
    settings: Option<&Path>,
    data: &Path,
) -> Result<SignOn, Box<dyn std::error::Error>> {
    let file = match settings {
        None => File::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
            toml::from_str(&text)
                .map_err(|e| format!("{} does not say how people sign on: {e}", path.display()))?
        }
    };
    let mut sign_on = SignOn {
        accounts: Some(Arc::new(Accounts::open(data.join("accounts.json"))?)),
        ..SignOn::default()
    };
    match file.idle_minutes {
        Some(minutes @ 5..=720) => sign_on.idle = Duration::from_secs(u64::from(minutes) * 60),
        Some(_) => return Err("idle_minutes is 5 to 720: a shift is 12 hours".into()),
        None => {}
    }
    if let Some(table) = file.oidc {
        sign_on.provider = Some(provider(table)?);
    }
    Ok(sign_on)
}

#[cfg(feature = "oidc")]
fn provider(
    table: toml::Table,
) -> Result<Arc<dyn web::accounts::provider::Provider>, Box<dyn std::error::Error>> {
    let settings: web::accounts::oidc::Settings =
        table.try_into().map_err(|e| format!("[oidc] is not right: {e}"))?;
    Ok(Arc::new(web::accounts::oidc::Oidc::new(settings)?))
}

#[cfg(not(feature = "oidc"))]
fn provider(
    _: toml::Table,
) -> Result<Arc<dyn web::accounts::provider::Provider>, Box<dyn std::error::Error>> {
    Err("this build has no OpenID Connect: build callbox with --features oidc".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_how_people_sign_on_or_what_is_wrong_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sign-on.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            of_files(Some(&path), dir.path()).map_err(|e| e.to_string())
        };
        assert_eq!(read("idle_minutes = 20").unwrap().idle, Duration::from_secs(1_200));
        assert!(of_files(None, dir.path()).unwrap().accounts.is_some());
        for (wrong, says) in [
            ("idle_minutes = 0", "5 to 720"),
            ("idle = 3", "does not say how people sign on"),
            ("[oidc]\nissuer = 'https://id.example'", "oidc"),
        ] {
            assert!(read(wrong).is_err_and(|e| e.to_lowercase().contains(says)), "{wrong}");
        }
    }
}
