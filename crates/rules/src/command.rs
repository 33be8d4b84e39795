//! What people and programs may ask for. Each is imperative, and each is one row of the room's
//! table of who may do what.

#[macro_use]
mod closed_list;
mod fault;
mod heard;
mod marked;
mod partners; // other agencies, and somebody missing
mod parts;
mod promised; // appointments, planned work, crimes, and whether escalations were kept

pub use fault::*;
pub use heard::*;
pub use marked::*;
pub use partners::*;
pub use parts::*;
pub use promised::*;

use crate::name::*;
use crate::role::{Owner, Role};
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

commands! {
    @fault {
        /// Reports a fault.
        ReportFault "report_fault";
        /// Says what was done about a fault.
        AnswerFault "answer_fault";
    }
    @heard {
        /// Keeps where a contact's recording is.
        AddRecording "add_recording";
        /// Keeps lines of what was said in a contact.
        AddTranscript "add_transcript";
        /// Says that something said is not for this log.
        SetAsideHeard "set_aside_heard";
    }
    @partners {
        /// Records that an agency was rung for a log, and what came of it.
        RingAgency "ring_agency";
        /// Records that a victim was offered help by an organisation of the directory.
        ReferVictim "refer_victim";
        /// Records that an agency was asked for something that it has to answer.
        AskAgency "ask_agency";
        /// Records what an agency made of a request, in its words.
        AnswerAgency "answer_agency";
        /// Records that somebody is missing.
        ReportMissing "report_missing";
        /// Judges the risk to a missing person again.
        AssessMissing "assess_missing";
        /// Settles one of the actions for a missing person.
        SettleMissingAction "settle_missing_action";
        /// Records that a missing person was found.
        FindMissing "find_missing";
        /// Records the interview with somebody who was found, or why there is none.
        InterviewMissing "interview_missing";
        /// Records where the person a log is about lives.
        KnowHome "know_home";
        /// Decides which agency fits best.
        FitAgency "fit_agency";
    }
    @marked {
        /// Records a marker found on a person, number or place.
        FindMarker "find_marker";
        /// Puts a marker on a person, a number or a place.
        PutMarker "put_marker";
        /// Changes what a marker says.
        ChangeMarker "change_marker";
        /// Says what came of looking at a marker again.
        ReviewMarker "review_marker";
        /// Notes what came in a call instead of words.
        NoteSignal "note_signal";
        /// Records that somebody who did not speak was rung back.
        RingCaller "ring_caller";
        /// Leaves a message for a named officer.
        LeaveMessage "leave_message";
        /// Says what came of a message.
        AnswerMessage "answer_message";
    }
    @promised {
        /// Says what becomes of a report of a crime, on an open log or a closed one.
        SettleCrime "settle_crime";
        /// Plans work on a log.
        PlanWork "plan_work";
        /// Says how planned work was done, or why it was not.
        FinishWork "finish_work";
        /// Books an appointment with somebody about the log.
        BookAppointment "book_appointment";
        /// Records what came of an appointment: it was kept, moved, cancelled, or nobody was there.
        EndAppointment "end_appointment";
        /// Says whether an escalation that was drawn in a dip sample was kept, and why.
        MarkEscalation "mark_escalation";
    }
    /// Somebody gets in touch. The contact is kept whatever happens next.
    ReceiveContact "receive_contact" {
        /// The channel.
        channel: Channel,
        /// The number, address or account it came from, if known.
        line: Option<Line>,
        /// The name given.
        name: Option<PersonName>,
        /// Their words so far.
        words: Option<Words>,
        /// Where they are, as far as known.
        location: Option<Location>,
        /// The seat that took it.
        seat: Option<SeatId>,
    }
    /// A contact is about an incident that is open already.
    LinkContact "link_contact" {
        /// The contact.
        contact: ContactId,
        /// The incident.
        incident: IncidentNumber,
        /// Whether the informant is chasing a response.
        #[serde(default)]
        chasing: bool,
    }
    /// A contact needs no incident, and why.
    EndContact "end_contact" {
        /// The contact.
        contact: ContactId,
        /// What became of it.
        outcome: Words,
    }
    /// The call is over. It is refused while something is open on its logs, unless the line has
    /// dropped: then what is open is owed.
    HangUp "hang_up" {
        /// The contact.
        contact: ContactId,
        /// Whether the informant's line dropped, or they rang off.
        #[serde(default)]
        line_dropped: bool,
        /// Why it ends though where it is, or who reports, is not known. Nothing else may be open.
        #[serde(default)]
        because: Option<Reason>,
    }
    /// Opens a log, out of a contact or on an officer's word.
    OpenIncident "open_incident" {
        /// The contact it comes from. Several incidents may come from one contact.
        contact: Option<ContactId>,
        /// The opening code.
        opening_code: OpeningCode,
        /// Where.
        location: Location,
        /// The informant's own words.
        words: Words,
        /// Who reports.
        informant: Option<Informant>,
    }
    /// Writes on the log.
    AddEntry "add_entry" {
        /// The incident.
        incident: IncidentNumber,
        /// What is written.
        text: Words,
        /// Whether the owner must read it at once.
        #[serde(default)]
        critical: bool,
        /// Whether it is new information about the risk, so that THRIVE is owed again.
        #[serde(default)]
        new_information: bool,
        /// Whether these are the informant's own words.
        #[serde(default)]
        own_words: bool,
        /// Files, by reference.
        #[serde(default)]
        attachments: Vec<Attachment>,
    }
    /// Strikes an entry through. It stays readable.
    StrikeEntry "strike_entry" {
        /// The incident.
        incident: IncidentNumber,
        /// The entry's number.
        entry: u32,
        /// Why.
        reason: Reason,
        /// What it should have said.
        correction: Option<Words>,
    }
    /// Says that the log has been read down to an entry.
    ReadLog "read_log" {
        /// The incident.
        incident: IncidentNumber,
        /// The newest entry read.
        up_to: u32,
    }
    /// Puts a tag on a log.
    TagIncident "tag_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The tag.
        tag: Tag,
        /// Why.
        reason: Reason,
    }
    /// Takes a tag off.
    UntagIncident "untag_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The tag.
        tag: Tag,
        /// Why it is no longer needed.
        reason: Reason,
    }
    /// Sets where it is.
    SetLocation "set_location" {
        /// The incident.
        incident: IncidentNumber,
        /// Where.
        location: Location,
    }
    /// Sets who reports.
    SetInformant "set_informant" {
        /// The incident.
        incident: IncidentNumber,
        /// Who.
        informant: Informant,
    }
    /// Records a THRIVE assessment.
    RecordThrive "record_thrive" {
        /// The incident.
        incident: IncidentNumber,
        /// Each element of the force's list, rated, with a rationale.
        elements: Vec<ThriveElement>,
        /// Whether the informant could be heard and understood.
        #[serde(default = "yes")]
        informant_understood: bool,
    }
    /// Sets or changes the grade.
    GradeIncident "grade_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The grade.
        grade: Grade,
        /// Why; required below the suggestion and for a downgrade.
        reason: Option<Reason>,
        /// The supervisor who agreed, for a downgrade by somebody who is none.
        agreed_by: Option<StaffId>,
    }
    /// Asks for a higher grade than was set.
    ContestGrade "contest_grade" {
        /// The incident.
        incident: IncidentNumber,
        /// The grade asked for.
        grade: Grade,
        /// Why.
        reason: Reason,
    }
    /// Changes the opening code. The history is kept and THRIVE is owed again.
    ChangeOpeningCode "change_opening_code" {
        /// The incident.
        incident: IncidentNumber,
        /// The new code.
        opening_code: OpeningCode,
        /// Why.
        reason: Reason,
    }
    /// Keeps the opening code although the facts suggest another.
    KeepOpeningCode "keep_opening_code" {
        /// The incident.
        incident: IncidentNumber,
        /// The doubt's name, as shown.
        doubt: Label,
        /// Why the code is right.
        reason: Reason,
    }
    /// Says that the SOP is open on the screen.
    OpenSop "open_sop" {
        /// The incident.
        incident: IncidentNumber,
    }
    /// Settles a step of the SOP.
    SettleSopStep "settle_sop_step" {
        /// The incident.
        incident: IncidentNumber,
        /// The step.
        step: Label,
        /// What became of it.
        outcome: Outcome,
    }
    /// Asks for an intelligence check.
    RequestCheck "request_check" {
        /// The incident.
        incident: IncidentNumber,
        /// What is to be checked, and where.
        check: Label,
    }
    /// Records what a check found.
    RecordCheck "record_check" {
        /// The incident.
        incident: IncidentNumber,
        /// The check.
        check: Label,
        /// What it found.
        outcome: Outcome,
    }
    /// Asks a question on the log, of a person or a desk.
    AskQuestion "ask_question" {
        /// The incident.
        incident: IncidentNumber,
        /// Who is asked.
        to: Owner,
        /// The question.
        text: Words,
    }
    /// Answers a question.
    AnswerQuestion "answer_question" {
        /// The incident.
        incident: IncidentNumber,
        /// The question's number.
        question: u32,
        /// The answer, or why it cannot be answered.
        outcome: Outcome,
    }
    /// An officer asks that a log closes. It is no closing: the log's owner looks at the risk again
    /// and answers.
    AskToClose "ask_to_close" {
        /// The incident.
        incident: IncidentNumber,
        /// What was found and done.
        found: Words,
        /// The risk as it stands now, and to whom.
        risk_now: Words,
        /// For a log about somebody vulnerable: who was seen and spoken to, or why nobody was.
        seen: Option<Outcome>,
    }
    /// Records a decision on a log with its grounds, by the national decision model: five stages
    /// with the Code of Ethics at the centre.
    RecordDecision "record_decision" {
        /// The incident.
        incident: IncidentNumber,
        /// What is decided.
        decision: Words,
        /// Information and intelligence.
        information: Words,
        /// Threat and risk, and the working strategy.
        threat_and_risk: Words,
        /// Powers and policy.
        powers_and_policy: Words,
        /// Options and contingencies.
        options: Words,
        /// Action, and when it is looked at again.
        action_and_review: Words,
        /// How the Code of Ethics bears on it.
        code_of_ethics: Words,
    }
    /// Answers a question that the call asks because of the code or of earlier answers. A later
    /// answer replaces an earlier one; both are kept.
    AnswerPrompt "answer_prompt" {
        /// The incident.
        incident: IncidentNumber,
        /// The question's name in policy.
        prompt: Label,
        /// The answer.
        answer: Answered,
        /// Whether it was given without a word: by a cough, a tap or a key.
        #[serde(default)]
        by_signal: bool,
    }
    /// Passes the log to dispatch.
    PassToDispatch "pass_to_dispatch" {
        /// The incident.
        incident: IncidentNumber,
    }
    /// Accepts a log by name, having checked it again.
    AcceptIncident "accept_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// Whether the opening code is right.
        code_is_right: bool,
        /// Whether the grade is right.
        grade_is_right: bool,
        /// Whether the content is enough to act on.
        content_is_enough: bool,
        /// What is wrong or missing, where something is.
        remark: Option<Words>,
    }
    /// Gives the log to another owner.
    GiveIncident "give_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The new owner.
        to: StaffId,
        /// Why.
        reason: Reason,
    }
    /// Names the supervising sergeant.
    NameSupervisor "name_supervisor" {
        /// The incident.
        incident: IncidentNumber,
        /// The sergeant.
        sergeant: StaffId,
    }
    /// Links two logs.
    LinkIncident "link_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The other.
        other: IncidentNumber,
        /// How they belong together.
        relation: Relation,
    }
    /// Records what the informant was told.
    TellInformant "tell_informant" {
        /// The incident.
        incident: IncidentNumber,
        /// What.
        told: Told,
        /// In which words.
        words: Words,
    }
    /// Promises to ring somebody back.
    PromiseRingBack "promise_ring_back" {
        /// The incident.
        incident: IncidentNumber,
        /// By when.
        by: Instant,
        /// What for.
        why: Reason,
    }
    /// Records a ring-back attempt.
    RingBack "ring_back" {
        /// The incident.
        incident: IncidentNumber,
        /// Whether somebody was spoken to.
        spoke: bool,
        /// What was said, or what happened.
        words: Words,
    }
    /// Closes the log.
    CloseIncident "close_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// The closing code.
        closing_code: ClosingCode,
        /// What was done and what came of it.
        result: Words,
        /// What the informant was told.
        told: Told,
        /// The risk as it stands now, and who holds it.
        risk_now: Words,
    }
    /// Opens a closed log again.
    ReopenIncident "reopen_incident" {
        /// The incident.
        incident: IncidentNumber,
        /// Why.
        reason: Reason,
    }
    /// Enters a unit on the board, or changes what it is.
    RosterUnit "roster_unit" {
        /// The call sign.
        call_sign: CallSign,
        /// Who is on it.
        #[serde(default)]
        crew: Vec<StaffId>,
        /// What they can do.
        #[serde(default)]
        skills: Vec<Label>,
        /// What they carry.
        #[serde(default)]
        equipment: Vec<Label>,
        /// The kind of unit: response, neighbourhood, roads, dogs ...
        kind: Label,
        /// Its district.
        district: Option<Label>,
        /// How it is reached by radio.
        radio: Option<Radio>,
        /// Its shift; on duty until it is taken off the board if there is none.
        shift: Option<ShiftTimes>,
    }
    /// Enters many units on the board, or changes what they are: all of them or none. One that is
    /// there just so already stays as it is, so the same roster may come again.
    RosterUnits "roster_units" {
        /// The units.
        units: Vec<RosterUnit>,
    }
    /// Says that a log needs something: a skill, a tool, a dog, a specialist.
    SayNeed "say_need" {
        /// The incident.
        incident: IncidentNumber,
        /// What is needed.
        need: Label,
        /// Why.
        reason: Option<Reason>,
    }
    /// Says that a log no longer needs it.
    DropNeed "drop_need" {
        /// The incident.
        incident: IncidentNumber,
        /// What is no longer needed.
        need: Label,
        /// Why.
        reason: Reason,
    }
    /// Takes a unit off the board.
    RemoveUnit "remove_unit" {
        /// The call sign.
        call_sign: CallSign,
    }
    /// Reports a unit's status.
    SetStatus "set_status" {
        /// The call sign.
        call_sign: CallSign,
        /// 0 to 16.
        status: u8,
        /// For status 6 where the officer has not opened the risk card: the dispatcher has read
        /// it to them over the radio.
        #[serde(default)]
        card_read_out: bool,
        /// For an officer who leaves the scene of a job about somebody vulnerable: who was seen and
        /// spoken to, or why nobody was. It is written on the log.
        seen: Option<Outcome>,
    }
    /// Reports where a unit is.
    ReportPosition "report_position" {
        /// The call sign.
        call_sign: CallSign,
        /// Where.
        point: Point,
    }
    /// Takes what the radio network says, from its gateway. The radio's number says whose it is. An
    /// emergency is never refused for want of a unit.
    RadioEvent "radio_event" {
        /// The number of the radio.
        radio: Label,
        /// What it says.
        said: RadioSaid,
    }
    /// Sends a unit.
    DeployUnit "deploy_unit" {
        /// The incident.
        incident: IncidentNumber,
        /// The unit.
        call_sign: CallSign,
        /// Why one more, where others are sent already.
        reason: Option<Reason>,
        /// Whether to send it to the officer's device without a word on the radio.
        #[serde(default)]
        silent: bool,
    }
    /// The unit confirms that it goes.
    ConfirmDeployment "confirm_deployment" {
        /// The incident.
        incident: IncidentNumber,
        /// The unit.
        call_sign: CallSign,
    }
    /// Takes a unit from one log to a more urgent one.
    DivertUnit "divert_unit" {
        /// The unit.
        call_sign: CallSign,
        /// Where to.
        to: IncidentNumber,
        /// What becomes of the job left behind.
        left_behind: LeftBehind,
        /// Why.
        reason: Reason,
    }
    /// Releases a unit from a log.
    StandDown "stand_down" {
        /// The incident.
        incident: IncidentNumber,
        /// The unit.
        call_sign: CallSign,
        /// Why.
        reason: Reason,
    }
    /// The unit confirms that it has been released.
    ConfirmRelease "confirm_release" {
        /// The incident it was released from.
        incident: IncidentNumber,
        /// The unit.
        call_sign: CallSign,
    }
    /// The officer opens the risk card.
    OpenRiskCard "open_risk_card" {
        /// The incident.
        incident: IncidentNumber,
        /// The unit.
        call_sign: CallSign,
    }
    /// The officer says they are well.
    CheckIn "check_in" {
        /// The unit.
        call_sign: CallSign,
    }
    /// Takes a seat in a role.
    SignOn "sign_on" {
        /// The seat.
        seat: SeatId,
        /// What this person is trained for.
        #[serde(default)]
        skills: Vec<Label>,
    }
    /// Goes on a break. What is owned moves.
    GoOnBreak "go_on_break" {
        /// Who takes over meanwhile; the desk does if nobody is named.
        to: Option<StaffId>,
    }
    /// Comes back from a break.
    ComeBack "come_back" {}
    /// Leaves the seat. What is owned moves.
    SignOff "sign_off" {
        /// Who takes over; the desk does if nobody is named.
        to: Option<StaffId>,
    }
    /// Builds the handover of a desk.
    BuildHandover "build_handover" {
        /// The desk.
        desk: Role,
    }
    /// Accepts one line of a handover.
    AcceptHandoverLine "accept_handover_line" {
        /// The handover.
        handover: HandoverId,
        /// The line's number.
        line: u32,
    }
    /// Takes an obligation on.
    OwnObligation "own_obligation" {
        /// The obligation.
        obligation: ObligationId,
        /// What will be done.
        words: Words,
    }
    /// Gives an obligation to somebody else.
    GiveObligation "give_obligation" {
        /// The obligation.
        obligation: ObligationId,
        /// To whom.
        to: Owner,
        /// Why them.
        reason: Reason,
    }
    /// Accepts a delay until a time, with a reason.
    DelayObligation "delay_obligation" {
        /// The obligation.
        obligation: ObligationId,
        /// Until when.
        until: Instant,
        /// Why.
        reason: Reason,
    }
    /// Raises an obligation to the next rung now.
    RaiseObligation "raise_obligation" {
        /// The obligation.
        obligation: ObligationId,
        /// Why.
        reason: Reason,
    }
    /// Silences an alarm for oneself. It is no action.
    SilenceAlarm "silence_alarm" {
        /// The rule that sounds.
        rule: crate::obligation::Rule,
    }
    /// Enters somebody in the staff directory, or changes what is held about them.
    EnrolStaff "enrol_staff" {
        /// Who: collar number or user name.
        staff: StaffId,
        /// Their name, as colleagues know it.
        name: PersonName,
        /// The roles they may sign on in.
        roles: Vec<Role>,
        /// What they are trained for.
        #[serde(default)]
        skills: Vec<Label>,
        /// The desk they usually sit at: one of their roles.
        desk: Option<Role>,
        /// Trainings that have an end, beside the skills that have none.
        #[serde(default)]
        expires: Vec<Training>,
    }
    /// Takes somebody out of the staff directory.
    RemoveStaff "remove_staff" {
        /// Who.
        staff: StaffId,
    }
    /// Allows somebody on duty a task for a while, although they lack its training.
    AllowTask "allow_task" {
        /// Who.
        staff: StaffId,
        /// The task, as the policy names it.
        task: Label,
        /// For how many minutes.
        minutes: u32,
        /// Why.
        reason: Reason,
    }
    /// Adopts a policy at once. It is refused to people as soon as there are two administrators:
    /// then one proposes and another publishes.
    AdoptPolicy "adopt_policy" {
        /// The whole policy as TOML.
        toml: String,
    }
    /// Proposes a policy. It holds when another person publishes it.
    ProposePolicy "propose_policy" {
        /// The whole policy as TOML, with a version of its own.
        toml: String,
        /// Why it changes.
        why: Reason,
        /// The version it was made from: refused if another has been published since.
        made_from: Option<String>,
    }
    /// Publishes a policy that somebody else proposed: it holds from now on.
    PublishPolicy "publish_policy" {
        /// The proposal.
        proposal: ProposalId,
        /// The roles that get a briefing which says why and what changes, and say that they have
        /// read it.
        #[serde(default)]
        brief: Vec<Role>,
    }
    /// Takes a proposal back, or turns it down.
    WithdrawPolicy "withdraw_policy" {
        /// The proposal.
        proposal: ProposalId,
        /// Why.
        reason: Reason,
    }
    /// Publishes a briefing to some roles, who say that they have read it.
    PublishBriefing "publish_briefing" {
        /// What it is about.
        title: Title,
        /// What they must know.
        text: Words,
        /// The roles it is for.
        roles: Vec<Role>,
        /// Until when it is shown.
        until: Instant,
        /// By when it must be read, if there is such a time.
        read_by: Option<Instant>,
    }
    /// Says that one has read a briefing.
    ReadBriefing "read_briefing" {
        /// The briefing.
        briefing: BriefingId,
    }
    /// Ends a briefing before its time.
    WithdrawBriefing "withdraw_briefing" {
        /// The briefing.
        briefing: BriefingId,
        /// Why.
        reason: Reason,
    }
    /// Enters an agency or another control room in the directory, or changes what is held about
    /// it.
    EnterAgency "enter_agency" {
        /// Its name, as the room says it.
        agency: Label,
        /// What kind it is: ambulance, rail, taxi, hospital, control room ...
        kind: Label,
        /// How to reach it, the first choice first.
        numbers: Vec<AgencyNumber>,
        /// When it can be reached.
        hours: Option<Reason>,
        /// What else to know: what they need to be told, who decides there.
        note: Option<Reason>,
        /// Who is in charge there: the supervisor to ask for.
        supervisor: Option<PersonName>,
        /// The areas it works in; everywhere if there are none.
        #[serde(default)]
        areas: Vec<Label>,
        /// What it helps victims with: domestic abuse, hate crime, bereavement ...
        #[serde(default)]
        helps_with: Vec<Label>,
    }
    /// Says that what is held about an agency is right, having asked it.
    ConfirmAgency "confirm_agency" {
        /// Its name.
        agency: Label,
        /// Who was spoken to, and on which number.
        words: Reason,
    }
    /// Takes an agency out of the directory.
    RemoveAgency "remove_agency" {
        /// Its name.
        agency: Label,
        /// Why.
        reason: Reason,
    }
    /// Records that a person's record was looked at, and why.
    RecordRead "record_read" {
        /// What was looked at: `incident 20261121-0412`, `contact 17`, `search`.
        what: Label,
        /// Why.
        purpose: Reason,
    }
}

fn yes() -> bool {
    true
}
