//! One whole log, open or closed: the facts as they stand, the entries, what was assessed, what is
//! still to be done, and what stands in the way of closing.

mod assessed; // how it was judged
mod attended; // units sent, both sides confirming
mod facts; //    who, where, what, how soon
mod heard; //    what was said in its calls
mod others; //   agencies asked, somebody missing
mod tasks; //    questions, SOP, checks
mod timeline; // what happened, line by line

pub use assessed::{ClockView, GradeView, MarkerView, RingBackView, ThriveView, ToldView};
pub use attended::DeploymentView;
pub use facts::{ClosingView, CodeBefore, Contested, DoubtView, LogFacts};
pub use heard::HeardView;
pub use others::{ActionView, MissingView, RequestView};
pub use tasks::{CheckView, CrimeView, QuestionView, Settled, StepView, WorkView};
pub use timeline::{Changed, Line, LineKind, Timeline};

use super::agencies::{AgencyOnLog, on_log};
use super::board::why_rank;
use super::needs::{NeedView, needs_of};
use super::owed::{Owed, owed_about};
use crate::command::{Attachment, Relation};
use crate::incident::appointments::Appointment;
use crate::incident::carried::{Carried, carried};
use crate::incident::fits::Fit;
use crate::incident::prompts::{self, PromptView};
use crate::incident::{Entry, Incident, Referral, closing, told};
use crate::name::*;
use crate::obligation::Subject;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two times that differ by less than this are one time on a page.
const SAME_TIME: Span = Span::minutes(1);

/// A whole log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogView {
    /// Its number.
    pub number: IncidentNumber,
    /// Its version, for `If-Match`.
    pub version: u64,
    /// Whether it is open.
    pub open: bool,
    /// The facts as they stand now.
    pub facts: LogFacts,
    /// Both clocks of its grade.
    pub clocks: Vec<ClockView>,
    /// Why it ranks where it does on the board; empty once closed.
    pub why_rank: Vec<String>,
    /// The grades it had, newest last.
    pub grades: Vec<GradeView>,
    /// Every THRIVE, newest last, each with what changed.
    pub thrive: Vec<ThriveView>,
    /// The entries, oldest first.
    pub entries: Vec<EntryView>,
    /// How many of them the reader has not seen.
    pub n_new: u32,
    /// The markers found.
    pub markers: Vec<MarkerView>,
    /// What follows the log to the officer before anything else.
    #[serde(default)]
    pub carried: Vec<Carried>,
    /// What the call asks because of the code and the answers so far.
    pub prompts: Vec<PromptView>,
    /// The questions.
    pub questions: Vec<QuestionView>,
    /// The steps of the SOP of its opening code.
    pub sop: Vec<StepView>,
    /// Whether somebody has opened the SOP.
    pub sop_opened: bool,
    /// The agencies that were rung, with the next step where one is not told.
    pub agencies: Vec<AgencyOnLog>,
    /// What agencies were asked for, what is open first.
    #[serde(default)]
    pub requests: Vec<RequestView>,
    /// Somebody missing.
    #[serde(default)]
    pub missing: Option<MissingView>,
    /// The actions for somebody missing.
    #[serde(default)]
    pub missing_actions: Vec<ActionView>,
    /// Where the person lives, if it is known.
    #[serde(default)]
    pub home: Option<Place>,
    /// Which agency fits best, once that is decided.
    #[serde(default)]
    pub fit: Option<Fit>,
    /// The victims who were offered help.
    pub referrals: Vec<Referral>,
    /// What it needs of those who go.
    pub needs: Vec<NeedView>,
    /// The intelligence checks.
    pub checks: Vec<CheckView>,
    /// The report of a crime, where the log is one or somebody has decided about one.
    #[serde(default)]
    pub crime: Option<CrimeView>,
    /// Planned work, and how it was done.
    #[serde(default)]
    pub work: Vec<WorkView>,
    /// The units sent.
    pub deployments: Vec<DeploymentView>,
    /// What the informant was told.
    pub told: Vec<ToldView>,
    /// The appointments, in the order in which they were booked.
    #[serde(default)]
    pub appointments: Vec<Appointment>,
    /// Whether the log's number stands in it.
    #[serde(default)]
    pub number_given: bool,
    /// What to tell of other ways to get in touch; none where that is not for this grade, or told.
    #[serde(default)]
    pub other_channels: Option<Words>,
    /// The attempts to ring the informant back.
    #[serde(default)]
    pub ring_backs: Vec<RingBackView>,
    /// Other logs it belongs with.
    pub links: Vec<LinkView>,
    /// What is owed on it.
    pub owed: Vec<Owed>,
    /// What was said in its calls, beside what stands on it.
    #[serde(default)]
    pub heard: HeardView,
    /// Each thing that stands in the way of closing it; empty if it can be closed.
    pub in_the_way: Vec<String>,
    /// The closing codes it could be closed with as it stands; none while something is in the way.
    #[serde(default)]
    pub closes_with: Vec<ClosingCode>,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntryView {
    /// Its number.
    pub entry: u32,
    /// What it says.
    pub text: Words,
    /// When it happened, as said.
    pub happened_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whether it was entered noticeably later than it happened, so that both times are shown.
    pub entered_late: bool,
    /// Who wrote it, and in which role.
    pub by: By,
    /// Whether the owner must read it at once.
    pub critical: bool,
    /// Whether these are the informant's own words.
    pub own_words: bool,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// How it was struck through, if it was. It stays readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<StruckView>,
    /// Whether the reader has not seen it yet.
    pub new: bool,
}

/// How an entry was struck through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StruckView {
    /// Why.
    pub reason: Reason,
    /// By whom.
    pub by: StaffId,
    /// The entry that says it right, if there is one.
    pub corrected_by: Option<u32>,
}

/// Another log it belongs with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LinkView {
    /// The other log.
    pub other: IncidentNumber,
    /// How they belong together.
    pub relation: Relation,
    /// Whether the other is open.
    pub open: bool,
    /// The other's grade and code, where it is open.
    pub words: String,
}

impl LogView {
    /// The entries the reader has not seen, oldest first.
    pub fn since_you_looked(&self) -> impl Iterator<Item = &EntryView> {
        self.entries.iter().filter(|e| e.new)
    }
}

/// The whole log as somebody sees it. Without a reader nothing counts as new.
pub fn log_view(s: &State, log: &Incident, now: Instant, reader: Option<&StaffId>) -> LogView {
    let entries = entries(log, reader);
    let open = log.closed.is_none();
    LogView {
        number: log.number,
        version: log.version,
        open,
        facts: facts::facts(s, log),
        clocks: assessed::clocks(log, &s.policy, now),
        why_rank: if open { why_rank(s, log, now) } else { Vec::new() },
        grades: assessed::grades(log, &s.policy),
        thrive: assessed::thrive(log),
        n_new: u32::try_from(entries.iter().filter(|e| e.new).count()).unwrap_or(u32::MAX),
        entries,
        markers: assessed::markers(log),
        carried: carried(log, &s.policy),
        prompts: prompts::asked(s, log),
        questions: tasks::questions(log, now),
        sop: tasks::steps(s, log),
        sop_opened: !log.sop_opened.is_empty(),
        agencies: on_log(s, log),
        requests: others::requests(s, log, now),
        missing: others::missing(s, log, now),
        missing_actions: others::actions(s, log),
        home: log.home().cloned(),
        fit: log.fit().cloned(),
        referrals: log.referrals.clone(),
        needs: needs_of(s, log, now),
        checks: tasks::checks(log),
        crime: tasks::crime(s, log, now),
        work: tasks::work(log, now),
        deployments: attended::deployments(s, log, now),
        told: assessed::told(log),
        appointments: log.appointments.clone(),
        number_given: told::has_number(log),
        other_channels: told::other_channels(&s.policy, log),
        ring_backs: assessed::ring_backs(log),
        links: links(s, log),
        owed: owed_about(s, &Subject::Incident(log.number), now),
        heard: heard::heard(log, &s.policy),
        in_the_way: in_the_way(s, log),
        closes_with: closes_with(s, log),
    }
}

/// The closing codes that nothing stands in the way of.
fn closes_with(s: &State, log: &Incident) -> Vec<ClosingCode> {
    let owed = closing::blocking(s, log.number).next().is_some();
    let live = closing::live_calls(s, log).next().is_some();
    if log.closed.is_some() || owed || live || log.is_resourced() {
        return Vec::new();
    }
    let codes = s.policy.closing_code.iter();
    codes
        .filter(|row| log.passed_at.is_some() || row.without_attendance)
        .filter(|row| !row.crime_number || closing::has_crime_number(log))
        .filter(|row| !row.partner || log.fit().is_some_and(|fit| !fit.police))
        .filter(|row| row.hands_over || log.missing().is_none_or(|m| m.found.is_some()))
        .map(|row| row.code.clone())
        .collect()
}

fn entries(log: &Incident, reader: Option<&StaffId>) -> Vec<EntryView> {
    let seen = reader.map_or(u32::MAX, |staff| log.read_by(staff));
    log.entries.iter().map(|e| entry(e, seen)).collect()
}

fn entry(e: &Entry, seen: u32) -> EntryView {
    let struck = e.struck.as_ref().map(|(reason, by, corrected_by)| StruckView {
        reason: reason.clone(),
        by: by.clone(),
        corrected_by: *corrected_by,
    });
    EntryView {
        entry: e.entry,
        text: e.text.clone(),
        happened_at: e.happened_at,
        recorded_at: e.recorded_at,
        entered_late: SAME_TIME <= e.recorded_at.since(e.happened_at),
        by: e.by.clone(),
        critical: e.critical,
        own_words: e.own_words,
        attachments: e.attachments.clone(),
        struck,
        new: seen < e.entry,
    }
}

fn links(s: &State, log: &Incident) -> Vec<LinkView> {
    let link = |(other, relation): &(IncidentNumber, Relation)| {
        let linked = s.incident(*other).filter(|x| x.closed.is_none());
        let grade =
            |x: &Incident| x.grade().map_or("not graded".into(), |g| s.policy.grade_label(g));
        LinkView {
            other: *other,
            relation: *relation,
            open: linked.is_some(),
            words: linked
                .map_or("closed".to_owned(), |x| format!("{}, {}", grade(x), x.opening_code)),
        }
    };
    log.links.iter().map(link).collect()
}

/// Each thing that stands in the way of closing a log, in the words of its obligations.
pub fn in_the_way(s: &State, log: &Incident) -> Vec<String> {
    if log.closed.is_some() {
        return Vec::new();
    }
    closing::in_the_way(s, log, false)
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::role::Owner;

    fn write(room: &mut Room, who: &By, incident: IncidentNumber, text: &str) {
        let entry = AddEntry {
            incident,
            text: words(text),
            critical: false,
            new_information: false,
            own_words: false,
            attachments: Vec::new(),
        };
        room.act(who, entry);
    }

    fn view(room: &Room, n: IncidentNumber, reader: &By) -> LogView {
        log_view(&room.s, room.open(n), room.now, Some(&reader.staff))
    }

    #[test]
    fn since_you_last_looked_is_what_was_written_after_what_you_read() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 2, place("A", None));
        write(&mut room, &handler(), n, "a van is outside");
        room.act(&dispatcher(), ReadLog { incident: n, up_to: 1 });
        write(&mut room, &handler(), n, "the van has gone");
        write(&mut room, &dispatcher(), n, "which way did it go");
        write(&mut room, &handler(), n, "towards the bridge");
        let new = |who: &By| -> Vec<u32> {
            view(&room, n, who).since_you_looked().map(|e| e.entry).collect()
        };
        assert_eq!(new(&dispatcher()), [4], "writing is reading what stands before");
        assert_eq!(new(&handler()), [0; 0]);
        assert_eq!(new(&leader()), [1, 2, 3, 4]);
        let nobody = log_view(&room.s, room.open(n), room.now, None);
        assert_eq!(nobody.n_new, 0);
    }

    #[test]
    fn a_struck_entry_stays_readable_and_names_its_correction() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 2, place("A", None));
        write(&mut room, &handler(), n, "a blue van");
        let correction = Some(words("a green van"));
        room.act(
            &handler(),
            StrikeEntry { incident: n, entry: 1, reason: reason("misheard"), correction },
        );
        let log = view(&room, n, &handler());
        let [first, second] = &log.entries[..] else { panic!("{:?}", log.entries) };
        assert_eq!(first.text, words("a blue van"));
        assert_eq!(first.struck.as_ref().and_then(|x| x.corrected_by), Some(2));
        assert_eq!((second.text.as_str(), second.struck.is_none()), ("a green van", true));
    }

    #[test]
    fn each_thing_in_the_way_of_closing_is_named_until_there_is_none() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 2, place("A", None));
        room.unit("DC14", "North", &[], None);
        room.deploy(n, "DC14");
        let to = Owner::Staff(handler().staff);
        room.act(&dispatcher(), AskQuestion { incident: n, to, text: words("which door") });
        let way = view(&room, n, &dispatcher()).in_the_way;
        assert!(view(&room, n, &dispatcher()).closes_with.is_empty());
        for wanted in ["an answer: 1", "a THRIVE assessment", "DC14 stood down"] {
            assert!(way.iter().any(|x| x == wanted), "{wanted} is not in {way:?}");
        }
        let outcome = Outcome::NotApplicable(reason("there is one door"));
        room.act(&handler(), AnswerQuestion { incident: n, question: 1, outcome });
        let close = room.settle(n);
        let call_sign = call_sign("DC14");
        room.act(
            &dispatcher(),
            StandDown { incident: n, call_sign: call_sign.clone(), reason: reason("done") },
        );
        room.act(&dispatcher(), ConfirmRelease { incident: n, call_sign });
        let log = view(&room, n, &dispatcher());
        assert_eq!(log.in_the_way, [""; 0]);
        assert!(log.closes_with.contains(&close.closing_code), "{:?}", log.closes_with);
        assert_eq!(log.questions.first().map(|q| q.settled), Some(Settled::NotApplicable));
        assert!(log.sop.iter().all(|step| step.settled == Settled::Done && step.by.is_some()));
        room.act(&dispatcher(), close);
        let log = view(&room, n, &dispatcher());
        assert!(!log.open && log.facts.closed.is_some() && log.owed.is_empty());
    }

    #[test]
    fn a_log_that_was_not_passed_on_closes_without_attendance_only() {
        let mut room = Room::new();
        let n = room.log("civil dispute", Some(4), place("A", None));
        room.settle(n);
        let log = view(&room, n, &handler());
        assert_eq!(log.in_the_way.len(), 1, "{:?}", log.in_the_way);
        let without = |code: &ClosingCode| {
            room.s.policy.closing_code(code).is_some_and(|row| row.without_attendance)
        };
        assert!(!log.closes_with.is_empty() && log.closes_with.iter().all(without));
    }

    #[test]
    fn every_answer_and_every_attempt_to_ring_back_has_its_name_and_time() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 2, place("A", None));
        let to = Owner::Staff(handler().staff);
        room.act(&dispatcher(), AskQuestion { incident: n, to, text: words("which door") });
        let by = room.now + Span::minutes(20);
        room.act(&handler(), PromiseRingBack { incident: n, by, why: reason("she is afraid") });
        room.minutes(2);
        let ring = |spoke| RingBack { incident: n, spoke, words: words("it rang out") };
        room.act(&handler(), ring(false));
        let outcome = Outcome::Done(words("the back door"));
        room.act(&handler(), AnswerQuestion { incident: n, question: 1, outcome });
        let log = view(&room, n, &dispatcher());
        let question = log.questions.first().unwrap();
        assert_eq!(question.answered_by, Some(handler().staff));
        assert_eq!(question.answered_at, Some(room.now));
        assert_eq!(log.facts.ring_back_by, Some(by), "nobody was spoken to");
        room.act(&handler(), ring(true));
        let log = view(&room, n, &dispatcher());
        let spoke: Vec<bool> = log.ring_backs.iter().map(|r| r.spoke).collect();
        assert_eq!((spoke, log.facts.ring_back_by), (vec![false, true], None));
    }

    #[test]
    fn both_clocks_are_kept_and_say_whether_they_were_met() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("A", None));
        room.unit("DC14", "North", &[], None);
        room.minutes(3);
        room.deploy(n, "DC14");
        room.minutes(14);
        let words = |room: &Room| -> Vec<String> {
            view(room, n, &dispatcher()).clocks.into_iter().map(|c| c.words).collect()
        };
        assert_eq!(words(&room), ["met", "+00:02"]);
        room.status("DC14", 6);
        assert_eq!(words(&room), ["met", "missed by 2 min"]);
        let deployment = view(&room, n, &dispatcher()).deployments;
        assert_eq!(deployment.first().map(|d| d.words.as_str()), Some("at the scene for 0 s"));
    }

    #[test]
    fn what_is_owed_says_why_and_who_is_told_next() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("A", None));
        let log = view(&room, n, &dispatcher());
        let unit = log.owed.iter().find(|o| o.words == "a unit").unwrap();
        assert_eq!(unit.owner, Owner::Staff(dispatcher().staff), "the dispatcher took the log");
        assert_eq!((unit.countdown.as_str(), unit.late, unit.lit), ("-00:05", false, false));
        assert!(unit.source.contains("case 1") && unit.why.contains("without a unit"));
        room.minutes(6);
        let log = view(&room, n, &dispatcher());
        let unit = log.owed.iter().find(|o| o.words == "a unit").unwrap();
        assert_eq!((unit.countdown.as_str(), unit.late, unit.lit), ("+00:01", true, true));
        assert!(unit.next_words.contains(" is told in "), "{}", unit.next_words);
    }
}
