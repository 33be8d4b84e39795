//! Who works here, and who owns what.

use crate::name::StaffId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A role in the force or outside it. What each may do is one table in the room.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes calls.
    CallHandler,
    /// Sends units and owns logs to their completion.
    Dispatcher,
    /// Runs intelligence checks for the room.
    SupportOperator,
    /// Supervises call handlers.
    TeamLeader,
    /// Supervises dispatch.
    DispatchSupervisor,
    /// Commands spontaneous incidents for the force.
    ForceIncidentManager,
    /// Above the force incident manager when a ladder goes that far.
    DutyChiefInspector,
    /// Advises on domestic abuse and vulnerability.
    VulnerabilityDesk,
    /// Works messages, forms and social channels.
    DigitalDesk,
    /// Investigates recorded crime.
    Investigator,
    /// Supervises investigators or response officers.
    Supervisor,
    /// Looks at samples for the Commissioner.
    PanelMember,
    /// Counts and publishes.
    Analyst,
    /// Attends.
    Officer,
    /// Looks into the conduct of staff.
    ProfessionalStandards,
    /// Keeps the system and its policy.
    Administrator,
    /// Reads the record of who looked at what.
    Auditor,
    /// A member of the public.
    Public,
    /// An informant with a link to their own report.
    InformantLink,
    /// Another force.
    PartnerForce,
    /// The gateway of the radio network, or of the telephone system.
    RadioGateway,
    /// The Commissioner's office.
    Opcc,
    /// Callbox itself: what happens by time alone.
    System,
}

impl Role {
    /// Every role that a person or a program outside can hold, in reading order.
    pub const ALL: [Role; 22] = [
        Role::CallHandler,
        Role::Dispatcher,
        Role::SupportOperator,
        Role::TeamLeader,
        Role::DispatchSupervisor,
        Role::ForceIncidentManager,
        Role::DutyChiefInspector,
        Role::VulnerabilityDesk,
        Role::DigitalDesk,
        Role::Investigator,
        Role::Supervisor,
        Role::PanelMember,
        Role::Analyst,
        Role::Officer,
        Role::ProfessionalStandards,
        Role::Administrator,
        Role::Auditor,
        Role::Public,
        Role::InformantLink,
        Role::PartnerForce,
        Role::RadioGateway,
        Role::Opcc,
    ];

    /// The name used in policy, the API and the record.
    pub fn name(self) -> &'static str {
        match self {
            Role::CallHandler => "call_handler",
            Role::Dispatcher => "dispatcher",
            Role::SupportOperator => "support_operator",
            Role::TeamLeader => "team_leader",
            Role::DispatchSupervisor => "dispatch_supervisor",
            Role::ForceIncidentManager => "force_incident_manager",
            Role::DutyChiefInspector => "duty_chief_inspector",
            Role::VulnerabilityDesk => "vulnerability_desk",
            Role::DigitalDesk => "digital_desk",
            Role::Investigator => "investigator",
            Role::Supervisor => "supervisor",
            Role::PanelMember => "panel_member",
            Role::Analyst => "analyst",
            Role::Officer => "officer",
            Role::ProfessionalStandards => "professional_standards",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
            Role::Public => "public",
            Role::InformantLink => "informant_link",
            Role::PartnerForce => "partner_force",
            Role::RadioGateway => "radio_gateway",
            Role::Opcc => "opcc",
            Role::System => "system",
        }
    }

    /// The words for a page or a sentence.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// Whether this role may agree to what needs a supervisor.
    pub fn supervises(self) -> bool {
        matches!(
            self,
            Role::TeamLeader
                | Role::DispatchSupervisor
                | Role::ForceIncidentManager
                | Role::DutyChiefInspector
        )
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who holds an obligation or a log: a desk as long as nobody there has taken it, or a person.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Whoever sits at this desk.
    Desk(Role),
    /// This person.
    Staff(StaffId),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Desk(role) => f.write_str(&role.words()),
            Owner::Staff(staff) => staff.fmt(f),
        }
    }
}

/// Who is acting, and in which role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct By {
    /// The person.
    pub staff: StaffId,
    /// The role they act in.
    pub role: Role,
}

impl By {
    /// Callbox itself, for what happens by time alone.
    pub fn callbox() -> By {
        let staff = StaffId::parse("callbox").expect("a constant that meets its own conditions");
        By { staff, role: Role::System }
    }
}
