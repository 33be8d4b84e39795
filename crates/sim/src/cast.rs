//! The staff that files do not have: who sits where. Their names are desk letters and a number.

use crate::said;
use rules::command::{Command, SignOn};
use rules::name::{Label, SeatId, StaffId};
use rules::policy::Policy;
use rules::role::{By, Role};
use std::collections::BTreeMap;

/// Somebody on duty.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who, and in which role.
    pub by: By,
    seat: SeatId,
    skills: Vec<Label>,
}

/// Everybody on duty.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    people: Vec<Person>,
    of_role: BTreeMap<Role, Vec<usize>>,
    of_district: BTreeMap<Option<Label>, usize>,
    seats_before: usize,
}

/// The letters of a desk before a seat's number.
fn letters(role: Role) -> &'static str {
    match role {
        Role::CallHandler => "CH",
        Role::Dispatcher => "DD",
        Role::SupportOperator => "SO",
        Role::TeamLeader => "TL",
        Role::DispatchSupervisor => "DS",
        Role::ForceIncidentManager => "FIM",
        Role::DutyChiefInspector => "DCI",
        Role::VulnerabilityDesk => "VD",
        Role::DigitalDesk => "GD",
        Role::Investigator => "IN",
        Role::Supervisor => "SV",
        _ => "XX",
    }
}

impl Cast {
    /// So many call handlers, a dispatcher for every district, and at every other desk of the
    /// policy as many as it asks for, one at least.
    pub fn new(
        policy: &Policy,
        call_handlers: usize,
        districts: impl IntoIterator<Item = Option<Label>>,
    ) -> Cast {
        Cast::after(0, policy, call_handlers, districts)
    }

    /// The same as another shift: its people are numbered from the seat after this one.
    pub fn after(
        seats_before: usize,
        policy: &Policy,
        call_handlers: usize,
        districts: impl IntoIterator<Item = Option<Label>>,
    ) -> Cast {
        let mut cast = Cast { seats_before, ..Cast::default() };
        for district in districts {
            if !cast.of_district.contains_key(&district) {
                let at = cast.hire(policy, Role::Dispatcher);
                cast.of_district.insert(district, at);
            }
        }
        let needed = [
            (Role::CallHandler, call_handlers),
            (Role::Dispatcher, 1),
            (Role::SupportOperator, 1),
            (Role::TeamLeader, 1),
            (Role::DispatchSupervisor, 1),
            (Role::ForceIncidentManager, 1),
        ];
        let desks = policy.desk.iter().map(|(role, desk)| (*role, desk.on_duty_min.max(1)));
        for (role, n) in needed.into_iter().chain(desks) {
            while room::roles::may(role, "sign_on") && cast.of(role).len() < n {
                cast.hire(policy, role);
            }
        }
        cast
    }

    fn hire(&mut self, policy: &Policy, role: Role) -> usize {
        let seats = self.of_role.entry(role).or_default();
        let name = format!("{}{:02}", letters(role), self.seats_before + seats.len() + 1);
        let at = self.people.len();
        seats.push(at);
        self.people.push(Person {
            by: By { staff: staff(&name), role },
            seat: SeatId::parse(&name).expect("letters and a number are a seat"),
            skills: policy.trainings(),
        });
        at
    }

    fn of(&self, role: Role) -> &[usize] {
        self.of_role.get(&role).map_or(&[], |p| &p[..])
    }

    /// Everybody, in order of seats.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The n-th of a role, counted round; a dispatcher where nobody has the role.
    pub fn one(&self, role: Role, n: usize) -> &By {
        let seats = match self.of(role) {
            [] => self.of(Role::Dispatcher),
            seats => seats,
        };
        let at = seats.get(n % seats.len().max(1)).copied().unwrap_or(0);
        &self.people.get(at).expect("a cast has a dispatcher").by
    }

    /// The dispatcher of a district.
    pub fn dispatcher(&self, district: Option<&Label>) -> &By {
        match self.of_district.get(&district.cloned()).and_then(|at| self.people.get(*at)) {
            Some(person) => &person.by,
            None => self.one(Role::Dispatcher, 0),
        }
    }

    /// Somebody of a role that may do this, else a dispatcher.
    pub fn who_may(&self, role: Role, action: &str, n: usize) -> &By {
        if room::roles::may(role, action) && !self.of(role).is_empty() {
            return self.one(role, n);
        }
        self.one(Role::Dispatcher, n)
    }
}

impl Person {
    /// The command by which they take their seat.
    pub fn sign_on(&self) -> Command {
        SignOn { seat: self.seat.clone(), skills: self.skills.clone() }.into()
    }
}

/// The crew of a unit, acting for it.
pub fn crew(call_sign: &rules::name::CallSign) -> By {
    By { staff: staff(&format!("crew {call_sign}")), role: Role::Officer }
}

fn staff(name: &str) -> StaffId {
    StaffId::parse(name).unwrap_or_else(|_| said::nobody())
}
