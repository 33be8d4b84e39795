//! Nothing closes over a lit lamp, and each lamp is named.

use crate::world::{World, by, check_in, number, words};
use rules::command::Command;

fn refused(w: &mut World, doing: &str) -> Vec<String> {
    let command: Command = words::command(&w.s, w.at, doing);
    let refused = w.act(&by("DD1"), command).expect_err("it is refused");
    refused.items
}

#[test]
fn closing_names_each_thing_that_stands_in_the_way() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 opens theft unnamed: he has gone
        +1 CH1 grades 2
        +2 DD1 asks CH1: which way
        +3 DD1 tags fim: no units
        +4 DD1 rosters DC14
        +5 DD1 deploys DC14
        +6 CH1 promises +20: about the visit
        +7 CH2 writes critical: he is back
        ",
    );
    assert_eq!(
        refused(&mut w, "closes attended - no crime"),
        [
            "the informant's details, or why they are missing",
            "a THRIVE assessment",
            "the SOP read: theft",
            "a step of the SOP: evidence",
            "a crime recorded, or why it is none",
            "the informant told what happens next",
            "an intelligence check: police intelligence",
            "an answer: 1",
            "a decision on a tagged log: fim",
            "a promised ring-back",
            "the owner to read a critical entry: 1",
            "the log passed to dispatch, or a closing code without attendance",
            "DC14 stood down",
        ]
    );
    w.run(
        "
        +8 CH1 identifies: Ann Example
        +8 CH1 assesses
        +8 CH1 opens sop
        +8 CH1 settles evidence: none
        +8 CH1 crime none: it was lent
        +8 CH1 tells: priority
        +8 SO1 records police intelligence: nothing
        +8 CH1 answers 1: north
        +8 FIM1 untags fim: DC14 goes
        +8 CH1 rings back spoke: she knows
        +9 CH1 passes
        +10 DD1 accepts
        +11 DD1 releases DC14: nothing found
        ",
    );
    assert_eq!(
        refused(&mut w, "closes attended - no crime"),
        ["the unit to confirm that it is released: DC14"]
    );
    assert_eq!(
        refused(&mut w, "closes attended - crime recorded").last().map(String::as_str),
        Some("the number of the crime, or a closing code without one"),
    );
    w.run("+12 PC1 status DC14 2\n+13 DD1 closes attended - no crime");
    assert!(w.log(1).closed.is_some());
    let about = rules::obligation::Subject::Incident(number(1));
    assert_eq!(w.s.obligations_about(&about).count(), 0, "nothing is owed on a closed log");
}

/// A log with everything done but the passing on.
const DONE_BUT_NOT_PASSED: &str = "
    +0 CH1 opens contact record
    +1 CH1 grades 4
    +2 CH1 opens sop
    +3 CH1 settles recipient here: yes
    +4 CH1 settles risk asked: none
    +5 CH1 assesses
    +6 CH1 tells: passed on
    ";

#[test]
fn a_log_never_passed_on_closes_only_without_attendance() {
    let mut w = World::new();
    w.run(DONE_BUT_NOT_PASSED);
    assert_eq!(
        refused(&mut w, "closes attended - dealt with"),
        ["the log passed to dispatch, or a closing code without attendance"]
    );
    w.run("+7 CH1 closes message passed");
    assert!(w.log(1).closed.is_some());
}

#[test]
fn a_closed_log_is_reopened_with_a_reason_and_takes_nothing_before() {
    let mut w = World::new();
    w.run(DONE_BUT_NOT_PASSED);
    let w = check_in(
        w,
        "
        +7 CH1 reopens: it is open
        -> refused: log 20261121-0001 is open: nothing to do
        +8 CH1 closes no such code: done
        -> refused: 'no such code' is not a closing code of this force: choose one
        +9 CH1 closes message passed: to the officer
        +10 CH1 writes: one more thing
        -> refused: log 20261121-0001 is closed: reopen it first, with a reason
        +11 CH1 grades 1
        -> refused: log 20261121-0001 is closed: reopen it first, with a reason
        +12 CH2 reopens: she rang again
        +13 CH2 writes: she is afraid
        ",
    );
    assert_eq!(w.log(1).owner.to_string(), "CH2");
    assert!(w.log(1).passed_at.is_none(), "it is passed on anew");
}

#[test]
fn no_log_closes_while_a_call_about_it_goes_on() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 receives 999: he has been shouting in the street
        +0 CH1 opens civil dispute from 1: he has been shouting in the street
        +1 CH1 grades 4
        +2 CH1 assesses
        +2 CH1 opens sop
        +2 CH1 settles violence near: asked
        +2 CH1 settles advice: given
        +2 CH1 tells: nobody comes, and why
        +3 CH2 receives 101: I rang about the shouting
        +3 CH2 links 2
        +3 CH1 assesses
        ",
    );
    let live = |n, who| format!("call {n} over: {who} (call handler) is still on the line");
    assert_eq!(refused(&mut w, "closes message passed"), [live(1, "CH1"), live(2, "CH2")]);
    w.run("+4 CH1 loses call 1");
    assert_eq!(refused(&mut w, "closes message passed"), [live(2, "CH2")]);
    w.run("+5 CH2 loses call 2\n+6 CH1 closes message passed: told both");
    assert!(w.log(1).closed.is_some());
}

#[test]
fn a_duplicate_closes_while_the_log_it_duplicates_carries_the_call() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 opens civil dispute: shouting in the street
        +1 CH2 receives 999: shouting in the street
        +1 CH2 opens civil dispute from 1: shouting in the street
        +2 CH2 grades 4 #2
        +2 CH2 assesses #2
        +2 CH2 opens sop #2
        +2 CH2 settles violence near #2: asked
        +2 CH2 settles advice #2: given
        +2 CH2 tells #2: nobody comes, and why
        +3 CH2 links 1 #1
        +4 CH2 connects 1 as original #2
        ",
    );
    w.run("+5 CH2 closes duplicate #2: see log 1");
    assert!(w.log(2).closed.is_some() && w.log(1).closed.is_none());
}

#[test]
fn a_risk_in_one_word_closes_nothing() {
    let mut w = World::new();
    w.run(DONE_BUT_NOT_PASSED);
    let mut command = words::command(&w.s, w.at, "closes message passed");
    if let Command::CloseIncident(c) = &mut command {
        c.risk_now = rules::name::Words::parse("none").expect("a word");
    }
    let refused = w.act(&by("CH1"), command).expect_err("it is refused");
    assert_eq!(refused.items, ["the risk as it stands now, in more than one word"]);
}
