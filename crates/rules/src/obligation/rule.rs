//! The closed list of rules that arm an obligation.

use crate::event::{Event, Meta};
use crate::obligation::{Fate, Obligation, Subject};
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use crate::{agency, contact, fault, guidance, incident, marker, message, shift, unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a rule wants armed.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// For whom or what.
    pub about: Subject,
    /// Which of several.
    pub part: Option<Arc<str>>,
    /// Who owns it; the desk of the policy row if nobody is named.
    pub owner: Option<Owner>,
    /// Where the clock starts.
    pub from: Instant,
    /// The due time where it does not come from the policy row.
    pub due_at: Option<Instant>,
}

impl Arm {
    /// An obligation about a subject from a moment on.
    pub fn new(about: Subject, from: Instant) -> Arm {
        Arm { about, part: None, owner: None, from, due_at: None }
    }

    /// The same, for one part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Arc<str>>) -> Arm {
        self.part = Some(part.into());
        self
    }

    /// The same, owned so.
    #[must_use]
    pub fn owner(mut self, owner: Owner) -> Arm {
        self.owner = Some(owner);
        self
    }

    /// The same, due at a moment.
    #[must_use]
    pub fn due_at(mut self, at: Instant) -> Arm {
        self.due_at = Some(at);
        self
    }
}

/// Whether an obligation whose moment has come is really due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is due.
    Due,
    /// What it waits for happened meanwhile: its clock starts again from this moment.
    From(Instant),
}

/// A rule: what arms it, what ends it, and whether it still holds when its moment comes.
pub struct Spec {
    /// The obligations an event arms, the state being the one after it.
    pub arms: fn(&State, &Event, &Meta) -> Vec<Arm>,
    /// Whether an event ends this obligation.
    pub ends: fn(&State, &Obligation, &Event, &Meta) -> Option<Fate>,
    /// Whether it is really due.
    pub holds: fn(&State, &Obligation) -> Holds,
}

/// For rules whose clock never starts again.
pub fn always(_: &State, _: &Obligation) -> Holds {
    Holds::Due
}

macro_rules! rules {
    ($(
        $rule:ident $name:literal owed $owed:literal why $why:literal source $source:literal
            test $test:literal spec $spec:path;
    )*) => {
        /// A rule that arms an obligation. Its value, its ladder and its owner are a row of policy.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        pub enum Rule { $( #[doc = $why] #[serde(rename = $name)] $rule ),* }

        impl Rule {
            /// Every rule there is.
            pub const ALL: &'static [Rule] = &[ $( Rule::$rule ),* ];

            /// Its name in policy, the record and the API.
            pub fn name(self) -> &'static str { match self { $( Rule::$rule => $name ),* } }

            /// What is owed, for a line on a screen.
            pub fn owed(self) -> &'static str { match self { $( Rule::$rule => $owed ),* } }

            /// The rule as a sentence.
            pub fn why(self) -> &'static str { match self { $( Rule::$rule => $why ),* } }

            /// Where it comes from.
            pub fn source(self) -> &'static str { match self { $( Rule::$rule => $source ),* } }

            /// The test that explains it.
            pub fn test(self) -> &'static str { match self { $( Rule::$rule => $test ),* } }

            /// The file that has it, from the root of the repository.
            pub fn file(self) -> String {
                let path = match self { $( Rule::$rule => stringify!($spec) ),* };
                let modules: Vec<&str> = path.split("::").map(str::trim).collect();
                let file = modules.get(..modules.len().saturating_sub(1)).unwrap_or_default();
                format!("crates/rules/src/{}.rs", file.join("/"))
            }

            /// The constant in that file.
            pub fn spec_name(self) -> &'static str {
                let path = match self { $( Rule::$rule => stringify!($spec) ),* };
                path.rsplit("::").next().unwrap_or(path).trim()
            }

            /// What arms it and what ends it.
            pub fn spec(self) -> &'static Spec { match self { $( Rule::$rule => &$spec ),* } }
        }
    };
}

rules! {
    ContactOwed "contact_owed" owed "a record of this contact"
        why "Every contact leads to a log, a link to one, or a recorded outcome."
        source "Learning the Lessons case 2: a call through the switchboard left no record"
        test "a_contact_is_owed_a_record" spec contact::record::CONTACT_OWED;
    CallUnfinished "call_unfinished" owed "what was open when the line dropped"
        why "A call whose line dropped with something open is wrapped up by whoever took it."
        source "Learning the Lessons cases 8 and 10"
        test "a_dropped_call_is_wrapped_up" spec contact::ending::CALL_UNFINISHED;
    InformantDetails "informant_details" owed "the informant's details, or why they are missing"
        why "A log says who reported and how to reach them, or why that is not known."
        source "Digital desk panel case 4"
        test "informant_details_are_owed_or_explained" spec contact::record::INFORMANT_DETAILS;
    HeardNotWritten "heard_not_written" owed "what was said, on the log"
        why "What was said in a call and matters stands on the log, or somebody says why it does not belong there."
        source "Learning the Lessons cases 4, 5 and 6: said in the call, and not on the log"
        test "what_was_said_and_is_not_on_the_log_is_pointed_out"
            spec contact::heard::HEARD_NOT_WRITTEN;
    LocationOwed "location_owed" owed "a clear location"
        why "A vague or unknown location is asked about until it is clear; it never holds up a grade."
        source "Learning the Lessons case 1; Digital desk panel case 1"
        test "a_vague_location_is_asked_about" spec incident::opening::LOCATION_OWED;
    GradeOwed "grade_owed" owed "a grade"
        why "A log is graded at once."
        source "Learning the Lessons cases 1 and 6"
        test "a_log_is_graded_at_once" spec incident::grade::GRADE_OWED;
    GradeContested "grade_contested" owed "a decision on the higher grade asked for"
        why "Somebody who asks for a higher grade than was set gets a supervisor's decision."
        source "Learning the Lessons case 1: immediate was asked for and never given"
        test "a_contested_grade_goes_to_a_supervisor" spec incident::grade::GRADE_CONTESTED;
    ThriveOwed "thrive_owed" owed "a THRIVE assessment"
        why "Every log has a THRIVE assessment."
        source "Learning the Lessons case 8: the second call had none"
        test "thrive_is_owed_on_every_log" spec incident::thrive::THRIVE_OWED;
    RethriveOwed "rethrive_owed" owed "THRIVE again"
        why "New information, a linked contact, a changed code, a marker or a downgrade means THRIVE again."
        source "Learning the Lessons case 8, force THRIVE policy; case 5"
        test "new_information_means_thrive_again" spec incident::thrive::RETHRIVE_OWED;
    LongWait "long_wait" owed "THRIVE again after a long wait"
        why "A log that waits long without a unit is assessed again."
        source "Learning the Lessons case 5; Kent inspection"
        test "a_long_wait_means_thrive_again" spec incident::thrive::LONG_WAIT;
    CodeDoubted "code_doubted" owed "a decision on the opening code"
        why "Facts that do not go with the opening code are decided: the code changes, or somebody says why not."
        source "Learning the Lessons cases 2, 6 and 10"
        test "facts_against_the_code_are_decided" spec incident::opening::CODE_DOUBTED;
    SopUnopened "sop_unopened" owed "the SOP read"
        why "The SOP of the opening code is opened on every log."
        source "Learning the Lessons case 10"
        test "the_sop_is_opened_on_every_log" spec incident::sop::SOP_UNOPENED;
    SopStep "sop_step" owed "a step of the SOP"
        why "Each step of the SOP is done, or does not apply and somebody says why."
        source "Learning the Lessons case 10"
        test "each_step_is_done_or_excused" spec incident::sop::SOP_STEP;
    CheckOwed "check_owed" owed "an intelligence check"
        why "A check that was asked for, or that the grade requires, has a recorded outcome, whoever is on duty."
        source "Learning the Lessons cases 2 and 4"
        test "a_check_is_owned_though_no_support_operator_is_on_duty"
            spec incident::checks::CHECK_OWED;
    QuestionOpen "question_open" owed "an answer"
        why "A question on a log is answered, or somebody says why it cannot be."
        source "Learning the Lessons cases 6 and 10"
        test "a_question_stays_lit_until_it_is_answered" spec incident::questions::QUESTION_OPEN;
    CrimeToRecord "crime_to_record" owed "a crime recorded, or why it is none"
        why "A report of a crime is recorded as one in time, counted from the first report in any channel, or somebody says why it is none."
        source "Home Office crime recording rules: within 24 hours; Digital desk panel case 2: recorded 5 days after"
        test "a_crime_is_recorded_in_time_from_the_first_report"
            spec incident::crime::CRIME_TO_RECORD;
    WorkPlanned "work_planned" owed "planned work"
        why "Work that was planned on a log is done and written down, or somebody says why it was not."
        source "Crime hub panel, observation on the accuracy of records"
        test "planned_work_is_owed_until_it_is_written_how_it_was_done"
            spec incident::work::WORK_PLANNED;
    PassOn "pass_on" owed "the log passed to dispatch"
        why "A log that was made is passed on or closed with a reason."
        source "Learning the Lessons case 8: a log was made, not transferred, and closed"
        test "a_log_not_passed_on_is_noticed" spec incident::acceptance::PASS_ON;
    AcceptLog "accept_log" owed "acceptance by a dispatcher"
        why "A log passed to dispatch is accepted by a named dispatcher who checks it again."
        source "Learning the Lessons case 9: accepted after 20 minutes"
        test "a_passed_log_is_accepted_by_name" spec incident::acceptance::ACCEPT_LOG;
    OwnerlessLog "ownerless_log" owed "an owner"
        why "A log has one owner until it is finished; if the owner leaves, the desk finds another."
        source "Learning the Lessons case 1: not her responsibility to see it through"
        test "a_log_whose_owner_leaves_gets_another" spec incident::acceptance::OWNERLESS_LOG;
    DeployTarget "deploy_target" owed "a unit sent within the target"
        why "The time to send a unit is announced before it passes and when it passes, and counts anew when a closed log is opened again."
        source "Learning the Lessons case 2: there was no prompt"
        test "the_time_to_deploy_is_announced" spec incident::target_time::DEPLOY_TARGET;
    ArriveTarget "arrive_target" owed "arrival within the target"
        why "The time to arrive is announced before it passes and when it passes, and counts anew when a closed log is opened again."
        source "Learning the Lessons case 2: there was no prompt"
        test "the_time_to_arrive_is_announced" spec incident::target_time::ARRIVE_TARGET;
    Unresourced "unresourced" owed "a unit"
        why "An immediate or priority log without a unit goes to supervision early, and goes on until it has one."
        source "Learning the Lessons case 1: eleven hours"
        test "an_unresourced_log_goes_up_until_it_has_a_unit"
            spec incident::escalation::UNRESOURCED;
    NobodyActed "nobody_acted" owed "somebody to act"
        why "When nobody has acted, the log goes to the team leader and the dispatch supervisor every fifteen minutes."
        source "Learning the Lessons case 9: one reminder, and then none"
        test "a_quiet_priority_log_goes_up_every_fifteen_minutes"
            spec incident::escalation::NOBODY_ACTED;
    NothingWritten "nothing_written" owed "a line on the log"
        why "A log on which nothing is written for long is noticed."
        source "Learning the Lessons case 1: for 45 minutes nothing further was entered"
        test "a_silent_log_is_noticed" spec incident::escalation::NOTHING_WRITTEN;
    CriticalUnread "critical_unread" owed "the owner to read a critical entry"
        why "A critical entry, a marker or a chasing call is read by the log's owner."
        source "Learning the Lessons case 1: the MARAC entry was not seen"
        test "a_critical_entry_is_read_by_the_owner" spec incident::escalation::CRITICAL_UNREAD;
    CallerChasing "caller_chasing" owed "an answer to the informant who keeps ringing"
        why "An informant who rings again about an overdue log is told upwards."
        source "Learning the Lessons case 5: two chasing calls, no escalation"
        test "a_second_chasing_call_goes_up" spec incident::escalation::CALLER_CHASING;
    SergeantOwed "sergeant_owed" owed "a named supervising sergeant"
        why "A log of a kind that needs one has a named supervising sergeant."
        source "Learning the Lessons case 5: a sergeant had not been allocated"
        test "a_supervising_sergeant_is_named" spec incident::escalation::SERGEANT_OWED;
    TagListed "tag_listed" owed "a decision on a tagged log"
        why "A tagged log is on its desk's list until the tag is taken off."
        source "Learning the Lessons case 1, force action: the FIM list"
        test "a_tagged_log_is_on_the_list_until_untagged" spec incident::tags::TAG_LISTED;
    InformantOwed "informant_owed" owed "the informant told what happens next"
        why "The informant is told the grade and what happens next, and again when the time to arrive passes, the unit is diverted or the grade falls."
        source "Learning the Lessons case 8, demand management policy: delays and changes"
        test "the_informant_is_told_what_happens_next" spec incident::told::INFORMANT_OWED;
    RingBackOwed "ring_back_owed" owed "a promised ring-back"
        why "A promised ring-back is made until somebody is spoken to."
        source "Learning the Lessons case 9"
        test "a_promised_ring_back_is_made" spec incident::told::RING_BACK_OWED;
    AppointmentOwed "appointment_owed" owed "an appointment kept"
        why "An appointment is announced before it starts, and goes up until somebody is there or says what came of it."
        source "Learning the Lessons, West Yorkshire dispatchers: booking an appointment; Crime hub panel: caller's availability"
        test "an_appointment_is_kept_or_they_are_told" spec incident::appointments::APPOINTMENT_OWED;
    DeploymentUnconfirmed "deployment_unconfirmed" owed "the unit to confirm that it goes"
        why "Sending a unit is confirmed by both sides."
        source "Learning the Lessons case 2"
        test "a_deployment_is_confirmed_by_both_sides"
            spec unit::deployment::DEPLOYMENT_UNCONFIRMED;
    ReleaseUnconfirmed "release_unconfirmed" owed "the unit to confirm that it is released"
        why "Releasing a unit is confirmed by both sides."
        source "Learning the Lessons case 2: they believed they had been un-allocated"
        test "a_release_is_confirmed_by_both_sides" spec unit::deployment::RELEASE_UNCONFIRMED;
    LeftBehind "left_behind" owed "cover for the job left behind"
        why "A job that a unit was diverted from goes back, loudly, until it is covered."
        source "Learning the Lessons case 2, force action"
        test "a_job_left_behind_goes_back_loudly" spec unit::diversion::LEFT_BEHIND;
    OfficerWelfare "officer_welfare" owed "word from the officer at the scene"
        why "An officer at a scene is heard from in time."
        source "Learning the Lessons, West Yorkshire dispatchers: look after the welfare of the officers"
        test "an_officer_at_a_scene_is_heard_from" spec unit::welfare::OFFICER_WELFARE;
    OfficerEmergency "officer_emergency" owed "help for an officer"
        why "An officer's emergency is the loudest thing in the room."
        source "Unit status 0, two forces' published lists"
        test "an_officer_emergency_is_never_quiet" spec unit::welfare::OFFICER_EMERGENCY;
    HandoverLineOpen "handover_line" owed "a handover line accepted"
        why "The incoming person accepts each line of the handover."
        source "Learning the Lessons, West Yorkshire dispatchers; case 1"
        test "each_handover_line_is_accepted" spec shift::handover::HANDOVER_LINE;
    DeskShort "desk_short" owed "enough people at a desk"
        why "A desk with fewer people than the force has promised is told upwards."
        source "Learning the Lessons case 2: two support operators were required, none worked"
        test "a_desk_with_too_few_people_is_told_upwards" spec shift::seats::DESK_SHORT;
    FaultUnanswered "fault_unanswered" owed "an answer to a reported fault"
        why "A reported fault is answered; one that stops work or lost a call is told at once."
        source "Learning the Lessons case 9, question: how do staff report a problem with the system"
        test "a_fault_is_answered_and_put_right" spec fault::FAULT_UNANSWERED;
    FaultOpen "fault_open" owed "a fault put right"
        why "A reported fault is put right, or told upwards until it is."
        source "Learning the Lessons case 8, force action: new headsets were issued"
        test "a_fault_is_answered_and_put_right" spec fault::FAULT_OPEN;
    AgencyStale "agency_stale" owed "this agency's numbers confirmed"
        why "What is held about an agency or another control room is confirmed again in time, by ringing it."
        source "Learning the Lessons, missing-persons article: the supervisors of other control rooms, kept fresh"
        test "what_is_held_about_an_agency_is_confirmed_in_time" spec agency::AGENCY_STALE;
    AgencyChased "agency_chased" owed "an agency told that did not answer or refused"
        why "An agency that did not answer or refused is chased up its ladder until it is told."
        source "Learning the Lessons case 6: a taxi firm would not say, and its supervisor was not asked"
        test "an_agency_that_refuses_is_chased_up_its_ladder" spec incident::agencies::AGENCY_CHASED;
    AgencyAnswer "agency_answer" owed "an answer of an agency"
        why "What an agency is asked for is chased by the minutes of policy, each rung by another owner and means, until there is a real answer; 'e-mail us' is none. Where a life may be at risk and they were not told so, it is lit at once."
        source "Learning the Lessons case 6: 'e-mail us' was taken as an answer, twice; officers went there after an hour"
        test "an_agency_that_does_not_answer_is_chased_up_to_officers_in_person"
            spec incident::requests::AGENCY_ANSWER;
    MissingReview "missing_review" owed "the risk to the missing person judged again"
        why "The risk to a missing person is judged again by the time of its level, until they are found."
        source "College of Policing APP, missing persons; Learning the Lessons case 5: after a shift change nobody assessed it again"
        test "the_risk_to_a_missing_person_is_judged_again_in_time"
            spec incident::missing::MISSING_REVIEW;
    MissingAction "missing_action" owed "an action for the missing person"
        why "Each action for a missing person is done, or somebody says why it does not apply; hospitals are rung by police, also where a family was asked to."
        source "Learning the Lessons case 6: search adviser and dogs were out of sight; case 5: the daughter rang the hospitals"
        test "each_action_for_a_missing_person_is_settled" spec incident::missing::MISSING_ACTION;
    MissingInterview "missing_interview" owed "the interview with the person who was found"
        why "Whoever was missing and is found alive is spoken with about it in the time of their level of risk, or somebody says why not."
        source "College of Policing APP, missing persons: prevention interview"
        test "somebody_found_is_spoken_with_about_it" spec incident::missing::MISSING_INTERVIEW;
    GuidanceReview "guidance_review" owed "a review of a guidance article"
        why "A guidance article past its review date is lit at its owner's desk until a policy holds a newer one."
        source "IOPC, Hampshire 2023: policies past their review date"
        test "an_article_past_its_review_date_is_lit_until_the_policy_holds_a_newer_one"
            spec guidance::GUIDANCE_REVIEW;
    AbandonedCall "abandoned_call" owed "an abandoned call rung back"
        why "An abandoned call is rung back in time where that is safe, or a log is opened for it."
        source "Learning the Lessons case 1; Avon and Somerset: abandoned calls are recalled in a more timely manner"
        test "an_abandoned_call_is_rung_back_in_time" spec contact::signal::ABANDONED_CALL;
    MarkerReview "marker_review" owed "somebody asked whether the marker goes on"
        why "Before a marker ends, whoever it protects is asked whether it goes on; until somebody has answered it stays lit, and the marker counts."
        source "Learning the Lessons case 2: the special scheme ended and she was not asked"
        test "a_scheme_does_not_lapse_silently" spec marker::MARKER_REVIEW;
    MessageOwed "message_owed" owed "an answer to a message"
        why "Whoever asks for a named officer hears by the time they were told, from that officer or from whoever covers."
        source "Learning the Lessons case 2: an e-mail to an officer who was away"
        test "a_message_to_an_absent_officer_has_cover" spec message::MESSAGE_OWED;
}
