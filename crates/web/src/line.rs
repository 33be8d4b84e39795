//! One line of the console carried out: understood by the rules, each command allowed or refused as
//! at its own address, and nothing done if one of them would be refused. The pages and the API both
//! come here.

use crate::App;
use crate::caller::{Caller, allow};
use crate::problem::{Kind, Problem};
use room::Act;
use rules::command::Command;
use rules::line::{Choice, Desk, Last, Misunderstood, Understood, View, understand};
use rules::name::IncidentNumber;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// So many last lines are kept before those of tokens that have ended are dropped.
const MOST: usize = 10_000;

/// A line as it is sent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CommandLine")]
pub(crate) struct Asked {
    /// The line.
    line: String,
    /// The log that is selected.
    #[serde(default)]
    selected: Option<IncidentNumber>,
    /// Whether only to say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// What became of a line.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CommandLineAnswer")]
pub(crate) struct Ran {
    /// One line for the person: what was done, or what is asked.
    pub says: String,
    /// One for each command that was saved.
    pub receipts: Vec<Receipt>,
    /// The whole lines to choose from; nothing was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choose: Vec<Choice>,
    /// What is to be shown; it has an address of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<View>,
}

/// A command that was saved.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Receipt {
    /// The command's id.
    #[schemars(with = "String")]
    pub id: Uuid,
    /// The command.
    #[serde(rename = "do")]
    pub command: &'static str,
    /// The place of its first event in the total order.
    pub first_seq: u64,
    /// The place of its last event.
    pub last_seq: u64,
    /// Whether it was saved by an earlier call with the same id.
    pub repeated: bool,
}

impl Ran {
    fn says(says: impl Into<String>) -> Ran {
        Ran { says: says.into(), receipts: Vec::new(), choose: Vec::new(), show: None }
    }
}

/// A line that was carried out, so that it can be answered again, taken back or repeated.
#[derive(Clone)]
struct Kept {
    id: Uuid,
    text: String,
    says: String,
    commands: Vec<Command>,
    /// What `U` and `#` go by from now on; nothing after an undo.
    last: Option<Last>,
}

/// Everybody's last line, by the token they signed on with.
#[derive(Default)]
pub(crate) struct Lines(Mutex<HashMap<Arc<str>, Kept>>);

impl Lines {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, caller: &Caller) -> Option<Kept> {
        self.lock().get(&caller.token).cloned()
    }

    /// Keeps a line, or puts back the one before. Lines of tokens that have ended make room.
    fn keep(&self, app: &App, caller: &Caller, kept: Option<Kept>) {
        let mut lines = self.lock();
        if lines.len() >= MOST {
            let now = jiff::Timestamp::now();
            lines.retain(|token, _| app.config.tokens.holds(token, now));
        }
        match kept {
            Some(kept) => lines.insert(caller.token.clone(), kept),
            None => lines.remove(&caller.token),
        };
    }
}

/// A line that the API was sent.
pub(crate) async fn asked(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    id: Option<Uuid>,
) -> Result<Ran, Problem> {
    if asked.dry_run {
        return would(app, caller, asked.selected, &asked.line);
    }
    run(app, caller, asked.selected, &asked.line, id.unwrap_or_else(Uuid::now_v7)).await
}

/// What a line would do. Nothing is saved.
pub(crate) fn would(
    app: &App,
    caller: &Caller,
    selected: Option<IncidentNumber>,
    text: &str,
) -> Result<Ran, Problem> {
    match read(app, caller, selected, text)? {
        Meant::Said(ran) => Ok(ran),
        Meant::Done { says, commands, .. } => {
            allowed(app, caller, &commands)?;
            Ok(Ran::says(says))
        }
    }
}

/// Carries a line out. The same id gives the same answer, as long as no other line came between.
pub(crate) async fn run(
    app: &App,
    caller: &Caller,
    selected: Option<IncidentNumber>,
    text: &str,
    id: Uuid,
) -> Result<Ran, Problem> {
    allow(&caller.by, "command_line")?;
    let before = app.lines.of(caller);
    let same = before.as_ref().filter(|kept| kept.id == id);
    if same.is_some_and(|kept| kept.text != text) {
        let detail = "this Idempotency-Key belongs to another line: make a new one";
        return Err(Problem::new(Kind::Conflict, detail));
    }
    let kept = match same {
        Some(kept) => kept.clone(),
        None => match read(app, caller, selected, text)? {
            Meant::Said(ran) => return Ok(ran),
            Meant::Done { says, commands, last } => {
                allowed(app, caller, &commands)?;
                Kept { id, text: text.to_owned(), says, commands, last }
            }
        },
    };
    app.lines.keep(app, caller, Some(kept.clone()));
    save(app, caller, &kept).await.inspect_err(|problem| {
        // What is not known to be saved may be asked for again; a refusal leaves the line before.
        if !matches!(problem.kind, Kind::NotSaved | Kind::Busy) {
            app.lines.keep(app, caller, before);
        }
    })
}

/// What a line means here and now.
enum Meant {
    /// Nothing is to be done.
    Said(Ran),
    /// Commands, and what to remember of them.
    Done { says: String, commands: Vec<Command>, last: Option<Last> },
}

fn read(
    app: &App,
    caller: &Caller,
    selected: Option<IncidentNumber>,
    text: &str,
) -> Result<Meant, Problem> {
    allow(&caller.by, "command_line")?;
    let (state, now) = (app.room.view(), app.room.now());
    let last = app.lines.of(caller).and_then(|kept| kept.last);
    let desk = Desk { state: &state, now, by: &caller.by, selected, last };
    match understand(text, &desk).map_err(misunderstood)? {
        Understood::Do { commands, says } => {
            let last = Some(Last::of(text, &commands, &desk));
            Ok(Meant::Done { says, commands, last })
        }
        Understood::Undo { commands, says } => Ok(Meant::Done { says, commands, last: None }),
        Understood::Choose { question, choices } => {
            Ok(Meant::Said(Ran { choose: choices, ..Ran::says(question) }))
        }
        Understood::Show(view) => {
            if let Some(action) = action_of(&view) {
                allow(&caller.by, action)?;
            }
            Ok(Meant::Said(Ran { show: Some(view), ..Ran::says("") }))
        }
    }
}

/// The row of the role table that what is to be shown has at its own address.
fn action_of(view: &View) -> Option<&'static str> {
    match view {
        View::Find { .. } => Some("search_history"),
        View::Candidates { .. } => Some("view_candidates"),
        View::Map { .. } => Some("view_map"),
        View::Thrive { .. } => Some("record_thrive"),
        View::Log { .. } => Some("view_log"),
        View::Unit { .. } => Some("view_units"),
        View::Keys => None,
    }
}

fn misunderstood(wrong: Misunderstood) -> Problem {
    let detail = match &wrong.try_instead {
        Some(line) => format!("{}. Try: {line}", wrong.says),
        None => wrong.says,
    };
    let items = wrong.try_instead.into_iter().collect();
    Problem { items, at: Some(wrong.at), ..Problem::invalid(detail) }
}

/// Each command as at its own address, and all of them as the room stands.
fn allowed(app: &App, caller: &Caller, commands: &[Command]) -> Result<(), Problem> {
    for command in commands {
        allow(&caller.by, command.name())?;
    }
    app.room.would(&caller.by, commands).map_err(Problem::from)
}

/// Saves the commands in order. What was possible a moment ago may be refused by now: then what was
/// saved before stays, and is said.
async fn save(app: &App, caller: &Caller, kept: &Kept) -> Result<Ran, Problem> {
    let mut receipts: Vec<Receipt> = Vec::new();
    for (at, command) in kept.commands.iter().enumerate() {
        let mut act = Act::new(caller.by.clone(), command.clone());
        act.id = part(kept.id, at);
        let done = app.room.act(act).await.map_err(|d| after(d.into(), &receipts))?;
        let others = done.events.iter().any(|(_, meta)| meta.by.staff != caller.by.staff);
        if done.repeated && others {
            let detail =
                "this Idempotency-Key belongs to a command of somebody else: make a new one";
            return Err(Problem::new(Kind::Conflict, detail));
        }
        receipts.push(Receipt {
            id: done.id,
            command: command.name(),
            first_seq: done.first_seq,
            last_seq: done.last_seq,
            repeated: done.repeated,
        });
    }
    Ok(Ran { receipts, ..Ran::says(kept.says.as_str()) })
}

fn after(problem: Problem, saved: &[Receipt]) -> Problem {
    if saved.is_empty() {
        return problem;
    }
    let n = saved.len();
    let detail = format!("the first {n} of this line stand; then: {}", problem.detail);
    Problem { detail, ..problem }
}

/// The id of a command of a line: the line's own for the first, one made from it for the others.
fn part(id: Uuid, at: usize) -> Uuid {
    if at == 0 {
        return id;
    }
    let hash = Sha256::new().chain_update(id.as_bytes()).chain_update(at.to_be_bytes()).finalize();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
