//! One module a command.

pub mod account;
pub mod backup;
pub mod cases;
pub mod demo;
pub mod doctor;
pub mod play;
pub mod policy;
pub mod replay;
pub mod restore;
pub mod serve;
pub mod simulate;
pub mod token;
pub mod verify;

/// Sends traces to standard error; `RUST_LOG` says how much.
pub fn start_traces() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
