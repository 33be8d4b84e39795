//! What was said in a call and is not on the log, in the words of the cases.

use crate::world::{World, check, check_in, number};
use rules::contact::unwritten::{beside, unwritten};
use rules::obligation::Rule;

#[test]
fn what_was_said_and_is_not_on_the_log_is_pointed_out() {
    // Cases 5 and 4: what the log says is not asked for, another word for the same will do, and a
    // sentence that does not belong there is set aside with a reason.
    check(
        Rule::HeardNotWritten,
        "
        +0 CH1 receives 999: I am worried about my parents
        +1 CH1 hears 1: I have not seen my parents for a few days. His car is on the drive / He has violent tendencies
        +2 CH1 opens concern for safety from 1: caller states he suffers with MH and this can cause him to become violent and aggressive
        -> +2 owed 'I have not seen my parents for a few days' by CH1 due +12
        +3 CH1 hears police 1: has he got a knife
        +4 CH1 hears 1: and the car was stolen. He may have stolen my dad's car
        -> +4 owed 'He may have stolen my dad's car' by CH1 due +14
        +5 CH1 writes: the father's car is not on the drive
        -> +5 done 'He may have stolen my dad's car'
        +6 CH1 sets aside: I never said this | no
        -> refused: log 20261121-0001 does not list this sentence as missing: it is written, set aside, or was read again otherwise
        -> +12 A3 'I have not seen my parents for a few days' told CH1 (owner CH1)
        +12 later
        +13 CH1 assesses: the parents were last seen by her on Monday
        -> +13 done 'I have not seen my parents for a few days'
        +14 CH1 hears again 2 1: He has a knife
        -> +14 owed 'He has a knife' by CH1 due +24
        +15 CH1 sets aside: He has a knife | she was asked again: a butter knife, in the kitchen
        -> +15 done 'He has a knife'
        +16 CH1 hears 1: She is suicidal. He is, too
        -> +16 owed 'She is suicidal' by CH1 due +26
        +17 CH1 writes: there are thoughts of suicide
        -> +17 done 'She is suicidal'
        +18 CH1 strikes 2
        -> +18 owed 'She is suicidal' by CH1 due +28
        ",
    );
}

#[test]
fn experiencing_mental_health_issues_does_not_say_earlier_attempts() {
    let w = check_in(
        World::new().watching(&[Rule::HeardNotWritten]),
        "
        +0 CH1 receives 999: my cousin is in his car and has been drinking
        +1 CH1 opens road related offence from 1: male is intoxicated and experiencing mental health issues
        +2 CH1 hears 1: He has a bereavement. He has tried to take his own life multiple times / He is behind the wheel
        -> +2 owed 'He has tried to take his own life multiple times' by CH1 due +12
        ",
    );
    let log = w.log(1);
    let missing = unwritten(log, &w.s.policy);
    assert_eq!(missing.len(), 1, "{missing:?}");
    let only = missing.first().expect("there is one");
    assert_eq!((only.line, only.words.join(", ").as_str()), (1, "tried to take his own life"));
    assert!(only.why.iter().any(|why| why == "earlier attempts"), "{:?}", only.why);
    let way = rules::incident::closing::in_the_way(&w.s, log, true);
    assert!(way.iter().any(|w| w.contains("multiple times")), "{way:?}");
    let (lines, _) = beside(log, &w.s.policy);
    let held: Vec<(&str, &str)> = lines
        .iter()
        .flat_map(|l| &l.on_log)
        .map(|on| (on.words.as_str(), on.place.as_str()))
        .collect();
    let opening = "the words at opening";
    assert_eq!(held, [("bereavement", opening), ("behind the wheel", opening)]);
}

#[test]
fn the_train_tracks_are_asked_for_on_every_log_of_the_call() {
    // Case 6; a log that is opened later, or linked, is told all that was said before.
    let w = check_in(
        World::new().watching(&[Rule::HeardNotWritten]),
        "
        +0 CH1 receives 999: a patient has walked out
        +1 CH1 opens concern for safety from 1: patient missing from the ward
        +2 CH1 hears 1: he googled the train tracks. He is a suicidal high-risk patient. He left in a taxi
        -> +2 owed 'he googled the train tracks' by CH1 due +12; owed 'He is a suicidal high-risk patient' by CH1 due +12; owed 'He left in a taxi' by CH1 due +12
        +3 CH1 writes: left by taxi, searched the railway line, suicidal, absconded from hospital
        -> +3 done 'he googled the train tracks'; done 'He is a suicidal high-risk patient'; done 'He left in a taxi'
        +4 CH1 opens theft: a phone
        +5 CH1 links 1 #2
        -> +5 owed 'he googled the train tracks' by CH1 due +15; owed 'He is a suicidal high-risk patient' by CH1 due +15; owed 'He left in a taxi' by CH1 due +15
        ",
    );
    let heard = w.s.incident(number(2)).and_then(|log| log.heard.clone());
    assert_eq!(heard.map(|h| h.lines.len()), Some(1));
}
