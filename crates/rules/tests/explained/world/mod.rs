//! A small room that is driven by lines of text and writes down what a rule says.

pub mod words; // one line into a command

use rules::command::*;
use rules::decide::{act, tick};
use rules::due::next_due;
use rules::event::{Event, Meta};
use rules::name::*;
use rules::obligation::{Obligation, Rule};
use rules::policy::Policy;
use rules::refused::Refused;
use rules::role::{By, Owner, Role};
use rules::state::State;
use rules::time::{Instant, LocalDay, Now, Span};
use std::collections::BTreeMap;

/// The default policy.
pub fn policy() -> Policy {
    Policy::parse(include_str!("../../../../../policy/default.toml")).expect("the default reads")
}

/// Minute 0 of every table.
pub const START: Instant = Instant(1_795_000_000_000);

/// The people of the room and their roles, by the letters of their names.
pub fn role_of(who: &str) -> Role {
    match who.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "CH" => Role::CallHandler,
        "DD" => Role::Dispatcher,
        "SO" => Role::SupportOperator,
        "TL" => Role::TeamLeader,
        "DS" => Role::DispatchSupervisor,
        "FIM" => Role::ForceIncidentManager,
        "CI" => Role::DutyChiefInspector,
        "VD" => Role::VulnerabilityDesk,
        "WEB" => Role::Public,
        _ => Role::Officer,
    }
}

pub fn by(who: &str) -> By {
    By { staff: StaffId::parse(who).expect("a short name"), role: role_of(who) }
}

/// A room with people in it.
pub struct World {
    pub s: State,
    pub at: Instant,
    pub done: Vec<(Event, Meta)>,
    /// What is owed and to whom, kept to word its end.
    known: BTreeMap<ObligationId, Obligation>,
    /// The rules whose doings are written down.
    watched: Vec<Rule>,
    sounds: bool,
    out: Vec<String>,
}

impl World {
    pub fn with(policy: Policy, on_duty: &str) -> World {
        let mut w = World {
            s: State::new(policy),
            at: START,
            done: Vec::new(),
            known: BTreeMap::new(),
            watched: Vec::new(),
            sounds: false,
            out: Vec::new(),
        };
        for who in on_duty.split_whitespace() {
            let seat = SeatId::parse(who).expect("a short name");
            w.act(&by(who), SignOn { seat, skills: Vec::new() }).expect("they can sign on");
        }
        w
    }

    pub fn new() -> World {
        World::with(policy(), "CH1 CH2 DD1 DD2 SO1 SO2 TL1 DS1 FIM1 CI1 VD1")
    }

    pub fn watching(mut self, rules: &[Rule]) -> World {
        self.watched = rules.to_vec();
        self
    }

    pub fn hearing(mut self) -> World {
        self.sounds = true;
        self
    }

    pub fn now(&self) -> Now {
        Now { at: self.at, day: LocalDay(20_261_121) }
    }

    /// Does something now.
    pub fn act(&mut self, by: &By, command: impl Into<Command>) -> Result<(), Refused> {
        let command = command.into();
        let now = self.now();
        let done = act(&mut self.s, by, &command, None, now)?;
        self.keep(done);
        Ok(())
    }

    /// Lets time pass.
    pub fn wait_until(&mut self, until: Instant) {
        while let Some(at) = next_due(&self.s).filter(|at| *at <= until) {
            self.at = self.at.max(at);
            let done = tick(&mut self.s, self.at).expect("something is due");
            self.keep(done);
        }
        self.at = until;
    }

    fn keep(&mut self, done: Vec<(Event, Meta)>) {
        for (event, meta) in done {
            if let Some(line) = self.line(&event) {
                self.out.push(format!("-> {} {line}", minutes(self.at)));
            }
            self.done.push((event, meta));
        }
    }

    fn watches(&self, id: &ObligationId) -> Option<(String, &Obligation)> {
        let o = self.known.get(id).filter(|o| self.watched.contains(&o.rule))?;
        let part = o.part.as_deref().map(|p| format!(" '{p}'")).unwrap_or_default();
        let many = if self.watched.len() > 1 { o.rule.name() } else { "" };
        Some((format!("{many}{part}").trim().to_owned(), o))
    }

    /// What a watched rule's event says.
    fn line(&mut self, event: &Event) -> Option<String> {
        if let Event::ObligationsArmed { about, armed } = event {
            for row in armed {
                self.known.insert(row.obligation, Obligation::new(about.clone(), row));
            }
            let mut lines = Vec::new();
            for row in armed {
                let Some((name, o)) = self.watches(&row.obligation) else { continue };
                let due = minutes(o.due_at);
                lines.push(gap(&["owed", &name, "by", &o.owner.to_string(), "due", &due]));
            }
            return (!lines.is_empty()).then(|| lines.join("; "));
        }
        self.later(event)
    }

    fn later(&self, event: &Event) -> Option<String> {
        match event {
            Event::ObligationsEnded { ended, fate, .. } => {
                let fate = format!("{fate:?}").to_lowercase();
                let lines: Vec<String> = ended
                    .iter()
                    .filter_map(|id| self.watches(id))
                    .map(|(name, _)| gap(&[&fate, &name]))
                    .collect();
                (!lines.is_empty()).then(|| lines.join("; "))
            }
            Event::ObligationFired { obligation, told, level, owner, .. } => {
                let (name, _) = self.watches(obligation)?;
                let told: Vec<String> = told.iter().map(Owner::to_string).collect();
                let level = format!("{level:?}");
                let owner = format!("(owner {owner})");
                Some(gap(&[&level, &name, "told", &told.join(", "), &owner]))
            }
            Event::ObligationMoved { obligation, due_at, .. } => {
                let (name, _) = self.watches(obligation)?;
                Some(gap(&["again", &name, "due", &minutes(*due_at)]))
            }
            Event::ObligationPassed { obligation, to, .. } => {
                let (name, _) = self.watches(obligation)?;
                Some(gap(&["goes", &name, "to", &to.to_string()]))
            }
            Event::Annunciated { position, rule, level, heard, why, .. }
                if self.sounds && self.watched.contains(rule) =>
            {
                let why = format!("{why:?}").to_lowercase();
                let n = heard.count;
                Some(format!("{level:?} sounds at {position}: {n} x {} ({why})", rule.name()))
            }
            Event::FloodBegan { position, told } if self.sounds => {
                Some(format!("flood at {position}, told {told}"))
            }
            Event::FloodEnded { position } if self.sounds => {
                Some(format!("flood over at {position}"))
            }
            Event::AlarmHeld { position, rule, until, .. }
                if self.sounds && self.watched.contains(rule) =>
            {
                Some(format!("{} held at {position} until {}", rule.name(), minutes(*until)))
            }
            _ => None,
        }
    }

    /// Runs the lines of a table that are doings and answers with the whole table.
    pub fn run(&mut self, table: &str) -> String {
        let mut told = String::new();
        for line in table.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("->")) {
            let (time, doing) = line.split_once(' ').unwrap_or((line, ""));
            self.wait_until(START + offset(time));
            flush(&mut self.out, &mut told);
            told.push_str(line);
            told.push('\n');
            let doing = doing.trim();
            let said = if ["", "later"].contains(&doing) { Ok(()) } else { self.say(doing) };
            if let Err(refused) = said {
                self.out.push(format!("-> refused: {}", refused.sentence));
            }
            let now = self.at;
            self.wait_until(now);
            flush(&mut self.out, &mut told);
        }
        told
    }

    fn say(&mut self, doing: &str) -> Result<(), Refused> {
        let (who, what) = doing.split_once(' ').expect("somebody does something");
        let command = words::command(&self.s, self.at, what);
        self.act(&by(who), command)
    }

    pub fn log(&self, n: u32) -> &rules::incident::Incident {
        self.s.incident(number(n)).expect("the log is there")
    }
}

pub fn number(n: u32) -> IncidentNumber {
    IncidentNumber { day: 20_261_121, n }
}

fn flush(out: &mut Vec<String>, told: &mut String) {
    for line in out.drain(..) {
        told.push_str(&line);
        told.push('\n');
    }
}

fn gap(words: &[&str]) -> String {
    words.iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// `+15` or `+3:45` after the start.
pub fn minutes(at: Instant) -> String {
    let s = at.since(START).0 / 1_000;
    if s % 60 == 0 { format!("+{}", s / 60) } else { format!("+{}:{:02}", s / 60, s % 60) }
}

fn offset(text: &str) -> Span {
    let text = text.strip_prefix('+').unwrap_or_else(|| panic!("'{text}' is no time such as +15"));
    let (min, s) = text.split_once(':').unwrap_or((text, "0"));
    let number = |t: &str| t.parse::<i64>().unwrap_or_else(|_| panic!("'{text}' is no time"));
    Span::seconds(number(min) * 60 + number(s))
}

fn lines_of(table: &str) -> String {
    table.lines().map(str::trim).filter(|l| !l.is_empty()).map(|l| format!("{l}\n")).collect()
}

/// Compares a table with what really happens; the difference prints itself.
pub fn check_in(mut w: World, table: &str) -> World {
    let (expected, actual) = (lines_of(table), w.run(table));
    assert!(expected == actual, "\n--- expected\n{expected}\n--- actual\n{actual}");
    w
}

/// A rule in a room with everybody at work.
pub fn check(rule: Rule, table: &str) {
    check_in(World::new().watching(&[rule]), table);
}

/// A place that is known by these words.
pub fn place_of(said: &str) -> Location {
    words::place(Some(said))
}
