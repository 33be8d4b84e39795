//! One life of a victim: a process, what it says, and how it ends.

use crate::acks::{Ack, checked};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What a victim has said so far.
#[derive(Debug, Default)]
pub struct Said {
    /// Its answers.
    pub acks: Vec<Ack>,
    /// Whether the room opened.
    pub ready: bool,
    /// Whether it ended by itself, in good order.
    pub closed: bool,
    /// Sentences of answers that were not saved.
    pub not_saved: Vec<String>,
    /// How late each obligation fired, in milliseconds, by the monotonic clock.
    pub late_ms: Vec<u64>,
    /// Obligations that did not fire within two seconds of their moment.
    pub overdue: Vec<String>,
    /// Everything else, and panics.
    pub other: Vec<String>,
}

impl Said {
    /// Takes in one line.
    pub fn hear(&mut self, line: &str) {
        if let Some(ack) = Ack::parse(line) {
            self.acks.push(ack);
            return;
        }
        let text = checked(line).unwrap_or(line);
        if text.contains("READY records=") {
            self.ready = true;
        } else if text.starts_with("CLOSED") {
            self.closed = true;
        } else if let Some(sentence) = text.strip_prefix("NOTSAVED ") {
            self.not_saved.push(sentence.to_owned());
        } else if let Some(fired) = text.strip_prefix("FIRED ") {
            self.late_ms.extend(fired.rsplit(' ').next().and_then(|ms| ms.parse::<u64>().ok()));
        } else if let Some(id) = text.strip_prefix("OVERDUE ") {
            self.overdue.push(id.to_owned());
        } else if self.other.len() < 200 {
            self.other.push(line.to_owned());
        }
    }
}

/// A victim that runs.
pub struct Life {
    child: Child,
    said: Arc<Mutex<Said>>,
    listeners: Vec<JoinHandle<()>>,
}

/// A victim's command line, before what the fault adds around it.
pub fn victim(dir: &Path, store: &str, seed: u64, after: &[u64]) -> Command {
    let mut command = Command::new(own_binary());
    let after: Vec<String> = after.iter().map(u64::to_string).collect();
    command.arg("victim").arg("--dir").arg(dir).args(["--store", store, "--obligations"]);
    command.args(["--seed", &seed.to_string()]);
    if !after.is_empty() {
        command.args(["--after", &after.join(",")]);
    }
    command
}

/// This program.
pub fn own_binary() -> std::path::PathBuf {
    std::env::current_exe().unwrap_or_else(|_| "faults".into())
}

impl Life {
    /// Starts one and listens.
    ///
    /// # Errors
    /// That it did not start.
    pub fn start(mut command: Command) -> Result<Life, String> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| format!("{command:?} did not start: {e}"))?;
        let said = Arc::new(Mutex::new(Said::default()));
        let mut listeners = Vec::new();
        if let Some(out) = child.stdout.take() {
            listeners.push(listen(out, said.clone()));
        }
        if let Some(err) = child.stderr.take() {
            listeners.push(listen(err, said.clone()));
        }
        Ok(Life { child, said, listeners })
    }

    /// What it has said.
    pub fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has said enough or the time is over; says whether it has. A process that
    /// ends meanwhile is not waited for.
    pub fn wait_until(&mut self, within: Duration, enough: impl Fn(&Said) -> bool) -> bool {
        let until = Instant::now() + within;
        loop {
            if enough(&self.said()) {
                return true;
            }
            let ended = matches!(self.child.try_wait(), Ok(Some(_)));
            if ended || Instant::now() >= until {
                std::thread::sleep(Duration::from_millis(20));
                return enough(&self.said());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it runs no more.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Kills it (SIGKILL) and hears what it said last.
    pub fn kill(mut self) -> Said {
        let _ = self.child.kill();
        self.end()
    }

    /// Waits for it to end, at most so long; kills it then.
    pub fn finish(mut self, within: Duration) -> Said {
        let until = Instant::now() + within;
        while !self.has_ended() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill()
    }

    fn end(&mut self) -> Said {
        let _ = self.child.wait();
        for listener in self.listeners.drain(..) {
            let _ = listener.join();
        }
        std::mem::take(&mut *self.said())
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        // Nothing of ours is left running, whatever went wrong.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(from: impl std::io::Read + Send + 'static, said: Arc<Mutex<Said>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while let Ok(1..) = reader.read_until(b'\n', &mut line) {
            // A line that was cut off by the kill was never said.
            if line.ends_with(b"\n") {
                let text = String::from_utf8_lossy(&line);
                said.lock().unwrap_or_else(PoisonError::into_inner).hear(text.trim_end());
            }
            line.clear();
        }
    })
}
