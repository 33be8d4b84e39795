//! `callbox serve`: a force's room and its HTTP interface.

use crate::place::Place;
use crate::say::{self, Outcome};
use axum::http::HeaderMap;
use axum::response::Response;
use channels::webhook::Hooks;
use clap::Args as ClapArgs;
use room::{Clock, Room};
use rules::role::By;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where, with which policy.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Where to listen. Put a proxy that speaks HTTPS before any other address than this machine.
    #[arg(long, env = "CALLBOX_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The force's policy; the default force if none is given.
    #[arg(long, env = "CALLBOX_POLICY")]
    policy: Option<PathBuf>,
    /// How people sign on: inactivity and a provider of identities, as docs/operate.md has it.
    #[arg(long, env = "CALLBOX_SIGN_ON")]
    sign_on: Option<PathBuf>,
    /// What lies under the map: a PMTiles or GeoJSON file, as docs/operate.md has it.
    #[arg(long, env = "CALLBOX_BASEMAP")]
    basemap: Option<PathBuf>,
    /// Browsers reach us by HTTPS only.
    #[arg(long)]
    https: bool,
    /// A proxy in front of us, whose `X-Forwarded-For` says where a request comes from. It may be
    /// given several times.
    #[arg(long, value_name = "ADDR", env = "CALLBOX_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// A host that webhooks may reach although its address is not public, or without TLS. It may
    /// be given several times.
    #[arg(long, value_name = "HOST", env = "CALLBOX_WEBHOOK_ALLOW_HOST", value_delimiter = ',')]
    webhook_allow_host: Vec<String>,
    /// No limit of requests a second for a token: for measuring.
    #[arg(long, hide = true)]
    unlimited: bool,
}

/// Serves until it is told to stop.
pub fn run(args: Args, _json: bool) -> Outcome {
    std::fs::create_dir_all(&args.place.data)?;
    let sign_on = crate::sign_on::of_files(args.sign_on.as_deref(), &args.place.data)?;
    let room = args.place.open(args.policy.as_deref(), Clock::steady())?;
    let tokens = Arc::new(web::tokens::Tokens::open(args.place.data.join("tokens.json"))?);
    if tokens.list().is_empty() {
        say::note("no tokens are issued yet: `callbox token --staff NAME --role ROLE` makes one");
    }
    let limits = if args.unlimited { web::Limits::unlimited() } else { web::Limits::default() };
    let config = web::Config {
        demo: false,
        training: false,
        limits,
        tokens,
        metrics: Some(web::metrics()?),
        https: args.https,
        sign_on,
        basemap: args.basemap.as_deref().map_or(Ok(web::Basemap::None), web::Basemap::of_file)?,
        trusted_proxies: args.trusted_proxy,
    };
    let (data, allowed) = (&args.place.data, args.webhook_allow_host);
    until_stopped(room, config, data, args.listen, allowed, |address| {
        format!("Callbox listens on http://{address}")
    })
}

/// Serves a room, says so in one line on standard output, and closes everything in order when it
/// is told to stop.
pub fn until_stopped(
    room: Room,
    config: web::Config,
    data: &Path,
    listen: SocketAddr,
    webhook_hosts: Vec<String>,
    ready: impl FnOnce(SocketAddr) -> String,
) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served: Outcome = runtime.block_on(async {
        let guard = web::Guard::new(config.tokens.clone(), room.clone());
        let settings =
            channels::webhook::Settings { allow_hosts: webhook_hosts, ..Default::default() };
        let hooks = Hooks::open(data, room.clone(), settings).await?;
        let webhooks = channels::webhook::router(hooks.clone(), Door(guard));
        let trusted = config.trusted_proxies.clone();
        let router = web::router_with(room.clone(), config, webhooks);
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|e| format!("cannot listen on {listen}: {e}. Choose another with --listen"))?;
        say::ready(&ready(listener.local_addr()?));
        web::serve_behind(listener, router, &trusted, stop_signal()).await?;
        hooks.close().await;
        Ok(true)
    });
    room.close();
    runtime.shutdown_timeout(Duration::from_secs(2));
    served
}

/// The token check of the API, for the webhooks' routes beside it.
struct Door(web::Guard);

impl channels::webhook::Allows for Door {
    fn allows(&self, headers: &HeaderMap, action: &str) -> Result<By, Response> {
        self.0.allows(headers, action)
    }
}

/// Ready when the process is told to stop, by a terminal or by the system.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}
