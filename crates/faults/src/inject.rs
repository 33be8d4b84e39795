//! Calls that are made to fail by strace, and which.

use std::fmt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Which calls of a process fail, and how.
pub struct Rule {
    /// Calls, counted together.
    calls: &'static str,
    /// The error they give.
    error: &'static str,
    /// Which of them, in strace's words. Each process or thread counts its own.
    when: String,
}

/// Whose calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The room's.
    Victim,
    /// The PostgreSQL server's.
    Server,
}

/// One way to fail.
pub struct Way {
    /// What fails; nothing is in two of them.
    pub rules: Vec<Rule>,
    /// Whether it goes on failing.
    pub for_good: bool,
    /// Whose calls they are.
    pub whose: Whose,
}

const SYNC: &str = "fdatasync,fsync";
const WRITE: &str = "pwrite64";

fn way(whose: Whose, calls: &'static str, error: &'static str, n: u64, for_good: bool) -> Way {
    let when = if for_good { format!("{n}+") } else { n.to_string() };
    Way { rules: vec![Rule { calls, error, when }], for_good, whose }
}

/// The room's own N-th call to its disk.
pub fn on_the_disk(n: u64) -> Vec<Way> {
    vec![
        way(Whose::Victim, SYNC, "EIO", n, false),
        way(Whose::Victim, WRITE, "EIO", n, false),
        way(Whose::Victim, WRITE, "ENOSPC", n, false),
        way(Whose::Victim, SYNC, "EIO", n, true),
        way(Whose::Victim, WRITE, "ENOSPC", n, true),
    ]
}

/// The N-th call of each of the server's processes to its disk, and the room's on the wire.
pub fn at_the_server(n: u64) -> Vec<Way> {
    vec![
        way(Whose::Server, SYNC, "EIO", n, false),
        way(Whose::Server, WRITE, "EIO", n, false),
        way(Whose::Server, WRITE, "ENOSPC", n, false),
        way(Whose::Server, SYNC, "EIO", n, true),
        way(Whose::Server, WRITE, "ENOSPC", n, true),
        way(Whose::Victim, "sendto", "ECONNRESET", n, false),
        way(Whose::Victim, "recvfrom", "ECONNRESET", n, false),
        way(Whose::Victim, "recvfrom", "ECONNRESET", n, true),
    ]
}

/// Two failures in one run: the N-th of one kind with the M-th of another, and the N-th with the
/// M-th after it of the same kind.
pub fn two(n: u64, m: u64) -> Vec<Way> {
    let rule = |calls, error, when| Rule { calls, error, when };
    // "From the first to the last in steps that meet both": these two alone.
    let same = || format!("{n}..{}+{m}", n + m);
    let pair = |rules| Way { rules, for_good: false, whose: Whose::Victim };
    vec![
        pair(vec![rule(SYNC, "EIO", n.to_string()), rule(WRITE, "EIO", m.to_string())]),
        pair(vec![rule(SYNC, "EIO", n.to_string()), rule(WRITE, "ENOSPC", m.to_string())]),
        pair(vec![rule(SYNC, "EIO", same())]),
        pair(vec![rule(WRITE, "ENOSPC", same())]),
    ]
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.whose == Whose::Server { "server: " } else { "" };
        let rules: Vec<String> =
            self.rules.iter().map(|r| format!("{} {} when={}", r.calls, r.error, r.when)).collect();
        write!(f, "{whose}{}", rules.join(" and "))
    }
}

impl Way {
    /// Of two failures the second alone, for a start after the first.
    pub fn second(&self) -> Option<Way> {
        let last = self.rules.last().filter(|_| self.wanted() == 2)?;
        let when = last.when.rsplit('+').next().unwrap_or(&last.when).to_owned();
        let rules = vec![Rule { when, ..*last }];
        Some(Way { rules, for_good: false, whose: self.whose })
    }

    /// How many calls are to fail, at least, before all of it has happened.
    pub fn wanted(&self) -> usize {
        let of = |rule: &Rule| if rule.when.contains("..") { 2 } else { 1 };
        self.rules.iter().map(of).sum()
    }
}

fn strace(way: &Way, trace: &Path) -> Command {
    let mut command = Command::new("strace");
    let calls: Vec<&str> = way.rules.iter().map(|rule| rule.calls).collect();
    command.args(["-f", "-qq", "-e", &format!("trace={}", calls.join(","))]);
    for Rule { calls, error, when } in &way.rules {
        command.args(["-e", &format!("inject={calls}:error={error}:when={when}")]);
    }
    command.arg("-o").arg(trace);
    command
}

/// A command under strace.
pub fn under_strace(plain: &Command, way: &Way, trace: &Path) -> Command {
    let mut command = strace(way, trace);
    command.arg(plain.get_program()).args(plain.get_args());
    command
}

/// How many calls have been made to fail.
pub fn hits(trace: &Path) -> usize {
    let text = std::fs::read(trace).unwrap_or_default();
    String::from_utf8_lossy(&text).matches("(INJECTED)").count()
}

/// Something that lets the calls of running processes, and of all they start, fail.
pub struct Tracer(Child);

impl Tracer {
    /// Takes hold of processes.
    ///
    /// # Errors
    /// That it is not allowed here.
    pub fn attach(pids: &[u32], way: &Way, trace: &Path) -> Result<Tracer, String> {
        let _ = std::fs::remove_file(trace);
        let mut command = strace(way, trace);
        for pid in pids {
            command.args(["-p", &pid.to_string()]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut tracer = Tracer(command.spawn().map_err(|e| format!("strace did not start: {e}"))?);
        let until = Instant::now() + Duration::from_secs(10);
        while !pids.iter().all(|pid| is_traced(*pid)) {
            if Instant::now() > until || matches!(tracer.0.try_wait(), Ok(Some(_))) {
                return Err("strace cannot take hold of the server: is it allowed here?".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(tracer)
    }

    /// Lets go; the processes run on.
    ///
    /// # Errors
    /// That it did not let go.
    pub fn detach(mut self) -> Result<(), String> {
        let pid = self.0.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("strace does not let go of the server".to_owned())
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that is no more counts as held: it cannot escape.
fn is_traced(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    tracer.is_none_or(|tracer| tracer.trim() != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_one_kind_are_told_to_strace_as_these_two_alone() {
        let said: Vec<String> = two(3, 4).iter().map(Way::to_string).collect();
        assert_eq!(said[0], "fdatasync,fsync EIO when=3 and pwrite64 EIO when=4");
        assert_eq!(said[2], "fdatasync,fsync EIO when=3..7+4");
        assert!(two(3, 4).iter().all(|way| way.wanted() == 2));
        let second: Vec<String> =
            two(3, 4).iter().filter_map(Way::second).map(|way| way.to_string()).collect();
        assert_eq!(second[1], "pwrite64 ENOSPC when=4");
        assert_eq!(second[2], "fdatasync,fsync EIO when=4");
        assert!(on_the_disk(3).iter().all(|way| way.second().is_none()));
    }
}
