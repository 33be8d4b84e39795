//! What programs call and people see: the JSON API with its OpenAPI document, the stream of what
//! happens, and plain live pages.
//!
//! Nothing is decided here. A request becomes a command for the room, or a view of it; a refusal
//! of the room is the answer, in its own words. Who asks comes from a token alone, and every
//! address of the API is a row of one table.

pub mod accounts; // people who sign on
mod alarm_gauges; // how the alarms did, for a program that watches
mod api; //         requests as commands and views
mod caller; //      who asks
mod door; //        limits, headers, time: what holds for every request
mod fan; //         one reading of what happens, for everybody who follows
mod follow; //      server-sent events
mod guard; //      the token check, for routers beside ours

mod health; //      is it alive, and how much does it do
mod lang; //        what pages say, in English and Welsh
mod line; //        one line of the console, carried out
mod openapi; //     the API, described for programs
mod pages; //       what people see
mod place; //       a point in words
mod problem; //     what went wrong, and what to do
pub mod routes; //  every address, once
mod secret_file; //   what only its owner may read
mod sentences; //   a reader's complaint in a person's words
mod serve; //       connections
mod sessions; //    people signed on to the pages
pub mod tokens; //  who a token stands for

pub use guard::Guard;
pub use health::metrics;
pub use problem::{Kind, Problem};
pub use serve::{serve, serve_behind};

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use room::Room;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokens::Tokens;

/// How the pages and the API are served.
pub struct Config {
    /// Whether people and places are invented: the pages are then open, to look only.
    pub demo: bool,
    /// Whether people are trained here: every page says that nothing is real.
    pub training: bool,
    /// What is allowed.
    pub limits: Limits,
    /// Who may come in.
    pub tokens: Arc<Tokens>,
    /// What `/metrics` shows; nothing without one.
    pub metrics: Option<PrometheusHandle>,
    /// Whether browsers reach us by HTTPS only, so that a session's cookie never travels in clear.
    pub https: bool,
    /// How people sign on to the pages, beside by a token.
    pub sign_on: accounts::SignOn,
    /// What lies under the map's logs and units; without one they stand on an empty sheet.
    pub basemap: Basemap,
    /// Proxies in front, whose `X-Forwarded-For` says where a request comes from.
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

/// What lies under the map's logs and units.
#[derive(Clone, Debug, Default)]
pub enum Basemap {
    /// An empty sheet.
    #[default]
    None,
    /// GeoJSON whose features have a `kind`: land, wood, town, river, road, lane, street, district
    /// or label, as docs/operate.md has it.
    GeoJson(std::borrow::Cow<'static, str>),
    /// A PMTiles file with vector tiles in the layers of Protomaps. It may be many gigabytes: parts
    /// of it are read as they are asked for.
    Tiles(std::path::PathBuf),
}

/// What is allowed.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// Requests a second for one token, in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once for one token.
    pub burst: NonZeroU32,
    /// Tokens that are not ours, a second, from one place; ten times as many at once.
    pub guesses: NonZeroU32,
    /// Streams one token may follow at once.
    pub followers_per_token: u32,
    /// Requests in hand at once, for everybody together who shows a token or a session.
    pub in_flight: usize,
    /// Requests in hand at once of everybody else.
    pub unsigned: usize,
    /// The longest a request may take; a stream may take longer.
    pub request_time: Duration,
}

impl Limits {
    /// No limit of how often or how many, for measuring and for tests that throw requests.
    pub fn unlimited() -> Limits {
        let any = NonZeroU32::MAX;
        Limits {
            per_second: any,
            burst: any,
            guesses: any,
            followers_per_token: u32::MAX,
            ..Limits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 256 * 1024,
            per_second: NonZeroU32::new(200).unwrap_or(NonZeroU32::MIN),
            burst: NonZeroU32::new(400).unwrap_or(NonZeroU32::MIN),
            guesses: NonZeroU32::new(10).unwrap_or(NonZeroU32::MIN),
            followers_per_token: 16,
            in_flight: 1_024,
            unsigned: 256,
            request_time: Duration::from_secs(10),
        }
    }
}

/// The most screens of a demonstration.
const DEMO_SCREENS_MAX: u32 = 500;

/// Everything a request may need.
pub(crate) struct App {
    pub room: Room,
    pub config: Config,
    pub fan: Arc<fan::Fan>,
    pub live: Arc<pages::live::Live>,
    pub sessions: sessions::Sessions,
    pub lines: line::Lines,
    pub looked: pages::Looks,
    pub gates: door::Gates,
    pub attempts: accounts::Gate,
    pub begun: pages::Begun,
    pub jobs_opened: pages::JobsOpened,
    pub seats: Arc<follow::Seats>,
    /// In a demonstration everybody looks under one name, so there are more.
    pub demo_seats: Arc<follow::Seats>,
    pub pulse: health::Pulse,
    pub opened: pages::Looks,
    /// Who has opened the replay of which log.
    pub replays: pages::Looks,
    /// Who has been shown which log beside a call that it may belong to.
    pub related: pages::Looks,
}

/// The pages and the API of a room.
pub fn router(room: Room, config: Config) -> Router {
    router_with(room, config, Router::new())
}

/// The pages and the API of a room, with another router behind the same door.
pub fn router_with(room: Room, config: Config, beside: Router) -> Router {
    let app = Arc::new(App {
        fan: Arc::new(fan::Fan::new(room.clone())),
        live: Arc::new(pages::live::Live::new(room.clone())),
        sessions: sessions::Sessions::new(config.sign_on.idle),
        attempts: accounts::Gate::new(&config.sign_on.attempts),
        begun: pages::Begun::default(),
        jobs_opened: pages::JobsOpened::default(),
        lines: line::Lines::default(),
        looked: pages::Looks::that_hold(pages::board::LOOK_HOLDS),
        gates: door::Gates::new(&config.limits),
        seats: Arc::new(follow::Seats::new(config.limits.followers_per_token)),
        demo_seats: Arc::new(follow::Seats::new(DEMO_SCREENS_MAX)),
        pulse: health::Pulse::default(),
        opened: pages::Looks::that_hold(pages::opened::LOOK_HOLDS),
        replays: pages::Looks::that_hold(pages::opened::LOOK_HOLDS),
        related: pages::Looks::that_hold(pages::opened::LOOK_HOLDS),
        room,
        config,
    });
    let router = Router::new()
        .merge(api::router(&app))
        .merge(pages::router(&app))
        .merge(health::router(&app))
        .merge(openapi::router(&app))
        .merge(beside);
    door::behind(router, &app)
}
