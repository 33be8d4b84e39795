//! Grade, THRIVE, opening code and location.

use crate::world::{World, by, check, check_in, number, policy};
use rules::command::KeepOpeningCode;
use rules::incident::grade::{suggest, suggest_for};
use rules::incident::thrive::difference;
use rules::name::{Grade, Label, OpeningCode, Reason};
use rules::obligation::Rule;

#[test]
fn a_vague_location_is_asked_about() {
    check(
        Rule::LocationOwed,
        "
        +0 CH1 opens theft nowhere
        -> +0 owed by call handler due +5
        +1 CH1 grades 1
        -> +1 overtaken
        -> +1 owed by call handler due +3
        +2 CH1 locates vaguely: somewhere by the river
        -> +3 A3 told call handler (owner call handler)
        +5 later
        -> +33 A3 told call handler, team leader (owner call handler)
        +35 later
        -> +63 A2 told team leader (owner call handler)
        +66 CH1 locates: 5 River Row, Exampleton
        -> +66 done
        ",
    );
}

#[test]
fn a_log_is_graded_at_once() {
    // Neither writing nor reading nor assessing is grading.
    check(
        Rule::GradeOwed,
        "
        +0 CH1 opens theft
        -> +0 owed by CH1 due +2
        -> +1:30 A3 told CH1 (owner CH1)
        +1:30 CH1 writes: seen and noted
        -> +2 A2 told CH1 (owner CH1)
        +2 CH1 assesses
        -> +7 A2 told team leader (owner team leader)
        +7 later
        -> +22 A2 told force incident manager (owner force incident manager)
        +22 later
        -> +37 A2 told force incident manager (owner force incident manager)
        +37 CH1 grades 2
        -> +37 done
        ",
    );
}

#[test]
fn a_contested_grade_goes_to_a_supervisor() {
    // Writing is no answer to the call handler who asked, and a supervisor may keep the grade.
    check(
        Rule::GradeContested,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 contests 1: she said she would be dead
        -> +2 owed '1 asked for by CH1' by dispatch supervisor due +7
        -> +2 A2 '1 asked for by CH1' told dispatch supervisor (owner dispatch supervisor)
        +3 DD1 writes: no action required
        -> +7 A2 '1 asked for by CH1' told dispatch supervisor, team leader (owner dispatch supervisor)
        +7 later
        -> +17 A2 '1 asked for by CH1' told force incident manager (owner force incident manager)
        +17 later
        -> +32 A2 '1 asked for by CH1' told force incident manager (owner force incident manager)
        +32 DS1 grades 2
        -> +32 done '1 asked for by CH1'
        +33 CH1 contests 1: she rang again
        -> +33 owed '1 asked for by CH1' by dispatch supervisor due +38
        -> +33 A2 '1 asked for by CH1' told dispatch supervisor (owner dispatch supervisor)
        +34 DD1 grades 1
        -> +34 done '1 asked for by CH1'
        +35 CH1 contests 1: again
        -> refused: log 20261121-0001 is graded Immediate already: ask for a higher grade
        ",
    );
}

#[test]
fn thrive_is_owed_on_every_log() {
    check(
        Rule::ThriveOwed,
        "
        +0 CH1 opens theft
        -> +0 owed by CH1 due +10
        +1 CH1 grades 2
        +9 CH1 assesses: low
        -> refused: this THRIVE cannot be recorded yet: the rationale of threat has 1 word(s): say why in at least 2; the rationale of harm has 1 word(s): say why in at least 2; the rationale of risk has 1 word(s): say why in at least 2; the rationale of investigation has 1 word(s): say why in at least 2; the rationale of vulnerability has 1 word(s): say why in at least 2; the rationale of engagement has 1 word(s): say why in at least 2
        -> +10 A3 told CH1 (owner CH1)
        +10 CH1 writes: THRIVE later
        -> +40 A3 told CH1, team leader (owner CH1)
        +40 later
        -> +70 A2 told team leader (owner CH1)
        +70 later
        -> +130 A2 told team leader (owner CH1)
        +130 CH1 assesses
        -> +130 done
        +140 later
        ",
    );
}

#[test]
fn new_information_means_thrive_again() {
    check(
        Rule::RethriveOwed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 writes new: the first assessment is owed still
        +3 CH1 assesses
        +4 CH1 writes: a neighbour saw nothing
        +5 CH1 writes new: he has a knife
        -> +5 owed 'new information' by CH1 due +15
        -> +5 A3 'new information' told CH1 (owner CH1)
        -> +15 A2 'new information' told CH1 (owner CH1)
        +15 later
        -> +30 A2 'new information' told dispatch supervisor (owner dispatch supervisor)
        +30 later
        -> +60 A2 'new information' told force incident manager (owner force incident manager)
        +60 later
        +61 DD1 assesses
        -> +61 done 'new information'
        +62 CH1 marks MARAC: on her address
        -> +62 owed 'a marker found' by CH1 due +72
        -> +62 A3 'a marker found' told CH1 (owner CH1)
        +63 CH1 recodes robbery: taken by force
        -> +63 owed 'a changed opening code' by CH1 due +73
        -> +63 A3 'a changed opening code' told CH1 (owner CH1)
        +64 DD1 assesses
        -> +64 done 'a marker found'; done 'a changed opening code'
        +65 DS1 grades 3: the knife was a toy
        -> +65 owed 'a downgrade' by CH1 due +85
        -> +65 A3 'a downgrade' told CH1 (owner CH1)
        +66 DD1 assesses
        -> +66 done 'a downgrade'
        ",
    );
}

#[test]
fn a_long_wait_means_thrive_again() {
    // Counted from the last assessment; a unit ends it, and another grade waits another time.
    check(
        Rule::LongWait,
        "
        +0 CH1 opens theft
        +1 CH1 grades 3
        -> +1 owed by CH1 due +1441
        +10 CH1 assesses
        -> +10 done
        -> +10 owed by CH1 due +1450
        +20 CH1 grades 2
        -> +20 overtaken
        -> +20 owed by CH1 due +70
        -> +70 A2 told CH1 (owner CH1)
        +70 later
        +80 CH1 assesses
        -> +80 done
        -> +80 owed by CH1 due +140
        +81 DD1 rosters DC14
        +90 DD1 deploys DC14
        -> +90 overtaken
        +95 DD1 releases DC14
        -> +95 owed by CH1 due +155
        ",
    );
}

#[test]
fn facts_against_the_code_are_decided() {
    check(
        Rule::CodeDoubted,
        "
        +0 CH1 opens suspicious circumstances: banging on the door, I think it is my ex-husband
        -> +0 owed 'domestic not suspicious' by team leader due +10
        -> +0 A3 'domestic not suspicious' told team leader (owner team leader)
        +5 CH1 keeps domestic not suspicious: no sign of duress
        -> refused: the words 'my ex' meet the definition of 'domestic incident': change the code to it, or ask a supervisor to keep 'suspicious circumstances'
        +6 CH1 recodes civil dispute: about a court order
        -> +6 done 'domestic not suspicious'
        -> +6 owed 'domestic not suspicious' by team leader due +16
        -> +6 A3 'domestic not suspicious' told team leader (owner team leader)
        -> +16 A2 'domestic not suspicious' told team leader (owner team leader)
        +16 later
        -> +31 A2 'domestic not suspicious' told dispatch supervisor (owner dispatch supervisor)
        +31 later
        +32 CH1 recodes domestic incident: a former husband
        -> +32 done 'domestic not suspicious'
        +40 CH1 opens concern for safety: he walked out of the ward in a taxi
        -> +40 owed 'missing not concern' by team leader due +50
        -> +40 A3 'missing not concern' told team leader (owner team leader)
        +41 DD1 keeps missing not concern #2: he rang from his home
        -> +41 done 'missing not concern'
        +42 CH1 writes #2: a neighbour found her submerged in the bath
        -> +42 owed 'death not suspicious' by team leader due +52
        -> +42 A3 'death not suspicious' told team leader (owner team leader)
        +43 TL1 keeps death not suspicious #2: the ambulance has found a heartbeat
        -> +43 done 'death not suspicious'
        ",
    );
}

#[test]
fn danger_to_life_suggests_the_top_grade_and_names_the_words() {
    let policy = policy();
    // What is said, and the rule and words that must be named.
    for (words, rule, named) in [
        ("my son says he feels like ending it all", "danger to life: suicide", "ending it all"),
        ("He had GOOGLED the train tracks", "danger to life: train tracks", "train tracks"),
        ("just kill me, it would be easier", "danger to life: threat to kill", "kill"),
        (
            "he had his hands around her throat",
            "danger to life: strangulation",
            "hands around her throat",
        ),
        ("he has a machete", "danger to life: weapon", "machete"),
        ("a guest submerged in the bath", "danger to life: not breathing", "submerged"),
        ("I drank turpentine", "danger to life: overdose or poison", "turpentine"),
        ("she has set fire to a paper", "danger to life: fire", "set fire"),
        ("key presses, and then a cough", "silent caller asking for police", "key presses"),
        ("the address is MARAC", "MARAC or high risk marker", "marac"),
        ("tried to take his own life twice", "danger to life: suicide", "take his own life"),
    ] {
        let code = OpeningCode::parse("ASB environmental").expect("a code");
        let s = suggest_for(&code, &[words.to_lowercase()], &[], &policy);
        assert_eq!(s.grade, Grade::TOP, "{words}");
        let cause = s.because.iter().find(|c| c.rule == rule);
        assert_eq!(cause.map(|c| c.words.as_str()), Some(named), "{words}: {:?}", s.because);
    }
}

#[test]
fn parts_of_words_suggest_nothing() {
    let policy = policy();
    let code = OpeningCode::parse("ASB environmental").expect("a code");
    for words in ["a skilled man", "they burgundy gunwale", "he was killing time", "hanging around"]
    {
        let s = suggest_for(&code, &[words.to_owned()], &[], &policy);
        assert_eq!(s.grade.rank(), 4, "{words}: {:?}", s.because);
        assert_eq!(s.because.len(), 1, "{words}: only the code's usual grade");
    }
}

#[test]
fn an_unknown_location_never_lowers_a_grade() {
    // Case 1: an incorrect belief that a log cannot be immediate without a location.
    let w = check_in(
        World::new().watching(&[Rule::Unresourced]),
        "
        +0 CH1 opens abandoned call to emergency services nowhere: key presses and a clear cough
        +1 CH1 grades 2
        -> refused: Immediate is suggested, because of 'Immediate', 'key presses': give a reason to grade it Priority
        +2 CH1 grades 1
        -> +2 owed by CH1 due +7
        -> +7 A1 told CH1, dispatch supervisor (owner CH1)
        +7 later
        ",
    );
    let suggested = suggest(w.log(1), &policy());
    assert_eq!(suggested.grade, Grade::TOP);
    let mut known = w.log(1).clone();
    known.location = crate::world::words::place(Some("5 River Row"));
    assert_eq!(suggest(&known, &policy()), suggested, "the location is not looked at");
}

#[test]
fn a_marker_counts_for_the_suggestion_and_a_struck_entry_does_not() {
    let mut w = World::new();
    w.run("+0 CH1 opens theft\n+1 CH1 writes: he has a knife");
    assert_eq!(suggest(w.log(1), &policy()).grade, Grade::TOP);
    w.run("+2 CH1 strikes 1: heard wrongly");
    assert_eq!(suggest(w.log(1), &policy()).grade.rank(), 3);
    w.run("+3 CH1 marks MARAC: on her address");
    assert_eq!(suggest(w.log(1), &policy()).grade, Grade::TOP);
}

#[test]
fn a_grade_below_the_suggestion_and_a_downgrade_need_their_reasons() {
    let w = check_in(
        World::new(),
        "
        +0 CH1 opens theft: he has a knife
        +1 CH1 grades 3
        -> refused: Immediate is suggested, because of 'knife': give a reason to grade it Scheduled
        +2 CH1 grades 3: it is a butter knife in a shop window
        +3 CH1 grades 3
        -> refused: log 20261121-0001 is graded Scheduled already: choose another grade, or leave it
        +4 CH1 grades 1
        +5 CH1 grades 2
        -> refused: Immediate is suggested, because of 'knife': give a reason to grade it Priority
        +6 CH1 grades 2: the offender has left
        -> refused: a downgrade needs a supervisor: name the one on duty who agrees, or ask one to do it
        +7 CH1 grades 2 with DD1: the offender has left
        -> refused: a downgrade needs a supervisor: name the one on duty who agrees, or ask one to do it
        +8 CH1 grades 2 with TL1: the offender has left
        +9 DS1 grades 3: an appointment is agreed
        +10 CH1 grades 7
        -> refused: 7 is not a grade of this force: choose one
        ",
    );
    let agreed = w.log(1).grades.iter().rev().nth(1).and_then(|g| g.agreed_by.clone());
    assert_eq!(agreed.map(|s| s.to_string()).as_deref(), Some("TL1"));
}

#[test]
fn a_caller_who_is_not_understood_is_graded_no_lower_than_policy_says() {
    // What the code alone suggests, whether the caller was understood, and what is suggested then.
    for (code, heard, least, suggested) in [
        ("theft", "assesses", Some(2), 3),
        ("theft", "assesses unheard", Some(2), 2),
        ("contact record", "assesses unheard", Some(2), 2),
        ("contact record", "assesses unheard", Some(3), 3),
        ("contact record", "assesses unheard", None, 4),
        ("robbery", "assesses unheard", Some(2), 1),
    ] {
        let mut w = World::new();
        w.run(&format!("+0 CH1 opens {code}\n+1 CH1 {heard}"));
        let mut policy = policy();
        policy.thrive.not_understood_grade = least.map(|n: u8| Grade::try_from(n).expect("one"));
        let s = suggest(w.log(1), &policy);
        let named = s.because.iter().any(|c| c.words.contains("not be heard or understood"));
        let is_why = heard != "assesses" && least == Some(suggested);
        assert_eq!((s.grade.rank(), named), (suggested, is_why), "{code} {heard} {least:?}: {s:?}");
    }
    check_in(
        World::new(),
        "
        +0 CH1 opens contact record
        +1 CH1 assesses unheard
        +2 CH1 grades 4
        -> refused: Priority is suggested, because of 'the informant could not be heard or understood': give a reason to grade it No deployment
        +3 CH1 assesses
        +4 CH1 grades 4
        ",
    );
}

#[test]
fn facts_that_meet_the_definition_force_the_domestic_code() {
    // The code, what is said, and whether only a supervisor may keep the code.
    for (code, said, forced) in [
        ("violence", "my husband has hit me", true),
        ("violence", "two men hit my husband", false),
        ("theft", "my ex-partner took the car keys", true),
        ("burglary", "my husband is chasing a burglar", false),
        ("criminal damage", "my ex has smashed the window", true),
        ("stalking and harassment", "my ex-boyfriend waits outside", true),
        ("concern for safety", "she is afraid of her husband", true),
        ("concern for safety", "my husband has pains in his chest", false),
    ] {
        let mut w = World::new();
        w.run(&format!("+0 CH1 opens {code}: {said}"));
        let doubt = w.log(1).doubts.iter().find(|d| d.forced);
        assert_eq!(doubt.is_some(), forced, "{code}: {said}: {:?}", w.log(1).doubts);
        let to = doubt.map(|d| d.suggests.as_str());
        assert_eq!(to, forced.then_some("domestic incident"), "{code}: {said}");
    }
    // The answer is itself the fact: no phrase is needed.
    for code in ["violence", "theft", "burglary", "criminal damage", "suspicious circumstances"] {
        let mut w = World::new();
        w.run(&format!("+0 CH1 opens {code}: it was Mark\n+1 CH1 says family no"));
        assert!(w.log(1).doubts.is_empty(), "{code}");
        w.run("+2 CH1 says family yes");
        let keep = KeepOpeningCode {
            incident: number(1),
            doubt: Label::parse("domestic not crime").expect("a name"),
            reason: Reason::parse("she does not want that").expect("a reason"),
        };
        let refused = w.act(&by("CH1"), keep).expect_err("only a supervisor may");
        assert!(refused.sentence.contains("meet the definition"), "{code}: {}", refused.sentence);
        w.run("+3 CH1 recodes domestic incident: he is her brother");
        assert!(w.log(1).doubts.iter().all(|d| d.settled), "{code}");
    }
}

#[test]
fn every_thrive_version_is_kept_and_compared() {
    let mut w = World::new();
    w.run(
        "+0 CH1 opens theft\n+1 CH1 assesses: nothing known yet\n+2 CH1 assesses: he has a knife",
    );
    let log = w.log(1);
    assert_eq!(log.thrive.iter().map(|t| t.version).collect::<Vec<_>>(), [1, 2]);
    let changes = difference(&log.thrive[0], &log.thrive[1]);
    assert_eq!(changes.len(), policy().thrive.elements.len());
    assert_eq!(changes[0], "threat: high -> high (nothing known yet -> he has a knife)");
}

#[test]
fn a_code_change_keeps_the_code_before_and_why() {
    let mut w = World::new();
    w.run("+0 CH1 opens suspicious circumstances\n+1 CH1 recodes sudden death: a dead guest");
    let (code, _, why) = &w.log(1).codes_before[0];
    assert_eq!((code.as_str(), why.as_str()), ("suspicious circumstances", "a dead guest"));
    assert_eq!(w.log(1).number, number(1));
}

#[test]
fn an_entry_struck_through_stays_readable() {
    let w = check_in(
        World::new(),
        "
        +0 CH1 opens theft
        +1 CH1 writes: a red car
        +2 CH1 strikes 1: it was blue
        +3 CH1 strikes 1: again
        -> refused: entry 1 is struck through already
        +4 CH1 strikes 9: no such entry
        -> refused: log 20261121-0001 has no entry 9: check its number
        ",
    );
    let entries: Vec<_> = w.log(1).entries.iter().collect();
    assert_eq!(entries[0].text.as_str(), "a red car", "nothing is edited");
    let struck = entries[0].struck.as_ref().map(|(why, who, by)| (why.as_str(), who.as_str(), *by));
    assert_eq!(struck, Some(("it was blue", "CH1", Some(2))));
    assert_eq!(entries[1].text.as_str(), "what it should have said");
}

#[test]
fn an_allegation_against_police_gets_a_log_of_its_own() {
    // Case 3: at the end of a call about a fight, an officer had sent her friend pictures.
    let w = check_in(
        World::new().watching(&[Rule::CodeDoubted]),
        "
        +0 CH1 receives 999: my friend and her mother are fighting
        +1 CH1 opens domestic incident from 1
        +2 CH1 writes: and a police officer has sent her pictures, 100 percent
        -> +2 owed 'allegation against police' by team leader due +12
        -> +2 A3 'allegation against police' told team leader (owner team leader)
        +3 CH1 opens complaint against police from 1: a police officer has sent her pictures
        -> +3 done 'allegation against police'
        ",
    );
    assert_eq!(w.log(1).opening_code.as_str(), "domestic incident", "the first log stays as it is");
    let settled: Vec<bool> = w.log(1).doubts.iter().map(|d| d.settled).collect();
    assert_eq!(settled, [true]);
    assert!(w.log(2).doubts.is_empty(), "it has the code already");
}
