//! The same promises on PostgreSQL, and those of several nodes.
//!
//! `CALLBOX_TEST_POSTGRES` holds the address of a server on which schemas may be made.

use crate::rig::{Rig, T0, draft, fill, key, read_all};
use journal::{Fault, Options, Refusal, Store, backup, restore, verify};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

fn server() -> String {
    std::env::var("CALLBOX_TEST_POSTGRES")
        .expect("CALLBOX_TEST_POSTGRES holds the address that `scripts/postgres start` prints")
}

/// Runs SQL as somebody with the database in hand would.
fn sql(url: &str, text: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(text).await.unwrap();
    });
}

/// An empty schema of its own on the server.
fn rig() -> (Rig, String) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    sql(&server(), &format!("CREATE SCHEMA {name}"));
    let mark = if server().contains('?') { '&' } else { '?' };
    let url = format!("{}{mark}options=-csearch_path%3D{name}", server());
    let rig = Rig::sqlite();
    (Rig { store: Store::Postgres { url: url.clone() }, ..rig }, url)
}

#[test]
fn what_is_committed_is_read_back_after_a_restart() {
    let (rig, _) = rig();
    let (mut writer, reader, opened) = rig.open();
    assert_eq!(opened.records, 0);
    fill(&mut writer, 0, 10);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    fill(&mut writer, 10, 700);
    let before = read_all(&reader);
    assert_eq!(before.len(), 710);
    assert_eq!(reader.by_key(key(4)).unwrap().map(|r| r.seq), Some(5));
    assert_eq!(reader.by_key(key(5)).unwrap(), None);
    assert_eq!(reader.read_stream(3, 2, 2).unwrap().len(), 2);
    drop(writer);
    let (_writer, reader, opened) = rig.open();
    assert_eq!((opened.records, opened.checked_from), (710, 11));
    assert_eq!(read_all(&reader), before);
    let report = rig.verify();
    assert!(report.ok && report.heads == 2 && report.unsigned == 700, "{report:?}");
}

#[test]
fn a_stream_longer_than_a_page_is_read_to_its_end() {
    let (rig, _) = rig();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 2_000);
    let page = reader.read_stream(3, 1, 1_000).unwrap().len();
    assert!(page < 400, "this store gives fewer than asked for: {page}");
    let versions = reader.each_of_stream(3, 1).map(|record| record.unwrap().version);
    assert!(versions.eq(1..=400));
    assert!(reader.each(1_500).map(|record| record.unwrap().seq).eq(1_500..=2_000));
}

#[test]
fn the_same_records_have_the_same_hashes_in_both_stores() {
    let ((postgres, _), sqlite) = (rig(), Rig::sqlite());
    let all = [&postgres, &sqlite].map(|rig| {
        let (mut writer, reader, _) = rig.open();
        fill(&mut writer, 0, 20);
        read_all(&reader)
    });
    assert_eq!(all[0], all[1]);
}

#[test]
fn two_nodes_take_turns_and_hear_of_each_other() {
    let (rig, _) = rig();
    let (mut one, reader, _) = rig.open();
    let other_key = Options { signing_key: rig.path("second.pem"), ..rig.options() };
    let (mut two, _, _) = journal::open(&rig.store, &other_key).unwrap();
    fill(&mut one, 0, 4);
    let waiting = std::thread::spawn(move || {
        let heard = reader.wait_for(4, Duration::from_secs(20)).unwrap();
        let already = reader.wait_for(4, Duration::ZERO).unwrap();
        let began = Instant::now();
        let silent = reader.wait_for(7, Duration::from_millis(50)).unwrap();
        (heard, already, silent, began.elapsed() >= Duration::from_millis(50))
    });
    let others = two.begin().unwrap();
    assert_eq!(others.iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let mine = two.append(T0, vec![draft(4), draft(5), draft(6)]).unwrap();
    assert_eq!((mine[0].seq, mine[1].version), (5, 2), "streams go on from the other's");
    two.commit().unwrap();
    assert_eq!(waiting.join().unwrap(), (true, true, false, true));
    assert_eq!(one.begin().unwrap(), mine);
    one.commit().unwrap();
    assert_eq!(one.head(), 7);
    one.sign_head_if_due(T0, true).unwrap().unwrap();
    two.sign_head_if_due(T0, true).unwrap().unwrap();
    assert!(verify(&rig.store, None, &mut |_, _| {}).ok);
}

#[test]
fn many_turns_of_two_nodes_make_one_order() {
    let (rig, _) = rig();
    let nodes = ["one.pem", "two.pem"].map(|name| {
        let options = Options { signing_key: rig.path(name), ..rig.options() };
        let (writer, _, _) = journal::open(&rig.store, &options).unwrap();
        writer
    });
    let running = nodes.map(|mut writer| {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        std::thread::spawn(move || {
            let mut seen = Vec::new();
            for _ in 0..100 {
                seen.extend(writer.begin().unwrap());
                let n = u64::from(NEXT.fetch_add(1, Ordering::Relaxed));
                let appended = writer.append(T0, vec![draft(n)]).unwrap();
                writer.commit().unwrap();
                seen.extend(appended);
            }
            seen.extend(writer.begin().unwrap());
            writer.rollback();
            seen
        })
    });
    let seen = running.map(|thread| thread.join().unwrap());
    let stored = read_all(&rig.open().1);
    assert_eq!(stored.len(), 200);
    for node in seen {
        assert_eq!(node[..], stored[..node.len()], "each node saw the one order");
    }
    assert!(verify(&rig.store, None, &mut |_, _| {}).ok);
}

#[test]
fn a_taken_key_is_told_at_the_commit_and_nothing_is_written() {
    let (rig, _) = rig();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 4);
    writer.begin().unwrap();
    writer.append(T0, vec![draft(5), draft(2)]).unwrap();
    let refused = writer.commit();
    let taken = Refusal::KeyTaken { key: key(2) };
    assert!(matches!(&refused, Err(Fault::Refused(why)) if *why == taken), "{refused:?}");
    assert_eq!(reader.head().unwrap(), 4);
    fill(&mut writer, 5, 3);
    assert_eq!(writer.head(), 7);
    assert!(rig.verify().ok);
}

#[test]
fn a_node_cut_off_in_its_turn_recovers_and_loses_nothing_committed() {
    let (rig, url) = rig();
    let (mut writer, reader, _) = rig.open();
    fill(&mut writer, 0, 4);
    writer.begin().unwrap();
    writer.append(T0, vec![draft(4)]).unwrap();
    let schema = url.rsplit("%3D").next().unwrap();
    // Only this journal's own connections, of those on the server.
    sql(
        &server(),
        &format!(
            "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a \
             WHERE a.state LIKE 'idle in%' AND EXISTS \
             (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.relation IN \
             (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = '{schema}'))"
        ),
    );
    let cut = writer.commit();
    assert!(matches!(cut, Err(Fault::Unavailable { .. })), "{cut:?}");
    assert!(matches!(writer.begin(), Err(Fault::Refused(Refusal::RecoverFirst))));
    assert_eq!(writer.recover().unwrap(), 4);
    assert_eq!(reader.by_key(key(4)).unwrap(), None, "asked by key, and not there");
    fill(&mut writer, 4, 3);
    assert_eq!(reader.head().unwrap(), 7);
    assert!(rig.verify().ok);
}

#[test]
fn a_server_that_forgot_what_it_acknowledged_is_found_out() {
    let (rig, url) = rig();
    let (mut writer, _reader, _) = rig.open();
    fill(&mut writer, 0, 6);
    sql(&url, "DELETE FROM records WHERE seq > 3");
    let found = writer.begin();
    assert!(matches!(found, Err(Fault::Corrupt { seq: 6, .. })), "{found:?}");
    let still = writer.recover();
    assert!(matches!(still, Err(Fault::Corrupt { seq: 6, .. })), "{still:?}");
}

#[test]
fn changes_are_found_at_their_place() {
    for (change, seq) in [
        ("UPDATE records SET payload = '' WHERE seq = 5", 5),
        ("UPDATE records SET hash = '' WHERE seq = 5", 5),
        ("UPDATE records SET recorded_at_ms = 1 WHERE seq = 11", 11),
        ("DELETE FROM records WHERE seq = 5", 5),
        ("DELETE FROM records WHERE seq >= 9", 9),
        ("UPDATE records SET last = false WHERE seq = 12", 12),
        ("DELETE FROM heads", 1),
        ("UPDATE heads SET checkpoint = replace(checkpoint, '10', '11') WHERE size = 10", 10),
    ] {
        let (rig, url) = rig();
        let (mut writer, _reader, _) = rig.open();
        fill(&mut writer, 0, 10);
        writer.sign_head_if_due(T0, true).unwrap().unwrap();
        fill(&mut writer, 10, 2);
        drop(writer);
        sql(&url, change);
        let report = rig.verify();
        let found = report.first_fault.as_ref().map(|fault| fault.seq);
        assert_eq!(found, Some(seq), "{change}: {:?}", report.first_fault);
    }
}

#[test]
fn a_role_that_can_only_add_is_enough() {
    let (rig, url) = rig();
    drop(rig.open());
    let schema = url.rsplit("%3D").next().unwrap();
    let role = format!("r_{schema}");
    sql(
        &url,
        &format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {schema} TO {role}; \
         GRANT SELECT, INSERT ON records, heads, keys TO {role}; \
         GRANT SELECT ON journal_form TO {role}"
        ),
    );
    let who = url.split_once("://").unwrap().1.split_once('@').unwrap().0;
    let limited = url.replacen(&format!("{who}@"), &format!("{role}@"), 1);
    let as_role = Rig { store: Store::Postgres { url: limited.clone() }, ..rig };
    let (mut writer, reader, _) = as_role.open();
    fill(&mut writer, 0, 5);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    assert_eq!(reader.head().unwrap(), 5);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&limited, NoTls).await.unwrap();
        tokio::spawn(connection);
        let change = client.batch_execute("UPDATE records SET payload = ''").await;
        (change.is_err(), client.batch_execute("DELETE FROM records").await.is_err())
    });
    assert_eq!(refused, (true, true), "change, remove");
    assert!(as_role.verify().ok);
}

#[test]
fn a_backup_is_one_sqlite_file_and_restores_to_either_store() {
    let (rig_, _) = rig();
    let (mut writer, reader, _) = rig_.open();
    fill(&mut writer, 0, 600);
    writer.sign_head_if_due(T0, true).unwrap().unwrap();
    fill(&mut writer, 600, 3);
    let copy = rig_.path("copy.db");
    let report = backup(&rig_.store, &copy, &mut |_, _| {}).unwrap();
    assert_eq!((report.records, report.heads), (603, 2));
    let full = restore(&copy, &rig_.store, &mut |_, _| {});
    assert!(matches!(full, Err(Fault::Refused(Refusal::NotEmpty { .. }))), "{full:?}");
    let (target, _) = rig();
    assert_eq!(restore(&copy, &target.store, &mut |_, _| {}).unwrap(), report);
    assert_eq!(read_all(&journal::open(&target.store, &rig_.options()).unwrap().1), {
        read_all(&reader)
    });
    let file = Store::Sqlite { path: rig_.path("file.db") };
    assert_eq!(restore(&copy, &file, &mut |_, _| {}).unwrap(), report);
}

#[test]
fn a_server_that_is_not_there_is_said_so() {
    let rig = Rig::sqlite();
    let store = Store::Postgres { url: "postgres://u@127.0.0.1:1/db".into() };
    let fault = journal::open(&store, &rig.options()).map(|opened| opened.2);
    let down = matches!(fault, Err(journal::OpenFault::Store(Fault::Unavailable { .. })));
    assert!(down, "{fault:?}");
}
