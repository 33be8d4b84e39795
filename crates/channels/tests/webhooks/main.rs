//! Webhooks from the outside: a real room, a real file, a receiver on this computer.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails its test")]

mod delivering; // signed, in order, again when it failed, on after a restart
mod managing; //  the routes, and who may use them
mod reaching; //  what is never reached
mod rig; //       a room, a receiver, and a second opinion on signatures
