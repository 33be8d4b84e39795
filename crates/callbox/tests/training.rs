//! A policy that was copied out of a room for training begins no live room.

use std::process::Command;

const DEFAULT: &str = include_str!("../../../policy/default.toml");

#[test]
fn a_training_policy_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("copied.toml");
    std::fs::write(&policy, room::for_training(DEFAULT)).unwrap();
    for command in ["serve", "replay"] {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_callbox"));
        asked.arg(command);
        if command == "replay" {
            asked.arg("no-file.csv").args(["--format", "sffd"]);
        }
        let ended = asked.arg("--policy").arg(&policy).arg("--data").arg(dir.path());
        let ended = ended.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "{command}");
        assert!(said.contains("take out its first line"), "{command}: {said}");
    }
}
