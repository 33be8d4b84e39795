//! `callbox token`: a bearer token for a person and a role.

use crate::place::Place;
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use rules::name::StaffId;
use rules::role::Role;
use serde_json::json;

/// For whom.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// The person: collar number or user name.
    #[arg(long)]
    staff: String,
    /// The role, such as `dispatcher`.
    #[arg(long)]
    role: String,
    /// How many days it holds.
    #[arg(long, default_value_t = 90)]
    days: u32,
}

/// Issues a token.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    let staff = StaffId::parse(&args.staff)?;
    let role = Role::ALL.into_iter().find(|r| r.name() == args.role).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|r| r.name()).collect();
        format!("'{}' is not a role: choose one of {}", args.role, known.join(", "))
    })?;
    std::fs::create_dir_all(&args.place.data)?;
    let tokens = web::tokens::Tokens::open(args.place.data.join("tokens.json"))?;
    let token = tokens.issue(staff.clone(), role, Vec::new(), args.days)?;
    let value = json!({ "staff": staff, "role": role, "days": args.days, "token": token });
    say::result(json_wanted, &value, || {
        format!("{token}\nKeep it now: only its hash is stored, and it is not shown again.")
    });
    Ok(true)
}
