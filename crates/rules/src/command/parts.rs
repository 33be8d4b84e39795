//! What commands are made of: channels, places, people who report, outcomes.

use crate::name::*;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The channels a contact comes by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// An emergency call.
    #[serde(rename = "999")]
    Emergency,
    /// A non-emergency call.
    #[serde(rename = "101")]
    NonEmergency,
    /// A call put through by the switchboard.
    Switchboard,
    /// E-mail.
    Email,
    /// A form on the web.
    WebForm,
    /// Facebook, Instagram, X and the like.
    Social,
    /// Live chat.
    Chat,
    /// A text message.
    Sms,
    /// Somebody at a front counter.
    FrontCounter,
    /// An officer or a patrol.
    Officer,
    /// Another agency or force.
    Agency,
    /// An alarm.
    Alarm,
}

impl Channel {
    /// Whether somebody is on a line that is ended by hanging up.
    pub fn is_call(self) -> bool {
        matches!(self, Channel::Emergency | Channel::NonEmergency | Channel::Switchboard)
    }
}

/// How well a location is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// An address or a point.
    Known,
    /// Somewhere about here.
    Vague,
    /// Not known. It never lowers a grade.
    Unknown,
}

/// A point on WGS 84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Latitude, -90 to 90.
    #[schemars(range(min = -90.0, max = 90.0))]
    pub lat: f64,
    /// Longitude, -180 to 180.
    #[schemars(range(min = -180.0, max = 180.0))]
    pub lon: f64,
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// How well it is known.
    pub known: Known,
    /// The words for it, if any.
    pub words: Option<Place>,
    /// The point, if any.
    pub point: Option<Point>,
    /// Whether it lies in a rural area, which has other target times.
    #[serde(default)]
    pub rural: bool,
    /// The district that resources it.
    pub district: Option<Label>,
    /// How far off the point may be, in metres, where that is known: from a telephone network, or
    /// from the figures of a grid reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

/// Who reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Informant {
    /// The name as given.
    pub name: Option<PersonName>,
    /// Where they can be reached.
    pub line: Option<Line>,
    /// Whether it is safe to contact them there.
    pub safe_to_contact: Option<bool>,
    /// Why the details are missing, where they are.
    pub missing_because: Option<Reason>,
}

impl Informant {
    /// Whether it says who reports or how to reach them, or why that is missing.
    pub fn is_told(&self) -> bool {
        self.name.is_some() || self.line.is_some() || self.missing_because.is_some()
    }
}

/// A file held elsewhere, named by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// The name it came with.
    pub name: Label,
    /// Its size in bytes.
    pub bytes: u64,
}

/// One rated element of THRIVE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThriveElement {
    /// The element, as policy names it.
    pub element: Label,
    /// The rating, as policy names it.
    pub rating: Label,
    /// Why.
    pub rationale: Words,
}

/// What has become of a step, a check or a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done or answered, with what was found.
    Done(Words),
    /// It does not apply, and why.
    NotApplicable(Reason),
}

/// What somebody answered to a question that the call asks. "Unknown" is an answer, and it is not
/// "does not apply".
///
/// Source: Learning the Lessons, case 8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The informant does not know, or cannot say.
    Unknown,
    /// It does not apply here.
    NotApplicable,
    /// The informant prefers not to say.
    PreferNotToSay,
    /// In these words.
    Text(Words),
}

/// A sample of the escalations of a period: the same four values draw the same ones again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// From when, in milliseconds since 1970.
    pub from: Instant,
    /// Until when; it is over.
    pub to: Instant,
    /// How many are drawn, if there are so many.
    #[schemars(range(min = 1, max = 50))]
    pub size: u32,
    /// What they are drawn by.
    pub seed: Label,
}

/// What becomes of a report of a crime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrimeOutcome {
    /// It is recorded under this number.
    Recorded(Label),
    /// It is no crime, and why.
    NotACrime(Reason),
    /// The crime desk records it, and what it was given. The clock goes on there.
    HandedOver(Reason),
}

/// What becomes of the job a diverted unit leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftBehind {
    /// Other units are on it already.
    Covered,
    /// It goes back to the queue, unresourced, owned by its dispatcher.
    Requeue,
    /// This unit takes it over at once.
    CoverWith(CallSign),
}

/// What the informant was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The grade, the expected wait and how we will be in touch.
    WhatHappensNext,
    /// That there is a delay.
    Delay,
    /// That nobody will attend, and why.
    NoAttendance,
    /// How it ended.
    Result,
    /// They could not be told: the words say why.
    NotTold,
    /// In which other ways they can get in touch. It is no answer to what happens next.
    OtherChannels,
}

/// What came of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentResult {
    /// We were there, and so were they.
    Kept,
    /// We were there, and nobody else.
    NobodyThere,
    /// It was moved, and they were told.
    Moved,
    /// They cancelled it.
    CancelledByThem,
    /// We cancelled it, and they were told.
    CancelledByUs,
    /// We did not come.
    Missed,
}

impl AppointmentResult {
    /// Every result.
    pub const ALL: [AppointmentResult; 6] = [
        AppointmentResult::Kept,
        AppointmentResult::NobodyThere,
        AppointmentResult::Moved,
        AppointmentResult::CancelledByThem,
        AppointmentResult::CancelledByUs,
        AppointmentResult::Missed,
    ];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            AppointmentResult::Kept => ("kept", "kept"),
            AppointmentResult::NobodyThere => ("nobody_there", "nobody was there"),
            AppointmentResult::Moved => ("moved", "moved"),
            AppointmentResult::CancelledByThem => ("cancelled_by_them", "cancelled by them"),
            AppointmentResult::CancelledByUs => ("cancelled_by_us", "cancelled by us"),
            AppointmentResult::Missed => ("missed", "missed"),
        }
    }
}

/// How two logs belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The other is a duplicate of this one.
    Duplicate,
    /// The other belongs under this one.
    Child,
    /// They have to do with each other.
    Related,
    /// The other is the one that this one duplicates.
    Original,
    /// The other is the one that this one belongs under.
    Parent,
}

impl Relation {
    /// The same link as the other log has it.
    pub fn seen_from_the_other(self) -> Relation {
        match self {
            Relation::Duplicate => Relation::Original,
            Relation::Original => Relation::Duplicate,
            Relation::Child => Relation::Parent,
            Relation::Parent => Relation::Child,
            Relation::Related => Relation::Related,
        }
    }

    /// Whether both are about the same thing.
    pub fn is_duplicate(self) -> bool {
        matches!(self, Relation::Duplicate | Relation::Original)
    }
}

/// How a unit is reached by radio.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Radio {
    /// The talk group or channel it listens to.
    pub talk_group: Option<Label>,
    /// The numbers of its radios, as the network gives them; each is of one unit only.
    #[serde(default)]
    pub ids: Vec<Label>,
}

/// What the radio network says of a radio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RadioSaid {
    /// A status, 0 to 16.
    Status(u8),
    /// Where it is.
    Position(Point),
    /// Its emergency button was pressed.
    Emergency,
    /// Somebody speaks on this talk group.
    CallStarted(Label),
    /// They have spoken.
    CallEnded(Label),
}

/// From when until when a unit is on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftTimes {
    /// From when.
    pub from: crate::time::Instant,
    /// Until when.
    pub until: crate::time::Instant,
}

/// Until when a training holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The skill.
    pub skill: Label,
    /// Until when.
    pub until: crate::time::Instant,
}

/// What came of ringing an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgencyOutcome {
    /// They were told, or have answered.
    Told,
    /// Nobody answered, or not yet.
    NoAnswer,
    /// They would not.
    Refused,
}

impl AgencyOutcome {
    /// For a line on a log.
    pub fn words(self) -> &'static str {
        match self {
            AgencyOutcome::Told => "told",
            AgencyOutcome::NoAnswer => "NO ANSWER",
            AgencyOutcome::Refused => "REFUSED",
        }
    }
}

/// What has a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A headset.
    Headset,
    /// A desk, its screen, keyboard or chair.
    Position,
    /// The telephone or the line.
    Telephone,
    /// A radio or a talk group.
    Radio,
    /// Callbox itself, or another system.
    System,
    /// Something shown is wrong: an address, a marker, a unit.
    Data,
}

impl FaultKind {
    /// Every kind, in the order of the form.
    pub const ALL: [FaultKind; 6] = [
        FaultKind::Headset,
        FaultKind::Position,
        FaultKind::Telephone,
        FaultKind::Radio,
        FaultKind::System,
        FaultKind::Data,
    ];

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Headset => "headset",
            FaultKind::Position => "position",
            FaultKind::Telephone => "telephone",
            FaultKind::Radio => "radio",
            FaultKind::System => "system",
            FaultKind::Data => "data",
        }
    }

    /// For a sentence.
    pub fn words(self) -> &'static str {
        match self {
            FaultKind::Headset => "headset",
            FaultKind::Position => "position",
            FaultKind::Telephone => "telephone or line",
            FaultKind::Radio => "radio",
            FaultKind::System => "system",
            FaultKind::Data => "data that is wrong",
        }
    }
}

/// One way to reach an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyNumber {
    /// What it is for: control room, emergency stop, duty manager ...
    pub purpose: Label,
    /// The number or address.
    pub line: Line,
}
