//! Is it alive, and how much does it do. Neither answer holds anything about a person.

use crate::App;
use crate::alarm_gauges::publish_alarms;
use crate::api;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use rules::time::Instant;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Bounds of the buckets of times, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Begins to count. To be called once, before anything is counted.
///
/// # Errors
/// Somebody counts already.
pub fn metrics() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
}

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(counts))
        .with_state(app.clone())
}

async fn counts(State(app): State<Arc<App>>) -> Response {
    let Some(handle) = &app.config.metrics else {
        return crate::Problem::not_found("nothing is counted here").into_response();
    };
    publish_alarms(&app.room).await;
    handle.run_upkeep();
    let mut response = Response::new(Body::from(handle.render()));
    let text = HeaderValue::from_static("text/plain; version=0.0.4");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

/// The writer must answer within this long.
const ALIVE_WITHIN: Duration = Duration::from_secs(2);
/// An answer is shared for this long, so that asking often costs nothing.
const SHARED_FOR: Duration = Duration::from_secs(1);
/// More drift than this, in milliseconds, is told.
const DRIFT_MAX_MS: i64 = 2_000;

/// The writer's pulse. Only one beat is felt for at a time, so that a writer that hangs does not
/// take our threads with it.
#[derive(Default)]
pub(crate) struct Pulse(Mutex<Beat>);

#[derive(Default)]
struct Beat {
    felt: Option<(std::time::Instant, bool)>,
    waiting: Option<tokio::task::JoinHandle<bool>>,
}

impl Pulse {
    /// Whether the writer takes its turn at the journal and answers.
    async fn feel(&self, room: &room::Room) -> bool {
        let mut beat = self.0.lock().await;
        if let Some((at, alive)) = beat.felt
            && at.elapsed() < SHARED_FOR
        {
            return alive;
        }
        let room = room.clone();
        let waiting = beat.waiting.get_or_insert_with(|| {
            // Going to a time long past changes nothing, and takes the writer's whole way.
            tokio::task::spawn_blocking(move || room.advance_to(Instant(0)).is_ok())
        });
        let alive = match tokio::time::timeout(ALIVE_WITHIN, waiting).await {
            Ok(answer) => {
                beat.waiting = None;
                answer.unwrap_or(false)
            }
            Err(_) => false,
        };
        beat.felt = Some((std::time::Instant::now(), alive));
        alive
    }
}

#[derive(Serialize)]
struct Health {
    ok: bool,
    /// Whether the writer answers, and the journal can be written.
    writer: bool,
    seq: u64,
    waiting: usize,
    clock_drift_ms: i64,
    clock_ok: bool,
    /// How many events history is behind.
    history_lag: u64,
    open_incidents: usize,
    due_late_ms: i64,
    advice: Vec<&'static str>,
}

async fn health(State(app): State<Arc<App>>) -> Response {
    let writer = app.pulse.feel(&app.room).await;
    let state = app.room.view();
    let clock_drift_ms = app.room.clock_drift_ms();
    let clock_ok = clock_drift_ms.abs() <= DRIFT_MAX_MS;
    let late = rules::due::next_due(&state).map_or(0, |due| app.room.now().since(due).0.max(0));
    let mut advice = Vec::new();
    if !writer {
        advice.push(
            "the writer does not answer: see whether the disk is full, the store away, or a newer \
             version writes the journal",
        );
    }
    if !clock_ok {
        advice.push("the computer's clock has moved: see to its time service; due times are right");
    }
    let health = Health {
        ok: writer,
        writer,
        seq: state.seq,
        waiting: app.room.waiting(),
        clock_drift_ms,
        clock_ok,
        history_lag: state.seq.saturating_sub(app.room.history().position()),
        open_incidents: state.incidents.size(),
        due_late_ms: late,
        advice,
    };
    let mut response = api::json(&health).unwrap_or_else(IntoResponse::into_response);
    if !writer {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}
