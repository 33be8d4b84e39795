//! Somebody gets in touch.

use crate::world::{World, by, check, check_in, number};
use rules::command::HangUp;
use rules::name::{ContactId, Reason};
use rules::obligation::Rule;

#[test]
fn a_contact_is_owed_a_record() {
    // A log ends it, a link ends it, an outcome ends it; nothing else does.
    check(
        Rule::ContactOwed,
        "
        +0 CH1 receives 999: loud banging on her door
        -> +0 owed by CH1 due +10
        -> +7:30 A3 told CH1 (owner CH1)
        -> +10 A2 told CH1 (owner CH1)
        +14 later
        -> +15 A2 told team leader (owner team leader)
        -> +30 A2 told force incident manager (owner force incident manager)
        +30 later
        -> +45 A2 told force incident manager (owner force incident manager)
        -> +60 A2 told force incident manager (owner force incident manager)
        +61 CH2 opens theft from 1
        -> +61 done
        +62 CH1 receives switchboard: for the officer who dealt with her
        -> +62 owed by CH1 due +72
        +63 CH1 links 2
        -> +63 done
        +64 CH1 receives 101: where is the front counter
        -> +64 owed by CH1 due +74
        +65 CH1 ends contact 3: told the opening times
        -> +65 done
        +66 CH1 ends contact 3: again
        -> refused: contact 3 has its record already: nothing more to do
        ",
    );
}

#[test]
fn a_dropped_call_is_wrapped_up() {
    check(
        Rule::CallUnfinished,
        "
        +0 CH1 receives 999: a man is breaking the window of my shop
        +1 CH1 opens ASB nuisance from 1
        +2 CH1 loses call 1
        -> +2 owed by CH1 due +5
        -> +4:15 A3 told CH1 (owner CH1)
        +4:30 CH1 grades 2
        +4:31 CH1 assesses
        +4:32 CH1 tells: a unit is on its way
        +4:33 CH1 passes
        +4:34 CH1 hangs up 1
        -> +4:34 done
        +5 CH1 hangs up 1
        -> refused: call 1 is over already: nothing more to do
        ",
    );
}

#[test]
fn a_call_does_not_end_before_the_log_says_where_and_who() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 receives 999: a tree is on the road
        +1 CH1 opens highway disruption unnamed nowhere from 1
        +2 CH1 grades 2
        +2 CH1 assesses
        +2 CH1 tells: a unit is on its way
        ",
    );
    let over = |because: Option<&str>, line_dropped| HangUp {
        contact: ContactId(1),
        line_dropped,
        because: because.map(|why| Reason::parse(why).expect("a reason")),
    };
    let refused = w.act(&by("CH1"), over(None, false)).expect_err("it is open");
    assert_eq!(
        refused.items,
        [
            "log 20261121-0001: it is not passed to dispatch",
            "log 20261121-0001: where it is, is not clear",
            "log 20261121-0001: who reports is not written, nor how to reach them",
        ]
    );
    let why = Some("she drove on and knows no more than the road");
    let refused = w.act(&by("CH1"), over(why, false)).expect_err("a reason is for where and who");
    assert!(refused.sentence.contains("do what is named here"), "{}", refused.sentence);
    w.run("+3 CH1 passes");
    let refused = w.act(&by("CH1"), over(None, false)).expect_err("it is open");
    assert!(refused.sentence.contains("say why the caller cannot tell"), "{}", refused.sentence);
    w.act(&by("CH1"), over(why, false)).expect("the reason is recorded");
    let owed = |w: &World, rule| w.s.obligations.values().any(|o| o.rule == rule);
    assert!(!owed(&w, Rule::CallUnfinished), "nothing more can be asked of this caller");
    assert!(owed(&w, Rule::LocationOwed) && owed(&w, Rule::InformantDetails), "still owed");
}

#[test]
fn a_caller_who_rang_off_is_no_reason_to_keep_the_line() {
    let w = check_in(
        World::new().watching(&[Rule::CallUnfinished]),
        "
        +0 CH1 receives 999: a tree is on the road
        +1 CH1 opens highway disruption unnamed nowhere from 1
        +2 CH1 loses call 1
        -> +2 owed by CH1 due +5
        +3 CH1 grades 2
        +3 CH1 assesses
        +3 CH1 tells: a unit is on its way
        +3 CH1 passes
        +4 CH1 hangs up 1: rang off, and the number is withheld
        -> +4 done
        ",
    );
    assert!(w.s.obligations.values().any(|o| o.rule == Rule::LocationOwed));
}

#[test]
fn a_contact_from_the_public_belongs_to_the_desk() {
    check(
        Rule::ContactOwed,
        "
        +0 WEB1 receives web: my neighbour screams
        -> +0 owed by call handler due +10
        -> +7:30 A3 told call handler (owner call handler)
        +8 later
        ",
    );
}

#[test]
fn informant_details_are_owed_or_explained() {
    check(
        Rule::InformantDetails,
        "
        +0 CH1 opens theft unnamed
        -> +0 owed by CH1 due +15
        +1 CH1 writes: did not give a name
        -> +15 A3 told CH1 (owner CH1)
        -> +45 A3 told CH1, team leader (owner CH1)
        +45 later
        -> +75 A2 told team leader (owner CH1)
        +75 later
        +80 CH1 identifies: Ann Example
        -> +80 done
        +90 CH1 opens theft
        ",
    );
}

#[test]
fn several_incidents_come_out_of_one_contact() {
    let w = check_in(
        World::new().watching(&[Rule::ContactOwed]),
        "
        +0 CH1 receives 999: her friend fights, and an officer sent her friend pictures
        -> +0 owed by CH1 due +10
        +2 CH1 opens domestic incident from 1
        -> +2 done
        +4 CH1 opens complaint against police from 1
        ",
    );
    assert_eq!(w.log(1).contacts, w.log(2).contacts, "both logs know the contact");
    assert_eq!(w.log(2).contacted_at, w.log(1).contacted_at);
    assert_eq!(w.log(2).number, number(2));
}

#[test]
fn a_contact_linked_to_an_open_log_leaves_its_words_there() {
    let w = check_in(
        World::new().watching(&[Rule::ContactOwed, Rule::RethriveOwed, Rule::CriticalUnread]),
        "
        +0 CH1 opens concern for safety
        +1 CH1 assesses
        +2 CH2 receives 101: where are you, she has set fire to a paper
        -> +2 owed contact_owed by CH2 due +12
        +3 CH2 links 1 chasing
        -> +3 done contact_owed
        -> +3 owed rethrive_owed 'a linked contact' by CH1 due +23
        -> +3 owed critical_unread '1' by CH1 due +8
        -> +3 A3 rethrive_owed 'a linked contact' told CH1 (owner CH1)
        -> +3 A3 critical_unread '1' told CH1 (owner CH1)
        +4 CH2 links 1
        -> refused: contact 1 is on log 20261121-0001 already: nothing more to do
        ",
    );
    let words = w.log(1).entries.last().map(|e| e.text.to_string());
    assert_eq!(words.as_deref(), Some("where are you, she has set fire to a paper"));
    assert!(w.log(1).entries.last().is_some_and(|e| e.own_words && e.critical));
}
