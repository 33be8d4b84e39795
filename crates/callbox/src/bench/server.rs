//! The real binary as a child process.

use super::http::Client;
use crate::place::{Place, QUEUE};
use room::{Clock, Config, Room};
use rules::name::StaffId;
use rules::role::Role;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `callbox serve`.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// A token for every role that the measures act in.
    pub token: String,
    /// How long it took from its start to its first answer.
    pub first_answer: Duration,
}

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

impl Server {
    /// Starts on a folder.
    pub fn start(data: &Path) -> Fallible<Server> {
        let tokens = web::tokens::Tokens::open(data.join("tokens.json"))?;
        let staff = StaffId::parse("BENCH")?;
        let token = tokens.issue(staff, Role::ForceIncidentManager, Vec::new(), 1)?;
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--unlimited", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let address = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("http://"))
            .and_then(|a| a.trim_end_matches('/').parse().ok())
            .ok_or_else(|| format!("the server did not say where it listens: {line}"))?;
        let answer = Client::new(address, &token)?.get("/api/v1/incidents")?;
        if answer.status != 200 {
            return Err(format!("the first answer was {}", answer.status).into());
        }
        Ok(Server { child, address, token, first_answer: started.elapsed() })
    }

    /// A client.
    pub fn client(&self) -> std::io::Result<Client> {
        Client::new(self.address, &self.token)
    }

    /// Resident memory, in MiB.
    pub fn memory_mib(&self) -> Fallible<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse()?;
        Ok(kib / 1_024.0)
    }

    /// Ends it as a power cut would: what counts must be on disk already.
    pub fn kill(mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Opens a room on a folder, on a clock that is turned.
pub fn room(data: &Path, clock: Clock) -> Fallible<Room> {
    let place = Place { data: data.to_owned(), store: "sqlite".to_owned() };
    let config = Config {
        store: place.store()?,
        data: data.to_owned(),
        policy_toml: crate::place::DEFAULT_POLICY.to_owned(),
        clock,
        queue: QUEUE,
    };
    Ok(Room::open(config)?.0)
}
