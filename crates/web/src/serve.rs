//! Connections: HTTP/1.1, nothing kept back, a limit on slow headers, and an orderly end.

use crate::door::{Peer, place_of};
use crate::follow::Closing;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// The longest that a request's headers may take to come.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// The most headers.
const HEADERS_MAX: usize = 64;
/// The most bytes of headers, and of a body held at once.
const BUFFER_MAX: usize = 64 * 1024;
/// The most connections.
const CONNECTIONS_MAX: usize = 4_096;
/// The most connections from one place. This machine and proxies that are trusted are none.
const CONNECTIONS_OF_ONE: usize = 1_024;
/// How long requests in hand may take to end once we close.
const DRAIN: Duration = Duration::from_secs(5);
/// After a connection could not be taken: the system has no more for now.
const BREATHE: Duration = Duration::from_millis(50);

/// Serves until `shutdown` is ready, then ends streams at once and gives other requests in hand
/// five seconds.
///
/// # Errors
/// None at present: a connection that cannot be taken is tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    serve_behind(listener, router, &[], shutdown).await
}

/// How many connections each place has.
#[derive(Clone, Default)]
struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of a place.
struct OfPlace(Places, IpAddr);

impl Places {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more connection of a place, unless it has too many.
    fn take(&self, place: IpAddr) -> Option<OfPlace> {
        let mut held = self.lock();
        let n = held.entry(place).or_default();
        if *n >= CONNECTIONS_OF_ONE {
            return None;
        }
        *n += 1;
        Some(OfPlace(self.clone(), place))
    }
}

impl Drop for OfPlace {
    fn drop(&mut self) {
        let mut held = self.0.lock();
        if let Some(n) = held.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                held.remove(&self.1);
            }
        }
    }
}

/// As [`serve`], behind proxies that may open as many connections as they like.
///
/// # Errors
/// As [`serve`].
pub async fn serve_behind(
    listener: TcpListener,
    router: Router,
    trusted: &[IpAddr],
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let places = Places::default();
    let (close, closing) = watch::channel(false);
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(shutdown);
    loop {
        let permit = tokio::select! {
            permit = connections.clone().acquire_owned() => permit,
            () = &mut shutdown => break,
        };
        let Ok(permit) = permit else { break };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(BREATHE).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let proxy = trusted.iter().any(|t| t.to_canonical() == peer.ip().to_canonical());
        let place = place_of(Peer(peer.ip())).filter(|_| !proxy);
        let of_place = match place.map(|place| places.take(place)) {
            Some(None) => continue,
            taken => taken.flatten(),
        };
        let held = (permit, of_place);
        tokio::spawn(connection(stream, peer, router.clone(), closing.clone(), held));
    }
    drop(listener);
    // Nobody listening any more is no fault.
    let _ = close.send(true);
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    if tokio::time::timeout(DRAIN, connections.acquire_many(all)).await.is_err() {
        tracing::warn!("requests were still in hand when the time to close was over");
    }
    Ok(())
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut closing: watch::Receiver<bool>,
    held: (OwnedSemaphorePermit, Option<OfPlace>),
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps small answers back");
    }
    let told = Closing(closing.clone());
    let service = router.map_request(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(told.clone());
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closes(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            tokio::time::timeout(DRAIN, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        // Mostly somebody who went away.
        tracing::debug!(%error, "a connection ended early");
    }
    drop(held);
}

/// Waits until we close.
pub(crate) async fn closes(closing: &mut watch::Receiver<bool>) {
    // The sender being gone is a closing too.
    let _ = closing.wait_for(|closing| *closing).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_so_many_connections_and_the_next_has_its_own() {
        let (places, one) = (Places::default(), IpAddr::from([192, 0, 2, 1]));
        let mut held: Vec<_> = (0..CONNECTIONS_OF_ONE).map(|_| places.take(one).unwrap()).collect();
        assert!(places.take(one).is_none());
        assert!(places.take(IpAddr::from([192, 0, 2, 2])).is_some());
        held.pop();
        assert!(places.take(one).is_some());
        held.clear();
        assert!(places.lock().is_empty());
    }
}
