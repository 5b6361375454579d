//! Finished runs are kept: through kills and restarts, in full and in read-only places, for as long as
//! was said, readable for ever, and for nobody's eyes but the server's.
//!
//! `PLAYGROUND_SOAK=1` kills the server five hundred times.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
mod support;

#[path = "recordings/kills.rs"]
mod kills;
#[path = "recordings/lives.rs"]
mod lives;
#[path = "recordings/places.rs"]
mod places;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::server::{Answer, Server};
use support::socket::{Log, Socket};

/// A server that keeps its runs there and none of them in memory.
fn keeping(place: &Path, options: &[&str]) -> Server {
    let place = place.to_str().unwrap();
    Server::start(&[&["--recordings", place, "--keep-finished", "0", "--python", "/none"], options].concat())
}

/// The file of a run.
fn file(place: &Path, run: &str) -> PathBuf {
    place.join("runs").join(format!("{run}.recording"))
}

/// A short run, watched to its end: what became of it, and its log as it was seen.
struct Seen {
    run: String,
    token: String,
    kept: Value,
    log: String,
}

fn watch(server: &Server) -> Seen {
    let mut socket = Socket::open(server);
    let run = socket.start("exit-codes", json!({}));
    let (mut log, mut kept) = (Log::default(), Value::Null);
    while log.events.last().is_none_or(|event| event["type"] != "run.finished") {
        let frame = socket.next();
        if frame.json.get("kept").is_some() {
            kept = frame.json["kept"].clone();
        }
        log.add(&frame);
    }
    Seen { run: run.id, token: run.token, kept, log: log.text }
}

fn events(server: &Server, run: &str) -> Answer {
    server.get(&format!("/api/runs/{run}/events"))
}

fn summary(server: &Server, run: &str) -> Answer {
    server.get(&format!("/api/runs/{run}"))
}

fn delete(server: &Server, run: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    server.request("DELETE", &format!("/api/runs/{run}"), &[("Authorization", &bearer)], "")
}
