//! A journal in a folder of its own, filled through the front door.

use journal::{Draft, Opened, Options, Reader, Store, VerifyReport, Writer, open, verify};
use std::path::PathBuf;
use tempfile::TempDir;

pub const T0: i64 = 1_700_000_000_000;

pub struct Rig {
    pub dir: TempDir,
    pub store: Store,
}

impl Rig {
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::Sqlite { path: dir.path().join("journal.db") };
        Self { dir, store }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn options(&self) -> Options {
        Options::new(self.path("signing.pem"), "test.example/journal")
    }

    pub fn open(&self) -> (Writer, Reader, Opened) {
        open(&self.store, &self.options()).unwrap()
    }

    pub fn verify(&self) -> VerifyReport {
        verify(&self.store, Some(&self.path("signing.pub")), &mut |_, _| {})
    }

    /// The file behind the journal, touched as somebody with the disk in hand would.
    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("journal.db")).unwrap()
    }
}

/// The `n`-th draft: five streams, a key for every second one.
pub fn draft(n: u64) -> Draft {
    Draft {
        stream: n % 5 + 1,
        kind: "test.entry".into(),
        key: n.is_multiple_of(2).then(|| key(n)),
        payload: format!("payload {n}").into_bytes(),
    }
}

pub fn key(n: u64) -> [u8; 16] {
    u128::from(n + 1).to_be_bytes()
}

/// Appends `count` drafts from the `first`-th on, in batches of 3, in one turn.
pub fn fill(writer: &mut Writer, first: u64, count: u64) {
    writer.begin().unwrap();
    let drafts: Vec<_> = (first..first + count).map(draft).collect();
    for (at, batch) in drafts.chunks(3).enumerate() {
        let at_ms = T0 + i64::try_from(first).unwrap() + i64::try_from(at).unwrap();
        writer.append(at_ms, batch.to_vec()).unwrap();
    }
    writer.commit().unwrap();
}

pub fn read_all(reader: &Reader) -> Vec<journal::Record> {
    let mut all = Vec::new();
    loop {
        let page = reader.read(all.len() as u64 + 1, 100).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}
