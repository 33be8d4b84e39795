//! The staff directory: who works here, in which roles, and what they are trained for. Whoever is
//! in it has the skills it says, whatever they say themselves.

use crate::command::*;
use crate::event::Event;
use crate::name::*;
use crate::policy::DirectoryRule;
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// So many administrators can watch each other.
const TWO: usize = 2;
/// The most roles or skills of one person.
const LIST_MAX: usize = 64;

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Their name, as colleagues know it.
    pub name: PersonName,
    /// The roles they may sign on in, in reading order.
    pub roles: Vec<Role>,
    /// What they are trained for.
    pub skills: Vec<Label>,
    /// The desk they usually sit at.
    pub desk: Option<Role>,
    /// Until when a training holds, where it has an end, in order of the skills.
    #[serde(default)]
    pub expires: Vec<Training>,
}

impl Enrolled {
    /// The skills that hold at a moment.
    pub fn skills_at(&self, now: Instant) -> Vec<Label> {
        let over =
            |skill: &&Label| self.expires.iter().any(|t| t.skill == **skill && t.until <= now);
        self.skills.iter().filter(|skill| !over(skill)).cloned().collect()
    }

    /// Until when a skill held that they have no longer.
    pub fn ended(&self, skill: &Label, now: Instant) -> Option<Instant> {
        self.expires.iter().find(|t| t.skill == *skill && t.until <= now).map(|t| t.until)
    }
}

/// Enters somebody, or changes what is held about them.
///
/// Source: Learning the Lessons, case 10: who is trained for what is known, and not only told.
pub fn enrol(s: &State, c: &EnrolStaff) -> Result<Vec<Event>, Refused> {
    let mut roles = c.roles.clone();
    let mut skills = c.skills.clone();
    roles.sort_unstable();
    roles.dedup();
    let mut expires = c.expires.clone();
    expires.sort_unstable();
    expires.dedup_by(|a, b| a.skill == b.skill);
    // A training that has an end is one.
    skills.extend(expires.iter().map(|t| t.skill.clone()));
    skills.sort_unstable();
    skills.dedup();
    if roles.is_empty() {
        return Err(Refused::invalid(format!("{} has no role: name at least one", c.staff)));
    }
    if roles.contains(&Role::System) {
        return Err(Refused::invalid("nobody can be Callbox itself: leave the role system out"));
    }
    if roles.len().max(skills.len()) > LIST_MAX {
        return Err(Refused::invalid(format!(
            "{} has more than {LIST_MAX} roles or skills: name those that matter",
            c.staff
        )));
    }
    if let Some(desk) = c.desk.filter(|desk| !roles.contains(desk)) {
        return Err(Refused::invalid(format!(
            "the usual desk of {} is {}, which is none of their roles: add the role, or name \
             another desk",
            c.staff,
            desk.words()
        )));
    }
    let new = Enrolled { name: c.name.clone(), roles, skills, desk: c.desk, expires };
    if s.directory.get(&c.staff) == Some(&new) {
        return Err(Refused::conflict(format!(
            "{} is in the directory just so already: nothing to do",
            c.staff
        )));
    }
    if !new.roles.contains(&Role::Administrator) {
        keep_one(s, &c.staff)?;
    }
    let Enrolled { name, roles, skills, desk, expires } = new;
    let expires = (!expires.is_empty()).then_some(expires);
    let staff = c.staff.clone();
    Ok(vec![Event::StaffEnrolled { staff, name, roles, skills, desk, expires }])
}

/// How many administrators are in the staff directory.
pub fn administrators(s: &State) -> usize {
    s.directory.values().filter(|held| held.roles.contains(&Role::Administrator)).count()
}

/// The last administrator stays one: nobody could enter another.
fn keep_one(s: &State, staff: &StaffId) -> Result<(), Refused> {
    let is_one = |held: &Enrolled| held.roles.contains(&Role::Administrator);
    if s.directory.get(staff).is_some_and(is_one) && administrators(s) < TWO {
        return Err(Refused::conflict(format!(
            "{staff} is the only administrator: enter another one first"
        )));
    }
    Ok(())
}

/// Takes somebody out. Whoever is on duty signs off first, so that what they own has a next owner.
pub fn remove(s: &State, c: &RemoveStaff) -> Result<Vec<Event>, Refused> {
    if !s.directory.contains_key(&c.staff) {
        return Err(Refused::not_found(format!(
            "{} is not in the directory: look at the list",
            c.staff
        )));
    }
    if let Some(on) = s.staff.get(&c.staff) {
        return Err(Refused::conflict(format!(
            "{} is on duty at {}: they sign off first, so that what they own moves to somebody",
            c.staff, on.seat
        )));
    }
    keep_one(s, &c.staff)?;
    Ok(vec![Event::StaffRemoved { staff: c.staff.clone() }])
}

/// The skills somebody signs on with: those of the directory, if they are in it.
///
/// # Errors
/// As [`allows`].
pub fn skills(s: &State, by: &By, said: &[Label], now: Instant) -> Result<Vec<Label>, Refused> {
    allows(s, by)?;
    let enrolled = s.directory.get(&by.staff);
    Ok(enrolled.map_or_else(|| said.to_vec(), |enrolled| enrolled.skills_at(now)))
}

/// Whether the directory lets somebody come in a role. Whoever was removed has none. Who was never
/// in it has those they have shown, unless the directory is required; even then an administrator
/// may come in for as long as the directory has none, to enter the first.
///
/// # Errors
/// A role that is none of theirs, somebody who was removed, or nobody whom the directory knows
/// where it must.
pub fn allows(s: &State, by: &By) -> Result<(), Refused> {
    let staff = &by.staff;
    if let Some(enrolled) = s.directory.get(staff) {
        if enrolled.roles.contains(&by.role) {
            return Ok(());
        }
        let held: Vec<String> = enrolled.roles.iter().map(|r| r.words()).collect();
        return Err(Refused::forbidden(format!(
            "{staff} does not hold the role {}: the directory has {}. Choose one of those, or ask \
             an administrator",
            by.role.words(),
            held.join(", ")
        )));
    }
    if s.removed.contains(staff) {
        return Err(Refused::forbidden(format!(
            "{staff} was removed from the staff directory: an administrator enters them again"
        )));
    }
    let first = by.role == Role::Administrator && administrators(s) == 0;
    match s.policy.staff.directory {
        DirectoryRule::Required if !first => Err(Refused::forbidden(format!(
            "{staff} is not in the staff directory: an administrator enters them first"
        ))),
        DirectoryRule::Required | DirectoryRule::Open => Ok(()),
    }
}

impl State {
    pub(crate) fn evolve_directory(&mut self, event: &Event) {
        match event {
            Event::StaffEnrolled { staff, name, roles, skills, desk, expires } => {
                let enrolled = Enrolled {
                    name: name.clone(),
                    roles: roles.clone(),
                    skills: skills.clone(),
                    desk: *desk,
                    expires: expires.clone().unwrap_or_default(),
                };
                self.directory.insert_mut(staff.clone(), enrolled);
                self.had_two_administrators |= administrators(self) >= TWO;
                self.removed.remove_mut(staff);
            }
            Event::StaffRemoved { staff } => {
                self.directory.remove_mut(staff);
                self.removed.insert_mut(staff.clone());
            }
            _ => {}
        }
    }
}
