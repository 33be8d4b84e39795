//! A whole force on a clock we turn: real calls out of published files, and a seeded demonstration
//! day. Both drive the production room by its commands, and keep no rule of their own.

pub mod answers; // how sensible staff answer an obligation
pub mod audit; //   what the journal says of a replay
pub mod busy; //    a busy shift, and what each seat hears in it
pub mod cast; //    the staff that files do not have
pub mod codes; //   a file's words as codes of the policy
mod deeds; //       a step of a plan as a command
pub mod demo; //    a seeded day of calls, worked by staff who sometimes forget
pub mod files; //   real calls out of published files
pub mod plan; //    what is to be done when
pub mod replay; //  a plan driven through a room
mod said; //        text as the room wants it
pub mod script; //  scenarios that people write, and what Callbox must do in them
