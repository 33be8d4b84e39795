//! Every address of the API, once. The router, the OpenAPI document, the role checks and the test
//! of every role at every address all come from this table.

use crate::api::ask::{self, Parse};
use crate::api::show::earlier;
use crate::api::view::{View, query as q, shape, then};
use crate::line;
use rules::command::*;
use schemars::{Schema, SchemaGenerator};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// The methods that are used. A deed is a resource, so nothing is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Looks.
    Get,
    /// Does.
    Post,
    /// Sets.
    Put,
}

/// One address and what it does.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path after [`BASE`], with its parameters in braces.
    pub path: &'static str,
    /// The action whose row in the room's role table decides; `None` is for everybody signed on.
    pub action: Option<&'static str>,
    /// What it does.
    pub does: Does,
    /// One line for a reader; a command's is its own documentation.
    pub summary: &'static str,
}

/// What an address does.
pub enum Does {
    /// Gives a command.
    Command {
        /// The body and the path as a command.
        parse: Parse,
        /// The command's schema.
        schema: fn(&mut SchemaGenerator) -> Schema,
        /// Whether something new is there afterwards.
        creates: bool,
    },
    /// Shows something.
    View {
        /// What.
        view: View,
        /// What may be asked.
        query: fn(&mut SchemaGenerator) -> Schema,
        /// What is answered.
        answer: fn(&mut SchemaGenerator) -> Schema,
    },
    /// Reads a line of the console and does what it says.
    Line {
        /// What is sent.
        body: fn(&mut SchemaGenerator) -> Schema,
        /// What is answered.
        answer: fn(&mut SchemaGenerator) -> Schema,
    },
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {BASE}{}", self.method, self.path)
    }
}

impl Route {
    /// The names of the path's parameters.
    pub fn params(&self) -> impl Iterator<Item = &'static str> {
        self.path.split(['{', '}']).skip(1).step_by(2)
    }
}

const fn command<C: ask::Ask>(method: Method, path: &'static str, name: &'static str) -> Route {
    let does = Does::Command { parse: ask::parse::<C>, schema: ask::schema::<C>, creates: false };
    Route { method, path, action: Some(name), does, summary: "" }
}

const fn creates<C: ask::Ask>(path: &'static str, name: &'static str) -> Route {
    let does = Does::Command { parse: ask::parse::<C>, schema: ask::schema::<C>, creates: true };
    Route { method: Method::Post, path, action: Some(name), does, summary: "" }
}

const fn view<Q: schemars::JsonSchema, A: schemars::JsonSchema>(
    path: &'static str,
    action: &'static str,
    view: View,
    summary: &'static str,
) -> Route {
    let does = Does::View { view, query: shape::<Q>, answer: shape::<A> };
    Route { method: Method::Get, path, action: Some(action), does, summary }
}

/// The same view, asked for by a body, so that no address holds what somebody said.
const fn asked<Q: schemars::JsonSchema, A: schemars::JsonSchema>(
    path: &'static str,
    action: &'static str,
    view: View,
    summary: &'static str,
) -> Route {
    let does = Does::View { view, query: shape::<Q>, answer: shape::<A> };
    Route { method: Method::Post, path, action: Some(action), does, summary }
}

use Method::{Post, Put};

/// The table.
pub static ROUTES: &[Route] = &[
    // Contacts
    creates::<ReceiveContact>("/contacts", "receive_contact"),
    command::<LinkContact>(Post, "/contacts/{contact}/links", "link_contact"),
    command::<EndContact>(Post, "/contacts/{contact}/ending", "end_contact"),
    command::<HangUp>(Post, "/contacts/{contact}/hanging-up", "hang_up"),
    command::<NoteSignal>(Post, "/contacts/{contact}/signals", "note_signal"),
    command::<RingCaller>(Post, "/contacts/{contact}/ringing-back", "ring_caller"),
    command::<AddRecording>(Post, "/contacts/{contact}/recordings", "add_recording"),
    command::<AddTranscript>(Post, "/contacts/{contact}/transcript", "add_transcript"),
    // Markers on people, numbers and places, and messages to a named officer
    creates::<PutMarker>("/markers", "put_marker"),
    command::<ChangeMarker>(Put, "/markers/{marker}", "change_marker"),
    command::<ReviewMarker>(Post, "/markers/{marker}/reviews", "review_marker"),
    creates::<LeaveMessage>("/messages", "leave_message"),
    command::<AnswerMessage>(Post, "/messages/{message}/answers", "answer_message"),
    // The log
    command::<SetAsideHeard>(Post, "/incidents/{incident}/heard/setting-aside", "set_aside_heard"),
    creates::<OpenIncident>("/incidents", "open_incident"),
    creates::<AddEntry>("/incidents/{incident}/entries", "add_entry"),
    command::<StrikeEntry>(Post, "/incidents/{incident}/entries/{entry}/strike", "strike_entry"),
    command::<ReadLog>(Post, "/incidents/{incident}/readings", "read_log"),
    command::<TagIncident>(Post, "/incidents/{incident}/tags", "tag_incident"),
    command::<UntagIncident>(Post, "/incidents/{incident}/untagging", "untag_incident"),
    command::<SetLocation>(Put, "/incidents/{incident}/location", "set_location"),
    command::<SetInformant>(Put, "/incidents/{incident}/informant", "set_informant"),
    command::<FindMarker>(Post, "/incidents/{incident}/markers", "find_marker"),
    command::<RecordThrive>(Post, "/incidents/{incident}/thrive", "record_thrive"),
    command::<GradeIncident>(Put, "/incidents/{incident}/grade", "grade_incident"),
    command::<ContestGrade>(Post, "/incidents/{incident}/grade/contest", "contest_grade"),
    command::<ChangeOpeningCode>(Put, "/incidents/{incident}/opening-code", "change_opening_code"),
    command::<KeepOpeningCode>(
        Post,
        "/incidents/{incident}/opening-code/keeping",
        "keep_opening_code",
    ),
    command::<OpenSop>(Post, "/incidents/{incident}/sop", "open_sop"),
    command::<SettleSopStep>(Post, "/incidents/{incident}/sop/steps", "settle_sop_step"),
    command::<RingAgency>(Post, "/incidents/{incident}/agencies/{agency}/rung", "ring_agency"),
    creates::<AskAgency>("/incidents/{incident}/requests", "ask_agency"),
    command::<AnswerAgency>(
        Post,
        "/incidents/{incident}/requests/{request}/answers",
        "answer_agency",
    ),
    creates::<ReportMissing>("/incidents/{incident}/missing", "report_missing"),
    command::<AssessMissing>(Put, "/incidents/{incident}/missing/risk", "assess_missing"),
    command::<SettleMissingAction>(
        Post,
        "/incidents/{incident}/missing/actions/{action}/outcome",
        "settle_missing_action",
    ),
    command::<FindMissing>(Post, "/incidents/{incident}/missing/finding", "find_missing"),
    command::<InterviewMissing>(
        Post,
        "/incidents/{incident}/missing/interview",
        "interview_missing",
    ),
    command::<KnowHome>(Put, "/incidents/{incident}/home", "know_home"),
    command::<FitAgency>(Put, "/incidents/{incident}/best-agency", "fit_agency"),
    command::<ReferVictim>(Post, "/incidents/{incident}/referrals", "refer_victim"),
    command::<SayNeed>(Post, "/incidents/{incident}/needs", "say_need"),
    command::<DropNeed>(Post, "/incidents/{incident}/needs/{need}/dropping", "drop_need"),
    command::<RequestCheck>(Post, "/incidents/{incident}/checks", "request_check"),
    command::<RecordCheck>(Post, "/incidents/{incident}/checks/outcomes", "record_check"),
    creates::<AskQuestion>("/incidents/{incident}/questions", "ask_question"),
    command::<AnswerQuestion>(
        Post,
        "/incidents/{incident}/questions/{question}/answer",
        "answer_question",
    ),
    command::<SettleCrime>(Put, "/incidents/{incident}/crime", "settle_crime"),
    creates::<PlanWork>("/incidents/{incident}/plans", "plan_work"),
    command::<FinishWork>(Post, "/incidents/{incident}/plans/{work}/ending", "finish_work"),
    creates::<AskToClose>("/incidents/{incident}/closing-requests", "ask_to_close"),
    creates::<RecordDecision>("/incidents/{incident}/decisions", "record_decision"),
    command::<AnswerPrompt>(Post, "/incidents/{incident}/prompts/{prompt}/answer", "answer_prompt"),
    creates::<BookAppointment>("/incidents/{incident}/appointments", "book_appointment"),
    command::<EndAppointment>(
        Post,
        "/incidents/{incident}/appointments/{appointment}/ending",
        "end_appointment",
    ),
    command::<PassToDispatch>(Post, "/incidents/{incident}/dispatch", "pass_to_dispatch"),
    command::<AcceptIncident>(Post, "/incidents/{incident}/acceptance", "accept_incident"),
    command::<GiveIncident>(Put, "/incidents/{incident}/owner", "give_incident"),
    command::<NameSupervisor>(Put, "/incidents/{incident}/supervisor", "name_supervisor"),
    command::<LinkIncident>(Post, "/incidents/{incident}/links", "link_incident"),
    command::<TellInformant>(Post, "/incidents/{incident}/tellings", "tell_informant"),
    command::<PromiseRingBack>(
        Post,
        "/incidents/{incident}/ring-backs/promises",
        "promise_ring_back",
    ),
    command::<RingBack>(Post, "/incidents/{incident}/ring-backs", "ring_back"),
    command::<CloseIncident>(Post, "/incidents/{incident}/closure", "close_incident"),
    command::<ReopenIncident>(Post, "/incidents/{incident}/reopening", "reopen_incident"),
    // Units
    command::<RosterUnit>(Put, "/units/{call_sign}", "roster_unit"),
    command::<RosterUnits>(Put, "/roster", "roster_units"),
    command::<RemoveUnit>(Post, "/units/{call_sign}/removal", "remove_unit"),
    command::<SetStatus>(Put, "/units/{call_sign}/status", "set_status"),
    command::<ReportPosition>(Put, "/units/{call_sign}/position", "report_position"),
    command::<CheckIn>(Post, "/units/{call_sign}/check-ins", "check_in"),
    command::<DivertUnit>(Post, "/units/{call_sign}/diversion", "divert_unit"),
    command::<RadioEvent>(Post, "/radio/events", "radio_event"),
    creates::<DeployUnit>("/incidents/{incident}/deployments", "deploy_unit"),
    command::<ConfirmDeployment>(
        Post,
        "/incidents/{incident}/deployments/{call_sign}/confirmation",
        "confirm_deployment",
    ),
    command::<OpenRiskCard>(
        Post,
        "/incidents/{incident}/deployments/{call_sign}/risk-card",
        "open_risk_card",
    ),
    command::<StandDown>(
        Post,
        "/incidents/{incident}/deployments/{call_sign}/stand-down",
        "stand_down",
    ),
    command::<ConfirmRelease>(
        Post,
        "/incidents/{incident}/deployments/{call_sign}/release",
        "confirm_release",
    ),
    // Seats and handover
    command::<SignOn>(Post, "/duty/sign-on", "sign_on"),
    command::<GoOnBreak>(Post, "/duty/break", "go_on_break"),
    command::<ComeBack>(Post, "/duty/return", "come_back"),
    command::<SignOff>(Post, "/duty/sign-off", "sign_off"),
    creates::<BuildHandover>("/handovers", "build_handover"),
    command::<AcceptHandoverLine>(
        Post,
        "/handovers/{handover}/lines/{line}/acceptance",
        "accept_handover_line",
    ),
    // Obligations and alarms
    command::<OwnObligation>(Post, "/obligations/{obligation}/own", "own_obligation"),
    command::<GiveObligation>(Post, "/obligations/{obligation}/give", "give_obligation"),
    command::<DelayObligation>(Post, "/obligations/{obligation}/delay", "delay_obligation"),
    command::<RaiseObligation>(Post, "/obligations/{obligation}/raise", "raise_obligation"),
    command::<SilenceAlarm>(Post, "/alarms/{rule}/silence", "silence_alarm"),
    // The force
    command::<EnrolStaff>(Put, "/staff/{staff}", "enrol_staff"),
    command::<RemoveStaff>(Post, "/staff/{staff}/removal", "remove_staff"),
    command::<AllowTask>(Post, "/staff/{staff}/allowance", "allow_task"),
    command::<AdoptPolicy>(Put, "/policy", "adopt_policy"),
    creates::<ProposePolicy>("/policy/proposals", "propose_policy"),
    command::<PublishPolicy>(Post, "/policy/proposals/{proposal}/publication", "publish_policy"),
    command::<WithdrawPolicy>(Post, "/policy/proposals/{proposal}/withdrawal", "withdraw_policy"),
    creates::<PublishBriefing>("/briefings", "publish_briefing"),
    command::<ReadBriefing>(Post, "/briefings/{briefing}/reading", "read_briefing"),
    command::<WithdrawBriefing>(Post, "/briefings/{briefing}/withdrawal", "withdraw_briefing"),
    command::<EnterAgency>(Put, "/agencies/{agency}", "enter_agency"),
    command::<ConfirmAgency>(Post, "/agencies/{agency}/confirmation", "confirm_agency"),
    command::<RemoveAgency>(Post, "/agencies/{agency}/removal", "remove_agency"),
    creates::<ReportFault>("/faults", "report_fault"),
    command::<AnswerFault>(Post, "/faults/{fault}/answers", "answer_fault"),
    command::<MarkEscalation>(Post, "/escalations/{obligation}/marks", "mark_escalation"),
    command::<RecordRead>(Post, "/reads", "record_read"),
    // The console
    Route {
        method: Post,
        path: "/command-line",
        action: Some("command_line"),
        does: Does::Line { body: shape::<line::Asked>, answer: shape::<line::Ran> },
        summary: "Reads one line of the console and does what it says, or asks what is meant. \
            Each command of it is allowed or refused as at its own address, and nothing is done \
            if one of them would be refused.",
    },
    // Views
    view::<q::Board, q::BoardPage>(
        "/incidents",
        "view_board",
        View::Board,
        "The open logs in risk order, by pages.",
    ),
    view::<q::Nothing, rules::views::board::QueueRisk>(
        "/risk",
        "view_board",
        View::Risk,
        "The risk held in the queue, as one number with its parts.",
    ),
    view::<q::Nothing, rules::views::log::LogView>(
        "/incidents/{incident}",
        "view_log",
        View::Log,
        "One whole log, open or closed. Recorded before it is shown.",
    ),
    view::<q::Nothing, Vec<rules::views::reach::Candidate>>(
        "/incidents/{incident}/candidates",
        "view_candidates",
        View::Candidates,
        "Who can get to a log, ranked, with reasons and shortfalls.",
    ),
    view::<q::Nothing, Vec<rules::views::units::UnitRow>>(
        "/units",
        "view_units",
        View::Units,
        "The unit board.",
    ),
    view::<q::Nothing, rules::views::units::UnitRow>(
        "/units/{call_sign}",
        "view_units",
        View::Unit,
        "One unit.",
    ),
    view::<q::Map, rules::views::map::MapView>(
        "/map",
        "view_map",
        View::Map,
        "Where every open log and unit is, worst first, and how far from one of them.",
    ),
    view::<q::Place, q::PlaceRead>(
        "/place",
        "view_place",
        View::Place,
        "A place by grid reference, eastings and northings or degrees, in all three ways.",
    ),
    asked::<q::Place, q::PlaceRead>(
        "/place",
        "view_place",
        View::Place,
        "The same, with the place in the body and not in the address.",
    ),
    view::<q::Nothing, q::Resources>(
        "/resources",
        "view_units",
        View::Resources,
        "Units against what waits, by district, and the scenes that tie up staff.",
    ),
    view::<q::Nothing, Vec<rules::views::wall::WallNumber>>(
        "/wall",
        "view_board",
        View::Wall,
        "The six numbers of the wall, each against its target.",
    ),
    view::<q::Nothing, rules::views::alarms::AlarmBoard>(
        "/alarms",
        "view_alarms",
        View::Alarms,
        "What sounds at my positions.",
    ),
    view::<q::Nothing, rules::views::alarms::AlarmCounts>(
        "/alarms/counts",
        "view_alarms",
        View::AlarmCounts,
        "How the alarms themselves are doing.",
    ),
    view::<q::Nothing, rules::views::kpi::AlarmKpi>(
        "/alarms/kpi",
        "view_alarms",
        View::AlarmKpi,
        "How the alarms did over the last day, counted from what is recorded.",
    ),
    view::<q::Nothing, Vec<rules::views::alarms::Decision>>(
        "/decisions",
        "view_alarms",
        View::Decisions,
        "What needs my decision.",
    ),
    view::<q::Obligations, q::ObligationsPage>(
        "/obligations",
        "view_obligations",
        View::Obligations,
        "Open obligations, by pages.",
    ),
    view::<q::Nothing, rules::views::duty::Compliance>(
        "/escalations",
        "view_obligations",
        View::Escalations,
        "Whether what was told upwards has been decided.",
    ),
    view::<q::Dip, rules::views::dip::DipSample>(
        "/escalations/sample",
        "view_sample",
        View::Sample,
        "Escalations of a period drawn by chance, with who decided what, and what reviewers said \
         of it. Recorded before it is shown.",
    ),
    view::<q::Nothing, Vec<rules::views::crimes::CrimeRow>>(
        "/crimes",
        "view_crimes",
        View::Crimes,
        "Reports of a crime that are neither recorded nor decided to be none, what is due first.",
    ),
    view::<q::Nothing, Vec<rules::views::duty::DeskView>>(
        "/duty",
        "view_duty",
        View::Duty,
        "Who is on duty, by desk, and who is missing.",
    ),
    view::<q::Nothing, Vec<rules::views::staff::StaffRow>>(
        "/staff",
        "view_staff",
        View::Staff,
        "The staff directory: who works here, in which roles, trained for what.",
    ),
    view::<q::Nothing, Vec<rules::views::session::Trainee>>(
        "/trainees",
        "view_trainees",
        View::Trainees,
        "In a training room, what each trainee did and what they let run.",
    ),
    view::<q::Meeting, Vec<rules::views::duty::MeetingRow>>(
        "/meeting",
        "view_obligations",
        View::Meeting,
        "The logs with the most risk, for the twice-daily meeting.",
    ),
    view::<q::Nothing, Vec<rules::views::duty::HandoverView>>(
        "/handovers",
        "view_handover",
        View::Handovers,
        "The handovers that are not accepted whole.",
    ),
    view::<q::Nothing, rules::views::duty::HandoverView>(
        "/handovers/{handover}",
        "view_handover",
        View::Handover,
        "One handover.",
    ),
    view::<q::Nothing, q::ContactView>(
        "/contacts/{contact}",
        "view_contact",
        View::Contact,
        "One contact. Recorded before it is shown.",
    ),
    view::<q::Nothing, Vec<rules::views::call::Related>>(
        "/contacts/{contact}/matches",
        "view_contact",
        View::ContactMatches,
        "The open logs that a contact may be about, by its number, its place and what was said. \
         Recorded before it is shown.",
    ),
    view::<q::Nothing, q::KnownOfContact>(
        "/contacts/{contact}/known",
        "view_contact",
        View::ContactKnown,
        "What is known of whoever rings: the markers that the number, the name and the place meet, \
         and messages from the same number. Recorded before it is shown.",
    ),
    view::<q::Nothing, Vec<rules::views::markers::MarkerRow>>(
        "/markers",
        "view_markers",
        View::Markers,
        "The markers about which somebody is to be asked, those past their end first. Nobody is \
         named.",
    ),
    asked::<q::Marked, Vec<rules::views::markers::MarkerWhole>>(
        "/markers/search",
        "view_markers",
        View::MarkerSearch,
        "The markers that a number, a name or a place meets. Recorded before they are shown.",
    ),
    view::<q::Nothing, rules::views::markers::MarkerWhole>(
        "/markers/{marker}",
        "view_markers",
        View::Marker,
        "One marker whole, with its history. Recorded before it is shown.",
    ),
    view::<q::Nothing, Vec<rules::views::messages::MessageRow>>(
        "/messages",
        "view_messages",
        View::Messages,
        "The messages to named officers that wait for an answer, what is due first. Nobody who left \
         one is named.",
    ),
    view::<q::Nothing, rules::views::messages::MessageWhole>(
        "/messages/{message}",
        "view_messages",
        View::Message,
        "One message whole. Recorded before it is shown.",
    ),
    view::<q::CodeHelp, rules::views::code_help::CodeHelp>(
        "/code-help",
        "view_code_help",
        View::CodeHelp,
        "The opening code that fits some words.",
    ),
    asked::<q::CodeHelp, rules::views::code_help::CodeHelp>(
        "/code-help",
        "view_code_help",
        View::CodeHelp,
        "The same, with the words in the body and not in the address.",
    ),
    view::<q::Find, q::Guidance>(
        "/guidance",
        "view_guidance",
        View::Guidance,
        "What each grade means, the dispatcher's role, the allocation policy, and the guidance \
         articles with every word of `find`.",
    ),
    view::<q::Nothing, rules::views::guidance::ArticlePage>(
        "/guidance/{article}",
        "view_guidance",
        View::Article,
        "One guidance article, and what each policy changed in it.",
    ),
    view::<q::Nothing, Vec<rules::views::guidance::ArticlePage>>(
        "/panel/handbooks",
        "view_panel",
        View::Handbooks,
        "The handbooks of the panels that look at the force's work, and what each policy changed \
         in them.",
    ),
    view::<q::Nothing, serde_json::Value>(
        "/policy",
        "view_policy",
        View::Policy,
        "The policy that holds.",
    ),
    view::<q::Nothing, rules::views::policy::Publication>(
        "/policy/publication",
        "view_policy",
        View::Publication,
        "How the policy came to hold, with its text.",
    ),
    view::<q::Nothing, Vec<rules::views::policy::ProposalView>>(
        "/policy/proposals",
        "view_proposals",
        View::Proposals,
        "The policies that are proposed: by whom, why, and what would change.",
    ),
    asked::<q::PolicyText, rules::views::policy::Checked>(
        "/policy/check",
        "check_policy",
        View::CheckedPolicy,
        "A text as a policy: what is wrong with it, its test cases, and what would change.",
    ),
    view::<q::Nothing, Vec<rules::views::briefings::BriefingView>>(
        "/briefings",
        "view_briefings",
        View::Briefings,
        "The briefings of my role, those still to read first.",
    ),
    view::<q::Nothing, Vec<rules::views::briefings::BriefingReaders>>(
        "/briefings/readers",
        "view_briefing_readers",
        View::BriefingReaders,
        "Every briefing, who has read it and who has not.",
    ),
    view::<q::Nothing, Vec<rules::views::appointments::DiaryRow>>(
        "/appointments",
        "view_appointments",
        View::Appointments,
        "The appointments of open logs, those still to be settled first. Names stand on the log.",
    ),
    view::<q::Find, Vec<rules::agency::Agency>>(
        "/agencies",
        "view_agencies",
        View::Agencies,
        "Agencies and other control rooms, with their numbers.",
    ),
    view::<q::Nothing, Vec<rules::views::faults::FaultView>>(
        "/faults",
        "view_faults",
        View::Faults,
        "Faults of what the room works with, those that are open first.",
    ),
    view::<q::Nothing, Vec<q::RuleView>>(
        "/rules",
        "view_rules",
        View::Rules,
        "Every rule that arms an obligation, and where it comes from.",
    ),
    view::<q::Nothing, earlier::EarlierLogs>(
        "/incidents/{incident}/earlier",
        "search_history",
        View::Earlier,
        "Earlier logs of the same number, place or person, with how they ended, newest first. \
            Recorded before it is shown.",
    ),
    view::<room::Query, room::Results>(
        "/history",
        "search_history",
        View::History,
        "Past contacts and logs, newest first. Recorded before it is shown.",
    ),
    asked::<room::Query, room::Results>(
        "/history",
        "search_history",
        View::History,
        "The same, with what is looked for in the body and not in the address.",
    ),
    view::<q::After, q::JournalPage>(
        "/journal",
        "view_journal",
        View::Journal,
        "The records as they are kept. Recorded before they are shown.",
    ),
    view::<q::Audit, q::AuditPage>(
        "/audit",
        "view_audit",
        View::Audit,
        "Who looked at what, and why. Itself recorded before it is shown.",
    ),
    view::<then::Replay, then::ReplayView>(
        "/incidents/{incident}/replay",
        "view_replay",
        View::Replay,
        "A log as it stood at a moment: what each role could have seen, what was lit and heard \
         where, who had looked, and whether its records are as they were written. Recorded before \
         it is shown.",
    ),
    view::<q::Follow, String>(
        "/follow",
        "follow",
        View::Follow,
        "What happens, as server-sent events that resume from Last-Event-ID.",
    ),
    Route {
        method: Method::Get,
        path: "/me",
        action: None,
        does: Does::View { view: View::Me, query: shape::<q::Nothing>, answer: shape::<q::Me> },
        summary: "Who I am here and what I may do.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn commands() -> BTreeSet<&'static str> {
        let rows = ROUTES.iter().filter(|r| matches!(r.does, Does::Command { .. }));
        rows.filter_map(|r| r.action).collect()
    }

    #[test]
    fn every_command_has_exactly_one_address() {
        let all: BTreeSet<&str> = Command::NAMES.iter().copied().collect();
        assert_eq!(commands(), all);
        let n = ROUTES.iter().filter(|r| matches!(r.does, Does::Command { .. })).count();
        assert_eq!(n, all.len(), "a command has two addresses");
    }

    #[test]
    fn every_view_of_the_role_table_has_an_address() {
        let shown: BTreeSet<&str> = ROUTES
            .iter()
            .filter(|r| !matches!(r.does, Does::Command { .. }))
            .filter_map(|r| r.action)
            .collect();
        for view in room::roles::VIEWS {
            // Webhooks have their own router, beside this one; sessions are pages.
            let elsewhere =
                matches!(*view, "manage_webhooks" | "view_webhooks" | "manage_sessions");
            assert!(elsewhere || shown.contains(view), "{view} has no address");
        }
        for view in shown {
            assert!(room::roles::VIEWS.contains(&view), "{view} is not in the role table");
        }
    }

    #[test]
    fn every_parameter_of_a_command_is_a_field_of_it() {
        let mut generator = crate::openapi::generator();
        for route in ROUTES {
            let Does::Command { schema, .. } = &route.does else { continue };
            let schema = schema(&mut generator);
            let fields = schema.get("properties").and_then(|p| p.as_object()).cloned();
            for param in route.params() {
                let known = fields.as_ref().is_some_and(|f| f.contains_key(param));
                assert!(known, "{} has no field '{param}'", route.path);
            }
        }
    }
}
