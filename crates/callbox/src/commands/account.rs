//! `callbox account`: local accounts for signing on to the pages.

use crate::place::Place;
use crate::say::{self, Outcome};
use clap::{Args as ClapArgs, Subcommand};
use rules::name::{PersonName, StaffId};
use rules::role::Role;
use serde_json::json;
use web::accounts::{Accounts, NewAccount, NewCode};

/// What is to be done with accounts.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add an account. Its one-time password is shown once.
    Add {
        /// Who: collar number or user name.
        staff: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// The roles they may choose among, such as `dispatcher,team_leader`.
        #[arg(long, value_delimiter = ',', required = true)]
        role: Vec<String>,
        /// Ask for a code of an authenticator as well. Its secret is shown once.
        #[arg(long)]
        totp: bool,
    },
    /// Say which accounts there are.
    List,
    /// Switch an account off. Its sessions end.
    Disable {
        /// Who.
        staff: String,
    },
    /// Give an account a new one-time password, and a new authenticator if it has one.
    Reset {
        /// Who.
        staff: String,
        /// Ask for a code of an authenticator from now on.
        #[arg(long)]
        totp: bool,
    },
}

/// Does it.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    std::fs::create_dir_all(&args.place.data)?;
    let accounts = Accounts::open(args.place.data.join("accounts.json"))?;
    match args.what {
        What::Add { staff, name, role, totp } => {
            let staff = StaffId::parse(&staff)?;
            let roles = role.iter().map(|r| role_named(r)).collect::<Result<_, _>>()?;
            let name = PersonName::parse(&name)?;
            let made =
                accounts.add(NewAccount { staff: staff.clone(), name, roles, code: totp })?;
            show(&staff, made, json_wanted);
        }
        What::Reset { staff, totp } => {
            let staff = StaffId::parse(&staff)?;
            let made = accounts.reset(&staff, totp)?;
            show(&staff, made, json_wanted);
        }
        What::Disable { staff } => {
            let staff = StaffId::parse(&staff)?;
            accounts.disable(&staff)?;
            let value = json!({ "staff": staff, "disabled": true });
            say::result(json_wanted, &value, || format!("{staff} can no longer sign on"));
        }
        What::List => list(&accounts, json_wanted)?,
    }
    Ok(true)
}

/// A role by its name.
pub fn role_named(name: &str) -> Result<Role, String> {
    Role::ALL.into_iter().find(|r| r.name() == name.trim()).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|r| r.name()).collect();
        format!("'{name}' is not a role: choose of {}", known.join(", "))
    })
}

fn show(staff: &StaffId, (password, code): (String, Option<NewCode>), json_wanted: bool) {
    let value = json!({
        "staff": staff,
        "one_time_password": password,
        "totp_secret": code.as_ref().map(|c| &c.secret),
        "totp_link": code.as_ref().map(|c| &c.link),
    });
    say::result(json_wanted, &value, || {
        let mut text = format!(
            "{staff} signs on once with this password within 7 days, and chooses another then:\n  \
             {password}"
        );
        if let Some(code) = &code {
            text.push_str(&format!(
                "\nThe authenticator's secret, shown this once:\n  {}\n  {}",
                code.secret, code.link
            ));
        }
        text
    });
}

fn list(accounts: &Accounts, json_wanted: bool) -> Result<(), web::accounts::AccountFault> {
    let all = accounts.list()?;
    let rows: Vec<_> = all
        .iter()
        .map(|a| {
            json!({
                "staff": a.staff, "name": a.name, "roles": a.roles, "disabled": a.disabled,
                "totp": a.has_code(), "one_time_password_until": a.one_time_until,
            })
        })
        .collect();
    say::result(json_wanted, &json!({ "accounts": rows }), || {
        let line = |a: &web::accounts::Account| {
            let roles: Vec<_> = a.roles.iter().map(|r| r.name()).collect();
            let off = if a.disabled { "  switched off" } else { "" };
            let code = if a.has_code() { "  with a code" } else { "" };
            format!("{}  {}  {}{code}{off}", a.staff, a.name, roles.join(","))
        };
        match all.is_empty() {
            true => "no accounts: `callbox account add NAME --name ... --role ...`".to_owned(),
            false => all.iter().map(line).collect::<Vec<_>>().join("\n"),
        }
    });
    Ok(())
}
