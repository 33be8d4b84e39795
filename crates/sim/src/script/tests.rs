//! Scripts that are wrong, and the sentence about each; the examples of the document; small plays.

use super::*;

const POLICY: &str = include_str!("../../../../policy/default.toml");
const DOCUMENT: &str = include_str!("../../../../docs/scenarios.md");

/// The fenced blocks of the document in a language.
fn blocks(language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside: Option<(bool, Vec<&str>)> = None;
    for line in DOCUMENT.lines() {
        match (&mut inside, line.strip_prefix("```")) {
            (None, Some(name)) => inside = Some((name == language, Vec::new())),
            (Some((wanted, lines)), Some(_)) => {
                if *wanted {
                    found.push(lines.join("\n"));
                }
                inside = None;
            }
            (Some((_, lines)), None) => lines.push(line),
            (None, None) => {}
        }
    }
    found
}

/// The whole scenario of the document.
fn example() -> String {
    blocks("callbox").into_iter().next().expect("the document has a whole scenario")
}

fn played(text: &str) -> (Script, Played) {
    let script = parse("example", text, POLICY).expect("the script is read");
    let folder = tempfile::tempdir().expect("a folder");
    let played = play(&script, folder.path()).expect("it is played");
    (script, played)
}

#[test]
fn every_example_of_the_document_is_read() {
    let whole = example();
    parse("whole", &whole, POLICY).expect("the whole scenario is read");
    // Every block of lines goes on where the ones before have named things.
    let mut text = whole.clone();
    let mut all = String::new();
    for lines in blocks("lines") {
        let here = format!("{whole}\n{all}\n{lines}");
        if lines.contains("next day") {
            parse("lines", &here, POLICY).expect("the lines are read");
            continue;
        }
        all = format!("{all}\n{lines}");
        text = format!("{whole}\n{all}");
        let read = parse("lines", &text, POLICY);
        assert!(read.is_ok(), "{}", read.expect_err("it is no script"));
    }
    let head = blocks("head");
    let with_head = text.replacen("watch:", &format!("{}\nwatch:", head.join("\n")), 1);
    parse("head", &with_head, POLICY).expect("the head is read");
}

#[test]
fn every_phrase_has_an_example_in_the_document() {
    let (whole, lines) = (example(), blocks("lines").join("\n"));
    let text = format!("{whole}\n{}", lines.replace("next day", "").replace("on 2026-03-16", ""));
    for phrase in PHRASES {
        // The small words of a phrase, in order, stand in a line of the examples.
        let form = phrase.form.replace(['[', ']'], " ");
        let fixed: Vec<&str> =
            phrase.form.split('[').next().unwrap_or_default().split(' ').collect();
        let fixed = fixed.into_iter().filter(|w| w.chars().any(char::is_lowercase) || *w == "SOP");
        let fixed: Vec<String> = fixed.map(|w| format!(" {w} ")).collect();
        let has = |line: &&str| {
            let line = format!(" {} ", line.replace(':', " "));
            fixed.iter().all(|word| line.contains(word.as_str()))
        };
        assert!(text.lines().any(|line| has(&line)), "no example of '{form}'");
    }
}

/// The example with one line put in the place of another, or after the end.
fn with(before: &str, instead: &str) -> String {
    let example = example();
    assert!(before.is_empty() || example.contains(before), "{before}");
    if before.is_empty() {
        format!("{example}\n{instead}\n")
    } else {
        example.replacen(before, instead, 1)
    }
}

fn sentence(text: &str) -> String {
    parse("case.callbox", text, POLICY).expect_err("the script is wrong").to_string()
}

/// A line of the example, what stands in its place, and what must be said of it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("", "23:08:00 Owen snds T12 to L1", "did you mean 'sends'?"),
    ("", "23:08:00 Owne sends T12 to L1", "did you mean 'Owen'?"),
    ("", "23:08:00 Owen sends T21 to L1", "did you mean 'T12'?"),
    ("", "23:08:00 Owen sends T12 to L7", "did you mean 'L1'?"),
    ("", "23:08:00 Owen does deploy_unti incident=L1", "did you mean 'deploy_unit'?"),
    ("", "23:08:00 Owen does deploy_unit incidnet=L1 call_sign=T12", "did you mean 'incident'?"),
    ("", "23:08:00 Owen does deploy_unit incident=L2 call_sign=T12", "did you mean 'L1'?"),
    ("", "23:08:00 Owen does deploy_unit incident=L1", "'call_sign' is missing"),
    ("", "23:08:00 Owen does deploy_unit incident=L1 call_sign=T112", "did you mean 'T12'?"),
    ("", "23:08:00 Owen does give_incident incident=L1 to=Hwu reason=\"x\"", "'Huw'?"),
    ("", "23:08:00 Owen does tell_informant incident=L1 told=delai words=\"x\"", "'delay'?"),
    ("", "23:08:00 -> L1 unresorced tells Owen", "did you mean 'unresourced'?"),
    ("", "23:08:00 -> L1 unresourced tels Owen", "did you mean 'tells'?"),
    ("", "23:08:00 -> L1 unresourced tells dispach supervisor", "'dispatch supervisor'?"),
    ("", "23:08:00 -> L1 unresourced tells Owen at A7", "did you mean 'A1'?"),
    ("", "23:08:00 -> L3 unresourced tells Owen", "did you mean 'L1'?"),
    ("", "23:08:00 -> L1 records unit_deploid", "did you mean 'unit_deployed'?"),
    ("", "23:08:00 -> L1 ows unresourced", "did you mean 'owes'?"),
    ("", "23:08:00 -> L1 suggests Imediate", "did you mean 'Immediate'?"),
    ("", "23:08:00 -> L1 unresourced is finished", "is no end of an obligation"),
    ("", "23:04:00 Owen passes L1", "time does not run backwards"),
    ("", "nobody does anything until 23:01", "time does not run backwards"),
    ("", "23:08:00 Owen writes on L1 \"he said", "has no second quotation mark"),
    ("", "25:08:00 Owen passes L1", "'25:08:00' is no time"),
    ("", "23:8 Owen passes L1", "'23:8' is no time"),
    ("", "on 2026-13-01", "'2026-13-01' is no date"),
    ("", "nobdy does anything until 23:59", "did you mean 'nobody'?"),
    ("", "Owen passes L1", "begin the line with one"),
    ("", "23:08:00 Sian opens L1 \"fire\" at \"here\": \"x\"", "is the name of a log already"),
    ("", "23:08:00 Sian opens L2 \"fier\" at \"here\": \"x\"", "did you mean 'fire'?"),
    ("", "23:08:00 Sian grades L1 Prority", "did you mean 'Priority'?"),
    ("", "23:08:00 Owen passes L1 now", "stands where the line should end"),
    ("", "23:08:00 every 15 min Owen passes L1", "stands where 'until'"),
    ("", "23:08:00 every 15 min until 23:50 Owen passes L1", "write '->' after it"),
    ("", "23:08:00 Owen owns unresorced of L1 \"x\"", "did you mean 'unresourced'?"),
    ("", "23:08:00 Owen does own_obligation obligation=unresourced words=\"x\"", "the rule and"),
    ("", "23:08:00 Sian assesses L1: thret high \"x\"", "did you mean 'threat'?"),
    ("", "23:08:00 Owen does add_entry incident=L1 text=\"a\" text=\"b\"", "written twice"),
    ("watch: told", "watch: tolt", "did you mean 'told'?"),
    ("watch:", "wotch:", "did you mean 'watch'?"),
    ("starts: 2026-03-14 23:05", "", "it does not say when it starts"),
    ("starts: 2026-03-14", "starts: 14.3.2026", "'14.3.2026' is no date"),
    ("Sian is call handler", "Sian is call hander", "did you mean 'call handler'?"),
    ("Owen is dispatcher", "Sian is dispatcher", "'Sian' is there twice"),
    ("T12 is response carrying", "T12 is response carying", "did you mean 'carrying'?"),
    ("watch:", "policy set obligaton.unresourced.due.2 = \"10 min\"\nwatch:", "'obligation'?"),
    ("watch:", "policy set alarm.settle\nwatch:", "is written as"),
    ("watch:", "policy set alarm.settle = \"soon\"\nwatch:", "is not well formed"),
];

#[test]
fn each_mistake_is_one_sentence_with_its_line_and_what_was_meant() {
    let mut wrong_sentences = Vec::new();
    for (before, instead, meant) in MISTAKES {
        let text = with(before, instead);
        let said = sentence(&text);
        if !said.contains(meant) {
            wrong_sentences.push(format!("{instead}\n    {said}"));
        }
        assert!(said.starts_with("case.callbox, line "), "{said}");
        let wrong = instead.lines().next().unwrap_or_default();
        let line = text.lines().position(|line| !wrong.is_empty() && line.contains(wrong));
        let line = line.filter(|_| !instead.is_empty()).map(|at| format!("line {}: ", at + 1));
        if let Some(line) = line.filter(|line| !said.contains(line.as_str())) {
            wrong_sentences.push(format!("not {line}{said}"));
        }
    }
    assert!(wrong_sentences.is_empty(), "{}", wrong_sentences.join("\n"));
    assert!(sentence("# nothing\nstarts: 2026-03-14").contains("nothing happens in it"));
}

#[test]
fn the_example_is_played_as_it_says() {
    let (_, played) = played(&example());
    assert_eq!(played.differences, []);
}

#[test]
fn what_is_missing_and_what_is_unexpected_are_both_told() {
    let text = with("23:07:30 Owen sends T12 to L1\n23:07:50 T12 confirms L1\n", "");
    let text = text.replace("-> no L1 unresourced", "-> L1 unresourced tells Owen at A1");
    let (_, late) = played(&format!("{text}\nnobody does anything until 23:20\n"));
    let all: Vec<&str> = late.differences.iter().map(|d| d.got.as_str()).collect();
    assert!(all.iter().any(|got| got.starts_with("not at 23:07:00")), "{all:?}");
    assert!(
        all.contains(&"23:11:30 -> L1 unresourced sounds A1 at dispatch supervisor"),
        "{all:?}"
    );
    let told = "23:11:30 -> L1 unresourced tells Owen, dispatch supervisor at A1";
    assert!(all.contains(&told), "{all:?}");
}

#[test]
fn what_must_not_be_fails_when_it_is() {
    let text = with("23:07:30 Owen sends T12 to L1\n23:07:50 T12 confirms L1\n", "");
    let text = format!("{text}\nnobody does anything until 23:20\n");
    let (script, never) = played(&text);
    let line = script.lines.iter().position(|l| l.contains("-> no")).expect("the line") + 1;
    let found = never.differences.iter().find(|d| d.line == line).expect("it is a difference");
    assert!(found.got.contains("L1 unresourced"), "{found:?}");
}

#[test]
fn the_golden_text_is_a_script_that_passes_and_is_the_same_each_time() {
    let text = with("23:07:30 Owen sends T12 to L1\n23:07:50 T12 confirms L1\n", "");
    let text = text.replace("    -> no L1 unresourced", "");
    let text = format!("{text}\nnobody does anything until 23:59\nnext day\n02:00 Owen reads L1\n");
    let (script, first) = played(&text);
    assert!(!first.passed());
    let written = golden(&script, &first);
    let (again, second) = played(&written);
    assert_eq!(second.differences, [], "{written}");
    assert_eq!(golden(&again, &second), written);
    assert!(written.contains(" every 5 min until 01:5"), "{written}");
    let explained = explain(&again, &second);
    assert!(explained.contains("source: Learning the Lessons case 1: eleven hours"), "{explained}");
    let (_, third) = played(&text);
    let told = |p: &Played| p.timeline.iter().map(Entry::text).collect::<Vec<_>>();
    assert_eq!(told(&first), told(&third));
}

#[test]
fn a_changed_policy_is_played() {
    let text = with("23:07:30 Owen sends T12 to L1\n23:07:50 T12 confirms L1\n", "");
    let text =
        text.replace("watch:", "policy set obligation.unresourced.due.1 = \"3 min\"\nwatch:");
    let text = format!("{text}\nnobody does anything until 23:20\n");
    let (_, played) = played(&text);
    let all: Vec<&str> = played.differences.iter().map(|d| d.got.as_str()).collect();
    assert!(all.iter().any(|got| got.starts_with("23:09:30 -> L1 unresourced tells")), "{all:?}");
}
