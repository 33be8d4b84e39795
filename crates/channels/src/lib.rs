//! What Callbox exchanges with programs outside it. Each channel translates, both ways, between its
//! own form and the room's, and retries; none decides anything.

pub mod webhook; // tells other programs that something happened
