//! Five units: sent, on the way, at the scene, free again.

use super::{Busy, DISTRICT, Item};
use crate::cast::crew;
use crate::said;
use rules::command::*;
use rules::name::{CallSign, Label};
use rules::role::Role;
use rules::time::Instant;

/// The units there are.
const UNITS: [&str; 5] = ["BC21", "BC22", "BC23", "BC24", "BC25"];

impl Busy {
    /// The district's units come on.
    pub(super) fn units_on(&mut self, at: Instant) {
        let by = self.casts[0].one(Role::DispatchSupervisor, 0).clone();
        let kind = Label::parse("response").expect("a constant word is a label");
        for call_sign in UNITS.iter().filter_map(|name| CallSign::parse(name).ok()) {
            let unit = RosterUnit {
                call_sign: call_sign.clone(),
                crew: vec![crew(&call_sign).staff],
                skills: Vec::new(),
                equipment: Vec::new(),
                kind: kind.clone(),
                district: Label::parse(DISTRICT).ok(),
                radio: None,
                shift: None,
            };
            self.give(at, by.clone(), unit);
            let free = SetStatus {
                call_sign: call_sign.clone(),
                status: 2,
                card_read_out: false,
                seen: None,
            };
            self.give(at, crew(&call_sign), free);
            self.soon(at, 60, 300, Item::Unit(call_sign));
        }
    }

    /// A unit does what comes next for it.
    pub(super) fn unit(&mut self, at: Instant, call_sign: &CallSign) {
        let view = self.look();
        let Some(unit) = view.units.get(call_sign) else { return };
        let officer = crew(call_sign);
        let log = unit.on.and_then(|n| view.incident(n));
        let work = log.and_then(|log| log.active_units().find(|d| &d.call_sign == call_sign));
        let again = Item::Unit(call_sign.clone());
        let (Some(log), Some(d)) = (log, work) else {
            self.leaves_at.remove(call_sign);
            self.soon(at, 20, 60, again);
            return;
        };
        let incident = log.number;
        let set = |status| SetStatus {
            call_sign: call_sign.clone(),
            status,
            card_read_out: false,
            seen: None,
        };
        if d.en_route_at.is_none() {
            self.give(at, officer, set(5));
            self.soon(at, 300, 1_080, again);
        } else if d.at_scene_at.is_none() {
            let card = OpenRiskCard { incident, call_sign: call_sign.clone() };
            self.give(at, officer.clone(), card);
            self.give(at, officer, set(6));
            let stay = self.seconds(15 * 60, 50 * 60);
            self.leaves_at.insert(call_sign.clone(), at + stay);
            self.soon(at, 600, 1_300, again);
        } else if unit.status == 0 {
            // Others were near enough; it is over.
            self.give(at, officer, set(6));
            self.soon(at, 300, 900, again);
        } else if self.leaves_at.get(call_sign).is_some_and(|leaves| *leaves > at) {
            if self.chance.percent(2) {
                self.give(at, officer, set(0));
                self.soon(at, 200, 420, again);
                return;
            }
            if self.chance.percent(80) {
                self.give(at, officer, CheckIn { call_sign: call_sign.clone() });
            }
            self.soon(at, 600, 1_300, again);
        } else {
            self.leaves_at.remove(call_sign);
            let reason = said::reason("finished at the scene, told by radio");
            let by = self.cast(&view).one(Role::Dispatcher, 0).clone();
            self.give(at, by, StandDown { incident, call_sign: call_sign.clone(), reason });
            if self.chance.percent(70) {
                self.give(
                    at,
                    officer.clone(),
                    ConfirmRelease { incident, call_sign: call_sign.clone() },
                );
            }
            self.give(at, officer, set(2));
            self.soon(at, 30, 90, again);
        }
    }
}
