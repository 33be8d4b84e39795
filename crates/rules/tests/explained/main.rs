//! The tests that explain each rule, as tables: lines that begin with a time are what somebody
//! does, lines with an arrow are what the rule then says. Time passes by itself.

mod world;

mod alarms; //    how obligations sound
mod arbitrary; // whatever is done in whatever order
mod assessment; // grade, THRIVE, code
mod briefings; // proof of reading, and the directory of agencies
mod contacts; //  somebody gets in touch
mod directory;
mod document; //  docs/rules.md
mod faults; //    what does not work
mod guard; //     closing and reopening
mod guidance; //  articles, their dates and where they apply
mod heard; //     what was said and is not on the log
mod markers; //   people, numbers and places; messages to a named officer
mod others; //    agencies asked, somebody missing
mod ownership; // passed on, accepted, owned
mod proposals; // a policy that a second person publishes
mod session; //   what a trainee did
mod shifts; //    seats, breaks, handover
mod tasks; //     SOP, checks, questions, tags, what was told
mod times; //     targets, unresourced, nobody acted
mod units; //     sent, released, diverted, heard from
