//! What the threat-harm-risk meeting looks at, and whether escalations are kept.

use super::super::board::{BoardFilter, BoardRow, board, place_words, why_rank};
use super::super::countdown::age_words;
use super::super::owed::{Owed, owed, owed_about};
use super::n;
use crate::incident::{Incident, Thrive, decision};
use crate::name::*;
use crate::obligation::{Obligation, Subject};
use crate::policy::Level;
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A log on the list of the twice-daily threat-harm-risk meeting.
///
/// Source: Learning the Lessons, case 9, force action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingRow {
    /// Its place, from 1.
    pub rank: u32,
    /// The log.
    pub n: IncidentNumber,
    /// Its grade.
    pub grade: Option<Grade>,
    /// Its opening code.
    pub code: OpeningCode,
    /// Where.
    pub place: String,
    /// The district.
    pub district: Option<Label>,
    /// Who owns it.
    pub owner: Owner,
    /// Who that is, for a page.
    pub owner_words: String,
    /// Its risk.
    pub risk: u32,
    /// How long it has been open.
    pub open_for: String,
    /// Why it is on the list.
    pub reasons: Vec<String>,
    /// The newest THRIVE, element by element: `Threat: high`.
    pub thrive: Vec<String>,
    /// What is late on it.
    pub late: Vec<String>,
    /// Everything owed on it, what is due first: what, by whom, how far that is.
    #[serde(default)]
    pub owed: Vec<Owed>,
    /// What was decided about it last, by a meeting or anybody else.
    #[serde(default)]
    pub decided: Option<DecidedView>,
}

/// A decision that was recorded on a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecidedView {
    /// What was decided.
    pub words: String,
    /// The entry that has its grounds.
    pub entry: u32,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// How long ago.
    pub age_words: String,
}

fn decided(log: &Incident, now: Instant) -> Option<DecidedView> {
    let (words, entry) = decision::last(log)?;
    Some(DecidedView {
        words: words.to_owned(),
        entry: entry.entry,
        by: entry.by.staff.clone(),
        at: entry.recorded_at,
        age_words: age_words(entry.recorded_at, now),
    })
}

/// The logs with the most risk, the worst first, with the reasons a meeting needs.
pub fn meeting_list(s: &State, now: Instant, at_most: usize) -> Vec<MeetingRow> {
    let rows = board(s, now, &BoardFilter::default());
    let worst = rows.iter().take(at_most).zip(1..);
    worst.filter_map(|(row, rank)| meeting_row(s, row, rank, now)).collect()
}

fn meeting_row(s: &State, row: &BoardRow, rank: u32, now: Instant) -> Option<MeetingRow> {
    let log = s.incident(row.n)?;
    let tags = log.tags.iter().map(|tag| format!("tagged {tag}"));
    let about = Subject::Incident(row.n);
    let late = s.obligations_about(&about).filter(|o| o.due_at <= now);
    let rated = |t: &Thrive| -> Vec<String> {
        t.elements.iter().map(|e| format!("{}: {}", e.element, e.rating)).collect()
    };
    Some(MeetingRow {
        rank,
        n: row.n,
        grade: row.grade,
        code: row.code.clone(),
        place: place_words(log),
        district: log.location.district.clone(),
        owner: row.owner.clone(),
        owner_words: row.owner.to_string(),
        risk: row.risk,
        open_for: age_words(log.opened_at, now),
        reasons: why_rank(s, log, now).into_iter().chain(tags).collect(),
        thrive: log.thrive.last().map(|t| rated(t)).unwrap_or_default(),
        late: late.map(Obligation::words).collect(),
        owed: owed_about(s, &about, now),
        decided: decided(log, now),
    })
}

/// Whether escalations are kept: of what is open and past its due time, who was told and who has
/// decided.
///
/// Source: Learning the Lessons, case 9, force action: compliance is measured and dip-sampled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Compliance {
    /// How many open obligations are past their due time.
    pub n_late: u32,
    /// About how many of those somebody was told.
    pub n_told: u32,
    /// On how many of those somebody chose a verb after the due time.
    pub n_decided: u32,
    /// Decided of told, in hundredths; none where nothing was told.
    pub decided_percent: Option<u32>,
    /// Each of them: those nobody has decided first, the longest overdue first.
    pub rows: Vec<ComplianceRow>,
}

/// One obligation past its due time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComplianceRow {
    /// The obligation in full.
    pub owed: Owed,
    /// Whether somebody chose a verb after the due time.
    pub decided: bool,
    /// Whether it was told as something to decide, and not only as a prompt.
    #[serde(default)]
    pub escalated: bool,
    /// How long it has been past its due time.
    pub late_words: String,
    /// `told team leader; nobody has decided for 20 min`.
    pub words: String,
}

/// Whether escalations are kept.
pub fn escalation_compliance(s: &State, now: Instant) -> Compliance {
    let late = s.obligations.values().filter(|o| o.due_at <= now);
    let mut rows: Vec<ComplianceRow> = late.map(|o| compliance_row(s, o, now)).collect();
    rows.sort_by_key(|r| (r.decided, r.owed.due_at, r.owed.id));
    let told = || rows.iter().filter(|r| r.escalated);
    let (n_told, n_decided) = (n(told()), n(told().filter(|r| r.decided)));
    Compliance {
        n_late: n(rows.iter()),
        n_told,
        n_decided,
        decided_percent: (n_decided * 100).checked_div(n_told),
        rows,
    }
}

fn compliance_row(s: &State, o: &Obligation, now: Instant) -> ComplianceRow {
    let decided_at = o.decided_at.filter(|at| o.due_at <= *at);
    let told: Vec<String> = o.told.iter().map(ToString::to_string).collect();
    let told = if told.is_empty() {
        "nobody told".to_owned()
    } else {
        format!("told {}", told.join(", "))
    };
    let late_words = age_words(o.due_at, now);
    let words = match decided_at {
        Some(at) => format!("{told}; decided {} after it was due", age_words(o.due_at, at)),
        None => format!("{told}; nobody has decided for {late_words}"),
    };
    // A prompt to whoever owns it is no escalation: there is nothing to decide yet.
    let decided = decided_at.is_some();
    let is_loud = o.level.is_some_and(|level| level <= Level::A2);
    let escalated = !o.told.is_empty() && (is_loud || decided);
    ComplianceRow { owed: owed(s, o, now), escalated, decided, late_words, words }
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::obligation::Rule;

    #[test]
    fn the_meeting_looks_at_the_most_risk_with_reasons() {
        let mut room = Room::new();
        room.accepted("theft", 3, place("Low", None));
        let high = room.accepted("domestic incident", 1, place("High", None));
        room.marker(high, "MARAC");
        room.minutes(30);
        let list = meeting_list(&room.s, room.now, 1);
        let [row] = &list[..] else { panic!("{list:?}") };
        assert_eq!((row.n, row.rank), (high, 1));
        assert!(
            row.reasons.iter().any(|r| r == "MARAC")
                && row.reasons.iter().any(|r| r == "late 26 min")
        );
        assert!(row.late.iter().any(|x| x == "a unit"), "{:?}", row.late);
        assert!(row.owed.iter().any(|o| o.words == "a unit" && o.late), "{:?}", row.owed);
        assert!(row.decided.is_none());
        let decision = RecordDecision {
            incident: high,
            decision: words("a unit from the next district, by 18:00"),
            information: words("no unit in this one"),
            threat_and_risk: words("high: he is near"),
            powers_and_policy: words("mutual help between districts"),
            options: words("wait, or ask the next district"),
            action_and_review: words("DD07 asks; looked at again at the next meeting"),
            code_of_ethics: words("duties and responsibilities"),
        };
        room.act(&leader(), decision);
        room.minutes(20);
        let list = meeting_list(&room.s, room.now, 1);
        let decided = list[0].decided.clone().unwrap();
        assert_eq!(decided.words, "a unit from the next district, by 18:00");
        assert_eq!((decided.by, decided.age_words.as_str()), (leader().staff, "20 min"));
    }

    #[test]
    fn an_escalation_is_kept_only_by_a_verb_after_it_was_due() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("A", None));
        room.minutes(6);
        let unit = |room: &Room| {
            let all = escalation_compliance(&room.s, room.now);
            let is = |r: &&ComplianceRow| r.owed.rule == Rule::Unresourced;
            (all.n_decided, all.rows.iter().find(is).cloned().unwrap())
        };
        let (decided, row) = unit(&room);
        assert_eq!((decided, row.decided, row.escalated), (0, false, true));
        let all = escalation_compliance(&room.s, room.now).rows;
        let prompt = all.iter().find(|r| r.owed.level == Some(Level::A3)).unwrap();
        assert!(!prompt.escalated, "a prompt to its owner is none: {prompt:?}");
        assert!(row.words.ends_with("nobody has decided for 1 min"), "{}", row.words);
        room.act(&dispatcher(), ReadLog { incident: n, up_to: 0 });
        assert!(!unit(&room).1.decided, "reading is no decision");
        let obligation = row.owed.id;
        room.act(&leader(), OwnObligation { obligation, words: words("asking the next district") });
        let (decided, row) = unit(&room);
        assert_eq!((decided, row.decided), (1, true));
        assert!(row.words.ends_with("decided 1 min after it was due"), "{}", row.words);
    }
}
