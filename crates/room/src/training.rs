//! A room in which people are trained is one from its first record on, and a live room never is: so
//! nobody takes real calls into invented ones, nor practises on somebody's life.

use crate::fault::OpenFault;
use crate::kept::from_record;
use journal::Reader;
use rules::event::Event;

/// The line that the first policy of a training room begins with. It is in the first record of the
/// journal, and so cannot be taken out.
const MARK: &str = "# A training room: nothing in it is real.\n";

/// A policy's text as the first one of a training room.
pub fn for_training(toml: &str) -> String {
    format!("{MARK}{toml}")
}

/// Whether the text is that of a training room.
pub fn is_training(toml: &str) -> bool {
    toml.starts_with(MARK)
}

/// Refuses to open a training room as a live one, and the other way round.
pub(crate) fn same_kind(reader: &Reader, toml: &str) -> Result<(), OpenFault> {
    let first = reader.read(1, 1)?;
    let was = first.first().and_then(from_record).is_some_and(|(event, ..)| match event {
        Event::PolicyAdopted { toml, .. } => is_training(&toml),
        _ => false,
    });
    match (was, is_training(toml)) {
        (true, false) => Err(OpenFault::Training(
            "this journal was made in training: nothing in it is real, and it is never opened as \
             a live one. Name another folder with --data, or train with `callbox demo --training`",
        )),
        (false, true) => Err(OpenFault::Training(
            "this journal was not made in training, and nobody trains on it: name an empty folder \
             with --data",
        )),
        _ => Ok(()),
    }
}
