//! `callbox token | head -1`: whoever reads the first line and goes is no fault.

use std::process::Command;

#[test]
fn a_reader_that_has_gone_makes_no_noise() {
    let dir = tempfile::tempdir().unwrap();
    for extra in [&[][..], &["--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = Command::new(env!("CARGO_BIN_EXE_callbox"))
            .args(["token", "--staff", "DD07", "--role", "dispatcher", "--data"])
            .arg(dir.path())
            .args(extra)
            .stdout(writer)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && said.is_empty(), "{:?}: {said}", ended.status);
    }
}
