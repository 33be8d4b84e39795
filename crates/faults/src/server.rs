//! A PostgreSQL server of our own, that may be killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// A server that stops when this goes.
pub struct Server {
    dir: PathBuf,
    url: String,
    port: u16,
}

impl Server {
    /// A server if the store's name is just `postgres`.
    ///
    /// # Errors
    /// That it did not start.
    pub fn for_store(store: &str, dir: &Path) -> Result<Option<Server>, String> {
        if store != "postgres" {
            return Ok(None);
        }
        Server::start(dir).map(Some)
    }

    /// Starts one in a new folder, on a port that is free.
    ///
    /// # Errors
    /// That it did not start.
    pub fn start(dir: &Path) -> Result<Server, String> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0");
        let port = listener.and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
        open_to_all(dir);
        let mut command = Command::new(script()?);
        command.arg("start").arg(dir).arg(port.to_string());
        let out = run(&mut command)?;
        let url = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        Ok(Server { dir: dir.to_owned(), url, port })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Kills every process of it (SIGKILL), and starts it again.
    ///
    /// # Errors
    /// That it did not come back.
    pub fn kill_and_start(&self) -> Result<(), String> {
        let pids = self.pids()?;
        let text: Vec<String> = pids.iter().map(u32::to_string).collect();
        // Some may have ended meanwhile.
        let _ = run(Command::new("kill").arg("-9").args(&text));
        while self.pids().is_ok_and(|left| left.iter().any(|pid| alive(*pid))) {
            std::thread::sleep(Duration::from_millis(20));
        }
        while pids.iter().any(|pid| alive(*pid)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Where nobody buries the dead, their number looks taken, and the lock files hold.
        let socket = format!(".s.PGSQL.{}.lock", self.port);
        for file in [self.dir.join("data/postmaster.pid"), self.dir.join(socket)] {
            let _ = std::fs::remove_file(file);
        }
        self.start_again()
    }

    /// Starts it where it lies.
    ///
    /// # Errors
    /// That it did not start.
    pub fn start_again(&self) -> Result<(), String> {
        let options =
            format!("-c listen_addresses=127.0.0.1 -p {} -k {}", self.port, self.dir.display());
        let data = self.dir.join("data");
        let log = self.dir.join("server.txt");
        let mut command = unprivileged(&self.dir);
        command.arg(bin().join("pg_ctl")).arg("-D").arg(data).arg("-l").arg(log);
        command.args(["-w", "-t", "60", "-o", &options, "start"]);
        // What it prints is kept from our pipe, which its children would hold open.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            other => {
                let said = std::fs::read_to_string(self.dir.join("server.txt")).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(4).collect();
                Err(format!("the PostgreSQL server did not come back ({other:?}): {last:?}"))
            }
        }
    }

    /// Makes an empty database and gives its address.
    ///
    /// # Errors
    /// That the server made none.
    pub fn fresh_database(&self, name: &str) -> Result<String, String> {
        let port = self.port.to_string();
        let mut createdb = Command::new(bin().join("createdb"));
        createdb.args(["-h", "127.0.0.1", "-U", "callbox", "-p", &port, name]);
        run(&mut createdb)?;
        Ok(format!("postgres://callbox@127.0.0.1:{port}/{name}"))
    }

    /// Waits until it takes statements, starts it if it has stopped, and kills and starts it if it
    /// does not answer in time: what whoever keeps a server does.
    ///
    /// # Errors
    /// That it does not come back.
    pub fn until_it_answers(&self, within: Duration) -> Result<(), String> {
        let until = Instant::now() + within;
        let port = self.port.to_string();
        loop {
            let mut ready = Command::new(bin().join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-U", "callbox", "-p", &port]);
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            // A server that ended removed its file, or could not; one that recovers has it.
            match self.pids() {
                Err(_) => self.start_again()?,
                Ok(pids) if pids.first().is_some_and(|pid| !alive(*pid)) => {
                    self.kill_and_start()?
                }
                Ok(_) if Instant::now() > until => return self.kill_and_start(),
                Ok(_) => {}
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether it takes connections.
    pub fn answers(&self) -> bool {
        std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// The server's process and its children.
    ///
    /// # Errors
    /// That it has no number.
    pub fn pids(&self) -> Result<Vec<u32>, String> {
        let file = self.dir.join("data/postmaster.pid");
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let first = text.lines().next().and_then(|line| line.parse::<u32>().ok());
        let postmaster = first.ok_or("the server's pid file has no number")?;
        let mut pids = vec![postmaster];
        pids.extend(children(postmaster));
        Ok(pids)
    }
}

/// The processes that a process has started.
pub fn children(of: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| parent(*pid) == Some(of)).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// Where its programs are.
pub fn bin() -> PathBuf {
    std::env::var_os("PG_BIN").map_or("/usr/lib/postgresql/15/bin".into(), PathBuf::from)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
}

/// Who a server of ours runs as, as `uid:gid`. PostgreSQL refuses to run as root.
///
/// # Errors
/// That nobody can be told.
pub fn owner() -> Result<String, String> {
    let number = |flag: &str, user: Option<&str>| -> Result<String, String> {
        let out = run(Command::new("id").arg(flag).args(user))?;
        Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    let has_postgres = number("-u", Some("postgres")).is_ok();
    let user = match (is_root(), has_postgres) {
        (false, _) => None,
        (true, true) => Some("postgres"),
        (true, false) => Some("nobody"),
    };
    Ok(format!("{}:{}", number("-u", user)?, number("-g", user)?))
}

/// A command line as somebody PostgreSQL accepts, to be continued.
pub fn unprivileged(home: &Path) -> Command {
    let mut command = Command::new("env");
    if is_root() {
        command = Command::new("setpriv");
        let owner = owner().unwrap_or_else(|_| "65534:65534".to_owned());
        let (user, group) = owner.split_once(':').unwrap_or((&owner, &owner));
        command.args([format!("--reuid={user}"), format!("--regid={group}")]);
        command.args(["--clear-groups", "--", "env"]);
    }
    command.current_dir("/").arg(format!("HOME={}", home.display()));
    command
}

/// The server's own user must be able to reach its folder through those above it.
pub fn open_to_all(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if let Some(above) = dir.parent() {
        let _ = std::fs::set_permissions(above, std::fs::Permissions::from_mode(0o755));
    }
}

fn script() -> Result<PathBuf, String> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres");
    place.canonicalize().map_err(|e| format!("scripts/postgres is not there: {e}"))
}

/// Runs a command and gives what it printed.
///
/// # Errors
/// What it said when it failed.
pub fn run(command: &mut Command) -> Result<Output, String> {
    let out = command.output().map_err(|e| format!("{command:?} did not start: {e}"))?;
    if out.status.success() {
        return Ok(out);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&out.stderr).trim()))
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(script) = script() {
            let _ = run(Command::new(script).arg("stop").arg(&self.dir));
        }
    }
}
