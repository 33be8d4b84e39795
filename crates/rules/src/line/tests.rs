//! The grammar as tables: a line, and what it means at one desk.

use super::grammar::{ROWS, Wants};
use super::*;
use crate::command::*;
use crate::views::rig::*;
use proptest::prelude::*;
use std::sync::LazyLock;

/// A dispatcher's desk on the first log. Log 1 has DC14 and DC15; log 2 has nobody; log 3 has DC16
/// alone. DC22 and NPT4 are free, and so are DC77 and NPT77.
struct Scene {
    room: Room,
    by: By,
    selected: Option<IncidentNumber>,
    last: Option<Last>,
}

impl Scene {
    fn new() -> Scene {
        let mut room = Room::new();
        let here = place("9 Mill Lane", Some(Point { lat: 51.8, lon: -4.9 }));
        let one = room.accepted("suspicious circumstances", 2, here.clone());
        room.accepted("suspicious circumstances", 2, here.clone());
        let three = room.accepted("suspicious circumstances", 2, here.clone());
        room.log("theft", None, here.clone());
        for unit in ["DC14", "DC15", "DC16", "DC22", "NPT4", "DC77", "NPT77"] {
            room.unit(unit, "North", &[], here.point);
        }
        room.deploy(one, "DC14");
        let call_sign = call_sign("DC15");
        let reason = Some(reason("two suspects"));
        room.act(&dispatcher(), DeployUnit { incident: one, call_sign, reason, silent: false });
        room.deploy(three, "DC16");
        Scene { room, by: dispatcher(), selected: Some(one), last: None }
    }

    fn desk(&self) -> Desk<'_> {
        Desk {
            state: &self.room.s,
            now: self.room.now,
            by: &self.by,
            selected: self.selected,
            last: self.last.clone(),
        }
    }

    /// What a line means, in one line.
    fn reads(&self, line: &str) -> String {
        match understand(line, &self.desk()) {
            Ok(Understood::Do { says, .. }) => format!("do: {says}"),
            Ok(Understood::Undo { says, .. }) => format!("undo: {says}"),
            Ok(Understood::Show(view)) => {
                format!("show: {}", serde_json::to_string(&view).unwrap())
            }
            Ok(Understood::Choose { question, choices }) => {
                let lines: Vec<&str> = choices.iter().map(|c| c.line.trim_end()).collect();
                format!("choose: {question} {}", lines.join(" | "))
            }
            Err(wrong) => {
                let meant = wrong.try_instead.map(|t| format!(" -> {t}")).unwrap_or_default();
                format!("[{}] {}{meant}", wrong.token, wrong.says)
            }
        }
    }

    /// Carries a line out, as the room would, and remembers it.
    fn does(&mut self, line: &str) {
        match understand(line, &self.desk()) {
            Ok(Understood::Do { commands, .. }) => {
                let last = Last::of(line, &commands, &self.desk());
                for command in commands {
                    self.room.act(&self.by.clone(), command);
                }
                self.last = Some(last);
            }
            Ok(Understood::Undo { commands, .. }) => {
                for command in commands {
                    self.room.act(&self.by.clone(), command);
                }
                self.last = None;
            }
            other => panic!("{line}: {other:?}"),
        }
    }
}

static SCENE: LazyLock<Scene> = LazyLock::new(Scene::new);

/// Each row: a line, an arrow, and how what it means begins.
fn check(scene: &Scene, table: &str) {
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (line, means) = row.split_once(" => ").expect("a row has an arrow");
        let reads = scene.reads(line.trim());
        assert!(reads.starts_with(means.trim()), "{row}\nreads: {reads}");
    }
}

/// Every command of the table, as it is understood and as it is not.
const COMMANDS: &str = "
    D 22 0002           => do: send DC22 to log 0002
    d   dc22   2        => [2] there is no unit '2' on the board
    D 22 002            => do: send DC22 to log 0002
    D 22 20370101-0002  => [20370101-0002] there is no open log
    D 22 NPT4 0002      => do: send DC22 and NPT4 to log 0002
    D 22 4 0002         => do: send DC22 and NPT4 to log 0002
    0002 D 22           => do: send DC22 to log 0002
    D 22 0002 two men   => do: send DC22 to log 0002, because: two men
    D 22 0002: 2 men    => do: send DC22 to log 0002, because: 2 men
    D 22: 2 men         => do: send DC22 to log 0001, because: 2 men
    D 22                => [D] log 0001 has a unit already: say why one more is sent
    D 14                => [D] DC14 is on log 0001 already
    D 14 0002           => choose: DC14 is on log 0001: what becomes of that job? X DC14 0002 keep | X DC14 0002 requeue | X DC14 0002 cover
    D                   => [D] say which unit
    X 14 0002           => choose: DC14 is on log 0001: what becomes of that job? X DC14 0002 keep |
    X 16 0002           => choose: DC16 is on log 0003: what becomes of that job? X DC16 0002 requeue |
    X 14 0002 a knife   => choose: DC14 is on log 0001: what becomes of that job? X DC14 0002 keep a knife |
    X 14 0002 requeue   => [X] say why it is diverted, as in 'X DC14 0002 requeue a knife
    X 14 0002 requeue a knife => do: divert DC14 from log 0001 (requeue) to log 0002, because: a knife
    X 14 0002 cover 22 knife  => do: divert DC14 from log 0001 (cover DC22) to log 0002, because: knife
    X 14 0002 cover     => [cover] say which unit covers
    X 22 0002           => [22] DC22 is on no log: deploy it instead -> D DC22 0002
    5 14                => do: DC14 to status 5, en route
    5 14 15             => do: DC14 and DC15 to status 5
    6 14                => [6] DC14 has not opened the risk card: read it out over the radio, then say so with 'read' -> 6 14 read
    6 14 read           => do: DC14 to status 6, at scene
    5 14 now            => [now] 'now' does not belong here: leave it out -> 5 14
    17 14               => [17] 17 is not a unit status: they go from 0 to 16
    S 14 no crime here  => do: release DC14 from log 0001, because: no crime here
    S 14                => [S] say why it is released, as in 'S DC14
    S 22 done           => [S] DC22 is on no log
    C                   => do: accept log 0001: code, grade and content are right
    C no no address     => do: accept log 0001, but its content is not right: no address
    C no code: a theft  => do: accept log 0001, but its code is not right: a theft
    C no code on the door => do: accept log 0001, but its content is not right: code on the door
    C no                => [C] say what is wrong
    C wrong street      => [wrong] write 'C' if everything is right, or 'C no' and what is wrong -> C no wrong street
    G 1 a knife is seen => do: grade log 0001
    G 1                 => [G] a new grade needs a reason
    G 3 he has gone     => [G] a downgrade needs a supervisor
    G 3 @tl01 he has gone => do: grade log 0001
    G 9 x               => [9] '9' is not a grade: they are
    0004 G 1            => do: grade log 0004
    N he has left       => do: write on log 0001
    N: 2 men            => do: write on log 0001
    N                   => [N] write the text
    ! he has a gun      => do: write a critical line on log 0001
    !he has a gun       => do: write a critical line on log 0001
    N! he has a gun     => do: write a critical line on log 0001
    T fim no units      => do: tag log 0001 with fim, because: no units
    T FIM               => [T] say why, as in 'T fim
    T fm no units       => [fm] 'fm' is not a tag of this force
    T- fim there        => [fim] log 0001 has no tag 'fim'; its tags: none
    L 0002              => do: link log 0001 with log 0002
    L 0002 dup          => do: link log 0001 with log 0002 as its duplicate
    L 0001              => [0001] a log cannot be linked to itself
    H tl01 my break     => do: give log 0001 to TL01, because: my break
    H TL01              => [H] say why, as in 'H TL01
    H TL02 my break     => [TL02] 'TL02' is not on duty: name somebody who is here -> H TL01 my break
    H                   => [H] say who takes it and why
    0004 H              => do: pass log 0004 to dispatch
    0004 H dispatch     => do: pass log 0004 to dispatch
    ? 0004 is he inside => do: ask CH14 on log 0004: is he inside
    ?0004 is he inside  => do: ask CH14 on log 0004: is he inside
    ? is he inside      => [?] log 0001 is yours: say who is asked
    ? @fim is he inside => do: ask force incident manager on log 0001: is he inside
    ? 0001 @ch14 which door => do: ask CH14 on log 0001: which door
    ? @dispatch why     => do: ask dispatcher on log 0001: why
    ? @xx9 is he inside => [@xx9] 'xx9' is neither on duty nor a desk
    ?                   => show: {\"view\":\"keys\"}
    A yes               => [A] nobody waits for an answer of yours
    U                   => [U] there is no line of yours to take back
    #                   => [#] there is no line of yours to repeat
    R                   => show: {\"view\":\"thrive\",\"incident\":\"20261121-0001\"}
    O                   => show: {\"view\":\"candidates\",\"incident\":\"20261121-0001\",\"call_sign\":null}
    O 22                => show: {\"view\":\"candidates\",\"incident\":\"20261121-0001\",\"call_sign\":\"DC22\"}
    O 0002              => show: {\"view\":\"candidates\",\"incident\":\"20261121-0002\"
    M                   => show: {\"view\":\"map\",\"incident\":\"20261121-0001\",\"call_sign\":null}
    M 22                => show: {\"view\":\"map\",\"incident\":null,\"call_sign\":\"DC22\"}
    F davies 1991       => show: {\"view\":\"find\",\"words\":\"davies 1991\"}
    Z 10 road is closed => [Z] nothing sounds on log 0001
    Z 0 road is closed  => [0] '0' is not a delay: it is 1 to 30 min
    Z 31 road is closed => [31] '31' is not a delay
    OK I ring her       => [OK] nothing sounds on log 0001
    0001                => show: {\"view\":\"log\",\"incident\":\"20261121-0001\"}
    dc22                => show: {\"view\":\"unit\",\"call_sign\":\"DC22\"}
    deploy 22 0002      => do: send DC22 to log 0002
    ";

#[test]
fn every_command_of_the_grammar_is_understood() {
    check(&SCENE, COMMANDS);
}

#[test]
fn what_is_not_understood_is_named_with_one_fix() {
    check(
        &SCENE,
        "
        D14                 => [D14] 'D14' is not a command: write '?' to see all of them -> D 14
        deplooy 22          => [deplooy] 'deplooy' is not a command: write '?' to see all of them -> deploy 22
        D DC23 0002         => [DC23] there is no unit 'DC23' on the board: check the call sign; a reason that begins with a figure comes after a colon -> D DC22 0002
        D 22 0003x          => [0003x] there is no unit
        D 22 0009           => [0009] there is no open log '0009': check the number, or find it with F -> D 22 0001
        D 77 0002           => choose: '77' can be DC77 or NPT77: which? D DC77 0002 | D NPT77 0002
        D 14 22 0002        => [D] DC14 is on log 0001: divert it by a line of its own, and say what becomes of that job -> X DC14 0002
        DC22 5              => [5] write the command first
        0001 xyzzy          => [xyzzy] 'xyzzy' is not a command
        99999               => [99999] there is no open log
        ",
    );
    let none = Scene { selected: None, ..Scene::new() };
    check(&none, "D 22 => [D] no log is selected: select one, or write its number first");
    let wrong = understand("D 22  DC99 0002", &SCENE.desk()).unwrap_err();
    assert_eq!((wrong.at, wrong.token.as_str()), (6..10, "DC99"));
}

#[test]
fn a_unit_or_a_log_that_fits_twice_is_asked_for() {
    let mut scene = Scene::new();
    scene.room.unit("DC002", "North", &[], None);
    check(
        &scene,
        "D 22 002 => choose: '002' can be a unit or a log: which is meant? D 22 DC002 | D 22 20261121-0002",
    );
}

#[test]
fn every_status_from_0_to_16_is_two_words() {
    for status in 0..=16_u8 {
        for line in [format!("{status} 22"), format!(" {status:02}  dc22 ")] {
            let understood = understand(&line, &SCENE.desk());
            let Ok(Understood::Do { commands, .. }) = understood else { panic!("{line}") };
            let [Command::SetStatus(set)] = commands.as_slice() else { panic!("{commands:?}") };
            assert_eq!((set.status, set.call_sign.as_str()), (status, "DC22"), "{line}");
            let again = format!("{} {}", set.status, set.call_sign);
            let Ok(Understood::Do { commands: back, .. }) = understand(&again, &SCENE.desk())
            else {
                panic!("{again}")
            };
            assert_eq!(back, commands);
        }
    }
}

/// Source: the grammar's own table of keystrokes, Enter included.
#[test]
fn the_keystrokes_of_the_grammar_hold() {
    let scene = Scene { selected: IncidentNumber::parse("20261121-0002").ok(), ..Scene::new() };
    for (line, keys, commands) in
        [("D 22", 5, 1), ("D 22 77 0002", 13, 0), ("D 22 04 0002", 13, 2), ("5 14", 5, 1)]
    {
        assert_eq!(line.chars().count() + 1, keys, "{line}");
        let n = match understand(line, &scene.desk()) {
            Ok(Understood::Do { commands, .. }) => commands.len(),
            Ok(Understood::Choose { .. }) => 0,
            other => panic!("{line}: {other:?}"),
        };
        assert_eq!(n, commands, "{line}");
    }
    assert_eq!("X 14 0002".len() + 1, 10);
    assert!(scene.reads("X 14 0002").starts_with("choose: "));
}

#[test]
fn a_line_is_carried_out_as_it_reads_and_taken_back() {
    let two = IncidentNumber::parse("20261121-0002").unwrap();
    let mut scene = Scene { selected: Some(two), ..Scene::new() };
    let on = |scene: &Scene, unit: &str| scene.room.s.units.get(&call_sign(unit)).unwrap().on;
    scene.does("D 22 4");
    assert_eq!((on(&scene, "DC22"), on(&scene, "NPT4")), (Some(two), Some(two)));
    scene.does("U");
    assert_eq!((on(&scene, "DC22"), on(&scene, "NPT4")), (None, None));
    check(&scene, "U => [U] there is no line of yours to take back");

    scene.does("X 16 0002 requeue a knife is seen");
    assert_eq!(on(&scene, "DC16"), Some(two));
    scene.does("U");
    assert_eq!(on(&scene, "DC16").map(|n| n.n), Some(3));

    scene.does("7 22");
    scene.does("U");
    assert_eq!(scene.room.s.units.get(&call_sign("DC22")).unwrap().status, 2);

    scene.does("N he has left");
    scene.does("U");
    let entries = &scene.room.open(two).entries;
    assert!(entries.iter().any(|e| e.text == words("he has left") && e.struck.is_some()));

    scene.does("G 1 a knife is seen");
    check(&scene, "U => [U] 'G 1 a knife is seen' stays: a downgrade needs a supervisor");
    scene.does("T fim no unit");
    scene.room.now = scene.room.now + Span::seconds(31);
    check(&scene, "U => [U] 'T fim no unit' was more than 30 s ago: correct it by a line");
}

#[test]
fn a_line_is_repeated_for_the_log_that_is_selected_now() {
    let mut scene = Scene::new();
    scene.does("T fim no unit");
    scene.selected = IncidentNumber::parse("20261121-0003").ok();
    check(&scene, "# => do: tag log 0003 with fim, because: no unit");
    scene.does("#");
    assert_eq!(scene.last.as_ref().map(|last| last.line.as_str()), Some("T fim no unit"));
    check(&scene, "0002 # => do: tag log 0002 with fim, because: no unit");
    scene.does("S 16 done");
    check(&scene, "# => [#] 'S 16 done' cannot be repeated now: DC16 is on no log");
}

#[test]
fn the_oldest_question_asked_of_me_or_my_desk_is_answered() {
    let mut scene = Scene::new();
    for line in ["? @ch14 which door", "? @call_handler who rang", "? 0002 @tl which door"] {
        scene.does(line);
    }
    scene.by = handler();
    check(&scene, "A the blue one => do: answer DD07 on log 0001, 'which door': the blue one");
    check(&scene, "A n/a she hung up => do: answer DD07 on log 0001, 'which door': she hung up");
    scene.does("A the blue one");
    check(&scene, "A his mother => do: answer DD07 on log 0001, 'who rang': his mother");
    check(&scene, "0002 A no => [A] nobody waits for an answer of yours");
    scene.by = leader();
    check(&scene, "A the back door => do: answer DD07 on log 0002, 'which door': the back door");
}

#[test]
fn the_loudest_thing_owed_on_the_log_is_delayed_or_taken_on() {
    let mut scene = Scene::new();
    let two = IncidentNumber::parse("20261121-0002").unwrap();
    scene.selected = Some(two);
    scene.room.minutes(90);
    let desk = scene.desk();
    let Ok(Understood::Do { commands, says }) = understand("OK I find a unit", &desk) else {
        panic!("{}", scene.reads("OK I find a unit"))
    };
    let [Command::OwnObligation(own)] = commands.as_slice() else { panic!("{commands:?}") };
    let owed = scene.room.s.obligations.get(&own.obligation).unwrap();
    let about = crate::obligation::Subject::Incident(two);
    let lit: Vec<_> =
        scene.room.s.obligations_about(&about).filter(|o| o.level.is_some()).collect();
    assert!(lit.len() > 1 && lit.iter().all(|o| owed.level <= o.level), "{says}");
    scene.does("OK I find a unit");
    scene.does("Z 10 the road is closed");
    let delayed = scene.room.s.obligations.values().find(|o| o.delayed_until.is_some()).unwrap();
    assert_eq!(delayed.delayed_until, Some(scene.room.now + Span::minutes(10)));
    assert_eq!(delayed.about, about);
    check(&scene, "Z 10 => [Z] a delay needs a reason");
}

#[test]
fn what_could_stand_next_is_suggested() {
    let lines = |prefix: &str| -> Vec<String> {
        suggestions(prefix, &SCENE.desk()).into_iter().map(|s| s.line).collect()
    };
    assert_eq!(lines("D 7"), ["D DC77", "D NPT77"]);
    assert_eq!(lines("d 22 000"), ["d 22 0004", "d 22 0003", "d 22 0002", "d 22 0001"]);
    assert_eq!(lines("T f"), ["T fim", "T firearms"]);
    assert_eq!(lines("H t"), ["H TL01"]);
    assert_eq!(lines("? @fo"), ["? @force_incident_manager"]);
    assert_eq!(lines("X 14 0002 "), ["X 14 0002 requeue", "X 14 0002 keep", "X 14 0002 cover"]);
    assert_eq!(lines("un"), ["T-", "U"]);
    assert_eq!(lines("0001 t"), ["0001 T", "0001 T-", "0001 R"]);
    assert_eq!(lines("5"), ["5"]);
    assert_eq!(lines("").len(), SUGGESTIONS_MAX);
    assert!(lines("N he").is_empty());
    assert!(ROWS.iter().any(|row| row.wants.iter().any(|w| w.contains(&Wants::Grade))));
}

#[test]
fn every_example_of_the_table_belongs_to_its_row() {
    for row in ROWS {
        let first = row.example.split(' ').next().unwrap();
        assert!(row.key == first || row.key == "0..16" && first == "5", "{}", row.example);
        let keys: Vec<&str> = ROWS.iter().flat_map(|r| r.names()).collect();
        let same = |name: &str| keys.iter().filter(|k| k.eq_ignore_ascii_case(name)).count();
        assert!(row.names().all(|name| same(name) == 1), "{}", row.key);
    }
}

fn words_of_lines() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(ROWS.iter().flat_map(|r| r.names()).collect::<Vec<_>>())
            .prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "14", "22", "0002", "002", "0001", "20261121-0003", "77", "keep", "requeue", "cover",
            "read", "no", "code:", ":", "@tl01", "@fim", "@", "n/a", "fim", "n!", "ŵ", "👋", "5",
            "16", "17", "10", "dc22", "DC14", "#", "?", "!",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ];
    prop::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
}

fn holds(scene: &Scene, line: &str) -> Result<(), TestCaseError> {
    let s = &scene.room.s;
    for suggestion in suggestions(line, &scene.desk()) {
        prop_assert!(!suggestion.says.is_empty());
    }
    match understand(line, &scene.desk()) {
        Ok(Understood::Do { commands, says } | Understood::Undo { commands, says }) => {
            prop_assert!(!says.is_empty() && !commands.is_empty());
            for command in commands {
                let text = serde_json::to_value(&command).unwrap();
                for name in ["incident", "other", "to"] {
                    let n = text[name].as_str().and_then(|n| IncidentNumber::parse(n).ok());
                    prop_assert!(n.is_none_or(|n| s.incident(n).is_some()), "{line}: {text}");
                }
                let sign = text["call_sign"].as_str().map(call_sign);
                prop_assert!(sign.is_none_or(|c| s.units.contains_key(&c)), "{line}: {text}");
                let owed = text["obligation"].as_u64().map(crate::name::ObligationId);
                prop_assert!(owed.is_none_or(|id| s.obligations.contains_key(&id)), "{text}");
                let back: Command = serde_json::from_value(text).unwrap();
                prop_assert_eq!(back, command);
            }
        }
        Ok(Understood::Choose { question, choices }) => {
            prop_assert!(!choices.is_empty());
            for choice in choices.iter().filter(|c| c.complete) {
                prop_assert!(choice.line != line, "it would be asked again and again");
                let again = understand(&choice.line, &scene.desk());
                let asks =
                    matches!(&again, Ok(Understood::Choose { question: q, .. }) if *q == question);
                prop_assert!(!asks, "{line}: {}", choice.line);
            }
        }
        Ok(Understood::Show(_)) => {}
        Err(wrong) => {
            prop_assert!(wrong.says.len() > 12);
            prop_assert_eq!(line.get(wrong.at.clone()), Some(wrong.token.as_str()));
        }
    }
    Ok(())
}

static BUSY: LazyLock<Scene> = LazyLock::new(|| {
    let mut scene = Scene::new();
    scene.does("? @dispatcher which door");
    scene.does("T fim no unit");
    scene.room.minutes(90);
    scene.does("X 16 0002 requeue a knife is seen");
    scene
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_line_is_read_and_what_it_names_exists(line in words_of_lines()) {
        holds(&SCENE, &line)?;
        holds(&BUSY, &line)?;
    }

    #[test]
    fn any_text_at_all_is_read(line in any::<String>()) {
        holds(&BUSY, &line)?;
    }
}
