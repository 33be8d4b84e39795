//! What may be asked of the views, and the shapes of answers that are put together here.

use rules::command::{Channel, HeardLine, Location, Point, Recording, Signal};
use rules::name::*;
use rules::obligation::Rule;
use rules::role::{By, Owner, Role};
use rules::time::Instant;
use rules::views::board::{BoardFilter, BoardRow};
use rules::views::guidance::{ArticleView, DispatchGuide, GradeGuide};
use rules::views::map::Spot;
use rules::views::owed::Owed;
use rules::views::resources::{DistrictView, Scene};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most rows of a page.
pub(crate) const PAGE_MAX: u64 = 1_000;

/// Nothing can be asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// What a marker is looked for by: at least one of these.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Marked {
    /// The number.
    pub line: Option<Line>,
    /// The name.
    pub person: Option<PersonName>,
    /// The place.
    pub place: Option<rules::name::Place>,
}

/// What is known of whoever rings.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct KnownOfContact {
    /// The markers that are met.
    pub markers: Vec<rules::views::markers::MarkerMet>,
    /// Messages from the same number, the newest first.
    pub messages: Vec<rules::views::messages::MessageWhole>,
}

/// Which open logs are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Board {
    /// How many at most; 1,000 if not said.
    #[schemars(range(min = 1, max = 1_000))]
    pub limit: Option<u64>,
    /// From an earlier page: what comes after it.
    pub cursor: Option<String>,
    /// Of this grade only.
    pub grade: Option<Grade>,
    /// In this district only.
    pub district: Option<Label>,
    /// Owned by this person only.
    pub owner: Option<StaffId>,
    /// Owned by this desk only.
    pub desk: Option<Role>,
    /// With this tag only.
    pub tag: Option<Tag>,
    /// With this opening code only.
    pub code: Option<OpeningCode>,
    /// Only those that wait for a unit.
    pub unresourced: bool,
    /// Only those over their target.
    pub late: bool,
}

impl Board {
    /// The fields are the filter's, said again: flattened into one, unknown parameters would pass
    /// unnoticed.
    pub fn filter(&self) -> BoardFilter {
        BoardFilter {
            grade: self.grade,
            district: self.district.clone(),
            owner: self.owner.clone(),
            desk: self.desk,
            tag: self.tag.clone(),
            code: self.code.clone(),
            unresourced: self.unresourced,
            late: self.late,
        }
    }
}

/// A page of the board.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BoardPage {
    /// The room's time.
    pub at: Instant,
    /// The place in the total order that it shows; follow from here.
    pub seq: u64,
    /// How many logs are wanted in all.
    pub total: u64,
    /// How many pages that is.
    pub pages: u64,
    /// The logs, in risk order.
    pub rows: Vec<BoardRow>,
    /// For the next page; none if this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which obligations are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Obligations {
    /// How many at most; 1,000 if not said.
    #[schemars(range(min = 1, max = 1_000))]
    pub limit: Option<u64>,
    /// From an earlier page: only those with a higher number.
    pub after: Option<u64>,
    /// About this log only.
    pub incident: Option<IncidentNumber>,
    /// Owned by this person only.
    pub owner: Option<StaffId>,
    /// Owned by this desk only.
    pub desk: Option<Role>,
    /// Under this rule only.
    pub rule: Option<Rule>,
    /// Only those past their due time.
    pub late: bool,
}

impl Obligations {
    pub fn wants(&self, o: &rules::obligation::Obligation, now: Instant) -> bool {
        let owner = match (&self.owner, self.desk) {
            (Some(staff), _) => matches!(&o.owner, Owner::Staff(s) if s == staff),
            (None, Some(desk)) => o.owner == Owner::Desk(desk),
            (None, None) => true,
        };
        owner
            && o.id.0 > self.after.unwrap_or(0)
            && (self.incident.is_none() || o.about.incident() == self.incident)
            && self.rule.is_none_or(|rule| o.rule == rule)
            && (!self.late || o.due_at <= now)
    }
}

/// A page of obligations.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ObligationsPage {
    /// The room's time.
    pub at: Instant,
    /// The obligations, by number.
    pub rows: Vec<Owed>,
    /// For the next page; none if this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Which dip sample of escalations is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dip {
    /// From when, in milliseconds since 1970.
    pub from: Instant,
    /// Until when. It is over, so that the same draws the same.
    pub to: Instant,
    /// How many are drawn; 10 if not said.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    pub size: Option<u32>,
    /// What they are drawn by; the beginning of the hash of the period's last record if not said.
    #[serde(default)]
    pub seed: Option<Label>,
}

/// How long a list for the meeting may be.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Meeting {
    /// How many at most; 20 if not said.
    #[schemars(range(min = 1, max = 1_000))]
    pub limit: Option<u64>,
}

/// What is wanted of the map.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Map {
    /// In this district only, and every emergency.
    pub district: Option<Label>,
    /// Distances are from this log.
    pub log: Option<IncidentNumber>,
    /// Distances are from this unit.
    pub unit: Option<CallSign>,
}

impl Map {
    /// What is looked at.
    pub fn spot(&self) -> Option<Spot> {
        let log = self.log.map(Spot::Log);
        log.or_else(|| self.unit.clone().map(Spot::Unit))
    }
}

/// A place as somebody wrote it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// `SN 412 206`, `241200 220600` or `51.8576 -4.3121`.
    #[schemars(length(min = 1, max = 80))]
    pub text: String,
}

/// A place in every way of writing it.
///
/// Source: the National Grid by OSTN15, Ordnance Survey.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlaceRead {
    /// The point, WGS 84; the middle, where a square was given.
    pub point: Point,
    /// How far off it may be because of the figures that were left out, in metres.
    pub within: u32,
    /// The grid reference with eight figures, a square of 10 metres; none off the grid.
    pub grid: Option<String>,
    /// Metres to the east on the National Grid; none off the grid.
    pub easting: Option<f64>,
    /// Metres to the north on the National Grid; none off the grid.
    pub northing: Option<f64>,
}

/// Words that may become a log.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeHelp {
    /// The informant's words.
    pub words: Words,
    /// The code chosen so far.
    #[serde(default)]
    pub code: Option<OpeningCode>,
}

/// A text that may become the policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyText {
    /// The whole policy as TOML.
    pub toml: String,
}

/// Which agencies or articles are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Find {
    /// Words that stand in the name, the kind, a number or a note, or in an article; all if none
    /// are given.
    pub find: Option<String>,
}

/// Records after one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct After {
    /// Only those after this place; 0 is the beginning.
    pub after: Option<u64>,
    /// How many at most; 100 if not said.
    #[schemars(range(min = 1, max = 1_000))]
    pub limit: Option<u64>,
}

/// Which looks at people's records are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Audit {
    /// Only those after this place among the looks, oldest first; 0 is the beginning.
    pub after: Option<u64>,
    /// Only those before this place, newest first.
    pub before: Option<u64>,
    /// How many at most; 100 if not said.
    #[schemars(range(min = 1, max = 1_000))]
    pub limit: Option<u64>,
    /// By this person.
    pub staff: Option<StaffId>,
    /// At this log, or in a search that brought it up.
    pub incident: Option<IncidentNumber>,
    /// With these words in what was looked at, or why.
    pub words: Option<String>,
    /// Not before this moment.
    pub from: Option<Instant>,
    /// Not after this moment.
    pub to: Option<Instant>,
}

/// Where to follow from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Follow {
    /// The place after which to begin, if there is no Last-Event-ID; now if neither is there.
    pub after: Option<u64>,
}

/// Units against what waits.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Resources {
    /// By district, the one with the most risk first.
    pub districts: Vec<DistrictView>,
    /// The scenes that tie up staff, the longest first.
    pub scenes: Vec<Scene>,
}

/// What grades and roles mean.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Guidance {
    /// Each grade.
    pub grades: Vec<GradeGuide>,
    /// The definition of a priority.
    pub priority: Option<GradeGuide>,
    /// The dispatcher's role and the allocation policy.
    pub dispatch: DispatchGuide,
    /// The articles, those past their review date first.
    pub articles: Vec<ArticleView>,
}

/// A rule that arms an obligation.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RuleView {
    /// The rule.
    pub rule: Rule,
    /// What is owed.
    pub owed: &'static str,
    /// The rule as a sentence.
    pub why: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// A contact.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ContactView {
    /// Its number.
    pub contact: ContactId,
    /// The channel.
    pub channel: Channel,
    /// Where it came from.
    pub line: Option<Line>,
    /// The name given.
    pub name: Option<PersonName>,
    /// The words so far.
    pub words: Option<Words>,
    /// Where they are.
    pub location: Option<Location>,
    /// Who took it.
    pub taken_by: By,
    /// When it came in.
    pub received_at: Instant,
    /// The logs that came out of it, as far as they are at hand.
    pub incidents: Vec<IncidentNumber>,
    /// Whether it has its record: a log, a link or an ending.
    pub settled: bool,
    /// What came instead of words, and when.
    pub signals: Vec<(Signal, Instant)>,
    /// When they were rung back because they did not speak.
    pub rung_back: Vec<rules::contact::CallerRung>,
    /// What is owed on it.
    pub owed: Vec<Owed>,
    /// The faults that were met during it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<rules::views::faults::FaultView>,
    /// Its recordings, by their names in the telephone system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    /// What was said, the newest reading of each line; once it is on a log, the log has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transcript: Vec<HeardLine>,
}

/// A record as it is kept.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RecordView {
    /// Its place in the total order.
    pub seq: u64,
    /// The stream it belongs to.
    pub stream: u64,
    /// Its place in the stream.
    pub version: u64,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The first record of its batch.
    pub batch: u64,
    /// Its kind.
    pub kind: String,
    /// The command's id, on its first record; 32 hexadecimal digits.
    pub key: Option<String>,
    /// What it says.
    pub payload: Value,
    /// SHA-256 over the record before and this one, 64 hexadecimal digits.
    pub hash: String,
}

/// A page of records.
#[derive(Serialize, JsonSchema)]
pub(crate) struct JournalPage {
    /// The records.
    pub records: Vec<RecordView>,
    /// For the next page; none if this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A look at a person's record.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReadView {
    /// Its place among the looks.
    pub number: u64,
    /// Its place in the total order.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who looked, and in which role.
    pub by: By,
    /// At what.
    pub what: Label,
    /// Why.
    pub purpose: Reason,
}

/// A page of looks.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AuditPage {
    /// The looks: oldest first, or newest first where `before` was asked for.
    pub reads: Vec<ReadView>,
    /// For the next page, as `after` or `before`; none if this was the last. A page may be short,
    /// and even empty, where many looks were gone through for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Who I am here.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Me {
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: Role,
    /// Until when my token holds.
    #[schemars(with = "String")]
    pub expires: jiff::Timestamp,
    /// What I may do.
    pub actions: Vec<&'static str>,
}
