//! Every change to what was written is found, and at its place.

use crate::rig::{Rig, T0, fill, read_all};
use journal::{OpenFault, Options, VerifyReport, open, verify};
use rusqlite::Connection;

/// 30 records in batches of 3, a head signed at 12 and at 24, so 6 are unsigned.
fn journal_of_30() -> Rig {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 12);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    fill(&mut writer, 12, 12);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    fill(&mut writer, 24, 6);
    drop(writer);
    rig
}

fn fault_at(report: &VerifyReport) -> Option<u64> {
    assert_eq!(report.ok, report.first_fault.is_none());
    report.first_fault.as_ref().map(|fault| fault.seq)
}

fn change(raw: &Connection, sql: &str) {
    raw.execute_batch(sql).unwrap();
}

/// Gives records other numbers, in spite of the unique indexes.
fn swap(raw: &Connection, a: u64, b: u64, columns: &[&str]) {
    change(raw, "DROP INDEX records_by_stream; DROP INDEX records_by_key;");
    change(raw, "CREATE TEMP TABLE was AS SELECT * FROM records");
    for column in columns {
        let sql = format!(
            "UPDATE records SET {column} = (SELECT {column} FROM was \
             WHERE was.seq = {a} + {b} - records.seq) WHERE seq IN ({a}, {b})"
        );
        change(raw, &sql);
    }
}

/// What is done, the record the check must name, and how it is done.
type Case = (&'static str, u64, fn(&Connection));

const CASES: &[Case] = &[
    ("a payload, early", 2, |c| change(c, "UPDATE records SET payload = x'00' WHERE seq = 2")),
    ("a payload, last", 30, |c| change(c, "UPDATE records SET payload = x'' WHERE seq = 30")),
    ("a byte of a hash", 7, |c| {
        change(c, "UPDATE records SET hash = zeroblob(32) WHERE seq = 7");
    }),
    ("a short hash", 7, |c| change(c, "UPDATE records SET hash = x'00' WHERE seq = 7")),
    ("a kind", 5, |c| change(c, "UPDATE records SET kind = 'test.entrx' WHERE seq = 5")),
    ("an endless kind", 5, |c| {
        change(c, "UPDATE records SET kind = hex(zeroblob(999)) WHERE seq = 5");
    }),
    ("a key", 3, |c| change(c, "UPDATE records SET key = zeroblob(16) WHERE seq = 3")),
    ("a key removed", 3, |c| change(c, "UPDATE records SET key = NULL WHERE seq = 3")),
    ("a short key", 3, |c| change(c, "UPDATE records SET key = x'01' WHERE seq = 3")),
    ("a key added", 4, |c| change(c, "UPDATE records SET key = zeroblob(16) WHERE seq = 4")),
    ("a stream", 9, |c| change(c, "UPDATE records SET stream = 77 WHERE seq = 9")),
    ("a negative stream", 9, |c| change(c, "UPDATE records SET stream = -1 WHERE seq = 9")),
    ("a version", 9, |c| change(c, "UPDATE records SET version = 99 WHERE seq = 9")),
    ("a batch", 8, |c| change(c, "UPDATE records SET batch = 8 WHERE seq = 8")),
    ("back-dated", 20, |c| {
        change(c, "UPDATE records SET recorded_at_ms = recorded_at_ms - 1 WHERE seq = 20");
    }),
    ("post-dated", 20, |c| {
        change(c, "UPDATE records SET recorded_at_ms = recorded_at_ms + 1 WHERE seq = 20");
    }),
    ("a batch's end taken away", 6, |c| {
        change(c, "UPDATE records SET last = 0 WHERE seq = 6");
    }),
    ("a batch's end put in", 5, |c| change(c, "UPDATE records SET last = 1 WHERE seq = 5")),
    ("the last batch's end taken", 30, |c| {
        change(c, "UPDATE records SET last = 0 WHERE seq = 30");
    }),
    ("the first deleted", 1, |c| change(c, "DELETE FROM records WHERE seq = 1")),
    ("one deleted", 15, |c| change(c, "DELETE FROM records WHERE seq = 15")),
    ("one deleted, the rest moved up", 15, |c| {
        change(c, "DELETE FROM records WHERE seq = 15");
        change(c, "UPDATE records SET seq = seq - 1 WHERE seq > 15");
    }),
    ("a gap in the unsigned tail", 27, |c| change(c, "DELETE FROM records WHERE seq = 27")),
    ("the signed tail cut", 23, |c| change(c, "DELETE FROM records WHERE seq >= 23")),
    ("everything cut", 1, |c| change(c, "DELETE FROM records")),
    ("one put in", 31, |c| {
        change(
            c,
            "INSERT INTO records SELECT 31, 9, 1, recorded_at_ms, 31, 1, kind, NULL, payload, \
             hash FROM records WHERE seq = 30",
        );
    }),
    ("one numbered 0 put in", 0, |c| {
        change(
            c,
            "INSERT INTO records SELECT 0, 9, 1, recorded_at_ms, 31, 1, kind, NULL, payload, \
             hash FROM records WHERE seq = 30",
        );
    }),
    ("a head deleted, and another's size", 23, |c| {
        change(c, "DELETE FROM heads WHERE size = 12; UPDATE heads SET size = 23 WHERE size = 24");
    }),
    ("a head's text", 12, |c| {
        change(c, "UPDATE heads SET checkpoint = replace(checkpoint, '12', '13') WHERE size = 12");
    }),
    ("a head's tree", 24, |c| {
        change(c, "UPDATE heads SET frontier = zeroblob(64) WHERE size = 24");
    }),
    ("all heads deleted", 1, |c| change(c, "DELETE FROM heads")),
    ("all heads and records deleted", 1, |c| {
        change(c, "DELETE FROM heads; DELETE FROM records");
    }),
    ("an index that misses a record", 0, |c| {
        change(
            c,
            "DROP INDEX records_by_key; CREATE UNIQUE INDEX records_by_key ON records (key) \
             WHERE key IS NOT NULL AND seq <> 3; PRAGMA writable_schema = 1",
        );
        change(
            c,
            "UPDATE sqlite_schema SET sql = replace(sql, ' AND seq <> 3', '') \
             WHERE name = 'records_by_key'",
        );
    }),
];

#[test]
fn every_fault_of_the_chain_is_found_at_its_place() {
    let fields = ["stream", "version", "recorded_at_ms", "batch", "kind", "key", "payload", "hash"];
    for (what, seq, spoil) in CASES {
        let rig = journal_of_30();
        assert!(rig.verify().ok, "{what}: sound before");
        spoil(&rig.raw());
        let report = rig.verify();
        assert_eq!(fault_at(&report), Some(*seq), "{what}: {:?}", report.first_fault);
    }
    for column in fields {
        let rig = journal_of_30();
        swap(&rig.raw(), 10, 19, &[column]);
        // All records are of one kind, so to swap that is to change nothing.
        let first = if column == "kind" { None } else { Some(10) };
        let report = rig.verify();
        assert_eq!(fault_at(&report), first, "{column} swapped: {:?}", report.first_fault);
    }
    let rig = journal_of_30();
    swap(&rig.raw(), 10, 19, &fields);
    assert_eq!(fault_at(&rig.verify()), Some(10), "two records swapped whole");
}

#[test]
fn no_record_of_a_long_journal_is_passed_over() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 305);
    drop(writer);
    let raw = rig.raw();
    for seq in 1..=305 {
        let spoil = |payload: &str| {
            change(&raw, &format!("UPDATE records SET payload = {payload} WHERE seq = {seq}"));
        };
        spoil("CAST(payload || 'x' AS BLOB)");
        assert_eq!(fault_at(&rig.verify()), Some(seq));
        spoil("substr(payload, 1, length(payload) - 1)");
    }
    assert!(rig.verify().ok, "all put back");
}

/// Makes every hash fit again after a change, as somebody who knows the layout would.
fn chain_again(raw: &Connection) {
    use sha2::Digest;
    let mut before = [0_u8; 32];
    for seq in 1..=30_i64 {
        let mut bytes = b"\x01callbox.journal.record.1".to_vec();
        bytes.extend(before);
        let (stream, version, at, batch, kind, key, payload): (
            i64,
            i64,
            i64,
            i64,
            String,
            Option<Vec<u8>>,
            Vec<u8>,
        ) = raw
            .query_row(
                "SELECT stream, version, recorded_at_ms, batch, kind, key, payload FROM records \
                 WHERE seq = ?1",
                [seq],
                |r| {
                    Ok((
                        r.get(0)?,
                        r.get(1)?,
                        r.get(2)?,
                        r.get(3)?,
                        r.get(4)?,
                        r.get(5)?,
                        r.get(6)?,
                    ))
                },
            )
            .unwrap();
        for number in [seq, stream, version, at, batch] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.push(u8::try_from(kind.len()).unwrap());
        bytes.extend(kind.as_bytes());
        bytes.push(u8::from(key.is_some()));
        bytes.extend(key.unwrap_or_default());
        bytes.extend(payload);
        before = sha2::Sha256::digest(&bytes).into();
        raw.execute("UPDATE records SET hash = ?2 WHERE seq = ?1", (seq, before)).unwrap();
    }
}

#[test]
fn a_chain_made_again_is_found_by_its_signed_heads() {
    let rig = journal_of_30();
    chain_again(&rig.raw());
    assert!(rig.verify().ok, "made again without a change, it is the same");
    for (sql, seq, why) in [
        ("UPDATE records SET payload = x'00' WHERE seq = 5", 12, "the head after it"),
        ("UPDATE records SET payload = x'00' WHERE seq = 20", 24, "the head after it"),
        ("UPDATE records SET recorded_at_ms = 1 WHERE seq = 20", 20, "it goes back in time"),
        ("UPDATE records SET version = 9 WHERE seq = 20", 20, "its stream has a gap"),
        ("UPDATE records SET batch = 18 WHERE seq = 20", 20, "it belongs to no batch"),
    ] {
        let rig = journal_of_30();
        change(&rig.raw(), sql);
        chain_again(&rig.raw());
        assert_eq!(fault_at(&rig.verify()), Some(seq), "{sql}: {why}");
    }
}

#[test]
fn a_journal_made_again_with_another_key_is_found_by_the_trusted_one() {
    let (ours, other) = (journal_of_30(), journal_of_30());
    assert!(other.verify().ok);
    let by_itself = verify(&other.store, None, &mut |_, _| {});
    assert!(by_itself.ok && !by_itself.trusted);
    let report = verify(&other.store, Some(&ours.path("signing.pub")), &mut |_, _| {});
    assert_eq!(fault_at(&report), Some(0));
    let no_key = verify(&other.store, Some(&ours.path("nowhere.pub")), &mut |_, _| {});
    assert_eq!(fault_at(&no_key), Some(0));
}

/// Flips one byte of the file at many places. Whatever is still read must be what was written,
/// unless the check says that it is not.
#[test]
fn a_flipped_byte_of_the_file_is_found_or_changes_nothing() {
    let rig = journal_of_30();
    let (writer, reader, _) = rig.open();
    let written = read_all(&reader);
    drop((writer, reader));
    let path = rig.path("journal.db");
    let good = std::fs::read(&path).unwrap();
    let (mut found, mut harmless) = (0, 0);
    for at in (0..good.len()).step_by(37) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        std::fs::write(&path, &bad).unwrap();
        if !rig.verify().ok {
            found += 1;
            continue;
        }
        harmless += 1;
        let raw = rig.raw();
        let read: Vec<(i64, Vec<u8>, Vec<u8>)> = raw
            .prepare("SELECT seq, payload, hash FROM records ORDER BY seq")
            .unwrap()
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let same = read.len() == written.len()
            && read
                .iter()
                .zip(&written)
                .all(|(read, record)| read.1 == record.payload && read.2 == record.hash);
        assert!(same, "byte {at} changed what is read, and the check did not say so");
    }
    assert!(found > 50 && harmless > 50, "found {found}, in unused space {harmless}");
}

#[test]
fn a_break_after_the_signed_head_refuses_to_open_and_says_where() {
    for (sql, seq) in [
        ("UPDATE records SET payload = x'00' WHERE seq = 26", 26),
        ("DELETE FROM records WHERE seq = 28", 28),
        ("DELETE FROM records WHERE seq >= 22", 22),
        ("UPDATE records SET payload = x'00' WHERE seq = 24", 24),
        ("UPDATE heads SET frontier = zeroblob(64) WHERE size = 24", 24),
        ("UPDATE heads SET checkpoint = replace(checkpoint, '24', '25') WHERE size = 24", 24),
        ("DELETE FROM heads", 1),
        ("UPDATE records SET last = 0 WHERE seq = 27", 27),
    ] {
        let rig = journal_of_30();
        change(&rig.raw(), sql);
        match open(&rig.store, &rig.options()) {
            Err(OpenFault::Broken { seq: at, .. }) => assert_eq!(at, seq, "{sql}"),
            other => panic!("{sql}: {:?}", other.map(|opened| opened.2)),
        }
    }
}

#[test]
fn a_torn_tail_is_cut_at_the_last_whole_batch_and_reported() {
    let rig = journal_of_30();
    // The last batch is 28 to 30; its end never arrived.
    change(&rig.raw(), "DELETE FROM records WHERE seq = 30");
    assert_eq!(fault_at(&rig.verify()), Some(29), "the check says so before it is cut");
    let (mut writer, reader, opened) = rig.open();
    assert_eq!(opened.cut, Some(journal::Cut { from_seq: 28, records: 2 }));
    assert_eq!((opened.records, reader.head().unwrap()), (27, 27));
    fill(&mut writer, 27, 3);
    drop((writer, reader));
    let report = rig.verify();
    assert!(report.ok && report.records == 30, "{report:?}");
    assert_eq!(rig.open().2.cut, None);
}

#[test]
fn a_torn_batch_that_a_signed_head_covers_is_never_cut() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 6);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    drop(writer);
    change(&rig.raw(), "UPDATE records SET last = 0 WHERE seq = 6");
    let refused = open(&rig.store, &rig.options()).map(|opened| opened.2);
    assert!(matches!(refused, Err(OpenFault::Broken { seq: 7, .. })), "{refused:?}");
    assert_eq!(rig.raw().query_row("SELECT count(*) FROM records", [], |r| r.get(0)), Ok(6));
}

#[test]
fn another_name_another_key_or_another_file_is_told_apart() {
    let rig = journal_of_30();
    let named = Options { origin: "other.example/journal".into(), ..rig.options() };
    assert!(matches!(open(&rig.store, &named), Err(OpenFault::NotAJournal { .. })));
    let spaced = Options { origin: "two words".into(), ..rig.options() };
    assert!(matches!(open(&rig.store, &spaced), Err(OpenFault::Origin { .. })));
    // A second key is another node's, or a new one: it signs on, beside the first.
    let second = Options { signing_key: rig.path("second.pem"), ..rig.options() };
    let (mut writer, _reader, opened) = open(&rig.store, &second).unwrap();
    assert!(opened.key_made);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    drop(writer);
    assert!(verify(&rig.store, None, &mut |_, _| {}).ok);
    assert_eq!(fault_at(&rig.verify()), Some(30), "the first key does not vouch for the second");
    std::fs::write(rig.path("text"), "not a database, but long enough to look at".repeat(9))
        .unwrap();
    let text = journal::Store::Sqlite { path: rig.path("text") };
    assert!(matches!(open(&text, &rig.options()), Err(OpenFault::NotAJournal { .. })));
    let foreign = Connection::open(rig.path("foreign.db")).unwrap();
    change(&foreign, "CREATE TABLE t (a)");
    let foreign = journal::Store::Sqlite { path: rig.path("foreign.db") };
    assert!(matches!(open(&foreign, &rig.options()), Err(OpenFault::NotAJournal { .. })));
    std::fs::write(rig.path("bad.pem"), "-----BEGIN").unwrap();
    let bad = Options { signing_key: rig.path("bad.pem"), ..rig.options() };
    assert!(matches!(open(&rig.store, &bad), Err(OpenFault::Key { .. })));
}

#[cfg(unix)]
#[test]
fn the_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::sqlite();
    assert!(!rig.open().2.key_readable_by_others);
    let mode = std::fs::metadata(rig.path("signing.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let wide = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(rig.path("signing.pem"), wide).unwrap();
    assert!(rig.open().2.key_readable_by_others);
}

#[test]
fn a_stretch_is_proved_from_one_signed_head_to_the_next() {
    let rig = journal_of_30();
    let (_writer, reader, _) = rig.open();
    for (from, to, first, last, signed) in [
        (14, 20, 13, 24, Some(24)),
        (1, 1, 1, 12, Some(12)),
        (5, 13, 1, 24, Some(24)),
        (26, 28, 25, 28, None),
        (20, 99, 13, 30, None),
    ] {
        let found = reader.prove(from, to, 100).unwrap();
        assert_eq!((found.from, found.to, found.signed), (first, last, signed), "{from} to {to}");
        assert_eq!(found.holds(), signed.is_some(), "{found:?}");
    }
    let short = reader.prove(2, 20, 10).unwrap();
    assert!(short.cut_short && short.to == 10 && !short.holds(), "{short:?}");
    for (sql, again, seq) in [
        ("UPDATE records SET payload = x'00' WHERE seq = 20", false, 20),
        ("UPDATE records SET payload = x'00' WHERE seq = 20", true, 24),
        ("UPDATE records SET payload = x'00' WHERE seq = 5", true, 24),
        (
            "UPDATE heads SET checkpoint = replace(checkpoint, '24', '25') WHERE size = 24",
            false,
            24,
        ),
        ("DELETE FROM records WHERE seq = 18", false, 18),
    ] {
        let rig = journal_of_30();
        let (_writer, reader, _) = rig.open();
        change(&rig.raw(), sql);
        if again {
            chain_again(&rig.raw());
        }
        let found = reader.prove(14, 22, 100).unwrap();
        let fault = found.first_fault.as_ref().map(|fault| fault.seq);
        assert_eq!(fault, Some(seq), "{sql}: {found:?}");
        assert!(!found.holds());
    }
}
