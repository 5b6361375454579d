//! The server is killed while runs end: whoever has seen `run.finished` finds the run again, whole.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread::{scope, sleep};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::server::{PATIENCE, Server};
use crate::support::socket::{Log, Socket};
use crate::{events, keeping};

/// Runs at a time. Each takes some ten milliseconds, so that at any moment one of them is being written.
const RUNS: usize = 8;

/// A kill comes after so many runs have ended, or fewer, and then at any moment of about a run's life.
const ENDS: u32 = 9;
const LIFE: Duration = Duration::from_millis(40);

#[test]
fn a_run_that_was_seen_to_end_is_found_again_after_any_kill() {
    let kills = if std::env::var_os("PLAYGROUND_SOAK").is_some() { 500 } else { 60 };
    let place = TempDir::new().unwrap();
    let (mut seen, mut met) = (0, 0);
    for kill in 0..kills {
        let server = keeping(place.path(), &["--max-runs", "8"]);
        // 7 and 9 share no factor, so all pairs of both come up.
        let ended = kill_amid(server, kill % ENDS, LIFE * (kill % 7) / 7 + LIFE * kill / kills / 7);
        seen += ended.len();
        met += usize::from(half_written(place.path()) > 0);
        let again = keeping(place.path(), &[]);
        for (run, log) in &ended {
            assert_eq!(events(&again, run).body, *log, "kill {kill}");
        }
        all_are_whole(&again, place.path());
        drop(again);
        clear(place.path());
    }
    println!("{kills} kills, {seen} runs were seen to end, {met} kills left a half-written file");
}

/// Starts runs, each after the last has ended, and kills the server after so many ends and a while; the
/// logs of the runs that were seen to end by then.
fn kill_amid(server: Server, ends: u32, and: Duration) -> HashMap<String, String> {
    let mut sockets: Vec<Socket> = (0..RUNS).map(|_| Socket::open(&server)).collect();
    let (sender, ended) = channel();
    scope(|threads| {
        let watch = |socket| (socket, sender.clone());
        let watchers = sockets.iter_mut().map(watch);
        let watchers: Vec<_> =
            watchers.map(|(socket, sender)| threads.spawn(move || watch_all(socket, &sender))).collect();
        (0..ends).for_each(|_| ended.recv_timeout(PATIENCE).unwrap());
        // A moment like any other is wanted here; nothing is waited for.
        sleep(and);
        server.signal(Signal::KILL);
        watchers.into_iter().flat_map(|watcher| watcher.join().unwrap()).collect()
    })
}

/// Starts run after run until the server is gone.
fn watch_all(socket: &mut Socket, tell: &Sender<()>) -> Vec<(String, String)> {
    let mut ended = Vec::new();
    while socket.sent(&json!({"id": 1, "op": "start", "scenario": "exit-codes"}).to_string()) {
        match one(socket) {
            Some(run) => {
                ended.push(run);
                tell.send(()).unwrap();
            }
            None => break,
        }
    }
    ended
}

/// A run's id and log, if it was seen to end and nothing was said against it.
fn one(socket: &mut Socket) -> Option<(String, String)> {
    let (mut run, mut log) = (Value::Null, Log::default());
    while log.events.last().is_none_or(|event| event["type"] != "run.finished") {
        let frame = socket.try_next()?;
        if let Some(kept) = frame.json.get("kept") {
            assert_eq!(kept.get("not"), None, "there is room: {kept}");
        } else if frame.json.get("ok").is_some() {
            run = frame.json["ok"]["run"].clone();
        }
        log.add(&frame);
    }
    Some((run.as_str().expect("it was told").to_owned(), log.text))
}

/// Every file that has a run's name holds a run, also those whose end nobody has seen.
fn all_are_whole(server: &Server, place: &Path) {
    for name in names(place) {
        if let Some(run) = name.strip_suffix(".recording").filter(|name| name.len() == 32) {
            let answer = events(server, run);
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(
                answer.body.ends_with("}\n") && answer.body.contains("\"run.finished\""),
                "{}",
                answer.body
            );
        }
    }
}

fn half_written(place: &Path) -> usize {
    names(place).iter().filter(|name| name.contains('#')).count()
}

fn names(place: &Path) -> Vec<String> {
    // A kill can come before there is a folder.
    let Ok(entries) = fs::read_dir(place.join("runs")) else { return vec![] };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// What was looked at need not be looked at again.
fn clear(place: &Path) {
    for name in names(place) {
        fs::remove_file(place.join("runs").join(name)).unwrap();
    }
}
