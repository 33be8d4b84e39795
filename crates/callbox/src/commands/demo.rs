//! `callbox demo`: a demonstration force with invented people, live in the browser.

use crate::commands::serve::until_stopped;
use crate::place::{DEFAULT_DATA, Place, QUEUE, policy_text};
use crate::say::{self, Outcome};
use clap::{Args as ClapArgs, ValueEnum};
use room::{Act, Denied, Room};
use rules::command::{AgencyNumber, EnrolStaff, EnterAgency, Training};
use rules::name::{Label, Line, PersonName, StaffId};
use rules::refused::RefusedKind;
use rules::role::{By, Role};
use rules::time::Span;
use sim::demo::{OpenDemo, Pace, open, run_live};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use web::accounts::{Invented, SignOn};

/// Where and how fast.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, env = "CALLBOX_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many times as fast as life.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// The seed of the day: the same seed gives the same people and calls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What lies under the map, instead of the county of the demonstration.
    #[arg(long, env = "CALLBOX_BASEMAP")]
    basemap: Option<std::path::PathBuf>,
    /// The policy that holds; the default force if none is given.
    #[arg(long, env = "CALLBOX_POLICY")]
    policy: Option<PathBuf>,
    /// How much happens.
    #[arg(long, value_enum, default_value_t = PaceArg::Usual)]
    pace: PaceArg,
    /// A training room: every page says that nothing is real, the data are in a folder of their
    /// own, and the journal can never be opened as a live one.
    #[arg(long)]
    training: bool,
    /// No limit of requests: for tests that throw requests at it.
    #[arg(long, hide = true)]
    unlimited: bool,
}

/// How much happens in a demonstration.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PaceArg {
    /// A quiet night.
    Quiet,
    /// A usual day.
    Usual,
    /// A busy evening.
    Busy,
    /// A major incident.
    Major,
}

impl PaceArg {
    fn pace(self) -> Pace {
        match self {
            PaceArg::Quiet => Pace::Quiet,
            PaceArg::Usual => Pace::Usual,
            PaceArg::Busy => Pace::Busy,
            PaceArg::Major => Pace::Major,
        }
    }
}

/// Where a training room is kept when no folder is named.
const TRAINING_DATA: &str = "data-training";
/// Trained for their desk, and for nothing else: what only somebody trained does is greyed.
const ONLY_THE_DESK: &str = "VISITOR-CH2";
/// Their trainings end soon.
const ENDS_SOON: &str = "VISITOR-SO";
/// So soon.
const SOON: Span = Span::minutes(10 * 24 * 60);

/// The people a visitor can be: who, the role, the name. All are invented.
const VISITORS: [(&str, Role, &str); 12] = [
    ("VISITOR-CH", Role::CallHandler, "Sian Rowe"),
    ("VISITOR-DD", Role::Dispatcher, "Gareth Pryce"),
    ("VISITOR-TL", Role::TeamLeader, "Amina Khatun"),
    ("VISITOR-FIM", Role::ForceIncidentManager, "Owen Harries"),
    ("VISITOR-PC", Role::Officer, "Priya Nair"),
    ("VISITOR-GD", Role::DigitalDesk, "Tom Beddoe"),
    ("VISITOR-SV", Role::Supervisor, "Megan Lloyd"),
    ("VISITOR-ADM", Role::Administrator, "Josef Nowak"),
    ("VISITOR-AUD", Role::Auditor, "Ruth Adeyemi"),
    // The second person whom a policy needs.
    ("VISITOR-AD2", Role::Administrator, "Delyth Morgan"),
    (ONLY_THE_DESK, Role::CallHandler, "Huw Parry"),
    (ENDS_SOON, Role::SupportOperator, "Efa Wyn"),
];

/// What a visitor is trained for, and until when where that has an end.
fn trained(room: &Room, staff: &str, role: Role) -> (Vec<Label>, Vec<Training>) {
    let policy = room.view().policy.clone();
    let desk = policy.desk.get(&role).map(|desk| desk.skills.clone()).unwrap_or_default();
    match staff {
        ONLY_THE_DESK => (desk, Vec::new()),
        ENDS_SOON => {
            // They are there from an earlier start with the same folder.
            let held = StaffId::parse(staff)
                .ok()
                .and_then(|id| room.view().directory.get(&id).map(|held| held.expires.clone()));
            let until = room.now() + SOON;
            let ends = desk.into_iter().map(|skill| Training { skill, until }).collect();
            (Vec::new(), held.unwrap_or(ends))
        }
        _ => (policy.trainings(), Vec::new()),
    }
}

/// Enters the visitors in the staff directory, and says who can be chosen on the page.
fn enrol(room: &Room) -> Result<Vec<Invented>, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let administrator = By { staff: StaffId::parse("VISITOR-ADM")?, role: Role::Administrator };
    let mut people = Vec::new();
    for (staff, role, name) in VISITORS {
        let (skills, expires) = trained(room, staff, role);
        let staff = StaffId::parse(staff)?;
        let command = EnrolStaff {
            staff: staff.clone(),
            name: PersonName::parse(name)?,
            roles: vec![role],
            skills,
            desk: Some(role),
            expires,
        };
        match runtime.block_on(room.act(Act::new(administrator.clone(), command))) {
            Ok(_) => {}
            // They are there from an earlier start with the same folder.
            Err(Denied::Refused(refused)) if refused.kind == RefusedKind::Conflict => {}
            Err(denied) => return Err(denied.into()),
        }
        people.push(Invented { staff, name: name.to_owned(), role });
    }
    Ok(people)
}

/// Agencies of the demonstration: name, kind, what the number is for, the number, who is in charge,
/// what it helps victims with. All invented: the numbers are of the range that is kept for drama.
type DemoAgency =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static [&'static str]);
const AGENCIES: [DemoAgency; 11] = [
    ("Network Rail", "rail", "route control - trains at caution", "01632 960101", "", &[]),
    (
        "British Transport Police",
        "control room",
        "force control room",
        "01632 960102",
        "Insp. Hollin",
        &[],
    ),
    ("Ambulance service", "ambulance", "clinical desk", "01632 960103", "", &[]),
    ("Fire service", "fire", "joint control", "01632 960104", "", &[]),
    ("St. Non General", "hospital", "emergency department - shift leader", "01632 960105", "", &[]),
    ("Harbour Cars", "taxi", "night desk", "01632 960106", "Mr Pinder", &[]),
    (
        "Northmarch Police control room",
        "control room",
        "supervisor - day and night",
        "01632 960111",
        "Sgt. Eastoe",
        &[],
    ),
    (
        "Westfold Police control room",
        "control room",
        "supervisor - day and night",
        "01632 960112",
        "Insp. Cardew",
        &[],
    ),
    (
        "Safe House Line",
        "victim support",
        "helpline - day and night",
        "01632 960121",
        "",
        &["domestic abuse", "stalking"],
    ),
    (
        "Harrowmere Victim Care",
        "victim support",
        "helpline",
        "01632 960122",
        "",
        &["burglary", "violence", "robbery", "hate crime"],
    ),
    (
        "The Lantern",
        "victim support",
        "sexual assault referral centre",
        "01632 960123",
        "",
        &["sexual offence"],
    ),
];

/// Enters the agencies in their directory.
fn enter_agencies(room: &Room) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let administrator = By { staff: StaffId::parse("VISITOR-ADM")?, role: Role::Administrator };
    for (agency, kind, purpose, line, in_charge, helps_with) in AGENCIES {
        let number = AgencyNumber { purpose: Label::parse(purpose)?, line: Line::parse(line)? };
        let command = EnterAgency {
            agency: Label::parse(agency)?,
            kind: Label::parse(kind)?,
            numbers: vec![number],
            hours: None,
            note: None,
            supervisor: PersonName::parse(in_charge).ok(),
            areas: Vec::new(),
            helps_with: helps_with.iter().filter_map(|h| Label::parse(h).ok()).collect(),
        };
        match runtime.block_on(room.act(Act::new(administrator.clone(), command))) {
            Ok(_) => {}
            Err(Denied::Refused(refused)) if refused.kind == RefusedKind::Conflict => {}
            Err(denied) => return Err(denied.into()),
        }
    }
    Ok(())
}

/// Runs the demonstration until it is told to stop.
pub fn run(mut args: Args, _json: bool) -> Outcome {
    if args.training && args.place.data == Path::new(DEFAULT_DATA) {
        args.place.data = TRAINING_DATA.into();
    }
    if !(args.speed.is_finite() && args.speed > 0.0) {
        return Err("the speed is how many times as fast as life, such as 1 or 60".into());
    }
    std::fs::create_dir_all(&args.place.data)?;
    let basemap = match args.basemap.as_deref() {
        Some(file) => web::Basemap::of_file(file)?,
        None => web::Basemap::GeoJson(sim::demo::COUNTY.into()),
    };
    say::note("a demonstration force: invented people, numbers and places");
    say::note("working through the first hours of the shift ...");
    let policy = policy_text(args.policy.as_deref())?;
    let (room, day) = open(&OpenDemo {
        seed: args.seed,
        store: args.place.store()?,
        data: args.place.data.clone(),
        policy_toml: if args.training { room::for_training(&policy) } else { policy },
        speed: args.speed,
        pace: args.pace.pace(),
        queue: QUEUE,
    })?;
    let tokens = Arc::new(web::tokens::Tokens::open(args.place.data.join("tokens.json"))?);
    say::note("who you can be: choose a name on the sign-on page; the token is for the API");
    for (staff, role, name) in VISITORS {
        let token = tokens.issue(StaffId::parse(staff)?, role, Vec::new(), 1)?;
        say::note(&format!("  {:<24} {token}  {name}", role.words()));
    }
    let people = enrol(&room)?;
    enter_agencies(&room)?;
    let stop = Arc::new(AtomicBool::new(false));
    let running = run_live(room.clone(), day, args.speed, stop.clone())?;
    let config = web::Config {
        demo: true,
        training: args.training,
        limits: if args.unlimited { web::Limits::unlimited() } else { web::Limits::default() },
        tokens,
        metrics: Some(web::metrics()?),
        https: false,
        sign_on: SignOn { people, ..SignOn::default() },
        basemap,
        trusted_proxies: Vec::new(),
    };
    let stopping = StopOnDrop(stop);
    let (data, nowhere) = (&args.place.data, Vec::new());
    let served = until_stopped(room, config, data, args.listen, nowhere, |address| {
        format!("Callbox demonstrates on http://{address}")
    });
    drop(stopping);
    if running.join().is_err() {
        return Err("the demonstration's day ended in a panic".into());
    }
    served
}

/// Ends the day however the demonstration ends.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
