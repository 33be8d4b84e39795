//! Scenarios: what happens, what people do and fail to do, and after `->` what Callbox must do, to
//! whom, when and because of which rule. A chief inspector reads and writes them; the production
//! room plays them on a clock that is turned. The grammar is in docs/scenarios.md.

mod clock; //    the force's own clock
mod document; // a script as it was read
mod expect; //   what must be
mod explain; //  the rules that did it, each with its source
mod fault; //    what is wrong with a script
mod golden; //   a script with what happened written into it
mod guards; //   the cases as one table
mod head; //     who, where, when it starts
mod holds; //    what is so at a moment
mod lex; //      a line as words, texts and marks
mod lines; //    a file as lines
mod matching; // expected against happened
mod names; //    what names stand for
mod parse; //    a script out of its text
mod play; //     a room that plays it
mod read; //     a command out of its fields
mod sugar; //    what people do, in the words of the room
mod timeline; // what happened
mod value; //    what stands after `key=`
mod words; //    the product's own words

pub use document::{Deed, Item, Script, Watch, What};
pub use expect::{Expect, Expected, Kind, Pattern};
pub use explain::explain;
pub use fault::ScriptFault;
pub use golden::golden;
pub use guards::{CASES, Case, Guard, cases, cases_markdown, guards};
pub use matching::Difference;
pub use parse::parse;
pub use play::{PlayFault, Played, play};
pub use sugar::{PHRASES, Phrase};
pub use timeline::Entry;

#[cfg(test)]
mod tests;
