//! What the force has promised: pure decisions on facts and time.
//!
//! Nothing here reads a clock, a file, the environment or chance. The room gives the state, the
//! command, the time and the policy; the answer is a list of events or a refusal that says what to
//! do next. In reading order:

pub mod agency; //     agencies and other control rooms
pub mod alarm; //      how obligations sound
pub mod briefing; //   what a role must know, and who has read it
pub mod command; //    what people and programs may ask for
pub mod contact; //    somebody gets in touch
pub mod decide; //     a command against the state
pub mod dip; //        escalations drawn by chance, and what reviewers say of them
pub mod docs; //       the rules as a document
pub mod due; //        everything that happens by itself
pub mod event; //      what happened: the promise we keep for ever
pub mod fault; //      a headset, a position, a line: reported, answered, put right
pub mod guidance; //   articles: when each is reviewed, and how it came to say what it says
pub mod incident; //   the log
pub mod line; //       the command line of the console
pub mod marker; //     markers of people, numbers and places
pub mod message; //    asked for by name, answered by somebody
pub mod name; //       numbers, call signs and other names, parsed at the door
pub mod obligation; // what must be done, by whom, by when, and what happens if it is not
pub mod policy; //     every value a force sets for itself
pub mod proposal; //   a policy that one person proposes and another publishes
pub mod refused; //    what stands in the way, in the words of the person who sees it
pub mod role; //       who works here, and who owns what
pub mod shift; //      seats, breaks and handover
pub mod state; //      the live room, folded from events
pub mod time; //       instants and lengths of time
pub mod unit; //       who attends
pub mod views; //      what each desk sees
