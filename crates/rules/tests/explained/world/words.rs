//! One line of a table into a command: `CH1 grades 2: why`, `DD1 deploys DC14 #2`.

use super::number;
use rules::command::*;
use rules::name::*;
use rules::obligation::Rule;
use rules::policy::Policy;
use rules::role::{Owner, Role};
use rules::state::State;
use rules::time::{Instant, Span};

fn label(text: &str) -> Label {
    Label::parse(text).expect("a short label")
}

fn text(text: &str) -> Words {
    Words::parse(if text.is_empty() { "as reported" } else { text }).expect("some words")
}

fn reason(text: &str) -> Reason {
    Reason::parse(if text.is_empty() { "as agreed" } else { text }).expect("a reason")
}

fn staff(text: &str) -> StaffId {
    StaffId::parse(text).expect("a short name")
}

fn sign(text: &str) -> CallSign {
    CallSign::parse(text).expect("a call sign")
}

fn owner(who: &str) -> Owner {
    match Role::ALL.iter().find(|r| r.name() == who) {
        Some(role) => Owner::Desk(*role),
        None => Owner::Staff(staff(who)),
    }
}

fn outcome(first: &str, said: &str) -> Outcome {
    match first {
        "n/a" => Outcome::NotApplicable(reason(said)),
        _ => Outcome::Done(text(said)),
    }
}

pub fn place(words: Option<&str>) -> Location {
    Location {
        known: if words.is_some() { Known::Known } else { Known::Unknown },
        words: words.map(|w| Place::parse(w).expect("a place")),
        point: None,
        rural: false,
        district: None,
        within: None,
    }
}

pub fn thrive(policy: &Policy, log: IncidentNumber, rationale: &str) -> RecordThrive {
    let rating = policy.thrive.ratings.last().expect("there are ratings").clone();
    let element = |element: &Label| ThriveElement {
        element: element.clone(),
        rating: rating.clone(),
        rationale: text(rationale),
    };
    let elements = policy.thrive.elements.iter().map(element).collect();
    RecordThrive { incident: log, elements, informant_understood: true }
}

/// The open obligation of a rule, about the log or anything else.
fn owed(s: &State, name: &str, log: IncidentNumber) -> ObligationId {
    let rule = a_rule(name);
    let of_log = s.obligations.values().find(|o| o.rule == rule && o.about.incident() == Some(log));
    let any = s.obligations.values().find(|o| o.rule == rule);
    of_log.or(any).map_or(ObligationId(0), |o| o.id)
}

fn a_rule(name: &str) -> Rule {
    *Rule::ALL.iter().find(|r| r.name() == name).unwrap_or_else(|| panic!("no rule '{name}'"))
}

/// The command that a line says, about log 1 unless it says `#2`.
pub fn command(s: &State, now: Instant, line: &str) -> Command {
    let (head, said) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
    let mut log = number(1);
    let mut words: Vec<&str> = head.split_whitespace().collect();
    if let Some(n) = words.last().and_then(|w| w.strip_prefix('#')) {
        log = number(n.parse().expect("a log's number"));
        words.pop();
    }
    let line = Line { s, now, log, words: &words, said };
    let found = line.of_log().or_else(|| line.of_units()).or_else(|| line.of_people());
    found.unwrap_or_else(|| panic!("nobody knows how to '{head}'"))
}

struct Line<'l> {
    s: &'l State,
    now: Instant,
    log: IncidentNumber,
    words: &'l [&'l str],
    said: &'l str,
}

impl Line<'_> {
    fn of_log(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        Some(match self.words {
            ["receives", channel] => receive(channel, said),
            ["links", contact, rest @ ..] => LinkContact {
                contact: ContactId(contact.parse().ok()?),
                incident,
                chasing: rest == ["chasing"],
            }
            .into(),
            ["ends", "contact", n] => {
                EndContact { contact: ContactId(n.parse().ok()?), outcome: text(said) }.into()
            }
            ["loses", "call", n] => {
                let contact = ContactId(n.parse().ok()?);
                HangUp { contact, line_dropped: true, because: None }.into()
            }
            ["hangs", "up", n] => {
                let because = (!said.is_empty()).then(|| reason(said));
                HangUp { contact: ContactId(n.parse().ok()?), line_dropped: false, because }.into()
            }
            ["hears", contact] => heard(contact, Speaker::Informant, said)?,
            ["hears", "police", contact] => heard(contact, Speaker::Police, said)?,
            ["hears", "again", line, contact] => again(contact, line.parse().ok()?, said)?,
            ["sets", "aside"] => {
                let (sentence, why) = said.split_once(" | ")?;
                SetAsideHeard { incident, sentence: text(sentence), reason: reason(why) }.into()
            }
            ["opens", "sop"] => OpenSop { incident }.into(),
            ["opens", "card", unit] => OpenRiskCard { incident, call_sign: sign(unit) }.into(),
            ["opens", code @ ..] => open(code, said),
            ["writes"] => entry(incident, said, [false, false]),
            ["writes", "critical"] => entry(incident, said, [true, false]),
            ["writes", "new"] => entry(incident, said, [false, true]),
            ["strikes", n] => StrikeEntry {
                incident,
                entry: n.parse().ok()?,
                reason: reason(said),
                correction: Some(text("what it should have said")),
            }
            .into(),
            ["reads", n] => ReadLog { incident, up_to: n.parse().ok()? }.into(),
            ["tags", tag] => {
                TagIncident { incident, tag: Tag::parse(tag).ok()?, reason: reason(said) }.into()
            }
            ["untags", tag] => {
                UntagIncident { incident, tag: Tag::parse(tag).ok()?, reason: reason(said) }.into()
            }
            ["locates", "vaguely"] => {
                let location = Location { known: Known::Vague, ..place(Some(said)) };
                SetLocation { incident, location }.into()
            }
            ["locates"] => SetLocation { incident, location: place(Some(said)) }.into(),
            ["identifies"] => SetInformant { incident, informant: informant(said) }.into(),
            ["marks", marker] => FindMarker {
                incident,
                marker: label(marker),
                text: text(said),
                officer_safety: true,
            }
            .into(),
            _ => return self.assessing(),
        })
    }

    fn assessing(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        let grade = |n: &str| Grade::try_from(n.parse::<u8>().expect("a rank")).expect("a grade");
        let why = (!said.is_empty()).then(|| reason(said));
        Some(match self.words {
            ["assesses"] => {
                let why = if said.is_empty() { "seen and asked about" } else { said };
                thrive(&self.s.policy, incident, why).into()
            }
            ["assesses", "unheard"] => RecordThrive {
                informant_understood: false,
                ..thrive(&self.s.policy, incident, "she could not be understood")
            }
            .into(),
            ["says", prompt @ .., answer] => says(incident, &prompt.join(" "), answer, said),
            ["grades", n] => {
                GradeIncident { incident, grade: grade(n), reason: why, agreed_by: None }.into()
            }
            ["grades", n, "with", who] => {
                let agreed_by = Some(staff(who));
                GradeIncident { incident, grade: grade(n), reason: why, agreed_by }.into()
            }
            ["contests", n] => {
                ContestGrade { incident, grade: grade(n), reason: reason(said) }.into()
            }
            ["recodes", code @ ..] => ChangeOpeningCode {
                incident,
                opening_code: OpeningCode::parse(&code.join(" ")).ok()?,
                reason: reason(said),
            }
            .into(),
            ["keeps", doubt @ ..] => {
                KeepOpeningCode { incident, doubt: label(&doubt.join(" ")), reason: reason(said) }
                    .into()
            }
            ["settles", step @ .., "n/a"] => {
                let step = label(&step.join(" "));
                SettleSopStep { incident, step, outcome: outcome("n/a", said) }.into()
            }
            ["settles", step @ ..] => {
                let step = label(&step.join(" "));
                SettleSopStep { incident, step, outcome: outcome("", said) }.into()
            }
            ["requests", check @ ..] => {
                RequestCheck { incident, check: label(&check.join(" ")) }.into()
            }
            ["records", check @ ..] => {
                RecordCheck { incident, check: label(&check.join(" ")), outcome: outcome("", said) }
                    .into()
            }
            ["asks", who] => AskQuestion { incident, to: owner(who), text: text(said) }.into(),
            ["answers", n, rest @ ..] => AnswerQuestion {
                incident,
                question: n.parse().ok()?,
                outcome: outcome(rest.first().unwrap_or(&""), said),
            }
            .into(),
            _ => return self.promising(),
        })
    }

    fn promising(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        Some(match self.words {
            ["crime", became] => {
                let outcome = match *became {
                    "recorded" => CrimeOutcome::Recorded(label(said)),
                    "handed" => CrimeOutcome::HandedOver(reason(said)),
                    _ => CrimeOutcome::NotACrime(reason(said)),
                };
                SettleCrime { incident, outcome }.into()
            }
            // `plans DD1 +60: visit the sister`.
            ["plans", who, plus] => {
                let (what, due) = (text(said), self.now + self.later(plus));
                PlanWork { incident, what, by: owner(who), due }.into()
            }
            ["work", n, ended] => {
                let first = if *ended == "done" { "" } else { "n/a" };
                let (work, outcome) = (n.parse().ok()?, outcome(first, said));
                FinishWork { incident, work, outcome, done_by: None }.into()
            }
            _ => return self.of_others(),
        })
    }

    /// Other agencies, and somebody missing.
    fn of_others(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        Some(match self.words {
            // `wants trains at caution: Network Rail | on the line at Mill Lane`.
            ["wants", "untold", ask @ ..] => wants(incident, ask, said, false)?,
            ["wants", ask @ ..] => wants(incident, ask, said, true)?,
            ["gets", n, answer] => gets(incident, n, answer, said, false)?,
            ["gets", n, answer, "told"] => gets(incident, n, answer, said, true)?,
            ["misses", level @ ..] => ReportMissing {
                incident,
                person: person(),
                level: label(&level.join(" ")),
                rationale: text(said),
            }
            .into(),
            ["risks", level @ ..] => {
                AssessMissing { incident, level: label(&level.join(" ")), rationale: text(said) }
                    .into()
            }
            ["acts", action @ .., "n/a"] => {
                let action = label(&action.join(" "));
                SettleMissingAction { incident, action, outcome: outcome("n/a", said) }.into()
            }
            ["acts", action @ ..] => {
                let action = label(&action.join(" "));
                SettleMissingAction { incident, action, outcome: outcome("", said) }.into()
            }
            ["finds", how] => FindMissing {
                incident,
                place: Place::parse("the bus shelter, Mill Lane").ok()?,
                by: label("DC14"),
                condition: serde_json::from_value(serde_json::json!(how)).ok()?,
                words: text(said),
            }
            .into(),
            ["interviews", rest @ ..] => {
                let first = rest.first().unwrap_or(&"");
                InterviewMissing { incident, outcome: outcome(first, said) }.into()
            }
            ["homes"] => {
                KnowHome { incident, home: Place::parse(said).ok()?, how: text("his sister") }
                    .into()
            }
            // `fits ambulance with no life, held by ...`: the one question that is answered yes.
            ["fits", agency, yes] => fits(self.s, incident, [*agency, *yes], said)?,
            _ => return self.owning(),
        })
    }

    fn owning(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        Some(match self.words {
            ["passes"] => PassToDispatch { incident }.into(),
            ["accepts"] => accept(incident, None),
            ["accepts", "wrong"] => accept(incident, Some(text(said))),
            ["gives", "log", "to", to] => {
                GiveIncident { incident, to: staff(to), reason: reason(said) }.into()
            }
            ["names", "sergeant", who] => NameSupervisor { incident, sergeant: staff(who) }.into(),
            ["tells"] => {
                TellInformant { incident, told: Told::WhatHappensNext, words: text(said) }.into()
            }
            ["promises", plus] => {
                let by = self.now + self.later(plus);
                PromiseRingBack { incident, by, why: reason(said) }.into()
            }
            // `books DC11 +60 with Mrs Evans`: for half an hour.
            ["books", who, plus, "with", rest @ ..] => {
                let starts_at = self.now + self.later(plus);
                BookAppointment {
                    incident,
                    starts_at,
                    ends_at: starts_at + Span::minutes(30),
                    with: PersonName::parse(&rest.join(" ")).ok()?,
                    place: Place::parse("12 Mill Lane").ok()?,
                    attends: label(who),
                    needs: None,
                }
                .into()
            }
            ["appointment", n, "kept"] => EndAppointment {
                incident,
                appointment: n.parse().ok()?,
                result: AppointmentResult::Kept,
                words: reason(said),
            }
            .into(),
            ["rings", "back", rest @ ..] => {
                RingBack { incident, spoke: rest == ["spoke"], words: text(said) }.into()
            }
            ["closes", code @ ..] => CloseIncident {
                incident,
                closing_code: ClosingCode::parse(&code.join(" ")).ok()?,
                result: text(said),
                told: Told::Result,
                risk_now: text("nobody is at risk now"),
            }
            .into(),
            ["connects", other, "as", how] => LinkIncident {
                incident,
                other: number(other.parse().ok()?),
                relation: serde_json::from_value(serde_json::json!(how)).ok()?,
            }
            .into(),
            ["reopens"] => ReopenIncident { incident, reason: reason(said) }.into(),
            _ => return None,
        })
    }

    fn later(&self, plus: &str) -> Span {
        Span::minutes(plus.trim_start_matches('+').parse().expect("minutes such as +30"))
    }

    fn of_units(&self) -> Option<Command> {
        let (incident, said) = (self.log, self.said);
        let why = (!said.is_empty()).then(|| reason(said));
        Some(match self.words {
            ["rosters", unit] => RosterUnit {
                call_sign: sign(unit),
                crew: Vec::new(),
                skills: Vec::new(),
                equipment: Vec::new(),
                kind: label("response"),
                district: None,
                radio: None,
                shift: None,
            }
            .into(),
            ["removes", unit] => RemoveUnit { call_sign: sign(unit) }.into(),
            ["deploys", unit] => {
                DeployUnit { incident, call_sign: sign(unit), reason: why, silent: false }.into()
            }
            ["confirms", unit] => ConfirmDeployment { incident, call_sign: sign(unit) }.into(),
            ["releases", unit] => {
                StandDown { incident, call_sign: sign(unit), reason: reason(said) }.into()
            }
            ["confirms", "release", unit] => {
                ConfirmRelease { incident, call_sign: sign(unit) }.into()
            }
            ["diverts", unit, "to", to, left @ ..] => DivertUnit {
                call_sign: sign(unit),
                to: number(to.parse().ok()?),
                left_behind: match left {
                    ["covered"] => LeftBehind::Covered,
                    ["with", other] => LeftBehind::CoverWith(sign(other)),
                    _ => LeftBehind::Requeue,
                },
                reason: reason(said),
            }
            .into(),
            ["status", unit, n, rest @ ..] => SetStatus {
                call_sign: sign(unit),
                status: n.parse().ok()?,
                card_read_out: rest == ["read", "out"],
                seen: None,
            }
            .into(),
            ["checks", "in", unit] => CheckIn { call_sign: sign(unit) }.into(),
            _ => return None,
        })
    }

    fn of_people(&self) -> Option<Command> {
        let said = self.said;
        let owed = |name: &str| owed(self.s, name, self.log);
        Some(match self.words {
            ["signs", "on"] => {
                SignOn { seat: SeatId::parse("S1").ok()?, skills: Vec::new() }.into()
            }
            ["signs", "off", to @ ..] => SignOff { to: to.get(1).map(|who| staff(who)) }.into(),
            ["goes", "on", "break", to @ ..] => {
                GoOnBreak { to: to.get(1).map(|who| staff(who)) }.into()
            }
            ["comes", "back"] => ComeBack {}.into(),
            ["hands", "over", desk] => {
                BuildHandover { desk: *Role::ALL.iter().find(|r| r.name() == *desk)? }.into()
            }
            ["accepts", "line", n] => {
                AcceptHandoverLine { handover: HandoverId(1), line: n.parse().ok()? }.into()
            }
            ["owns", rule] => OwnObligation { obligation: owed(rule), words: text(said) }.into(),
            ["delegates", rule, "to", to] => {
                let reason = reason(said);
                GiveObligation { obligation: owed(rule), to: owner(to), reason }.into()
            }
            ["delays", rule, plus] => DelayObligation {
                obligation: owed(rule),
                until: self.now + self.later(plus),
                reason: reason(said),
            }
            .into(),
            ["raises", rule] => {
                RaiseObligation { obligation: owed(rule), reason: reason(said) }.into()
            }
            ["silences", rule] => SilenceAlarm { rule: a_rule(rule) }.into(),
            _ => return None,
        })
    }
}

fn receive(channel: &str, said: &str) -> Command {
    ReceiveContact {
        channel: match channel {
            "999" => Channel::Emergency,
            "switchboard" => Channel::Switchboard,
            "web" => Channel::WebForm,
            _ => Channel::NonEmergency,
        },
        line: None,
        name: None,
        words: (!said.is_empty()).then(|| text(said)),
        location: None,
        seat: None,
    }
    .into()
}

/// `opens theft`, `opens theft nowhere`, `opens theft unnamed`, `opens theft from 1`.
fn heard(contact: &str, speaker: Speaker, said: &str) -> Option<Command> {
    let line = |said| TranscriptLine {
        line: None,
        speaker,
        offset_ms: Some(1_000),
        at: None,
        text: text(said),
    };
    let contact = ContactId(contact.parse().ok()?);
    let lines = said.split(" / ").map(line).collect();
    Some(AddTranscript { contact, recording: None, lines }.into())
}

fn again(contact: &str, line: u32, said: &str) -> Option<Command> {
    let Command::AddTranscript(mut given) = heard(contact, Speaker::Informant, said)? else {
        return None;
    };
    given.lines.iter_mut().for_each(|l| l.line = Some(line));
    Some(given.into())
}

fn open(code: &[&str], said: &str) -> Command {
    let (code, contact) = match code {
        [code @ .., "from", n] => (code, n.parse().ok().map(ContactId)),
        _ => (code, None),
    };
    let (code, nowhere) = match code {
        [code @ .., "nowhere"] => (code, true),
        _ => (code, false),
    };
    let (code, unnamed) = match code {
        [code @ .., "unnamed"] => (code, true),
        _ => (code, false),
    };
    OpenIncident {
        contact,
        opening_code: OpeningCode::parse(&code.join(" ")).expect("a code"),
        location: place((!nowhere).then_some("High Street, Exampleton")),
        words: text(said),
        informant: (!unnamed).then(|| informant("Ann Example")),
    }
    .into()
}

fn wants(incident: IncidentNumber, ask: &[&str], said: &str, life_told: bool) -> Option<Command> {
    let (agency, words) = said.split_once(" | ").unwrap_or((said, "asked"));
    let (agency, ask) = (Label::parse(agency).ok()?, label(&ask.join(" ")));
    let (words, means) = (text(words), AgencyMeans::Telephone);
    Some(AskAgency { incident, agency, ask, words, means, life_told }.into())
}

fn gets(
    incident: IncidentNumber,
    request: &str,
    answer: &str,
    said: &str,
    life_told: bool,
) -> Option<Command> {
    let answer = AgencyAnswer::ALL.into_iter().find(|a| a.words().0 == answer)?;
    let (words, itself) = match said.split_once(" | ") {
        Some((words, itself)) => (text(words), Some(text(itself))),
        None => (text(said), None),
    };
    Some(
        AnswerAgency {
            incident,
            request: request.parse().ok()?,
            answer,
            means: AgencyMeans::Telephone,
            with: None,
            words,
            itself,
            life_told,
        }
        .into(),
    )
}

/// A decision on which agency fits best, held by whoever `said` names; one question is yes.
fn fits(s: &State, incident: IncidentNumber, of: [&str; 2], said: &str) -> Option<Command> {
    let [agency, yes] = of;
    let questions = &s.policy.right_care.as_ref()?.question;
    let answers = questions
        .iter()
        .map(|q| FitAnswer { question: q.key.clone(), yes: q.key.as_str() == yes })
        .collect();
    let (police, agency) = (agency == "police", label(agency));
    let holder = Words::parse(said).ok();
    let (reason, told) = (text("the ward has found her"), outcome("", "the ward rings you"));
    Some(FitAgency { incident, answers, police, agency, reason, holder, told }.into())
}

fn person() -> MissingPerson {
    MissingPerson {
        name: PersonName::parse("Tom Example").expect("a name"),
        description: text("forty, grey coat, walks with a stick"),
        home: None,
        last_seen: text("leaving the ward, quiet"),
        last_seen_at: None,
        seen_by: None,
        vehicle: None,
    }
}

fn says(incident: IncidentNumber, prompt: &str, answer: &str, said: &str) -> Command {
    let answer = match answer {
        "yes" => Answered::Yes,
        "no" => Answered::No,
        "unknown" => Answered::Unknown,
        "declined" => Answered::PreferNotToSay,
        _ => Answered::Text(text(said)),
    };
    AnswerPrompt { incident, prompt: label(prompt), answer, by_signal: false }.into()
}

fn informant(name: &str) -> Informant {
    Informant {
        name: PersonName::parse(name).ok(),
        line: None,
        safe_to_contact: None,
        missing_because: None,
    }
}

fn entry(incident: IncidentNumber, said: &str, [critical, new_information]: [bool; 2]) -> Command {
    let text = text(said);
    let attachments = Vec::new();
    AddEntry { incident, text, critical, new_information, own_words: false, attachments }.into()
}

fn accept(incident: IncidentNumber, remark: Option<Words>) -> Command {
    AcceptIncident {
        incident,
        code_is_right: remark.is_none(),
        grade_is_right: true,
        content_is_enough: true,
        remark,
    }
    .into()
}
