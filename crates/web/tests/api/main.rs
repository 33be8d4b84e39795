//! The API and the pages, as programs and people meet them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends, and says where")]

mod accounts; // local accounts, sessions, seats, by page
mod admin; //   a policy, its draft and its second person
mod appointments;
mod audit; //   nothing is shown before it is recorded
mod board; //   the dispatch board and its command line
mod briefings; // proof of reading, and the directory of agencies
mod call; //    taking a call by page
mod colours; // contrast, and colour blindness
mod crimes; //  a crime recorded in time, and planned work beside what was done
mod deeds; //   commands: answers, repetition, versions, limits
mod dips; //    escalations drawn by chance, and marked
mod ending; //  streams end with their token
mod follow; //  what happens, without gap and without doubles
mod fuzz; //    anything at all
mod guard; //   what an attacker tries
mod guidance; // articles, their dates and history
mod heard; //   what was said in a call, beside its log
mod lead; //    decisions, force picture, handover, wall, alarms
mod line; //    the command line of the console
mod links; //   logs that belong together, and earlier ones
mod log; //     the page of a log and its parts
mod map; //     the map, its list and places
mod markers; // of people, numbers and places; messages for officers
mod matrix; //  every role at every address
mod officer; // the page of an officer
mod others; //  agencies asked, somebody missing, which agency fits best
mod pages; //   what people see
mod replay; //  who looked at what by page, and a log as it stood
mod rig; //     a room of our own
mod room_pages; // faults, the roster, staff, needs
mod sample; //  bodies made from the API's own description
mod staff; //    the staff directory
mod views; //   lists and pages
