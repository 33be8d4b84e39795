//! Every command of the line, once: the parser, the suggestions, the tests and the document read
//! this table.

use super::reading::{Reading, Stop};
use super::{Understood, again, asked, incident, owed, shown, units};
use std::fmt::Write as _;

/// What may stand at one place after a command, for suggestions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// A unit.
    Unit,
    /// An open log.
    Log,
    /// A tag.
    Tag,
    /// A grade.
    Grade,
    /// Somebody on duty.
    Staff,
    /// `@` and a person or a desk.
    Owner,
    /// What becomes of the job left behind.
    LeftBehind,
}

/// One command.
pub(super) struct Row {
    /// What is written: a letter or a sign.
    pub key: &'static str,
    /// The word that may be written instead.
    pub word: &'static str,
    /// Its form.
    pub form: &'static str,
    /// What it does.
    pub means: &'static str,
    /// An example.
    pub example: &'static str,
    /// What may stand at each place after it.
    pub wants: &'static [&'static [Wants]],
    /// Its reader.
    pub parse: fn(&mut Reading<'_>) -> Result<Understood, Stop>,
}

impl Row {
    /// The letter and the word.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.key, self.word].into_iter().filter(|name| !name.contains("..") && !name.is_empty())
    }
}

/// The row of a command's letter or word, in capitals or not.
pub(super) fn row(text: &str) -> Option<&'static Row> {
    if units::status_of(text).is_some() {
        return ROWS.iter().find(|row| row.key == "0..16");
    }
    if text.eq_ignore_ascii_case("n!") {
        return row("!");
    }
    ROWS.iter().find(|row| row.names().any(|name| name.eq_ignore_ascii_case(text)))
}

macro_rules! rows {
    ($(
        $key:literal $word:literal $form:literal $example:literal
        $wants:expr, $parse:path, $means:literal;
    )*) => {
        /// The table.
        pub(super) static ROWS: &[Row] = &[ $( Row {
            key: $key, word: $word, form: $form, means: $means, example: $example,
            wants: $wants, parse: $parse,
        } ),* ];
    };
}

const UNITS: &[&[Wants]] = &[&[Wants::Unit], &[Wants::Unit], &[Wants::Unit]];
const UNIT_LOG: &[&[Wants]] = &[&[Wants::Unit], &[Wants::Unit, Wants::Log], &[Wants::Log]];

rows! {
    "D" "deploy" "D UNIT ... [LOG] [reason]" "D 14 22 0413" UNIT_LOG, units::deploy,
    "Sends one or several units. One more for a log that has a unit takes a reason. If the unit is \
     on another log, it asks what becomes of that.";
    "X" "divert" "X UNIT LOG keep|requeue|cover UNIT reason" "X 14 0420 requeue knife seen"
    &[&[Wants::Unit], &[Wants::Log], &[Wants::LeftBehind], &[Wants::Unit]], units::divert,
    "Takes a unit to a more urgent log. Of the job left behind: keep (other units are on it), \
     requeue, or cover by another unit. Without that word it asks.";
    "0..16" "" "STATUS UNIT ... [read]" "5 14" UNITS, units::status,
    "Sets a unit's status. 6 with 'read' says that the risk card was read out over the radio.";
    "S" "standdown" "S UNIT ... reason" "S 14 other unit arrived" UNITS, units::stand_down,
    "Releases a unit from the log it is on.";
    "C" "accept" "C, or C no [code:|grade:] remark" "C no no address is given"
    &[], incident::accept,
    "Accepts the log, everything being right; with 'no', what is wrong becomes a question to \
     whoever opened it.";
    "G" "grade" "G GRADE [@SUPERVISOR] [reason]" "G 2 he has come back"
    &[&[Wants::Grade], &[Wants::Owner]], incident::grade,
    "Sets or changes the grade. A change takes a reason, a downgrade the supervisor who agrees.";
    "N" "note" "N text" "N caller rang back, he has left" &[], incident::note,
    "Writes on the log.";
    "!" "critical" "! text, or N! text" "! he has a shotgun" &[], incident::critical,
    "Writes a line that the log's owner must read at once.";
    "T" "tag" "T TAG reason" "T fim no unit within an hour" &[&[Wants::Tag]], incident::tag,
    "Puts the log on the list of a desk.";
    "T-" "untag" "T- TAG reason" "T- fim a unit is there" &[&[Wants::Tag]], incident::untag,
    "Takes it off the list.";
    "L" "link" "L LOG [duplicate|original|child|parent]" "L 0388" &[&[Wants::Log]], incident::link,
    "Links the log with another.";
    "H" "handover" "H NAME reason, or H dispatch" "H DD02 my break"
    &[&[Wants::Staff]], incident::hand_over,
    "Gives the log to another owner, or passes it to dispatch.";
    "?" "ask" "? [LOG] [@NAME|@DESK] question" "? 0413 is he inside"
    &[&[Wants::Log, Wants::Owner], &[Wants::Owner]], asked::ask,
    "Asks a question on the log: the log's owner, or who is named. '?' alone shows all commands.";
    "A" "answer" "A answer, or A n/a reason" "A yes" &[], asked::answer,
    "Answers the oldest open question asked of me or of my desk.";
    "R" "thrive" "R [LOG]" "R" &[&[Wants::Log]], shown::thrive,
    "Opens the THRIVE form.";
    "O" "options" "O [LOG|UNIT]" "O 0413" &[&[Wants::Log, Wants::Unit]], shown::candidates,
    "Shows who can get there, ranked.";
    "M" "map" "M [LOG|UNIT]" "M" &[&[Wants::Log, Wants::Unit]], shown::map,
    "Centres the map.";
    "F" "find" "F words" "F davies 1991" &[], shown::find,
    "Finds past contacts and logs.";
    "Z" "delay" "Z MINUTES reason" "Z 10 the road is closed" &[], owed::delay,
    "Accepts a delay of the loudest thing owed on the log by me or my desk.";
    "OK" "own" "OK what I will do" "OK I ring her back now" &[], owed::own,
    "Takes on the loudest thing owed on the log that I or my desk own or were told of.";
    "U" "undo" "U" "U" &[], again::undo,
    "Takes back my last line, within 30 seconds. Both stay in the record.";
    "#" "repeat" "#" "#" &[], again::repeat,
    "Reads my last line again, for the log that is selected now.";
}

/// One command, for a page that lists them all.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// What is written.
    pub key: &'static str,
    /// Its form.
    pub form: &'static str,
    /// An example.
    pub example: &'static str,
    /// What it does.
    pub means: &'static str,
}

/// Every command, in reading order.
pub fn keys() -> impl Iterator<Item = Key> {
    ROWS.iter().map(|row| {
        let Row { key, form, example, means, .. } = *row;
        Key { key, form, example, means }
    })
}

/// The whole of `docs/command-line.md`.
pub fn markdown() -> String {
    let mut out = String::from(INTRODUCTION);
    out.push_str("\n| write | or | form | example | what it does |\n|---|---|---|---|---|\n");
    for row in ROWS {
        let cell = |text: &str| text.replace('|', "\\|");
        let code = |text: &str| match text {
            "" => String::new(),
            text => format!("`{}`", cell(text)),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            code(row.key),
            cell(row.word),
            cell(row.form),
            cell(row.example),
            cell(row.means)
        );
    }
    out
}

const INTRODUCTION: &str = "\
# The command line

One line does what the pages do, and is checked in the same way. This page is written by a test from
the table of the grammar; change that, not this.

- Capitals and extra blanks do not matter.
- A unit is its call sign or its figures: 14 is DC14, as long as no other unit ends in 14. If
  several do, the line asks which.
- A log is its number with at least three figures: 0413 or 413 is the log of today, or the only open
  one of another day. 20261121-0413 is always exact.
- Without a number, a command is for the log that is selected. A number before any command chooses
  another for this line: 0413 G 2 he has come back. A number alone shows that log, a call sign alone
  that unit.
- A reason or text is whatever follows. If it begins with a figure, put a colon before it:
  D 14: 2 men with bats.
- Two units sent by one line to a log without a unit need no reason: each is the other's.
- A line that was not understood names the word at fault and keeps the text. Nothing has happened
  then.
";
