//! What happened: the promise we keep for ever. An event is never edited; a changed meaning is a
//! new event with the function that reads the old one beside it. Each is kept with two times, when
//! it happened and when we heard.

use crate::alarm::{Heard, Why};
use crate::command::*;
use crate::marker::Met;
use crate::name::*;
use crate::obligation::{Armed, Fate, Rule, Subject};
use crate::policy::Level;
use crate::role::{By, Owner, Role};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An event with who, when and when heard, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Who did it, and in which role.
    #[serde(flatten)]
    pub by: By,
    /// When it happened, if that is not when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<Instant>,
    /// How many events the same command made, on the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    /// A hash of what was asked for, on the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What happened.
    pub event: Event,
}

/// When and by whom, beside an event that is being folded.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Its place in the total order.
    pub seq: u64,
    /// Who.
    pub by: By,
    /// When it happened, as said.
    pub happened_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// A grade suggested, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Suggestion {
    /// The grade.
    pub grade: Grade,
    /// The rules that produced it, each with the words that triggered it.
    pub because: Vec<Cause>,
}

/// One rule that produced a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cause {
    /// The cue's or code's name.
    pub rule: String,
    /// The words that triggered it.
    pub words: String,
}

/// One line of a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HandoverLine {
    /// Its number, from 1.
    pub line: u32,
    /// Why it is on the list.
    pub words: String,
    /// The log it is about.
    pub incident: Option<IncidentNumber>,
    /// The obligation it is about.
    pub obligation: Option<ObligationId>,
}

/// Which numbered stream of the journal an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// A contact.
    Contact(ContactId),
    /// An incident's log.
    Incident(IncidentNumber),
    /// A unit, by a hash of its call sign.
    Unit(u64),
    /// Seats, shifts, desks and alarms.
    Shift,
    /// Policy.
    Policy,
    /// Who looked at what.
    Reads,
    /// Who works here, and what they are trained for.
    Directory,
    /// Briefings, and who has read them.
    Briefings,
    /// Agencies and other control rooms.
    Agencies,
    /// Faults of what the room works with.
    Faults,
    /// What reviewers say of escalations that were drawn by chance.
    Samples,
    /// Markers of people, numbers and places.
    Markers,
    /// Messages to a named officer.
    Messages,
}

impl Stream {
    /// The stream's number in the journal: the kind in the top byte.
    pub fn number(self) -> u64 {
        let (kind, id) = match self {
            Stream::Shift => (1, 0),
            Stream::Policy => (2, 0),
            Stream::Reads => (3, 0),
            Stream::Contact(id) => (4, id.0),
            Stream::Incident(n) => (5, u64::from(n.day) * 10_000_000 + u64::from(n.n)),
            Stream::Unit(hash) => (6, hash),
            Stream::Directory => (7, 0),
            Stream::Briefings => (8, 0),
            Stream::Agencies => (9, 0),
            Stream::Faults => (10, 0),
            Stream::Samples => (14, 0),
            Stream::Markers => (31, 0),
            Stream::Messages => (32, 0),
        };
        (kind << 56) | (id & 0x00FF_FFFF_FFFF_FFFF)
    }

    /// The stream of a unit.
    pub fn of_unit(call_sign: &CallSign) -> Stream {
        // FNV-1a: two units that share a stream would do no harm.
        let hash = call_sign.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Stream::Unit(hash & 0x00FF_FFFF_FFFF_FFFF)
    }
}

macro_rules! events {
    ($( $(#[$doc:meta])* $name:ident { $( $field:ident : $ty:ty ),* $(,)? } )*) => {
        /// Everything that can have happened.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Event { $( $(#[$doc])* $name { $( $field: $ty ),* } ),* }

        impl Event {
            /// The event's name, as in the journal's kind.
            pub fn name(&self) -> &'static str {
                match self { $( Event::$name { .. } => stringify!($name) ),* }
            }

            /// Every event's name.
            pub const NAMES: &'static [&'static str] = &[ $( stringify!($name) ),* ];
        }
    };
}

/// The name of an event with its words apart: `EntryAdded` is `entry_added` or `entry added`.
pub fn spaced(name: &str, between: char) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push(between);
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

events! {
    /// Somebody got in touch.
    ContactReceived { contact: ContactId, channel: Channel, line: Option<Line>,
        name: Option<PersonName>,
        words: Option<Words>, location: Option<Location>, seat: Option<SeatId> }
    /// It turned out to be about an open log.
    ContactLinked { contact: ContactId, incident: IncidentNumber, chasing: bool }
    /// It needed no log.
    ContactEnded { contact: ContactId, outcome: Words }
    /// The call was over, this was open then, and why it could not be asked.
    CallEnded { contact: ContactId, line_dropped: bool, open: Vec<String>,
        because: Option<Reason> }
    /// A log was opened.
    IncidentOpened { incident: IncidentNumber, contact: Option<ContactId>,
        contacted_at: Option<Instant>,
        opening_code: OpeningCode, location: Location, words: Words, informant: Option<Informant>,
        policy_version: String }
    /// Something was written.
    EntryAdded { incident: IncidentNumber, entry: u32, text: Words, critical: bool,
        new_information: bool,
        own_words: bool, attachments: Vec<Attachment> }
    /// An entry was struck through.
    EntryStruck { incident: IncidentNumber, entry: u32, reason: Reason, correction: Option<u32> }
    /// Somebody read the log.
    LogRead { incident: IncidentNumber, up_to: u32 }
    /// A tag was put on.
    Tagged { incident: IncidentNumber, tag: Tag, reason: Reason }
    /// A tag was taken off.
    Untagged { incident: IncidentNumber, tag: Tag, reason: Reason }
    /// The location was set.
    LocationSet { incident: IncidentNumber, location: Location }
    /// The informant was set.
    InformantSet { incident: IncidentNumber, informant: Informant }
    /// A marker was found.
    MarkerFound { incident: IncidentNumber, marker: Label, text: Words, officer_safety: bool,
        met: Option<Met> }
    /// THRIVE was recorded.
    ThriveRecorded { incident: IncidentNumber, version: u32, elements: Vec<ThriveElement>,
        informant_understood: bool }
    /// The grade was set.
    Graded { incident: IncidentNumber, grade: Grade, reason: Option<Reason>, suggested: Suggestion,
        agreed_by: Option<StaffId> }
    /// Somebody asked for a higher grade.
    GradeContested { incident: IncidentNumber, grade: Grade, reason: Reason }
    /// The code was changed.
    OpeningCodeChanged { incident: IncidentNumber, from: OpeningCode, to: OpeningCode,
        reason: Reason }
    /// The facts do not go with the code.
    OpeningCodeDoubted { incident: IncidentNumber, doubt: Label, suggests: OpeningCode,
        words: String,
        forced: bool }
    /// The code was kept all the same.
    OpeningCodeKept { incident: IncidentNumber, doubt: Label, reason: Reason }
    /// The SOP was opened on a screen.
    SopOpened { incident: IncidentNumber }
    /// A step of the SOP was settled.
    SopStepSettled { incident: IncidentNumber, step: Label, outcome: Outcome }
    /// A check was asked for.
    CheckRequested { incident: IncidentNumber, check: Label }
    /// A check was recorded.
    CheckRecorded { incident: IncidentNumber, check: Label, outcome: Outcome }
    /// A question was asked.
    QuestionAsked { incident: IncidentNumber, question: u32, to: Owner, text: Words }
    /// A question was answered.
    QuestionAnswered { incident: IncidentNumber, question: u32, outcome: Outcome }
    /// A question that the call asks was answered.
    PromptAnswered { incident: IncidentNumber, prompt: Label, words: String, answer: Answered,
        by_signal: bool }
    /// An appointment was booked.
    AppointmentBooked { incident: IncidentNumber, appointment: u32, starts_at: Instant,
        ends_at: Instant, with: PersonName, place: Place, attends: Label, needs: Option<Reason> }
    /// What came of an appointment was recorded.
    AppointmentEnded { incident: IncidentNumber, appointment: u32, result: AppointmentResult,
        words: Reason }
    /// Somebody decided about a report of a crime.
    CrimeSettled { incident: IncidentNumber, outcome: CrimeOutcome, reported_at: Instant }
    /// Work was planned.
    WorkPlanned { incident: IncidentNumber, work: u32, what: Words, by: Owner, due: Instant }
    /// It was done, or somebody said why not.
    WorkFinished { incident: IncidentNumber, work: u32, outcome: Outcome, done_by: Option<Label> }
    /// The log went to dispatch.
    PassedToDispatch { incident: IncidentNumber }
    /// A dispatcher accepted it.
    IncidentAccepted { incident: IncidentNumber, code_is_right: bool, grade_is_right: bool,
        content_is_enough: bool, remark: Option<Words> }
    /// The log has another owner.
    OwnerChanged { incident: IncidentNumber, to: Owner, reason: String }
    /// A supervising sergeant was named.
    SupervisorNamed { incident: IncidentNumber, sergeant: StaffId }
    /// Two logs were linked.
    IncidentLinked { incident: IncidentNumber, other: IncidentNumber, relation: Relation }
    /// The informant was told.
    InformantTold { incident: IncidentNumber, told: Told, words: Words }
    /// A ring-back was promised.
    RingBackPromised { incident: IncidentNumber, by: Instant, why: Reason }
    /// Somebody rang back.
    RungBack { incident: IncidentNumber, spoke: bool, words: Words }
    /// The log was closed.
    IncidentClosed { incident: IncidentNumber, closing_code: ClosingCode, result: Words, told: Told,
        risk_now: Words }
    /// The log was opened again.
    IncidentReopened { incident: IncidentNumber, reason: Reason }
    /// A unit is on the board.
    UnitRostered { call_sign: CallSign, crew: Vec<StaffId>, skills: Vec<Label>,
        equipment: Vec<Label>,
        kind: Label, district: Option<Label>, radio: Option<Radio>, shift: Option<ShiftTimes> }
    /// A log needs something of a unit.
    NeedSaid { incident: IncidentNumber, need: Label, reason: Option<Reason> }
    /// It no longer does.
    NeedDropped { incident: IncidentNumber, need: Label, reason: Reason }
    /// A unit left the board.
    UnitRemoved { call_sign: CallSign }
    /// A unit's status.
    StatusSet { call_sign: CallSign, status: u8, incident: Option<IncidentNumber>,
        card_read_out: bool }
    /// The radio network said something of a unit.
    RadioHeard { radio: Label, call_sign: CallSign, incident: Option<IncidentNumber>,
        said: RadioSaid, not_taken: Option<String> }
    /// A unit's position.
    PositionReported { call_sign: CallSign, point: Point }
    /// A unit was sent.
    UnitDeployed { incident: IncidentNumber, call_sign: CallSign, reason: Option<Reason>,
        silent: bool, checks_open: Option<Vec<Label>>, lacks: Option<Vec<Label>> }
    /// The unit confirmed.
    DeploymentConfirmed { incident: IncidentNumber, call_sign: CallSign }
    /// The unit was taken away to another log.
    UnitDiverted { incident: IncidentNumber, call_sign: CallSign, to: IncidentNumber,
        left_behind: LeftBehind, reason: Reason }
    /// The unit was released.
    UnitStoodDown { incident: IncidentNumber, call_sign: CallSign, reason: Reason }
    /// The unit confirmed its release.
    ReleaseConfirmed { incident: IncidentNumber, call_sign: CallSign }
    /// The officer opened the risk card.
    RiskCardOpened { incident: IncidentNumber, call_sign: CallSign }
    /// The officer said they are well.
    CheckedIn { call_sign: CallSign, incident: Option<IncidentNumber> }
    /// Somebody took a seat.
    SignedOn { seat: SeatId, skills: Vec<Label> }
    /// Somebody went on a break.
    WentOnBreak { to: Option<StaffId> }
    /// Somebody came back.
    CameBack {}
    /// Somebody left.
    SignedOff { to: Option<StaffId> }
    /// A handover was built.
    HandoverBuilt { handover: HandoverId, desk: Role, lines: Vec<HandoverLine> }
    /// One of its lines was accepted.
    HandoverLineAccepted { handover: HandoverId, line: u32 }
    /// Obligations were armed.
    ObligationsArmed { about: Subject, armed: Vec<Armed> }
    /// Obligations ended.
    ObligationsEnded { about: Subject, ended: Vec<ObligationId>, fate: Fate }
    /// An obligation's next moment came.
    ObligationFired { about: Subject, obligation: ObligationId, rung: u32, told: Vec<Owner>,
        level: Level,
        owner: Owner, next_at: Instant }
    /// An obligation's clock was moved, because what it waits for happened later.
    ObligationMoved { about: Subject, obligation: ObligationId, due_at: Instant, next_at: Instant }
    /// Somebody took it on.
    ObligationOwned { about: Subject, obligation: ObligationId, words: Words, next_at: Instant }
    /// Somebody gave it away.
    ObligationGiven { about: Subject, obligation: ObligationId, to: Owner, reason: Reason,
        next_at: Instant }
    /// Somebody accepted a delay.
    ObligationDelayed { about: Subject, obligation: ObligationId, until: Instant, reason: Reason }
    /// Somebody raised it.
    ObligationRaised { about: Subject, obligation: ObligationId, reason: Reason }
    /// It passed to another owner because its owner left.
    ObligationPassed { about: Subject, obligation: ObligationId, to: Owner }
    /// A position heard something.
    Annunciated { position: Owner, rule: Rule, level: Level, obligation: ObligationId,
        heard: Heard, why: Why }
    /// Somebody silenced it.
    AlarmSilenced { position: Owner, rule: Rule }
    /// A roll-up got worse within the time to respond to its last sound, or in a flood; it sounds
    /// when that is over.
    AlarmHeld { position: Owner, rule: Rule, until: Instant, why: Why }
    /// It is no longer worse than what was heard.
    AlarmLetGo { position: Owner, rule: Rule }
    /// A position is flooded, and its supervisor knows.
    FloodBegan { position: Owner, told: Owner }
    /// Somebody is in the staff directory, with what they are trained for.
    StaffEnrolled { staff: StaffId, name: PersonName, roles: Vec<Role>, skills: Vec<Label>,
        desk: Option<Role>, expires: Option<Vec<Training>> }
    /// Somebody is no longer in it.
    StaffRemoved { staff: StaffId }
    /// Somebody may do a task for a while, although they lack its training.
    TaskAllowed { staff: StaffId, task: Label, until: Instant, reason: Reason }
    /// A position is flooded no longer.
    FloodEnded { position: Owner }
    /// A policy holds from now on.
    PolicyAdopted { version: String, toml: String }
    /// Somebody proposed a policy, made from the version that held.
    PolicyProposed { proposal: ProposalId, version: String, made_from: String, toml: String,
        why: Reason }
    /// Somebody else published it. The policy itself is in the event before.
    ProposalPublished { proposal: ProposalId, proposed_by: StaffId, why: Reason }
    /// It was taken back, or turned down.
    ProposalWithdrawn { proposal: ProposalId, reason: Reason }
    /// Some roles have something to read.
    BriefingPublished { briefing: BriefingId, title: Title, text: Words, roles: Vec<Role>,
        until: Instant, read_by: Option<Instant> }
    /// Somebody has read it.
    BriefingRead { briefing: BriefingId }
    /// It ended before its time.
    BriefingWithdrawn { briefing: BriefingId, reason: Reason }
    /// An agency is in the directory, reached so.
    AgencyEntered { agency: Label, kind: Label, numbers: Vec<AgencyNumber>,
        hours: Option<Reason>, note: Option<Reason>, supervisor: Option<PersonName>,
        areas: Option<Vec<Label>>, helps_with: Option<Vec<Label>> }
    /// What is held about it was confirmed by asking it.
    AgencyConfirmed { agency: Label, words: Reason }
    /// An agency was rung for a log.
    AgencyRung { incident: IncidentNumber, agency: Label, outcome: AgencyOutcome,
        words: Reason }
    /// An agency was asked for something.
    AgencyAsked { incident: IncidentNumber, request: u32, agency: Label, ask: Label, words: Words,
        means: AgencyMeans, life: bool, life_told: bool }
    /// What came of it.
    AgencyAnswered { incident: IncidentNumber, request: u32, answer: AgencyAnswer,
        means: AgencyMeans, with: Option<PersonName>, words: Words, itself: Option<Words>,
        life_told: bool }
    /// Somebody is missing.
    MissingReported { incident: IncidentNumber, person: MissingPerson, level: Label,
        rationale: Words }
    /// The risk to them was judged again.
    MissingAssessed { incident: IncidentNumber, level: Label, rationale: Words }
    /// One of the actions for them was settled.
    MissingActionSettled { incident: IncidentNumber, action: Label, outcome: Outcome }
    /// They were found.
    MissingFound { incident: IncidentNumber, place: Place, by: Label, condition: FoundCondition,
        words: Words }
    /// They were spoken with about it, or somebody said why not.
    MissingInterviewed { incident: IncidentNumber, outcome: Outcome }
    /// Where the person lives is known.
    HomeKnown { incident: IncidentNumber, home: Place, how: Words }
    /// Somebody decided which agency fits best.
    AgencyFitted { incident: IncidentNumber, answers: Vec<FitAnswer>, police: bool, agency: Label,
        reason: Words, holder: Option<Words>, told: Outcome }
    /// A victim was offered help.
    VictimReferred { incident: IncidentNumber, to: Label, agreed: bool, words: Words }
    /// It is no longer in it.
    AgencyRemoved { agency: Label, reason: Reason }
    /// Somebody met a fault.
    FaultReported { fault: FaultId, kind: FaultKind, what: Reason, seat: Option<SeatId>,
        since: Instant, stops_work: bool, contact: Option<ContactId>, call_lost: bool }
    /// Somebody did something about it.
    FaultAnswered { fault: FaultId, contact: Option<ContactId>, words: Reason, mended: bool }
    /// Where a contact's recording is; on each log of the contact once.
    RecordingAdded { incident: Option<IncidentNumber>, recording: Recording }
    /// Lines of what was said in a contact; on each log of the contact once.
    TranscriptAdded { contact: ContactId, incident: Option<IncidentNumber>, lines: Vec<HeardLine> }
    /// Something said is not for this log.
    HeardSetAside { incident: IncidentNumber, sentence: Words, reason: Reason }
    /// A reviewer said whether an escalation that was drawn by chance was kept.
    EscalationMarked { sample: Sample, obligation: ObligationId, kept: bool, words: Reason }
    /// A marker was put on a person, a number or a place.
    MarkerPut { marker: MarkerId, facts: MarkerFacts }
    /// What it says was changed.
    MarkerChanged { marker: MarkerId, facts: MarkerFacts, reason: Reason }
    /// Somebody looked at it again.
    MarkerReviewed { marker: MarkerId, answer: MarkerAnswer, until: Option<Instant>, words: Words }
    /// Something came in a call instead of words.
    ContactSignalled { contact: ContactId, incident: Option<IncidentNumber>, signal: Signal }
    /// Somebody who did not speak was rung back.
    ContactRungBack { contact: ContactId, spoke: bool, safe_because: Reason, words: Words }
    /// A message was left for a named officer.
    MessageLeft { message: MessageId, contact: Option<ContactId>, to: StaffId, cover: Role,
        name: Option<PersonName>, line: Option<Line>, safe_to_contact: Option<bool>, words: Words,
        hears_by: Instant, no_log_because: Option<Reason> }
    /// Somebody did something about it.
    MessageAnswered { message: MessageId, answer: MessageAnswer, words: Words }
    /// A person's record was looked at.
    RecordRead { what: Label, purpose: Reason }
}

impl Event {
    /// The stream it belongs to. A log's stream holds everything needed to show that log again.
    pub fn stream(&self) -> Stream {
        use Event::*;
        match self {
            ContactReceived { contact, .. }
            | ContactEnded { contact, .. }
            | CallEnded { contact, .. }
            | FaultReported { contact: Some(contact), .. }
            | FaultAnswered { contact: Some(contact), .. }
            | ContactRungBack { contact, .. }
            | ContactSignalled { contact, incident: None, .. }
            | TranscriptAdded { contact, incident: None, .. } => Stream::Contact(*contact),
            RecordingAdded { incident: None, recording } => Stream::Contact(recording.contact),
            ContactLinked { incident, .. }
            | IncidentOpened { incident, .. }
            | EntryAdded { incident, .. }
            | EntryStruck { incident, .. }
            | LogRead { incident, .. }
            | Tagged { incident, .. }
            | Untagged { incident, .. }
            | LocationSet { incident, .. }
            | InformantSet { incident, .. }
            | MarkerFound { incident, .. }
            | ThriveRecorded { incident, .. }
            | Graded { incident, .. }
            | GradeContested { incident, .. }
            | OpeningCodeChanged { incident, .. }
            | OpeningCodeDoubted { incident, .. }
            | OpeningCodeKept { incident, .. }
            | SopOpened { incident, .. }
            | SopStepSettled { incident, .. }
            | CheckRequested { incident, .. }
            | CheckRecorded { incident, .. }
            | QuestionAsked { incident, .. }
            | QuestionAnswered { incident, .. }
            | PromptAnswered { incident, .. }
            | AppointmentBooked { incident, .. }
            | AppointmentEnded { incident, .. }
            | CrimeSettled { incident, .. }
            | WorkPlanned { incident, .. }
            | WorkFinished { incident, .. }
            | PassedToDispatch { incident, .. }
            | IncidentAccepted { incident, .. }
            | OwnerChanged { incident, .. }
            | SupervisorNamed { incident, .. }
            | IncidentLinked { incident, .. }
            | InformantTold { incident, .. }
            | RingBackPromised { incident, .. }
            | RungBack { incident, .. }
            | IncidentClosed { incident, .. }
            | IncidentReopened { incident, .. }
            | AgencyRung { incident, .. }
            | AgencyAsked { incident, .. }
            | AgencyAnswered { incident, .. }
            | MissingReported { incident, .. }
            | MissingAssessed { incident, .. }
            | MissingActionSettled { incident, .. }
            | MissingFound { incident, .. }
            | MissingInterviewed { incident, .. }
            | HomeKnown { incident, .. }
            | AgencyFitted { incident, .. }
            | VictimReferred { incident, .. }
            | NeedSaid { incident, .. }
            | NeedDropped { incident, .. }
            | UnitDeployed { incident, .. }
            | DeploymentConfirmed { incident, .. }
            | UnitDiverted { incident, .. }
            | UnitStoodDown { incident, .. }
            | ReleaseConfirmed { incident, .. }
            | RiskCardOpened { incident, .. }
            | ContactSignalled { incident: Some(incident), .. }
            | RecordingAdded { incident: Some(incident), .. }
            | TranscriptAdded { incident: Some(incident), .. }
            | HeardSetAside { incident, .. }
            | RadioHeard { incident: Some(incident), .. }
            | StatusSet { incident: Some(incident), .. }
            | CheckedIn { incident: Some(incident), .. } => Stream::Incident(*incident),
            UnitRostered { call_sign, .. }
            | UnitRemoved { call_sign }
            | RadioHeard { call_sign, .. }
            | StatusSet { call_sign, .. }
            | PositionReported { call_sign, .. }
            | CheckedIn { call_sign, .. } => Stream::of_unit(call_sign),
            ObligationsArmed { about, .. }
            | ObligationsEnded { about, .. }
            | ObligationFired { about, .. }
            | ObligationMoved { about, .. }
            | ObligationOwned { about, .. }
            | ObligationGiven { about, .. }
            | ObligationDelayed { about, .. }
            | ObligationRaised { about, .. }
            | ObligationPassed { about, .. } => about.stream(),
            SignedOn { .. }
            | WentOnBreak { .. }
            | CameBack {}
            | SignedOff { .. }
            | HandoverBuilt { .. }
            | HandoverLineAccepted { .. }
            | Annunciated { .. }
            | AlarmSilenced { .. }
            | AlarmHeld { .. }
            | AlarmLetGo { .. }
            | FloodBegan { .. }
            | FloodEnded { .. } => Stream::Shift,
            StaffEnrolled { .. } | StaffRemoved { .. } | TaskAllowed { .. } => Stream::Directory,
            PolicyAdopted { .. }
            | PolicyProposed { .. }
            | ProposalPublished { .. }
            | ProposalWithdrawn { .. } => Stream::Policy,
            BriefingPublished { .. } | BriefingRead { .. } | BriefingWithdrawn { .. } => {
                Stream::Briefings
            }
            AgencyEntered { .. } | AgencyConfirmed { .. } | AgencyRemoved { .. } => {
                Stream::Agencies
            }
            FaultReported { .. } | FaultAnswered { .. } => Stream::Faults,
            EscalationMarked { .. } => Stream::Samples,
            MarkerPut { .. } | MarkerChanged { .. } | MarkerReviewed { .. } => Stream::Markers,
            MessageLeft { .. } | MessageAnswered { .. } => Stream::Messages,
            RecordRead { .. } => Stream::Reads,
        }
    }
}
