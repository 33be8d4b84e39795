//! The board in a few numbers, as its header says them.

use super::BoardRow;
use crate::state::State;
use crate::time::Instant;
use crate::views::units::is_available;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the room stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BoardFigures {
    /// Units on the board.
    pub n_units: u32,
    /// How many of them are free.
    pub n_available: u32,
    /// Open logs.
    pub n_open: u32,
    /// How many of them are over their target.
    pub n_late: u32,
    /// How many of them wait for a unit.
    pub n_waiting: u32,
    /// Officers who have called for help.
    pub n_emergencies: u32,
}

/// The figures of these rows and of all units.
pub fn figures(s: &State, rows: &[BoardRow], now: Instant) -> BoardFigures {
    let n = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    BoardFigures {
        n_units: n(s.units.size()),
        n_available: n(s.units.values().filter(|u| is_available(s, u, now)).count()),
        n_open: n(rows.len()),
        n_late: n(rows.iter().filter(|r| r.late).count()),
        n_waiting: n(rows.iter().filter(|r| r.no_unit_since.is_some()).count()),
        n_emergencies: n(s.units.values().filter(|u| u.status == 0).count()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::super::{BoardFilter, board};
    use super::*;

    #[test]
    fn the_header_counts_units_and_logs() {
        let mut room = Room::new();
        let late = room.accepted("robbery", 1, place("A", None));
        room.accepted("theft", 3, place("B", None));
        for name in ["DC14", "DC15", "DC16"] {
            room.unit(name, "North", &[], None);
        }
        room.minutes(10);
        room.deploy(late, "DC14");
        room.status("DC16", 0);
        let rows = board(&room.s, room.now, &BoardFilter::default());
        let all = figures(&room.s, &rows, room.now);
        assert_eq!((all.n_units, all.n_available, all.n_emergencies), (3, 1, 1));
        assert_eq!((all.n_open, all.n_waiting), (2, 1));
    }
}
