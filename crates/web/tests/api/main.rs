//! The API and the pages, as programs and people meet them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends, and says where")]

mod audit; //   nothing is shown before it is recorded
mod deeds; //   commands: answers, repetition, versions, limits
mod ending; //  streams end with their token
mod follow; //  what happens, without gap and without doubles
mod fuzz; //    anything at all
mod line; //    the command line of the console
mod matrix; //  every role at every address
mod pages; //   what people see
mod rig; //     a room of our own
mod sample; //  bodies made from the API's own description
mod views; //   lists and pages
