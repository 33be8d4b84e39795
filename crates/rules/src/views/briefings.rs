//! What is to be read, by whom, and who has.

use crate::briefing::{Briefing, Read};
use crate::name::*;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A briefing as one person sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BriefingView {
    /// Its number.
    pub briefing: BriefingId,
    /// What it is about.
    pub title: Title,
    /// What must be known.
    pub text: Words,
    /// The roles it is for.
    pub roles: Vec<Role>,
    /// Who published it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// Until when it is shown.
    pub until: Instant,
    /// By when it must be read.
    pub read_by: Option<Instant>,
    /// Whether it is still shown.
    pub shown: bool,
    /// Why it ended before its time.
    pub withdrawn: Option<Reason>,
    /// When this person said that they had read it.
    pub read_at: Option<Instant>,
    /// Whether this person is still to read it.
    pub owed: bool,
    /// Whether that is past its time.
    pub late: bool,
}

/// Who has read a briefing, and who on duty has not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BriefingReaders {
    /// The briefing.
    #[serde(flatten)]
    pub briefing: BriefingView,
    /// Who has read it, in the order in which they did.
    pub read: Vec<Read>,
    /// Who is on duty in one of its roles, or in the directory with one, and has not.
    pub unread: Vec<Unread>,
}

/// Somebody who has not read a briefing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// Who.
    pub staff: StaffId,
    /// Their name, if the directory has it.
    pub name: Option<PersonName>,
    /// The role they are on duty in now.
    pub on_duty_as: Option<Role>,
}

fn view(b: &Briefing, by: &By, now: Instant) -> BriefingView {
    let owed = b.is_owed_by(by, now);
    BriefingView {
        briefing: b.id,
        title: b.title.clone(),
        text: b.text.clone(),
        roles: b.roles.clone(),
        by: b.by.clone(),
        at: b.at,
        until: b.until,
        read_by: b.read_by,
        shown: b.is_shown(now),
        withdrawn: b.withdrawn.clone(),
        read_at: b.read.iter().find(|r| r.by.staff == by.staff).map(|r| r.at),
        owed,
        late: owed && b.read_by.is_some_and(|at| at <= now),
    }
}

/// The briefings of a person's role that are shown: those still to read first, the newest first.
pub fn mine(s: &State, by: &By, now: Instant) -> Vec<BriefingView> {
    let shown = s.briefings.values().filter(|b| b.is_shown(now) && b.roles.contains(&by.role));
    let mut all: Vec<BriefingView> = shown.map(|b| view(b, by, now)).collect();
    all.sort_by_key(|b| (!b.late, !b.owed, std::cmp::Reverse(b.briefing)));
    all
}

/// Every briefing in memory with who has read it, the newest first.
pub fn readers(s: &State, by: &By, now: Instant) -> Vec<BriefingReaders> {
    let mut all: Vec<BriefingReaders> = s.briefings.values().map(|b| one(s, b, by, now)).collect();
    all.sort_by_key(|b| (!b.briefing.shown, std::cmp::Reverse(b.briefing.briefing)));
    all
}

fn one(s: &State, b: &Briefing, by: &By, now: Instant) -> BriefingReaders {
    let on_duty = s.staff.values().filter(|on| b.roles.contains(&on.role));
    let on_duty = on_duty.map(|on| (on.staff.clone(), Some(on.role)));
    let enrolled = s.directory.iter().filter(|(staff, held)| {
        !s.staff.contains_key(*staff) && held.roles.iter().any(|role| b.roles.contains(role))
    });
    let away = enrolled.map(|(staff, _)| (staff.clone(), None));
    let unread = on_duty.chain(away).filter(|(staff, _)| !b.was_read_by(staff));
    BriefingReaders {
        briefing: view(b, by, now),
        read: b.read.clone(),
        unread: unread
            .map(|(staff, on_duty_as)| Unread {
                name: s.directory.get(&staff).map(|held| held.name.clone()),
                staff,
                on_duty_as,
            })
            .collect(),
    }
}
