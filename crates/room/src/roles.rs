//! Who may do what, as one table: `roles.txt`, an action a line. It is read at compile time, and an
//! action without a line fails a test and is refused to everybody.

use rules::refused::Refused;
use rules::role::Role;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table as it is reviewed.
pub const TABLE: &str = include_str!("roles.txt");

/// The views, by name, beside the commands.
pub const VIEWS: &[&str] = &[
    "view_board",
    "view_log",
    "view_units",
    "view_candidates",
    "view_map",
    "view_place",
    "view_alarms",
    "view_obligations",
    "view_duty",
    "view_trainees",
    "view_staff",
    "view_handover",
    "view_contact",
    "view_markers",
    "view_messages",
    "view_code_help",
    "view_policy",
    "view_proposals",
    "check_policy",
    "view_briefings",
    "view_briefing_readers",
    "view_appointments",
    "view_agencies",
    "view_faults",
    "view_crimes",
    "view_sample",
    "view_guidance",
    "view_panel",
    "view_rules",
    "search_history",
    "follow",
    "command_line",
    "view_journal",
    "view_audit",
    "view_replay",
    "manage_webhooks",
    "view_webhooks",
    "manage_sessions",
];

static ALLOWED: LazyLock<BTreeMap<&'static str, Vec<Role>>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    rows.filter_map(|row| row.split_once(':'))
        .map(|(action, roles)| {
            let named = |word: &str| Role::ALL.into_iter().find(|role| role.name() == word);
            let group = |word: &str| match word {
                "room" => ROOM.to_vec(),
                "supervision" => SUPERVISION.to_vec(),
                _ => named(word).into_iter().collect(),
            };
            (action.trim(), roles.split_whitespace().flat_map(group).collect())
        })
        .collect()
});

/// Those who work in the room.
pub const ROOM: [Role; 7] = [
    Role::CallHandler,
    Role::Dispatcher,
    Role::SupportOperator,
    Role::TeamLeader,
    Role::DispatchSupervisor,
    Role::ForceIncidentManager,
    Role::VulnerabilityDesk,
];

/// Those who supervise it.
const SUPERVISION: [Role; 4] = [
    Role::TeamLeader,
    Role::DispatchSupervisor,
    Role::ForceIncidentManager,
    Role::DutyChiefInspector,
];

/// Whether a role may do something. Callbox itself may only adopt the policy it was started with.
pub fn may(role: Role, action: &str) -> bool {
    match role {
        Role::System => action == "adopt_policy",
        role => ALLOWED.get(action).is_some_and(|roles| roles.contains(&role)),
    }
}

/// The refusal of an action to a role.
pub fn refusal(role: Role, action: &str) -> Refused {
    Refused::forbidden(format!(
        "the role {} may not do this ({}): ask somebody whose role may",
        role.words(),
        action.replace('_', " ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::command::Command;

    #[test]
    fn every_action_has_exactly_one_row_and_every_row_an_action() {
        let actions: Vec<&str> = Command::NAMES.iter().chain(VIEWS).copied().collect();
        let rows: Vec<&str> = TABLE
            .lines()
            .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
            .map(|l| l.split_once(':').map_or(l, |(a, _)| a).trim())
            .collect();
        for action in &actions {
            assert_eq!(rows.iter().filter(|r| r == &action).count(), 1, "{action}");
        }
        for row in &rows {
            assert!(actions.contains(row), "{row} is no action");
        }
    }

    #[test]
    fn every_word_of_the_table_is_a_role_or_a_group() {
        for row in TABLE.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
            let (action, roles) = row.split_once(':').expect("a row has a colon");
            for word in roles.split_whitespace() {
                let known = Role::ALL.iter().any(|r| r.name() == word);
                assert!(known || ["room", "supervision"].contains(&word), "{action}: {word}");
            }
        }
    }

    #[test]
    fn nobody_outside_reads_a_log() {
        for role in [Role::Public, Role::InformantLink, Role::PartnerForce, Role::Opcc] {
            assert!(!may(role, "view_log"), "{role}");
            assert!(!may(role, "search_history"), "{role}");
        }
    }
}
