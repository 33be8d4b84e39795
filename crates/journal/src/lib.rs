//! The journal: append-only records in numbered streams, with one total order.
//!
//! It knows nothing of what its records mean. It promises that what [`Writer::commit`] said is
//! there stays there, in its order, and that nobody can change it unnoticed:
//!
//! - one writer, in turns; on PostgreSQL several nodes take turns at one journal;
//! - a batch is there whole or not at all, and durable before `commit` returns;
//! - every record carries a hash over itself and the one before it;
//! - every second, while records arrive, the head is signed.
//!
//! Everything here blocks the calling thread; nothing here may be called on an async one.
//!
//! # The hash of a record
//!
//! SHA-256 over these bytes, one after another; integers are big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | `0x01` |
//! | 24 | `callbox.journal.record.1`, ASCII |
//! | 32 | the hash of the record before; zeros for the first |
//! | 8 | `seq`, from 1, unsigned |
//! | 8 | `stream`, unsigned |
//! | 8 | `version`, from 1, unsigned |
//! | 8 | `recorded_at_ms`, UTC milliseconds since 1970, signed, never decreasing |
//! | 8 | `batch`: the `seq` of the first record of its batch, unsigned |
//! | 1 | the length of `kind`, 1 to 64 |
//! | … | `kind`, ASCII |
//! | 1 | `0x00` without a key, `0x01` with one |
//! | 0 or 16 | the key |
//! | … | the payload, to the end |
//!
//! The mark of a batch's last record is not hashed: the next record's `batch` tells it.
//!
//! # Signed heads
//!
//! The leaves of the tree are the records' 32-byte hashes; leaf, node and root are those of RFC
//! 6962, section 2.1 (SHA-256; `0x00` before a leaf, `0x01` before a node). A head is a
//! [C2SP checkpoint](https://c2sp.org/tlog-checkpoint) (origin, size, root), a
//! [signed note](https://c2sp.org/signed-note) with Ed25519. Beside each, the journal keeps its
//! frontier: the roots of the whole subtrees, largest first. A new journal begins with the
//! signed head of nothing, so one without any has been tampered with.
//!
//! What this finds: any change, removal, exchange or back-dating of a record that is not the
//! unsigned tail. What needs a copy of the heads kept elsewhere: cutting the journal back to an
//! earlier signed head, and rewriting all of it with the signing key.

mod backup;
mod chain;
mod fault;
pub mod floor;
mod link;
mod note;
mod open;
pub mod planted;
mod postgres;
mod prove;
mod reader;
mod record;
mod signing_key;
mod sqlite;
mod store;
mod tree;
mod verify;
mod writer;

pub use backup::{BackupReport, backup, restore};
pub use fault::{Cause, Fault, OpenFault, Refusal};
pub use note::Checkpoint;
pub use open::{Cut, Opened, Options, open};
pub use prove::Proved;
pub use reader::Reader;
pub use record::{Draft, MAX_KIND, MAX_PAYLOAD, Record};
pub use signing_key::verifier_path;
pub use store::Store;
pub use verify::{FaultAt, VerifyReport, verify};
pub use writer::Writer;
