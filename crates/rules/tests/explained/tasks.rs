//! SOP, checks, questions, tags, the sergeant, and what the informant was told.

use crate::world::{World, check, check_in};
use rules::obligation::Rule;

#[test]
fn the_sop_is_opened_on_every_log() {
    check(
        Rule::SopUnopened,
        "
        +0 CH1 opens theft
        -> +0 owed 'theft' by CH1 due +3
        -> +3 A3 'theft' told CH1 (owner CH1)
        +3 CH1 reads 0
        -> +33 A3 'theft' told CH1, team leader (owner CH1)
        +33 later
        -> +63 A2 'theft' told team leader (owner CH1)
        +63 CH1 recodes robbery: by force
        -> +63 overtaken 'theft'
        -> +63 owed 'robbery' by CH1 due +66
        +64 CH1 opens sop
        -> +64 done 'robbery'
        ",
    );
}

#[test]
fn each_step_is_done_or_excused() {
    check(
        Rule::SopStep,
        "
        +0 CH1 opens theft
        -> +0 owed 'evidence' by CH1 due +30
        +1 CH1 opens sop
        +2 CH1 settles evidence: cameras at the shop
        -> +2 done 'evidence'
        +3 CH1 settles evidence: again
        -> refused: step 'evidence' is settled already
        +4 CH1 opens vehicle crime
        -> +4 owed 'circulate' by dispatcher due +34
        -> +34 A3 'circulate' told dispatcher (owner dispatcher)
        +34 later
        -> +64 A3 'circulate' told dispatcher, team leader (owner dispatcher)
        +64 later
        -> +94 A2 'circulate' told team leader (owner dispatcher)
        +95 CH1 settles circulate n/a #2: it is found again
        -> +95 done 'circulate'
        +96 CH1 opens theft
        -> +96 owed 'evidence' by CH1 due +126
        +97 CH1 recodes burglary #3: from a house
        -> +97 overtaken 'evidence'
        -> +97 owed 'in progress' by CH1 due +127; owed 'advice safety' by CH1 due +127; owed 'advice evidence' by CH1 due +127
        ",
    );
}

#[test]
fn a_check_is_owned_though_no_support_operator_is_on_duty() {
    // Case 2: two were required, none worked, and nobody checked.
    let table = "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed 'police intelligence' by dispatcher due +21
        -> +16 A3 'police intelligence' told dispatcher (owner dispatcher)
        +16 DD1 writes: to be checked
        -> +21 A2 'police intelligence' told dispatcher (owner dispatcher)
        +21 later
        -> +31 A2 'police intelligence' told dispatch supervisor (owner dispatch supervisor)
        +31 later
        -> +61 A2 'police intelligence' told force incident manager (owner force incident manager)
        +61 DD2 records police intelligence: seven reports and a MARAC
        -> +61 done 'police intelligence'
        ";
    check_in(
        World::with(crate::world::policy(), "CH1 DD1 DD2 DS1 FIM1").watching(&[Rule::CheckOwed]),
        table,
    );
}

#[test]
fn a_check_goes_to_the_support_operator_who_is_there() {
    check(
        Rule::CheckOwed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 3
        +2 CH1 requests voters at the address
        -> +2 owed 'voters at the address' by support operator due +62
        +3 CH1 requests voters at the address
        -> refused: the check 'voters at the address' is asked for already
        +4 SO1 records voters at the address: two names
        -> +4 done 'voters at the address'
        ",
    );
}

#[test]
fn a_question_stays_lit_until_it_is_answered() {
    check(
        Rule::QuestionOpen,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 DD1 asks CH1: have they checked for vital signs
        -> +2 owed '1' by CH1 due +12
        -> +2 A3 '1' told CH1 (owner CH1)
        +3 CH1 writes: seen and noted
        +4 CH1 reads 1
        -> +12 A2 '1' told CH1 (owner CH1)
        +12 later
        -> +22 A2 '1' told CH1, team leader (owner CH1)
        +22 later
        -> +42 A2 '1' told dispatch supervisor (owner dispatch supervisor)
        +42 later
        -> +57 A2 '1' told dispatch supervisor (owner dispatch supervisor)
        +57 CH1 answers 1: she breathes
        -> +57 done '1'
        +58 CH1 answers 1: again
        -> refused: question 1 has its answer already: write an entry if there is more to say
        +59 DD1 asks team_leader: who rings the hotel
        -> +59 owed '2' by team leader due +69
        -> +59 A3 '2' told team leader (owner team leader)
        +60 TL1 answers 2 n/a: the hotel rang us
        -> +60 done '2'
        ",
    );
}

#[test]
fn a_question_on_an_immediate_log_is_critical() {
    check(
        Rule::QuestionOpen,
        "
        +0 CH1 opens theft
        +1 CH1 grades 1
        +2 DD1 asks CH1: have they checked for vital signs
        -> +2 owed '1' by CH1 due +4
        -> +2 A2 '1' told CH1 (owner CH1)
        -> +4 A1 '1' told CH1 (owner CH1)
        +4 later
        -> +7 A1 '1' told CH1, team leader, dispatch supervisor (owner CH1)
        +7 later
        -> +14 A1 '1' told force incident manager (owner force incident manager)
        +14 later
        -> +19 A1 '1' told force incident manager (owner force incident manager)
        +19 CH1 answers 1: she breathes
        -> +19 done '1'
        ",
    );
}

#[test]
fn a_supervising_sergeant_is_named() {
    check(
        Rule::SergeantOwed,
        "
        +0 CH1 opens missing person
        -> +0 owed by dispatch supervisor due +30
        -> +30 A3 told dispatch supervisor (owner dispatch supervisor)
        +30 later
        -> +60 A3 told dispatch supervisor, team leader (owner dispatch supervisor)
        +60 later
        -> +90 A2 told team leader (owner dispatch supervisor)
        +90 DD1 names sergeant PS4
        -> +90 done
        +91 CH1 opens missing person
        -> +91 owed by dispatch supervisor due +121
        +92 CH1 recodes theft #2: nobody is missing
        -> +92 overtaken
        ",
    );
}

#[test]
fn a_tagged_log_is_on_the_list_until_untagged() {
    check(
        Rule::TagListed,
        "
        +0 CH1 opens theft
        +1 DD1 tags fim: no unit for an hour
        -> +1 owed 'fim' by force incident manager due +31
        -> +1 A3 'fim' told force incident manager (owner force incident manager)
        +2 DD1 tags fim: again
        -> refused: log 20261121-0001 has the tag 'fim' already
        +3 DD1 tags nonsense: no such list
        -> refused: 'nonsense' is not a tag of this force: choose one
        -> +31 A2 'fim' told force incident manager (owner force incident manager)
        +31 FIM1 writes: seen and noted
        -> +91 A2 'fim' told force incident manager (owner force incident manager)
        +91 FIM1 untags fim: a unit of the next district goes
        -> +91 done 'fim'
        +92 FIM1 untags fim: again
        -> refused: log 20261121-0001 has no tag 'fim'
        ",
    );
}

#[test]
fn the_informant_is_told_what_happens_next() {
    check(
        Rule::InformantOwed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        +2 CH1 writes: rings off
        -> +16 A3 told CH1 (owner CH1)
        +16 later
        -> +46 A3 told CH1, team leader (owner CH1)
        +46 later
        -> +76 A2 told team leader (owner CH1)
        +77 CH1 tells: priority, within the hour, we ring if it takes longer
        -> +77 done
        +78 CH1 grades 1
        ",
    );
}

#[test]
fn a_delay_and_a_change_of_plan_are_told() {
    // The time passes, the grade falls; each is told once, and what was told since is not owed.
    check(
        Rule::InformantOwed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        +2 CH1 tells: within the hour
        -> +2 done
        +3 CH1 passes
        +4 DD1 accepts
        -> +60 owed 'the time to arrive has passed' by DD1 due +75
        +61 DD1 tells: it takes longer, all units are at a fire
        -> +61 done 'the time to arrive has passed'
        +80 later
        +81 DS1 grades 3: an appointment will do
        -> +81 owed 'the grade fell' by DD1 due +96
        +82 DD1 tells: an appointment tomorrow
        -> +82 done 'the grade fell'
        ",
    );
    // A unit is taken away; what had not been told at all is owed as the first telling.
    check(
        Rule::InformantOwed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        +4 CH1 opens robbery
        +5 DD1 diverts DC14 to 2: worse
        +6 CH1 tells: within the hour
        -> +6 done
        +7 DD1 diverts DC14 to 1: nearer
        +8 DD1 diverts DC14 to 2: worse again
        -> +8 owed 'the unit on its way was diverted' by CH1 due +23
        +9 DD1 rosters DC15
        +10 DD1 deploys DC15
        +11 PC1 status DC15 6 read out
        -> +11 overtaken 'the unit on its way was diverted'
        ",
    );
}

#[test]
fn a_promised_ring_back_is_made() {
    check(
        Rule::RingBackOwed,
        "
        +0 CH1 opens theft
        +1 CH1 promises +40: when the officers have been
        -> +1 owed by CH1 due +41
        +2 CH1 promises +50: again
        -> refused: a ring-back is promised on this log already: make that one first
        -> +31 A3 told CH1 (owner CH1)
        +31 later
        -> +41 A2 told CH1 (owner CH1)
        +41 CH1 rings back: no answer
        -> +51 A2 told team leader (owner team leader)
        +51 later
        -> +81 A2 told force incident manager (owner force incident manager)
        +82 TL1 rings back spoke: she is safe
        -> +82 done
        +83 CH1 promises +0: at once
        -> refused: a ring-back is promised for a time to come: choose a later one
        ",
    );
}

#[test]
fn an_appointment_is_kept_or_they_are_told() {
    check(
        Rule::AppointmentOwed,
        "
        +0 CH1 opens theft
        +1 CH1 books DC11 +60 with Mrs Evans
        -> +1 owed '1' by CH1 due +61
        -> +31 A3 '1' told CH1 (owner CH1)
        +31 later
        -> +61 A2 '1' told CH1 (owner CH1)
        +61 later
        +61 CH1 appointment 1 kept: she is well, statement taken
        -> +61 done '1'
        +62 CH1 books DC11 +0 with Mrs Evans
        -> refused: an appointment is for a time to come: choose a later one
        ",
    );
}

#[test]
fn a_question_is_pressing_as_soon_as_its_log_is() {
    // Half an hour to answer becomes two minutes, on the ladder of an immediate log.
    check(
        Rule::QuestionOpen,
        "
        +0 CH1 opens theft
        +0 CH1 grades 3
        +1 DD1 asks CH1: is anybody hurt
        -> +1 owed '1' by CH1 due +31
        -> +1 A3 '1' told CH1 (owner CH1)
        +5 CH1 grades 1
        -> +5 overtaken '1'
        -> +5 owed '1' by CH1 due +7
        -> +5 A2 '1' told CH1 (owner CH1)
        -> +7 A1 '1' told CH1 (owner CH1)
        +8 later
        ",
    );
}

#[test]
fn a_crime_is_recorded_in_time_from_the_first_report() {
    // Digital desk, case 2: recorded five days after.
    check(
        Rule::CrimeToRecord,
        "
        +0 CH1 receives 999: my bag is gone
        +30 CH1 opens theft from 1: my bag is gone
        -> +30 owed by CH1 due +1440
        -> +1080 A3 told CH1 (owner CH1)
        +1080 later
        -> +1440 A2 told CH1, team leader (owner CH1)
        +1450 CH1 crime recorded: CDF/1
        -> +1450 done
        +1451 CH1 crime none: it is found
        -> refused: the crime of log 20261121-0001 is recorded as CDF/1: write an entry if there is more to say
        ",
    );
    // Handed over, the crime desk owes it on the same clock, whatever becomes of the log.
    check(
        Rule::CrimeToRecord,
        "
        +0 CH1 opens theft
        -> +0 owed by CH1 due +1440
        +10 CH1 crime handed: the statement is with them
        -> +10 done
        -> +10 owed '20261121-0001' by team leader due +1440
        +11 CH1 crime handed: again
        -> refused: log 20261121-0001 is with the crime desk already: give the crime number, or say why it is none
        +12 CH1 recodes civil dispute: they are neighbours
        +20 TL1 crime recorded: CDF/2
        -> +20 done '20261121-0001'
        ",
    );
    // It was reported earlier, by another channel; and a code that reports no crime owes nothing.
    check(
        Rule::CrimeToRecord,
        "
        +0 CH2 receives email: my bag is gone
        +60 CH1 opens theft
        -> +60 owed by CH1 due +1500
        +70 CH2 links 1
        -> +70 overtaken
        -> +70 owed by CH1 due +1440
        +80 CH1 recodes civil dispute: they are neighbours
        -> +80 overtaken
        +90 CH1 recodes theft: it was taken
        -> +90 owed by CH1 due +1440
        +95 CH1 crime none: he had left it at home
        -> +95 done
        ",
    );
}

#[test]
fn planned_work_is_owed_until_it_is_written_how_it_was_done() {
    check(
        Rule::WorkPlanned,
        "
        +0 CH1 opens concern for safety
        +1 CH1 plans DD1 +60: visit the sister
        -> +1 owed '1' by DD1 due +61
        -> +46 A3 '1' told DD1 (owner DD1)
        +46 later
        -> +61 A2 '1' told DD1 (owner DD1)
        +70 DD1 work 1 done: she is well
        -> +70 done '1'
        +71 CH1 plans dispatcher +30: ring the school
        -> +71 owed '2' by dispatcher due +101
        +72 CH1 work 2 dropped: it is closed today
        -> +72 done '2'
        +73 CH1 work 3 done: it was done
        -> refused: log 20261121-0001 has no planned work 3
        +74 CH1 plans DD1 +0: at once
        -> refused: planned work is still to be done: give a time that is to come, or write an entry about what was done
        ",
    );
}
