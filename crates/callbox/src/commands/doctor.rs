//! `callbox doctor`: what will be used, and what is not in order.

use crate::place::{Place, policy_text};
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use rules::policy::{Policy, check};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to look at.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// The policy file.
    #[arg(long)]
    policy: Option<PathBuf>,
}

struct Check {
    name: &'static str,
    ok: bool,
    advice: String,
}

/// Looks.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    let checks = [
        data_folder(&args.place.data),
        private(&args.place.data, "signing-key.pem", "signing_key"),
        private(&args.place.data, "tokens.json", "tokens"),
        private(&args.place.data, "accounts.json", "accounts"),
        policy(args.policy.as_deref()),
        journal_opens(&args.place),
        space(&args.place.data),
    ];
    let ok = checks.iter().all(|c| c.ok);
    let rows: Vec<_> =
        checks.iter().map(|c| json!({"name": c.name, "ok": c.ok, "advice": c.advice})).collect();
    say::result(json_wanted, &json!({ "checks": rows }), || {
        checks
            .iter()
            .map(|c| format!("{} {}: {}", if c.ok { "ok  " } else { "LOOK" }, c.name, c.advice))
            .collect::<Vec<_>>()
            .join("\n")
    });
    Ok(ok)
}

fn data_folder(data: &Path) -> Check {
    let probe = data.join(".doctor");
    let writable = std::fs::create_dir_all(data).and_then(|()| std::fs::write(&probe, b"probe"));
    let gone = std::fs::remove_file(&probe);
    match writable.and(gone) {
        Ok(()) => Check {
            name: "data_folder",
            ok: true,
            advice: format!("{} can be written", data.display()),
        },
        Err(e) => Check {
            name: "data_folder",
            ok: false,
            advice: format!(
                "{} cannot be written ({e}): give Callbox its own folder",
                data.display()
            ),
        },
    }
}

#[cfg(unix)]
fn private(data: &Path, file: &str, name: &'static str) -> Check {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(data.join(file)) {
        Err(_) => Check { name, ok: true, advice: format!("{file} is made when first needed") },
        Ok(meta) if meta.permissions().mode() & 0o077 == 0 => {
            Check { name, ok: true, advice: format!("{file} is for its owner's eyes only") }
        }
        Ok(_) => Check {
            name,
            ok: false,
            advice: format!("{file} can be read by others: set its mode to 600"),
        },
    }
}

fn policy(file: Option<&Path>) -> Check {
    let name = "policy";
    let text = policy_text(file).map_err(|e| e.to_string());
    match text.and_then(|t| Policy::parse(&t)) {
        Err(sentence) => Check { name, ok: false, advice: sentence },
        Ok(policy) => match check(&policy).len() {
            0 => {
                Check { name, ok: true, advice: format!("{} holds together", policy.about.version) }
            }
            n => Check {
                name,
                ok: false,
                advice: format!("{n} contradiction(s): run `callbox policy check`"),
            },
        },
    }
}

fn journal_opens(place: &Place) -> Check {
    let name = "journal";
    let store = match place.store() {
        Ok(store) => store,
        Err(fault) => return Check { name, ok: false, advice: fault.to_string() },
    };
    if let journal::Store::Sqlite { path } = &store
        && !path.exists()
    {
        return Check { name, ok: true, advice: "is made at the first start".to_owned() };
    }
    let report = journal::verify(&store, None, &mut |_, _| {});
    match report.first_fault {
        None => Check { name, ok: true, advice: format!("{} records, all sound", report.records) },
        Some(f) => Check {
            name,
            ok: false,
            advice: format!("record {}: {}: restore a backup", f.seq, f.what),
        },
    }
}

/// At least 5 % of the disk, or 1 GB, must be free.
fn space(data: &Path) -> Check {
    let name = "disk_space";
    let out = std::process::Command::new("df").arg("-Pk").arg(data).output();
    let text = out.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let fields: Vec<&str> = text.lines().nth(1).unwrap_or("").split_whitespace().collect();
    let free: Option<u64> = fields.get(3).and_then(|f| f.parse().ok());
    match free {
        None => Check { name, ok: false, advice: "the free space could not be read".to_owned() },
        Some(kib) if kib >= 1_048_576 => {
            Check { name, ok: true, advice: format!("{} MiB free", kib / 1_024) }
        }
        Some(kib) => Check {
            name,
            ok: false,
            advice: format!("only {} MiB free: make room before intake stops", kib / 1_024),
        },
    }
}
