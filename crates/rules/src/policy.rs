//! Every value a force sets for itself. The UK has almost no single national value, so none is
//! hard-coded: a sound default is in `policy/default.toml`, where each value has its unit, meaning
//! and source.

pub mod article;
mod asking;
mod carried;
pub mod case;
mod check;
mod heard;
mod marked;
mod partners;
pub mod place;

pub use article::ArticlePolicy;
pub use asking::{
    Again, ChannelsPolicy, IsAnswered, PromptKind, PromptPolicy, PromptWhen, QuestionSet, Way,
};
pub use carried::CarriedPolicy;
pub use check::{Contradiction, check};
pub use heard::HeardPolicy;
pub use marked::{MarkerPolicy, MessagePolicy};
pub use partners::{
    AgencyAskPolicy, AgencyPolicy, MissingActionPolicy, MissingLevel, MissingPolicy,
    RightCarePolicy, RightCareQuestion,
};

use crate::name::{ClosingCode, Grade, Label, OpeningCode, SeatId, Tag};
use crate::obligation::Rule;
use crate::role::{Owner, Role};
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole policy, as one TOML document.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What this policy is called and when it takes effect.
    pub about: About,
    /// The grades, most urgent first.
    pub grade: Vec<GradePolicy>,
    /// The elements of THRIVE in this force, in order.
    pub thrive: ThrivePolicy,
    /// Phrases that suggest a grade.
    pub cue: Vec<Cue>,
    /// The opening codes.
    pub opening_code: Vec<OpeningCodePolicy>,
    /// What the call asks.
    #[serde(default)]
    pub question_set: Vec<QuestionSet>,
    /// Facts that do not go with an opening code.
    pub code_doubt: Vec<CodeDoubt>,
    /// The closing codes.
    pub closing_code: Vec<ClosingCodePolicy>,
    /// One row for each rule that arms an obligation.
    pub obligation: BTreeMap<Rule, ObligationPolicy>,
    /// The ladders that obligations climb.
    pub ladder: BTreeMap<String, Ladder>,
    /// How alarms sound.
    pub alarm: AlarmPolicy,
    /// Tags the force uses and who owns each list.
    pub tag: Vec<TagPolicy>,
    /// Desks: who covers for whom, and how many there must be.
    pub desk: BTreeMap<Role, DeskPolicy>,
    /// What the dispatcher's role is, shown on screen.
    pub dispatch: DispatchPolicy,
    /// Unit status codes 0 to 16.
    pub status: Vec<StatusPolicy>,
    /// Who may sit at a desk at all.
    #[serde(default)]
    pub staff: StaffPolicy,
    /// Words that sound like an opinion.
    #[serde(default)]
    pub opinion: OpinionPolicy,
    /// The other ways to get in touch, said at the end of a call.
    #[serde(default)]
    pub channels: ChannelsPolicy,
    /// What officers' phones may do.
    #[serde(default)]
    pub officer: OfficerPolicy,
    /// What follows a log to the officer before anything else.
    #[serde(default)]
    pub carried: Vec<CarriedPolicy>,
    /// What is to be on the log once it was said, beside what the lists above name.
    #[serde(default)]
    pub heard: Vec<HeardPolicy>,
    /// What to do, step by step, when an agency does not answer or refuses.
    #[serde(default)]
    pub agency_ladder: Vec<AgencyLadder>,
    /// What agencies are asked for, and how long an answer may take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agency_ask: Vec<AgencyAskPolicy>,
    /// What counts as an answer of theirs.
    #[serde(default)]
    pub agency: AgencyPolicy,
    /// Somebody who is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingPolicy>,
    /// Which agency fits best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_care: Option<RightCarePolicy>,
    /// Messages to a named officer.
    #[serde(default)]
    pub message: MessagePolicy,
    /// Kinds of markers on people, numbers and places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marker: Vec<MarkerPolicy>,
    /// Tasks that need a training.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub task: BTreeMap<Label, TaskPolicy>,
    /// Guidance, shown where it applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub article: Vec<ArticlePolicy>,
    /// Test cases that this policy must pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<case::TestCase>,
}

/// What to do, step by step, when an agency of some kinds does not answer or refuses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyLadder {
    /// The kinds of agencies, in lower case; `any` for every other.
    pub kinds: Vec<Label>,
    /// What to do after the first failure, after the second and so on.
    pub steps: Vec<String>,
    /// Where it comes from.
    pub source: String,
}

/// What officers' phones may do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerPolicy {
    /// Whether a phone keeps the last job card, and what was not sent, while it has no connection.
    pub offline_copy: bool,
}

impl Default for OfficerPolicy {
    fn default() -> OfficerPolicy {
        OfficerPolicy { offline_copy: true }
    }
}

/// What a policy is called.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The force.
    pub force: String,
    /// Two to four capitals before numbers on paper.
    pub force_code: String,
    /// The version, changed with every publication.
    pub version: String,
    /// The day from which it holds, yyyy-mm-dd.
    pub effective_from: String,
    /// The force's time zone, for days and shifts.
    pub time_zone: String,
}

/// One grade of response.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GradePolicy {
    /// 1 is the most urgent.
    pub rank: Grade,
    /// The force's word.
    pub label: String,
    /// When this grade is meant, shown wherever a grade is chosen.
    pub definition: String,
    /// Time in which a unit is to be deployed.
    pub deploy_target: Option<Span>,
    /// Time in which it is to arrive, in an urban area.
    pub arrive_target_urban: Option<Span>,
    /// Time in which it is to arrive, in a rural area.
    pub arrive_target_rural: Option<Span>,
    /// What starts the clocks. A later grade never restarts them.
    pub clock_start: ClockStart,
    /// Whether a unit is to attend at all.
    pub attends: bool,
    /// Whether intelligence checks are required before closing.
    pub intelligence_check: bool,
    /// Where the value comes from.
    pub source: String,
}

/// What starts a target's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// When the contact was first received.
    ContactReceived,
    /// When the log was opened.
    LogOpened,
    /// When the grade was first set.
    Graded,
}

/// The assessment.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ThrivePolicy {
    /// The elements in the force's order.
    pub elements: Vec<Label>,
    /// The ratings, lowest first.
    pub ratings: Vec<Label>,
    /// The fewest words of a rationale.
    pub rationale_words_min: usize,
    /// The grade that is suggested at least where the informant could not be heard or understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_understood_grade: Option<Grade>,
    /// Where the value comes from.
    pub source: String,
}

/// Phrases that suggest a grade, and why.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// A short name, shown as the reason.
    pub name: String,
    /// The grade suggested.
    pub grade: Grade,
    /// The phrases, in lower case.
    pub phrases: Vec<String>,
    /// Where it comes from.
    pub source: String,
}

/// An opening code and its standard operating procedure.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningCodePolicy {
    /// The code.
    pub code: OpeningCode,
    /// What it covers, shown where it is chosen.
    pub definition: String,
    /// The grade suggested by the code alone.
    pub usual_grade: Grade,
    /// The SOP's steps.
    pub sop: Vec<SopStepPolicy>,
    /// The skills a unit should have.
    #[serde(default)]
    pub skills: Vec<Label>,
    /// The equipment a unit should carry.
    #[serde(default)]
    pub equipment: Vec<Label>,
    /// Whether it is a report of a crime.
    #[serde(default)]
    pub crime: bool,
    /// Whether a supervising sergeant is to be named.
    #[serde(default)]
    pub supervising_sergeant: bool,
    /// Whether officers say, before they leave, that they saw and spoke to the person.
    #[serde(default)]
    pub see_and_speak: bool,
    /// Where it comes from.
    pub source: String,
}

/// One step of an SOP.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SopStepPolicy {
    /// A short stable name within the SOP.
    pub step: Label,
    /// What is to be done.
    pub words: String,
    /// The desk that does it.
    pub by: Role,
    /// Whether the officers who are sent see what came of it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub brief: bool,
}

/// Facts that do not go with an opening code.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CodeDoubt {
    /// A short name.
    pub name: String,
    /// The codes it is about.
    pub codes: Vec<OpeningCode>,
    /// The phrases that raise it, in lower case.
    pub phrases: Vec<String>,
    /// The code the facts suggest.
    pub suggests: OpeningCode,
    /// Whether only a supervisor may keep the code all the same.
    pub forced: bool,
    /// Whether it is another matter beside this one, whatever the code: it gets a log of its own.
    #[serde(default, skip_serializing_if = "is_no")]
    pub separate: bool,
    /// The definition shown with the warning.
    pub definition: String,
    /// Where it comes from.
    pub source: String,
}

/// A closing code.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingCodePolicy {
    /// The code.
    pub code: ClosingCode,
    /// What it means.
    pub definition: String,
    /// Whether a log may close so without any unit having attended.
    pub without_attendance: bool,
    /// Whether it says that a crime is recorded, so that its number must be on the log.
    #[serde(default)]
    pub crime_number: bool,
    /// Whether it says that another agency holds the risk, so that somebody has decided which
    /// agency fits best and who holds it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub partner: bool,
    /// Whether another force owns it from now on, also while somebody is still missing.
    #[serde(default, skip_serializing_if = "is_no")]
    pub hands_over: bool,
}

/// The row of one rule.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ObligationPolicy {
    /// Time allowed, by grade rank, with `any` for the rest. A grade without a value and without
    /// `any` arms nothing.
    pub due: BTreeMap<String, Span>,
    /// The ladder climbed when it is not done.
    pub ladder: String,
    /// Another ladder for a grade, by its rank.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ladder_of: BTreeMap<String, String>,
    /// The desk that owns it first, where the rule does not name a person.
    pub owner: Role,
    /// Whether a log cannot close over it.
    pub blocks_closing: bool,
    /// What the value means, in the force's words.
    pub meaning: String,
    /// Where it comes from.
    pub source: String,
}

impl ObligationPolicy {
    /// The time allowed at a grade, if the rule applies to it.
    pub fn due_in(&self, grade: Option<Grade>) -> Option<Span> {
        grade.and_then(|g| self.due.get(&g.to_string())).or_else(|| self.due.get("any")).copied()
    }
}

/// A ladder: who is told when.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// The rungs in order.
    pub rung: Vec<RungPolicy>,
    /// After the last rung it fires again each time this long passes, until somebody acts.
    pub then_every: Span,
    /// What the ladder is for.
    pub meaning: String,
    /// Where it comes from.
    pub source: String,
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RungPolicy {
    /// When: `75 %` of the time allowed, or an offset from the due time such as `0 s`, `15 min`.
    pub at: RungAt,
    /// Who is told.
    pub tell: Vec<Tell>,
    /// How it sounds.
    pub level: Level,
    /// Whether the first one told now owns it.
    #[serde(default)]
    pub takes_over: bool,
    /// What to do on this rung, where that differs from rung to rung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// When a rung fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RungAt {
    /// At this share of the time allowed.
    Percent(u8),
    /// This long after the due time.
    After(Span),
}

impl Serialize for RungAt {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            RungAt::Percent(p) => s.collect_str(&format_args!("{p} %")),
            RungAt::After(span) => span.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for RungAt {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<RungAt, D::Error> {
        let text = String::deserialize(d)?;
        match text.strip_suffix('%').map(|p| p.trim().parse::<u8>()) {
            Some(Ok(p)) if p < 100 => Ok(RungAt::Percent(p)),
            Some(_) => Err(serde::de::Error::custom(format!("'{text}' must be 0 % to 99 %"))),
            None => Span::parse(&text).map(RungAt::After).map_err(serde::de::Error::custom),
        }
    }
}

/// Whom a rung tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// Whoever owns the obligation at that moment.
    Owner,
    /// A desk.
    Desk(Role),
}

impl Tell {
    /// The position told, the obligation being owned so.
    pub fn to(self, owner: &Owner) -> Owner {
        match self {
            Tell::Owner => owner.clone(),
            Tell::Desk(role) => Owner::Desk(role),
        }
    }
}

impl Serialize for Tell {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Tell::Owner => s.serialize_str("owner"),
            Tell::Desk(role) => role.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Tell {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Tell, D::Error> {
        use serde::de::IntoDeserializer;
        let text = String::deserialize(d)?;
        if text == "owner" {
            return Ok(Tell::Owner);
        }
        let role: Result<Role, serde::de::value::Error> =
            Role::deserialize(text.as_str().into_deserializer());
        role.map(Tell::Desk).map_err(serde::de::Error::custom)
    }
}

/// How loud. A1 sounds until silenced, A2 sounds once, A3 is a badge, A4 a line in the log.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Level {
    /// Critical.
    A1,
    /// High.
    A2,
    /// A prompt without sound.
    A3,
    /// For the record.
    A4,
}

/// How alarms sound.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmPolicy {
    /// A roll-up sounds again when its count reaches one of these.
    pub count_steps: Vec<u32>,
    /// A roll-up sounds again when its worst member is this far past its due time.
    pub age_steps: Vec<Span>,
    /// More annunciations than this in `flood_window` at one position is a flood.
    pub flood_more_than: u32,
    /// The window of the flood rule.
    pub flood_window: Span,
    /// The longest delay that can be accepted on an obligation that has sounded.
    pub delay_max: Span,
    /// How long somebody who took an obligation on has before it climbs again.
    pub verb_holds: Span,
    /// A roll-up that went out and is lit again this soon after its last sound is the same alarm.
    #[serde(default)]
    pub settle: Span,
    /// Where the values come from.
    pub source: String,
    /// The catalogue: what sounds under each rule, and what is to be done then. No row, no alarm.
    /// The condition and the owner are those of the rule's obligation, the level its ladder's.
    #[serde(default)]
    pub catalogue: BTreeMap<String, AlarmRow>,
}

/// A row of the alarm catalogue.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmRow {
    /// The rule it is rolled up with, if not by itself: what one act answers is one alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Rule>,
    /// The time to respond. What worsens within it is seen at once and heard when it is over.
    pub respond_within: Span,
    /// What happens if nobody responds.
    pub consequence: String,
    /// What to do.
    pub response: String,
    /// What ends it.
    pub clears: String,
}

impl AlarmPolicy {
    /// A rule's row.
    pub fn row(&self, rule: Rule) -> Option<&AlarmRow> {
        self.catalogue.get(rule.name())
    }

    /// The rule under which this one is rolled up.
    pub fn rolls_up_as(&self, rule: Rule) -> Rule {
        self.row(rule).and_then(|row| row.with).unwrap_or(rule)
    }

    /// The time to respond to a rule's alarm; none without a row, so that nothing waits.
    pub fn respond_within(&self, rule: Rule) -> Span {
        self.row(rule).map_or(Span::ZERO, |row| row.respond_within)
    }
}

/// A tag and the desk whose list it makes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TagPolicy {
    /// The tag.
    pub tag: Tag,
    /// The desk whose list it makes.
    pub list_of: Role,
    /// What it is for.
    pub meaning: String,
}

/// One desk.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DeskPolicy {
    /// Who covers when nobody is on duty there, first choice first.
    pub cover: Vec<Role>,
    /// The fewest people on duty; fewer is told upwards.
    #[serde(default)]
    pub on_duty_min: usize,
    /// The skills somebody needs to sit there.
    #[serde(default)]
    pub skills: Vec<Label>,
    /// The desk's seats, in the order in which they are offered. Each is for one person at a time.
    /// Without a list any seat may be named.
    #[serde(default)]
    pub seats: Vec<SeatId>,
}

/// Who may sit at a desk at all.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StaffPolicy {
    /// Whether somebody has to be in the staff directory.
    #[serde(default)]
    pub directory: DirectoryRule,
    /// What somebody may do whom an open directory does not know.
    #[serde(default)]
    pub unknown: UnknownRule,
}

/// What somebody may do whom an open directory does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRule {
    /// They have the trainings they say they have when they sign on.
    #[default]
    AsSaid,
    /// No training is asked of them: nobody keeps theirs here.
    Trusted,
}

/// A task that needs a training.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TaskPolicy {
    /// The commands that do it.
    pub commands: Vec<Label>,
    /// Only for a unit with one of these skills; any unit, and none, without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Label>,
    /// Only for these steps of an SOP; any step, and none, without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Label>,
    /// What it is, after "You may not".
    pub words: String,
    /// The training.
    pub training: Label,
    /// Whom to ask, who can do it.
    pub ask: Vec<Role>,
    /// Where it comes from.
    pub source: String,
}

/// Whether somebody has to be in the staff directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryRule {
    /// Somebody who is not in it signs on with the skills they say they have.
    #[default]
    Open,
    /// Nobody signs on who is not in it.
    Required,
}

/// The dispatcher's role and the room's agreement with response.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchPolicy {
    /// What the role delivers, shown on the board.
    pub role_outputs: Vec<String>,
    /// The agreed allocation policy between the room and response, shown on the board.
    pub allocation_policy: String,
    /// A position older than this is stale.
    pub position_stale_after: Span,
    /// A unit farther than this is beyond the district.
    pub near_metres: u32,
    /// Speed used to estimate a travel time, in kilometres an hour.
    pub travel_km_h: u32,
    /// A road is this much longer than the straight line, in hundredths.
    pub road_factor_percent: u32,
    /// A waiting log is assessed again each time this long passes without a unit.
    pub long_wait: Span,
    /// What a log may need of those who go, offered where somebody says so.
    #[serde(default)]
    pub needs: Vec<Label>,
    /// So many chasing calls on one log are told upwards.
    pub chasing_calls: u32,
    /// Where the values come from.
    pub source: String,
}

/// Words that sound like an opinion, pointed out to whoever writes them on a log.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionPolicy {
    /// Whole words or phrases, in lower case.
    pub words: Vec<String>,
    /// Where they come from.
    pub source: String,
}

/// A unit status code.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatusPolicy {
    /// 0 to 16.
    pub code: u8,
    /// Its meaning.
    pub label: String,
    /// Whether a unit in this status may be sent to a log.
    pub deployable: bool,
    /// Whether it counts as free.
    pub available: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}

impl Policy {
    /// Every training that a desk or a task needs, each once.
    pub fn trainings(&self) -> Vec<Label> {
        let desks = self.desk.values().flat_map(|desk| &desk.skills);
        let tasks = self.task.values().map(|task| &task.training);
        let all: std::collections::BTreeSet<&Label> = desks.chain(tasks).collect();
        all.into_iter().cloned().collect()
    }

    /// Reads a policy.
    ///
    /// # Errors
    /// A sentence with the line and what is wrong there.
    pub fn parse(toml: &str) -> Result<Policy, String> {
        toml::from_str(toml).map_err(|e| format!("this policy cannot be read: {e}"))
    }

    /// The line, counted from 1, at which a policy cannot be read, and what is wrong there.
    pub fn unreadable_at(toml: &str) -> Option<(Option<usize>, String)> {
        let error = toml::from_str::<Policy>(toml).err()?;
        let at = error.span().map(|span| span.start.min(toml.len()));
        let line = at.and_then(|at| toml.get(..at)).map(|before| before.matches('\n').count() + 1);
        Some((line, error.message().to_owned()))
    }

    /// The grade's row.
    pub fn grade(&self, grade: Grade) -> Option<&GradePolicy> {
        self.grade.iter().find(|g| g.rank == grade)
    }

    /// The grade's label, or its number.
    pub fn grade_label(&self, grade: Grade) -> String {
        self.grade(grade).map_or_else(|| format!("grade {grade}"), |g| g.label.clone())
    }

    /// The opening code's row.
    pub fn opening_code(&self, code: &OpeningCode) -> Option<&OpeningCodePolicy> {
        self.opening_code.iter().find(|c| &c.code == code)
    }

    /// The closing code's row.
    pub fn closing_code(&self, code: &ClosingCode) -> Option<&ClosingCodePolicy> {
        self.closing_code.iter().find(|c| &c.code == code)
    }

    /// The status's row.
    pub fn status(&self, code: u8) -> Option<&StatusPolicy> {
        self.status.iter().find(|s| s.code == code)
    }

    /// The row of a rule.
    pub fn obligation(&self, rule: Rule) -> Option<&ObligationPolicy> {
        self.obligation.get(&rule)
    }

    /// The ladder of a rule where no grade has another.
    pub fn ladder(&self, rule: Rule) -> Option<&Ladder> {
        self.ladder_at(rule, None)
    }

    /// The ladder of a rule at a grade.
    pub fn ladder_at(&self, rule: Rule, grade: Option<Grade>) -> Option<&Ladder> {
        let row = self.obligation(rule)?;
        let own = grade.and_then(|g| row.ladder_of.get(&g.to_string()));
        self.ladder.get(own.unwrap_or(&row.ladder))
    }
}
