//! What somebody at a desk does next: the most pressing thing they see, one at a time.

use super::{Busy, Item};
use crate::demo::{entry, free_units, words};
use crate::{deeds, said};
use rules::command::*;
use rules::incident::Incident;
use rules::incident::closing::blocking;
use rules::incident::escalation::waits_for_a_unit;
use rules::name::{ClosingCode, IncidentNumber};
use rules::obligation::{Obligation, Rule};
use rules::policy::Level;
use rules::role::{By, Owner, Role};
use rules::state::State;
use rules::time::{Instant, Span};
use std::cmp::Reverse;

/// Nobody can answer these without a unit.
fn needs_a_unit(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DeployTarget
            | Rule::ArriveTarget
            | Rule::Unresourced
            | Rule::NobodyActed
            | Rule::LeftBehind
    )
}

impl Busy {
    /// Somebody does the next thing; then they are busy with it for a while.
    pub(super) fn turn(&mut self, at: Instant, who: usize) {
        let view = self.look();
        let Some(by) = self.people.get(who).map(|w| w.by.clone()) else { return };
        match view.staff.get(&by.staff) {
            None => return,
            // Whoever comes back begins again.
            Some(on) if on.on_break => return,
            Some(_) => {}
        }
        let busy_for =
            if self.is_idle(at) { Span::minutes(1) } else { self.one_thing(at, who, &by, &view) };
        self.later(at + busy_for, Item::Turn(who));
    }

    fn one_thing(&mut self, at: Instant, who: usize, by: &By, view: &State) -> Span {
        let call = self.people.get_mut(who).and_then(|w| w.call.take());
        if let Some(call) = call {
            return self.go_on_with(at, who, by, call);
        }
        if self.chance.percent(12) {
            // Somebody at their elbow, a radio message, a glance at another screen.
            return self.seconds(20, 90);
        }
        self.stop_sounds(at, by, view);
        if by.role == Role::CallHandler
            && let Some(takes) = self.take_a_call(at, who, by)
        {
            return takes;
        }
        if by.role == Role::Dispatcher
            && let Some(takes) = self.dispatch(at, by, view)
        {
            return takes;
        }
        if self.accept_a_line(at, view, by) {
            return self.seconds(8, 25);
        }
        if let Some(takes) = self.owed(at, by, view) {
            return takes;
        }
        if matches!(by.role, Role::Dispatcher | Role::CallHandler)
            && let Some(takes) = self.round_off(at, by, view)
        {
            return takes;
        }
        self.seconds(15, 45)
    }

    /// People stop what sounds, usually. It is no action.
    fn stop_sounds(&mut self, at: Instant, by: &By, view: &State) {
        let mine = [Owner::Staff(by.staff.clone()), Owner::Desk(by.role)];
        let sounding = view.alarms.rolled.iter().find(|((position, _), rolled)| {
            rolled.heard.is_some() && !rolled.silenced && mine.contains(position)
        });
        if let Some(((_, rule), _)) = sounding
            && self.chance.percent(60)
        {
            self.give(at, by.clone(), SilenceAlarm { rule: *rule });
        }
    }

    /// Accepts what waits, and sends what can be sent.
    fn dispatch(&mut self, at: Instant, by: &By, view: &State) -> Option<Span> {
        let rank = |log: &&Incident| (log.grade().map_or(9, |g| g.rank()), log.opened_at);
        let to_accept = view
            .incidents
            .values()
            .filter(|log| log.passed_at.is_some() && log.accepted.is_none())
            .min_by_key(rank);
        if let Some(log) = to_accept {
            self.give(at, by.clone(), deeds::accept(log.number));
            return Some(self.seconds(12, 35));
        }
        let log =
            view.incidents.values().filter(|log| waits_for_a_unit(view, log)).min_by_key(rank)?;
        if let Some(call_sign) = free_units(view, &log.location).into_iter().next() {
            let reason = Some(said::reason("the only one that is free"));
            let incident = log.number;
            self.give(at, by.clone(), DeployUnit { incident, call_sign, reason, silent: false });
            return Some(self.seconds(25, 60));
        }
        let immediate = log.grade().is_some_and(|g| g.rank() == 1);
        let divertable = view.units.values().find(|u| {
            let on = u.on.and_then(|on| view.incident(on));
            u.status == 5 && on.and_then(Incident::grade).is_some_and(|g| g.rank() > 1)
        });
        if let Some(unit) = divertable.filter(|_| immediate) {
            let divert = DivertUnit {
                call_sign: unit.call_sign.clone(),
                to: log.number,
                left_behind: LeftBehind::Requeue,
                reason: said::reason("nearest to an immediate log, the other can wait"),
            };
            self.give(at, by.clone(), divert);
            return Some(self.seconds(40, 80));
        }
        None
    }

    /// The most pressing of what is owed by this person or their desk, if they can do anything
    /// about it. What cannot be resourced gets a decision now and then, and no unit.
    fn owed(&mut self, at: Instant, by: &By, view: &State) -> Option<Span> {
        let mine = |o: &&Obligation| {
            let there = view.present(&o.owner);
            there == Owner::Staff(by.staff.clone()) || there == Owner::Desk(by.role)
        };
        let told = |o: &&Obligation| {
            let here = [Owner::Staff(by.staff.clone()), Owner::Desk(by.role)];
            o.told.iter().any(|p| here.contains(p)) && o.delayed_until.is_none()
        };
        let mut list: Vec<&Obligation> = view
            .obligations
            .values()
            .filter(|o| o.level.is_some() && (mine(o) || told(o)))
            .collect();
        list.sort_by_key(|o| (o.level, rank_of(view, o), Reverse(o.rung), o.due_at));
        for o in list.into_iter().take(40) {
            if self.chance.percent(20) {
                continue; // Overlooked this time.
            }
            if needs_a_unit(o.rule) {
                if let Some(takes) = self.decide(at, by, o) {
                    return Some(takes);
                }
                continue;
            }
            if let Some((by, command)) = self.answer_by(view, o, by) {
                self.give(at, by, command);
                return Some(self.seconds(20, 75));
            }
        }
        None
    }

    /// A verb on what cannot be resourced: not every time it is seen.
    fn decide(&mut self, at: Instant, by: &By, o: &Obligation) -> Option<Span> {
        let waits_for_a_verb = o.level.is_some_and(|l| l <= Level::A2)
            && o.delayed_until.is_none()
            && o.decided_at.is_none_or(|d| at.since(d) > Span::minutes(15));
        if !waits_for_a_verb || !self.chance.percent(25) {
            return None;
        }
        let obligation = o.id;
        let command: Command = match self.chance.between(0, 9) {
            0..=4 if room::roles::may(by.role, "delay_obligation") => {
                let until = at + Span::minutes(self.chance.between(15, 29));
                let reason = said::reason("no unit in the district; the informant is safe indoors");
                DelayObligation { obligation, until, reason }.into()
            }
            0..=7 => {
                let words = said::words("asking the next district and the neighbourhood team");
                OwnObligation { obligation, words }.into()
            }
            _ => RaiseObligation { obligation, reason: said::reason("no unit for it here") }.into(),
        };
        self.give(at, by.clone(), command);
        Some(self.seconds(25, 60))
    }

    /// Writes on a log at work, asks, or closes one that is over.
    fn round_off(&mut self, at: Instant, by: &By, view: &State) -> Option<Span> {
        let over = view.incidents.values().find(|log| {
            let attends = log.grade().and_then(|g| view.policy.grade(g)).map(|g| g.attends);
            let done = log.first_arrival().is_some() && !log.is_resourced();
            log.closed.is_none() && (done || attends == Some(false))
        });
        if let Some(log) = over {
            return self.close(at, by, view, log.number);
        }
        let at_work: Vec<IncidentNumber> =
            view.incidents.values().filter(|l| l.passed_at.is_some()).map(|l| l.number).collect();
        if at_work.is_empty() || !self.chance.percent(30) {
            return None;
        }
        let n = *self.chance.one_of(&at_work);
        if by.role == Role::Dispatcher && self.chance.percent(20) {
            let text: &&str = self.chance.one_of(words::QUESTIONS);
            let to = Owner::Desk(Role::CallHandler);
            let question = AskQuestion { incident: n, to, text: said::words(text) };
            self.give(at, by.clone(), question);
        } else {
            let new = self.chance.percent(12);
            let text = *self.chance.one_of(words::ENTRIES);
            self.give(at, by.clone(), entry(n, text, new));
        }
        Some(self.seconds(20, 60))
    }

    /// Settles one thing that stands in the way of closing, or closes.
    fn close(&mut self, at: Instant, by: &By, view: &State, n: IncidentNumber) -> Option<Span> {
        let mut stands = blocking(view, n).peekable();
        if stands.peek().is_some() {
            let (by, command) = stands.find_map(|o| self.answer_by(view, o, by))?;
            self.give(at, by, command);
            return Some(self.seconds(10, 30));
        }
        let rung_off = deeds::ring_off(view, view.incident(n)?);
        for (by, command) in &rung_off {
            self.give(at, by.clone(), command.clone());
        }
        let attended = view.incident(n)?.first_arrival().is_some();
        let recorded = rules::incident::closing::has_crime_number(view.incident(n)?);
        let code = if attended && recorded {
            "attended - crime recorded"
        } else if attended {
            *self.chance.one_of(words::ENDED_ATTENDED)
        } else {
            "no deployment - advice"
        };
        let closed = CloseIncident {
            incident: n,
            closing_code: ClosingCode::parse(code).ok()?,
            result: said::words("advice given and written up, reference noted"),
            told: Told::Result,
            risk_now: said::words("none known to remain; the informant will ring if that changes"),
        };
        self.give(at, by.clone(), closed);
        let view = self.look();
        for (by, command) in deeds::wrap_up(&view, rung_off) {
            self.give(at, by, command);
        }
        Some(self.seconds(30, 90))
    }
}

fn rank_of(view: &State, o: &Obligation) -> u8 {
    o.about.incident().and_then(|n| view.grade_of(n)).map_or(9, |g| g.rank())
}
