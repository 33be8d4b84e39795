//! Appending, committing, reading, signing, recovering, on SQLite.

use crate::rig::{Rig, T0, draft, fill, key, read_all};
use journal::{Draft, Fault, OpenFault, Refusal, open};
use std::collections::HashMap;

#[test]
fn what_is_committed_is_read_back_in_order_after_a_restart() {
    let rig = Rig::sqlite();
    let (mut writer, reader, opened) = rig.open();
    assert_eq!((opened.records, opened.checked_from, opened.key_made), (0, 1, true));
    fill(&mut writer, 0, 10);
    fill(&mut writer, 10, 7);
    let before = read_all(&reader);
    assert_eq!(before.len(), 17);
    drop((writer, reader));
    let (writer, reader, opened) = rig.open();
    assert_eq!((opened.records, opened.key_made, opened.cut), (17, false, None));
    assert_eq!((writer.head(), opened.last_recorded_at_ms), (17, T0 + 12));
    assert_eq!(read_all(&reader), before);
    let mut versions = HashMap::new();
    for (n, record) in before.iter().enumerate() {
        let version = versions.entry(record.stream).or_insert(0);
        *version += 1;
        assert_eq!((record.seq, record.version), (n as u64 + 1, *version));
        assert_eq!(record.payload, draft(n as u64).payload);
    }
    assert_eq!(
        before.iter().map(|r| r.batch).collect::<Vec<_>>(),
        [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 11, 11, 11, 14, 14, 14, 17]
    );
    let report = rig.verify();
    assert!(report.ok, "{report:?}");
}

#[test]
fn the_first_record_hashes_to_what_the_documentation_says() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    writer.begin().unwrap();
    let draft =
        Draft { stream: 7, kind: "a.b".into(), key: Some([9; 16]), payload: b"hello".to_vec() };
    let records = writer.append(T0, vec![draft]).unwrap();
    let mut bytes = b"\x01callbox.journal.record.1".to_vec();
    bytes.extend([0; 32]);
    for number in [1_u64, 7, 1] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(T0.to_be_bytes());
    bytes.extend(1_u64.to_be_bytes());
    bytes.extend(b"\x03a.b\x01");
    bytes.extend([9; 16]);
    bytes.extend(b"hello");
    use sha2::Digest;
    assert_eq!(records[0].hash.as_slice(), sha2::Sha256::digest(&bytes).as_slice());
}

#[test]
fn a_stream_and_a_key_are_found() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 20);
    let stream = reader.read_stream(3, 2, 2).unwrap();
    assert_eq!(stream.iter().map(|r| (r.version, r.seq)).collect::<Vec<_>>(), [(2, 8), (3, 13)]);
    assert_eq!(reader.by_key(key(4)).unwrap().map(|r| r.seq), Some(5));
    assert_eq!(reader.by_key(key(5)).unwrap(), None, "the fifth has no key");
    assert_eq!(reader.head().unwrap(), 20);
    assert!(reader.read(21, 5).unwrap().is_empty());
    assert!(reader.read(u64::MAX, 5).unwrap().is_empty());
    assert!(!reader.wait_for(0, std::time::Duration::from_secs(60)).unwrap(), "at once");
}

#[test]
fn what_is_rolled_back_was_never_there() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 4);
    writer.begin().unwrap();
    writer.append(T0, vec![draft(4), draft(5)]).unwrap();
    assert_eq!(reader.head().unwrap(), 4, "not to be seen before the commit");
    writer.rollback();
    fill(&mut writer, 4, 3);
    assert_eq!(read_all(&reader).len(), 7);
    writer.begin().unwrap();
    writer.append(T0, vec![draft(8)]).unwrap();
    drop(writer);
    assert_eq!(reader.head().unwrap(), 7, "dropped in a turn");
    assert!(rig.verify().ok);
}

#[test]
fn a_taken_key_is_refused_and_the_turn_goes_on_without_that_batch() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 4);
    writer.begin().unwrap();
    writer.append(T0, vec![draft(4)]).unwrap();
    let refused = writer.append(T0, vec![draft(5), draft(2)]);
    let taken = Refusal::KeyTaken { key: key(2) };
    assert!(matches!(&refused, Err(Fault::Refused(why)) if *why == taken), "{refused:?}");
    let own = writer.append(T0, vec![draft(6), draft(6)]);
    assert!(matches!(own, Err(Fault::Refused(Refusal::KeyTaken { .. }))), "{own:?}");
    writer.append(T0, vec![draft(7)]).unwrap();
    writer.commit().unwrap();
    let payloads: Vec<_> = read_all(&reader).into_iter().map(|r| r.payload).collect();
    let kept: Vec<_> = [0, 1, 2, 3, 4, 7].map(|n| draft(n).payload).into();
    assert_eq!(payloads, kept);
    assert!(rig.verify().ok);
}

#[test]
fn drafts_out_of_bounds_are_refused_and_the_turn_stands() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    writer.begin().unwrap();
    let bad = |change: fn(&mut Draft)| {
        let mut draft = draft(0);
        change(&mut draft);
        draft
    };
    for draft in [
        bad(|d| d.kind = "".into()),
        bad(|d| d.kind = "Ä".into()),
        bad(|d| d.kind = "a".repeat(65).into()),
        bad(|d| d.payload = vec![0; journal::MAX_PAYLOAD + 1]),
        bad(|d| d.stream = u64::MAX),
    ] {
        let refused = writer.append(T0, vec![crate::rig::draft(1), draft]);
        assert!(matches!(refused, Err(Fault::Refused(_))), "{refused:?}");
    }
    let largest = bad(|d| d.payload = vec![7; journal::MAX_PAYLOAD]);
    let longest = bad(|d| {
        d.kind = "z".repeat(64).into();
        d.key = None;
        d.stream = u64::MAX >> 1;
    });
    writer.append(T0, vec![largest, longest]).unwrap();
    assert!(writer.append(T0, Vec::new()).unwrap().is_empty());
    writer.commit().unwrap();
    assert_eq!(read_all(&reader).len(), 2);
    assert!(rig.verify().ok);
}

#[test]
fn steps_out_of_turn_are_refused() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    assert!(matches!(writer.append(T0, vec![]), Err(Fault::Refused(Refusal::NoTurn))));
    assert!(matches!(writer.commit(), Err(Fault::Refused(Refusal::NoTurn))));
    writer.begin().unwrap();
    assert!(matches!(writer.begin(), Err(Fault::Refused(Refusal::TurnOpen))));
    writer.commit().unwrap();
    assert_eq!(writer.recover().unwrap(), 0);
}

#[test]
fn a_clock_set_back_does_not_date_a_record_before_the_last() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    writer.begin().unwrap();
    writer.append(T0, vec![draft(0)]).unwrap();
    writer.append(T0 - 3_600_000, vec![draft(1)]).unwrap();
    writer.commit().unwrap();
    drop(writer);
    let (mut writer, _, _) = rig.open();
    writer.begin().unwrap();
    writer.append(0, vec![draft(2)]).unwrap();
    writer.commit().unwrap();
    assert!(read_all(&reader).iter().all(|r| r.recorded_at_ms == T0));
}

#[test]
fn a_head_is_signed_when_it_is_time_or_there_is_much() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    assert_eq!(writer.sign_head_if_due(T0, true).unwrap(), None, "nothing unsigned");
    fill(&mut writer, 0, 5);
    assert_eq!(writer.sign_head_if_due(T0, false).unwrap().map(|c| c.size), Some(5));
    fill(&mut writer, 5, 5);
    assert_eq!(writer.sign_head_if_due(T0 + 999, false).unwrap(), None, "too soon");
    assert_eq!(writer.sign_head_if_due(T0 + 1_000, false).unwrap().map(|c| c.size), Some(10));
    fill(&mut writer, 10, 999);
    assert_eq!(writer.sign_head_if_due(T0 + 1_001, false).unwrap(), None);
    fill(&mut writer, 1_009, 1);
    assert_eq!(writer.sign_head_if_due(T0 + 1_002, false).unwrap().map(|c| c.size), Some(1_010));
    fill(&mut writer, 1_010, 1);
    let back = writer.sign_head_if_due(T0 - 9_999, false).unwrap();
    assert_eq!(back.map(|c| c.size), Some(1_011), "a clock set back does not stop it");
    fill(&mut writer, 1_011, 1);
    writer.begin().unwrap();
    assert_eq!(writer.sign_head_if_due(T0, true).unwrap(), None, "not inside a turn");
    writer.rollback();
    assert_eq!(writer.sign_head_if_due(T0, true).unwrap().map(|c| c.size), Some(1_012));
    drop(writer);
    let report = rig.verify();
    assert!(report.ok && report.heads == 6 && report.unsigned == 0, "{report:?}");
    let (_writer, _reader, opened) = rig.open();
    assert_eq!(opened.checked_from, 1_013);
}

#[test]
fn the_signed_root_is_that_of_an_independent_tree() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    let mut theirs = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    for n in 0..40 {
        fill(&mut writer, n, 1);
        let head = writer.sign_head_if_due(T0, true).unwrap().unwrap();
        theirs.push(reader.read(n + 1, 1).unwrap().remove(0).hash.to_vec());
        assert_eq!(head.root.as_slice(), theirs.root().as_bytes().as_slice(), "size {}", n + 1);
    }
}

#[test]
fn only_one_process_may_write_and_everybody_may_read() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 3);
    let second = open(&rig.store, &rig.options());
    assert!(matches!(second, Err(OpenFault::InUse { .. })), "{:?}", second.err());
    assert!(rig.verify().ok, "beside the writer");
    drop(writer);
    assert_eq!(rig.open().2.records, 3);
}

#[test]
fn a_reader_beside_a_writer_sees_whole_batches_only() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    let writing = std::thread::spawn(move || {
        for n in 0..300 {
            fill(&mut writer, n * 3, 3);
            if n % 50 == 0 {
                writer.idle();
                writer.sign_head_if_due(T0, true).unwrap();
            }
        }
    });
    let reading: Vec<_> = (0..3)
        .map(|_| {
            let reader = reader.clone();
            std::thread::spawn(move || {
                let mut seen = 0;
                while seen < 900 {
                    let head = reader.head().unwrap();
                    assert!(head >= seen && head.is_multiple_of(3), "{seen} then {head}");
                    let page = reader.read(seen + 1, 1_000).unwrap();
                    for record in page {
                        seen += 1;
                        assert_eq!(record.seq, seen);
                    }
                }
            })
        })
        .collect();
    writing.join().unwrap();
    reading.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(rig.verify().ok);
}

#[test]
fn a_page_of_heavy_records_is_short_and_never_empty_before_the_end() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    writer.begin().unwrap();
    for n in 0..20 {
        let payload = vec![0; journal::MAX_PAYLOAD];
        writer.append(T0, vec![Draft { payload, ..draft(n) }]).unwrap();
    }
    writer.commit().unwrap();
    assert_eq!(reader.read(1, 100).unwrap().len(), 16);
    assert_eq!(read_all(&reader).len(), 20);
    let streams = (0..20).map(|n| draft(n).stream).collect::<std::collections::BTreeSet<_>>();
    let whole = |stream: &u64| reader.each_of_stream(*stream, 1).map(Result::unwrap).count();
    assert_eq!(streams.iter().map(whole).sum::<usize>(), 20, "each stream is read to its end");
    assert_eq!(reader.each(5).map(Result::unwrap).count(), 16);
}
