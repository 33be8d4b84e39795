//! A small room for the tests of the views, built through the front door: commands only.

use crate::command::*;
use crate::decide;
use crate::name::*;
use crate::policy::Policy;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, LocalDay, Now, Span};

/// A room on a clock we turn, starting at minute 0.
pub struct Room {
    pub s: State,
    pub now: Instant,
}

/// The force's own default policy.
pub fn policy() -> Policy {
    Policy::parse(include_str!("../../../../policy/default.toml")).unwrap()
}

pub fn by(staff: &str, role: Role) -> By {
    By { staff: StaffId::parse(staff).unwrap(), role }
}

pub fn handler() -> By {
    by("CH14", Role::CallHandler)
}

pub fn dispatcher() -> By {
    by("DD07", Role::Dispatcher)
}

pub fn leader() -> By {
    by("TL01", Role::TeamLeader)
}

pub fn grade(rank: u8) -> Grade {
    Grade::try_from(rank).unwrap()
}

pub fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub fn words(text: &str) -> Words {
    Words::parse(text).unwrap()
}

pub fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

pub fn call_sign(text: &str) -> CallSign {
    CallSign::parse(text).unwrap()
}

pub fn place(text: &str, point: Option<Point>) -> Location {
    let words = Some(Place::parse(text).unwrap());
    let district = Some(label("North"));
    Location { known: Known::Known, words, point, rural: false, district, within: None }
}

impl Room {
    /// A room with a call handler, a dispatcher and a team leader on duty.
    pub fn new() -> Room {
        let mut room = Room::of(policy());
        for (who, seat) in [(handler(), "S1"), (dispatcher(), "S2"), (leader(), "S3")] {
            room.act(&who, SignOn { seat: SeatId::parse(seat).unwrap(), skills: Vec::new() });
        }
        room
    }

    pub fn of(policy: Policy) -> Room {
        Room { s: State::new(policy), now: Instant(1_795_000_000_000) }
    }

    /// Carries out a command, which must not be refused.
    pub fn act(&mut self, by: &By, command: impl Into<Command>) {
        let command = command.into();
        let name = command.name();
        if let Err(refused) = self.try_act(by, command) {
            panic!("{name}: {refused}");
        }
    }

    /// Carries out a command, if it is not refused.
    pub fn try_act(
        &mut self,
        by: &By,
        command: impl Into<Command>,
    ) -> Result<(), crate::refused::Refused> {
        let now = Now { at: self.now, day: LocalDay(20_261_121) };
        decide::act(&mut self.s, by, &command.into(), None, now).map(|_| ())
    }

    /// Lets minutes pass, with everything that happens by itself meanwhile.
    pub fn minutes(&mut self, n: i64) {
        let until = self.now + Span::minutes(n);
        while let Some(at) = crate::due::next_due(&self.s).filter(|at| *at <= until) {
            self.now = self.now.max(at);
            decide::tick(&mut self.s, self.now);
        }
        self.now = until;
    }

    /// Opens a log at a place and grades it.
    pub fn log(&mut self, code: &str, rank: Option<u8>, location: Location) -> IncidentNumber {
        let code = OpeningCode::parse(code).unwrap();
        let said = words("there is noise next door");
        let open = OpenIncident {
            contact: None,
            opening_code: code,
            location,
            words: said,
            informant: None,
        };
        self.act(&handler(), open);
        let incident = IncidentNumber { day: self.s.last_incident.0, n: self.s.last_incident.1 };
        if let Some(rank) = rank {
            let reason = Some(reason("as the facts stand"));
            let grade = grade(rank);
            self.act(&handler(), GradeIncident { incident, grade, reason, agreed_by: None });
        }
        incident
    }

    /// The same, passed to dispatch and accepted there.
    pub fn accepted(&mut self, code: &str, rank: u8, location: Location) -> IncidentNumber {
        let incident = self.log(code, Some(rank), location);
        self.act(&handler(), PassToDispatch { incident });
        let accept = AcceptIncident {
            incident,
            code_is_right: true,
            grade_is_right: true,
            content_is_enough: true,
            remark: None,
        };
        self.act(&dispatcher(), accept);
        incident
    }

    pub fn marker(&mut self, incident: IncidentNumber, kind: &str) {
        let text = words("she is at high risk from him");
        let find = FindMarker { incident, marker: label(kind), text, officer_safety: true };
        self.act(&handler(), find);
    }

    /// A unit with a crew of two and what it carries, at a point if one is given.
    pub fn unit(&mut self, name: &str, district: &str, carries: &[&str], at: Option<Point>) {
        let roster = RosterUnit {
            call_sign: call_sign(name),
            crew: vec![
                StaffId::parse(&format!("{name}A")).unwrap(),
                StaffId::parse(&format!("{name}B")).unwrap(),
            ],
            skills: Vec::new(),
            equipment: carries.iter().map(|e| label(e)).collect(),
            kind: label("response"),
            district: Some(label(district)),
            radio: None,
            shift: None,
        };
        self.act(&dispatcher(), roster);
        if let Some(point) = at {
            self.act(&dispatcher(), ReportPosition { call_sign: call_sign(name), point });
        }
    }

    pub fn deploy(&mut self, incident: IncidentNumber, unit: &str) {
        let call_sign = call_sign(unit);
        self.act(&dispatcher(), DeployUnit { incident, call_sign, reason: None, silent: false });
    }

    pub fn status(&mut self, unit: &str, status: u8) {
        let call_sign = call_sign(unit);
        self.act(&dispatcher(), SetStatus { call_sign, status, card_read_out: true, seen: None });
    }

    pub fn open(&self, n: IncidentNumber) -> &crate::incident::Incident {
        self.s.incident(n).unwrap()
    }

    /// Settles everything that blocks closing, and gives the closing.
    pub fn settle(&mut self, incident: IncidentNumber) -> CloseIncident {
        let steps = self.s.policy.opening_code(&self.open(incident).opening_code).unwrap();
        let steps: Vec<Label> = steps.sop.iter().map(|x| x.step.clone()).collect();
        let done = || Outcome::Done(words("done and written down"));
        self.act(&handler(), OpenSop { incident });
        for step in steps {
            self.act(&handler(), SettleSopStep { incident, step, outcome: done() });
        }
        let element = |e: &Label| ThriveElement {
            element: e.clone(),
            rating: label("low"),
            rationale: words("nothing more is known"),
        };
        let elements = self.s.policy.thrive.elements.iter().map(element).collect();
        self.act(&handler(), RecordThrive { incident, elements, informant_understood: true });
        let checks = self.open(incident).checks.clone();
        for crate::incident::Check { check, .. } in checks {
            self.act(&handler(), RecordCheck { incident, check, outcome: done() });
        }
        if crate::incident::crime::is_open(&self.s, self.open(incident)) {
            let outcome = CrimeOutcome::NotACrime(reason("nothing was taken"));
            self.act(&handler(), SettleCrime { incident, outcome });
        }
        let informant = Informant {
            name: None,
            line: None,
            safe_to_contact: None,
            missing_because: Some(reason("they hung up")),
        };
        self.act(&handler(), SetInformant { incident, informant });
        let told = Told::WhatHappensNext;
        self.act(&handler(), TellInformant { incident, told, words: words("we are coming") });
        CloseIncident {
            incident,
            closing_code: ClosingCode::parse("attended - dealt with").unwrap(),
            result: words("dealt with"),
            told: Told::Result,
            risk_now: words("no risk is left"),
        }
    }
}
