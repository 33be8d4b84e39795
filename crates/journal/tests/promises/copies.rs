//! Backup of a journal in use, restore into an empty one.

use crate::rig::{Rig, T0, fill, read_all};
use journal::{Fault, Refusal, Store, backup, restore, verify};

fn sqlite(path: std::path::PathBuf) -> Store {
    Store::Sqlite { path }
}

#[test]
fn a_backup_taken_while_writing_is_whole_and_restores() {
    let rig = Rig::sqlite();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 3_000);
    writer.sign_head_if_due(T0, true).unwrap();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = std::sync::Arc::clone(&stop);
    let writing = std::thread::spawn(move || {
        let mut n = 3_000;
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            fill(&mut writer, n, 3);
            n += 3;
        }
        writer.sign_head_if_due(T0, true).unwrap();
        n
    });
    let mut told = (0, 0);
    let report = backup(&rig.store, &rig.path("copy.db"), &mut |done, of| told = (done, of));
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let written = writing.join().unwrap();
    let report = report.unwrap();
    assert!(report.records >= 3_000 && report.records.is_multiple_of(3), "{report:?}");
    assert!(report.records <= written && report.heads == 2);
    assert_eq!(told, (report.records, report.records));
    let left: Vec<_> = std::fs::read_dir(rig.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("copy.db"))
        .collect();
    assert_eq!(left, ["copy.db"], "one file, nothing beside it");

    let again = backup(&rig.store, &rig.path("copy.db"), &mut |_, _| {});
    assert!(matches!(again, Err(Fault::Refused(Refusal::NotEmpty { .. }))), "{again:?}");

    let target = sqlite(rig.path("restored.db"));
    assert_eq!(restore(&rig.path("copy.db"), &target, &mut |_, _| {}).unwrap(), report);
    let full = restore(&rig.path("copy.db"), &target, &mut |_, _| {});
    assert!(matches!(full, Err(Fault::Refused(Refusal::NotEmpty { .. }))), "{full:?}");
    assert!(verify(&target, Some(&rig.path("signing.pub")), &mut |_, _| {}).ok);
    let (_writer, restored, _) = journal::open(&target, &rig.options()).unwrap();
    let mut original = read_all(&reader);
    original.truncate(usize::try_from(report.records).unwrap());
    assert_eq!(read_all(&restored), original);
}

#[test]
fn neither_a_broken_journal_nor_a_broken_backup_is_copied() {
    let rig = Rig::sqlite();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 30);
    drop(writer);
    backup(&rig.store, &rig.path("copy.db"), &mut |_, _| {}).unwrap();
    let spoil = "UPDATE records SET payload = x'00' WHERE seq = 7";
    rig.raw().execute_batch(spoil).unwrap();
    let refused = backup(&rig.store, &rig.path("second.db"), &mut |_, _| {});
    assert!(matches!(refused, Err(Fault::Refused(Refusal::Unsound { .. }))), "{refused:?}");
    assert!(!rig.path("second.db").exists() && !rig.path("second.db.partial").exists());
    let copy = rusqlite::Connection::open(rig.path("copy.db")).unwrap();
    copy.execute_batch(spoil).unwrap();
    let target = sqlite(rig.path("restored.db"));
    let refused = restore(&rig.path("copy.db"), &target, &mut |_, _| {});
    assert!(matches!(refused, Err(Fault::Refused(Refusal::Unsound { .. }))), "{refused:?}");
    assert!(!rig.path("restored.db").exists());
}
