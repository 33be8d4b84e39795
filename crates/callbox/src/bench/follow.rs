//! How soon a change is seen: from sending the command to its arrival at each follower, the
//! durable write between them included.

use super::numbers::percentile;
use super::server::Server;
use super::{Bench, Measure};
use serde_json::json;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const CHANGES: usize = 300;
const PAUSE: Duration = Duration::from_millis(20);

/// Fifty followers, then two hundred.
pub fn all(bench: &Bench) -> Fallible<Vec<Measure>> {
    let folder = bench.folder("follow")?;
    let server = Server::start(&folder)?;
    let mut fifty = seen(&server, 50)?;
    let mut many = seen(&server, 200)?;
    Ok(vec![
        Measure::at_most("follow_50_p95", "ms", percentile(&mut fifty, 0.95), 20.0)
            .noted(format!("{} deliveries, all arrived", fifty.len())),
        Measure::at_most("follow_200_p99", "ms", percentile(&mut many, 0.99), 50.0)
            .noted(format!("{} deliveries, all arrived", many.len())),
    ])
}

/// When each follower saw each place of the total order.
type Arrivals = Arc<Mutex<Vec<(u64, Instant)>>>;

fn seen(server: &Server, followers: usize) -> Fallible<Vec<f64>> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut arrivals: Vec<Arrivals> = Vec::new();
    for _ in 0..followers {
        let heard = Arrivals::default();
        arrivals.push(heard.clone());
        let reader = connect(server)?;
        let stop = stop.clone();
        std::thread::Builder::new()
            .stack_size(128 * 1_024)
            .spawn(move || listen(reader, &heard, &stop))?;
    }
    let mut client = server.client()?;
    let opened = client.must_post("/api/v1/incidents", &super::past::opening_json())?.json();
    let number = opened["incident"].as_str().ok_or("no number was given")?.to_owned();
    let mut sent: HashMap<u64, Instant> = HashMap::new();
    for n in 0..CHANGES {
        let started = Instant::now();
        let text = json!({ "text": format!("change {n}") });
        let path = format!("/api/v1/incidents/{number}/entries");
        let done = client.must_post(&path, &text)?.json();
        sent.insert(done["last_seq"].as_u64().ok_or("no place was given")?, started);
        std::thread::sleep(PAUSE);
    }
    std::thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::Relaxed);
    delays(&arrivals, &sent)
}

/// From sending to seeing. A change that a follower never saw is a fault, not a slow one.
fn delays(arrivals: &[Arrivals], sent: &HashMap<u64, Instant>) -> Fallible<Vec<f64>> {
    let mut delays = Vec::new();
    for heard in arrivals {
        let heard = heard.lock().map_err(|_| "a follower ended in a panic")?;
        for (seq, started) in sent {
            let at = heard.iter().find(|(last, _)| last >= seq);
            let (_, at) = at.ok_or_else(|| format!("a follower never saw the change {seq}"))?;
            delays.push(at.saturating_duration_since(*started).as_secs_f64() * 1_000.0);
        }
    }
    Ok(delays)
}

/// Connects a follower and waits until its stream is open.
pub fn connect(server: &Server) -> Fallible<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let request = format!(
        "GET /api/v1/follow HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
         Accept: text/event-stream\r\n\r\n",
        server.address, server.token
    );
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    if !line.contains(" 200 ") {
        return Err(format!("a follower was answered: {}", line.trim()).into());
    }
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line)?;
    }
    Ok(reader)
}

fn listen(mut reader: BufReader<TcpStream>, heard: &Arrivals, stop: &AtomicBool) {
    let mut line = String::new();
    while !stop.load(Ordering::Relaxed) {
        line.clear();
        if !matches!(reader.read_line(&mut line), Ok(n) if n > 0) {
            return;
        }
        if let Some(seq) = line.strip_prefix("id:").and_then(|id| id.trim().parse().ok()) {
            let now = Instant::now();
            if let Ok(mut heard) = heard.lock() {
                heard.push((seq, now));
            }
        }
    }
}
