//! The next thing to do on a log, by whoever has it.

use super::{Demo, Item, entry, free_units, suggested, words};
use crate::answers::answer;
use crate::{deeds, said};
use room::Room;
use rules::command::*;
use rules::incident::Incident;
use rules::incident::closing::blocking;
use rules::name::{ClosingCode, IncidentNumber};
use rules::role::{By, Owner, Role};
use rules::state::State;
use rules::time::Instant;

impl Demo {
    /// Looks at a log and does the next sensible thing.
    pub(super) fn log(&mut self, room: &Room, at: Instant, n: IncidentNumber) {
        let view = self.look(room);
        let Some(log) = view.incident(n).filter(|log| log.closed.is_none()) else { return };
        let grade = log.grade();
        let attends = grade.and_then(|g| view.policy.grade(g)).is_some_and(|g| g.attends);
        if grade.is_none() {
            self.assess(room, at, &view, log);
            self.soon(at, 5, 30, Item::Log(n));
        } else if log.passed_at.is_none() && attends {
            self.give(room, at, log.opened_by.clone(), PassToDispatch { incident: n }.into());
            self.soon(at, 20, 100, Item::Log(n));
        } else if log.accepted.is_none() && attends {
            let by = self.cast.dispatcher(log.location.district.as_ref()).clone();
            self.give(room, at, by, deeds::accept(n).into());
            self.soon(at, 10, 60, Item::Log(n));
        } else if log.is_resourced() {
            self.write_something(room, at, log);
            self.soon(at, 200, 600, Item::Log(n));
        } else if log.first_arrival().is_some() || !attends {
            if self.close(room, at, n) {
                return;
            }
            self.soon(at, 60, 240, Item::Log(n));
        } else {
            self.send(room, at, &view, log);
            let urgent = grade.is_some_and(|g| g.rank() <= 1);
            let (least, most) = if urgent { (20, 60) } else { (60, 300) };
            self.soon(at, least, most, Item::Log(n));
        }
    }

    fn assess(&mut self, room: &Room, at: Instant, view: &State, log: &Incident) {
        let n = log.number;
        let by = log.opened_by.clone();
        let grade = suggested(log, &view.policy);
        self.give(room, at, by.clone(), OpenSop { incident: n }.into());
        let graded = GradeIncident { incident: n, grade, reason: None, agreed_by: None };
        self.give(room, at, by.clone(), graded.into());
        if self.chance.percent(80) {
            let thrive = deeds::thrive(&view.policy, n, log.opening_code.as_str());
            self.give(room, at, by.clone(), thrive.into());
        }
        if self.chance.percent(75) {
            let told =
                deeds::told(n, "Told the grade, the expected wait and to ring if it worsens.");
            self.give(room, at, by, told.into());
        }
    }

    fn owner(&self, log: &Incident) -> By {
        match &log.owner {
            Owner::Staff(staff) => self
                .cast
                .people()
                .iter()
                .map(|p| &p.by)
                .find(|by| &by.staff == staff)
                .unwrap_or(&log.opened_by)
                .clone(),
            Owner::Desk(_) => self.cast.dispatcher(log.location.district.as_ref()).clone(),
        }
    }

    fn write_something(&mut self, room: &Room, at: Instant, log: &Incident) {
        let by = self.owner(log);
        if self.chance.percent(6) {
            let text: &&str = self.chance.one_of(words::QUESTIONS);
            let question = AskQuestion {
                incident: log.number,
                to: Owner::Desk(Role::CallHandler),
                text: said::words(text),
            };
            self.give(room, at, by, question.into());
        } else if self.chance.percent(35) {
            let new = self.chance.percent(10);
            let text = *self.chance.one_of(words::ENTRIES);
            self.give(room, at, by, entry(log.number, text, new));
        }
    }

    /// Finds a unit. An immediate log takes one from a job that can wait, if none is free.
    fn send(&mut self, room: &Room, at: Instant, view: &State, log: &Incident) {
        let n = log.number;
        let by = self.cast.dispatcher(log.location.district.as_ref()).clone();
        let rank = log.grade().map_or(9, |g| g.rank());
        let can_wait = rank >= 3 && self.chance.percent(70);
        let free = free_units(view, &log.location);
        if let Some(call_sign) = free.first().filter(|_| !can_wait) {
            let reason = Some(said::reason("nearest that is free"));
            let call_sign = call_sign.clone();
            let deploy =
                DeployUnit { incident: n, call_sign: call_sign.clone(), reason, silent: false };
            if self.ask(room, at, by, deploy.into()).is_some() {
                self.soon(at, 10, 70, Item::Unit(call_sign));
            }
            return;
        }
        if rank > 1 {
            return;
        }
        let divertable = view.units.values().find(|u| {
            let on = u.on.and_then(|on| view.incident(on));
            u.status == 5 && on.and_then(Incident::grade).is_some_and(|g| g.rank() > 1)
        });
        if let Some(unit) = divertable {
            let left = unit.on;
            let divert = DivertUnit {
                call_sign: unit.call_sign.clone(),
                to: n,
                left_behind: LeftBehind::Requeue,
                reason: said::reason("nearest to an immediate log, the other can wait"),
            };
            if self.ask(room, at, by, divert.into()).is_some() {
                self.soon(at, 10, 70, Item::Unit(unit.call_sign.clone()));
                if let Some(left) = left {
                    self.soon(at, 30, 120, Item::Log(left));
                }
            }
        }
    }

    /// Answers what stands in the way and closes. Whether it is closed.
    fn close(&mut self, room: &Room, at: Instant, n: IncidentNumber) -> bool {
        let view = self.look(room);
        let owed: Vec<(By, Command)> =
            blocking(&view, n).filter_map(|o| answer(&view, o, &self.cast)).collect();
        for (by, command) in owed {
            self.give(room, at, by, command);
        }
        let view = self.look(room);
        let Some(log) = view.incident(n) else { return true };
        let rung_off = deeds::ring_off(&view, log);
        for (by, command) in &rung_off {
            self.give(room, at, by.clone(), command.clone());
        }
        let view = self.look(room);
        let Some(log) = view.incident(n) else { return true };
        if blocking(&view, n).next().is_some() {
            return false;
        }
        let attended = log.first_arrival().is_some();
        let code = if attended {
            *self.chance.one_of(words::ENDED_ATTENDED)
        } else {
            "no deployment - advice"
        };
        let Ok(closing_code) = ClosingCode::parse(code) else { return false };
        let result = *self.chance.one_of(words::RESULTS);
        let closed = CloseIncident {
            incident: n,
            closing_code,
            result: said::words(if attended { result } else { "advice given, reference noted" }),
            told: Told::Result,
            risk_now: said::words("none known to remain; the informant will ring if that changes"),
        };
        let by = self.owner(log);
        let done = self.ask(room, at, by, closed.into()).is_some();
        let view = self.look(room);
        for (by, command) in deeds::wrap_up(&view, rung_off) {
            self.give(room, at, by, command);
        }
        done
    }
}
