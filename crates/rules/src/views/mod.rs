//! What each desk sees, as pure folds of the state at a moment. A page or a program shows these as
//! they are: what is late, why something ranks where it does and what to do next is decided here.

pub mod agencies; //  agencies and other control rooms
mod alarm_text; //    what, where, since, what to do
pub mod alarms; //    what sounds for a person, and what waits for their decision
pub mod appointments; // the diary
pub mod board; //     open logs in risk order
pub mod briefings; // what is to be read, and who has
pub mod call; // ring to hanging up
pub mod code_help; // the opening code that fits the words
pub mod countdown; // the clock that runs, signed
pub mod crimes; //    reports of a crime that wait to be recorded
pub mod dip; //       escalations drawn by chance
pub mod duty; //      who is here, handovers, the meeting list, escalations kept
pub mod faults; //    what was reported, and what was done
pub mod guidance; //  what the grades mean, the dispatcher's role, the allocation policy
pub mod kpi; //       how the alarms did over the last day
pub mod log; //       one whole log
pub mod map; //       where everything is, worst first
pub mod markers; //   markers of people, numbers and places
pub mod messages; //  messages to a named officer
pub mod needs; //     what a log needs of those who go
pub mod officer; //   the job of an officer, the risk first
pub mod owed; //      an obligation in full
pub mod policy; //    how a policy came to hold, and what is proposed
pub mod reach; //     who can get there
pub mod replay; //    a log as it stood, and what each role had in front of it
pub mod resources; // districts, and scenes that tie up staff
#[cfg(test)]
pub(crate) mod rig;
pub mod risk; //      how much risk a log holds, and why
pub mod session; //   what each trainee did, and let run
pub mod staff; //     the staff directory, and the seats that are free
pub mod units; //     the unit board
pub mod wall; //      six numbers for the wall
