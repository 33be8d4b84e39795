//! The next thing a unit does.

use super::{Demo, Item};
use crate::cast::crew;
use crate::said;
use room::Room;
use rules::command::*;
use rules::incident::escalation::waits_for_a_unit;
use rules::name::CallSign;
use rules::time::{Instant, Span};

/// More logs than this without a unit are a queue.
const QUEUE: usize = 6;

impl Demo {
    /// Looks at a unit and does what comes next for it.
    pub(super) fn unit(&mut self, room: &Room, at: Instant, call_sign: &CallSign) {
        let view = self.look(room);
        let Some(unit) = view.units.get(call_sign) else { return };
        let officer = crew(call_sign);
        let log = unit.on.and_then(|n| view.incident(n));
        let deployment = log.and_then(|log| log.active_units().find(|d| &d.call_sign == call_sign));
        let (Some(log), Some(d)) = (log, deployment) else {
            // On no log: out and about.
            self.soon(at, 300, 900, Item::Unit(call_sign.clone()));
            return;
        };
        let incident = log.number;
        let set = |status| -> Command {
            SetStatus { call_sign: call_sign.clone(), status, card_read_out: false, seen: None }
                .into()
        };
        if d.en_route_at.is_none() {
            self.give(room, at, officer, set(5));
            let arrives = self.sets_out(unit, log, at);
            self.later(arrives, Item::Unit(call_sign.clone()));
        } else if d.at_scene_at.is_none() {
            let card = OpenRiskCard { incident, call_sign: call_sign.clone() };
            self.give(room, at, officer.clone(), card.into());
            self.give(room, at, officer.clone(), set(6));
            self.ways.remove(call_sign);
            if let Some(point) = log.location.point {
                let here = ReportPosition { call_sign: call_sign.clone(), point };
                self.give(room, at, officer, here.into());
            }
            // With a queue behind them officers stay no longer than they must.
            let waiting = view.incidents.values().filter(|log| waits_for_a_unit(&view, log));
            let longest = if waiting.count() > QUEUE { 1_500_000 } else { 3_000_000 };
            let stay = Span(self.chance.between(600_000, longest));
            self.leaves_at.insert(call_sign.clone(), at + stay);
            self.soon(at, 500, 1_000, Item::Unit(call_sign.clone()));
        } else if self.leaves_at.get(call_sign).is_some_and(|leaves| *leaves > at) {
            if self.chance.percent(85) {
                self.give(room, at, officer, CheckIn { call_sign: call_sign.clone() }.into());
            }
            self.soon(at, 500, 1_000, Item::Unit(call_sign.clone()));
        } else {
            self.leaves_at.remove(call_sign);
            let by = self.cast.dispatcher(log.location.district.as_ref()).clone();
            let reason = said::reason("finished at the scene");
            let down = StandDown { incident, call_sign: call_sign.clone(), reason };
            self.give(room, at, by, down.into());
            self.give(room, at, officer, set(2));
            self.soon(at, 60, 400, Item::Log(incident));
            self.soon(at, 300, 900, Item::Unit(call_sign.clone()));
        }
    }
}
