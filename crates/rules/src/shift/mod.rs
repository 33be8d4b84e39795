//! Seats, breaks and handover: what is owned moves when its owner leaves.

pub mod directory; // who works here, and what they are trained for
pub mod handover; //  accepted line by line
pub mod seats; //     who sits where, and what moves when they leave
pub mod training; //  what somebody may do only when they are trained for it

use crate::event::{Event, HandoverLine, Meta};
use crate::name::*;
use crate::role::Role;
use crate::state::State;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: Role,
    /// At which seat.
    pub seat: SeatId,
    /// What they are trained for.
    pub skills: Vec<Label>,
    /// Whether they are on a break.
    pub on_break: bool,
    /// Since when.
    pub since: Instant,
}

/// A handover that is not accepted whole yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Its number.
    pub id: HandoverId,
    /// The desk.
    pub desk: Role,
    /// Who built it.
    pub built_by: StaffId,
    /// When.
    pub built_at: Instant,
    /// Its lines.
    pub lines: Vec<HandoverLine>,
    /// The lines accepted, by whom and when.
    pub accepted: Vec<(u32, StaffId, Instant)>,
}

impl State {
    pub(crate) fn evolve_shift(&mut self, event: &Event, meta: &Meta) {
        let staff = &meta.by.staff;
        match event {
            Event::SignedOn { seat, skills } => {
                let on = OnDuty {
                    staff: staff.clone(),
                    role: meta.by.role,
                    seat: seat.clone(),
                    skills: skills.clone(),
                    on_break: false,
                    since: meta.recorded_at,
                };
                self.staff.insert_mut(staff.clone(), on);
            }
            Event::WentOnBreak { .. } => {
                if let Some(on) = self.staff.get_mut(staff) {
                    on.on_break = true;
                }
            }
            Event::CameBack {} => {
                if let Some(on) = self.staff.get_mut(staff) {
                    on.on_break = false;
                }
            }
            Event::SignedOff { .. } => {
                self.staff.remove_mut(staff);
            }
            Event::HandoverBuilt { handover, desk, lines } => {
                self.next_handover = self.next_handover.max(handover.0 + 1);
                let built = Handover {
                    id: *handover,
                    desk: *desk,
                    built_by: staff.clone(),
                    built_at: meta.recorded_at,
                    lines: lines.clone(),
                    accepted: Vec::new(),
                };
                self.handovers.insert_mut(*handover, built);
            }
            Event::HandoverLineAccepted { handover, line } => {
                if let Some(h) = self.handovers.get_mut(handover) {
                    h.accepted.push((*line, staff.clone(), meta.recorded_at));
                    if h.accepted.len() == h.lines.len() {
                        self.handovers.remove_mut(handover);
                    }
                }
            }
            _ => {}
        }
    }
}
