//! Many viewers, viewers that do not read, and runs that wait for a place.

use std::thread;

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::socket::{Log, Run, Socket};

fn endless() -> Value {
    json!({"listen_period": 0.1, "eat_period": 0.1})
}

#[test]
fn a_hundred_viewers_of_one_run_get_the_same_log() {
    let server = Server::start(&[]);
    let mut visitor = Socket::open(&server);
    let run = visitor.start("queue", json!({}));
    let mut log = Log::default();
    visitor.until(&mut log, |event| event["type"] == "output");
    let viewers: Vec<_> = (0..100)
        .map(|_| {
            let mut viewer = Socket::open(&server);
            viewer.follow(&run.id, 0);
            thread::spawn(move || {
                let mut log = Log::default();
                viewer.read_to_end(&mut log);
                log.text
            })
        })
        .collect();
    visitor.read_to_end(&mut log);
    for viewer in viewers {
        assert!(viewer.join().expect("it saw the end") == log.text);
    }
}

#[test]
fn viewers_that_never_read_harm_nobody() {
    let server = Server::start(&[]);
    let mut visitor = Socket::open(&server);
    let run = visitor.start("processes", json!({"children": 8, "listen_period": 0.1, "eat_period": 0.1}));
    let mut idle: Vec<Socket> = (0..20).map(|_| Socket::open(&server)).collect();
    for socket in &mut idle {
        // Enough for the whole log to be sent many times over to a socket that never reads it.
        for id in 0..500 {
            let follow = json!({"id": id, "op": "follow", "run": run.id, "after": 0});
            if !socket.try_send(&follow.to_string()) {
                break;
            }
        }
    }
    let mut log = Log::default();
    let mut lines = 0;
    visitor.until(&mut log, |event| {
        lines += usize::from(event["type"] == "output");
        lines > 50
    });
    assert_eq!(visitor.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
    assert_eq!(visitor.read_to_end(&mut log)["outcome"], "stopped");
}

#[test]
fn who_must_wait_is_told_where_they_stand_and_gets_their_turn() {
    let server = Server::start(&["--max-runs", "1", "--time-limit", "10"]);
    let mut sockets: Vec<Socket> = (0..3).map(|_| Socket::open(&server)).collect();
    let runs: Vec<Run> = sockets.iter_mut().map(|socket| socket.start("processes", endless())).collect();
    sockets[0].until(&mut Log::default(), |event| event["type"] == "output");
    assert_eq!(place(&mut sockets[1], &runs[1]), 1);
    assert_eq!(place(&mut sockets[2], &runs[2]), 2);

    let token = sockets[1].control(&runs[1], json!({"op": "stop"}));
    assert_eq!(token["ok"]["run"], runs[1].id);
    let mut log = Log::default();
    assert_eq!(sockets[1].read_to_end(&mut log)["outcome"], "stopped");
    assert_eq!(log.events.len(), 2, "it never had a process: {}", log.text);
    assert_eq!(place(&mut sockets[2], &runs[2]), 1);

    sockets[0].control(&runs[0], json!({"op": "stop"}));
    let first = sockets[2].until(&mut Log::default(), |_| true);
    assert_eq!((&first["type"], &first["run"]), (&json!("run.started"), &json!(runs[2].id)));
}

/// The position that the next frame tells.
fn place(socket: &mut Socket, run: &Run) -> u64 {
    let frame = socket.next().json;
    assert_eq!(frame["run"], run.id, "{frame}");
    assert!(frame["queued"]["eta_s"].is_u64(), "{frame}");
    frame["queued"]["position"].as_u64().expect("a position")
}
