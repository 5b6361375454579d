//! Runs as their visitor and their viewers see them.

use serde_json::{Value, json};

use crate::support::promises;
use crate::support::server::Server;
use crate::support::socket::{Log, Socket};

/// Goes on until somebody ends it.
fn endless() -> Value {
    json!({"listen_period": 0.1, "eat_period": 0.1})
}

#[track_caller]
fn sound(log: &Log) {
    assert_eq!(promises::check(&log.events), Vec::<String>::new());
}

fn is_output(event: &Value) -> bool {
    event["type"] == "output"
}

fn ndjson(server: &Server, run: &str) -> String {
    server.get(&format!("/api/runs/{run}/events")).body
}

#[test]
fn early_late_and_returning_viewers_get_the_same_bytes() {
    let server = Server::start(&[]);
    let mut visitor = Socket::open(&server);
    let run = visitor.start("queue", json!({}));
    let mut early = Log::default();
    visitor.until(&mut early, is_output);

    let mut returning = Log::default();
    let mut first = Socket::open(&server);
    first.follow(&run.id, 0);
    first.until(&mut returning, is_output);
    drop(first);
    let mut second = Socket::open(&server);
    second.follow(&run.id, returning.events.len() as u64);
    second.read_to_end(&mut returning);

    visitor.read_to_end(&mut early);
    let mut late = Log::default();
    let mut viewer = Socket::open(&server);
    viewer.follow(&run.id, 0);
    viewer.read_to_end(&mut late);

    sound(&early);
    assert_eq!(late.text, early.text);
    assert_eq!(returning.text, early.text);
    assert_eq!(ndjson(&server, &run.id), early.text);
}

#[test]
fn the_answer_comes_before_the_first_event_and_the_log_begins_with_the_run() {
    let server = Server::start(&["--time-limit", "1"]);
    let mut socket = Socket::open(&server);
    let run = socket.start("processes", endless());
    let mut log = Log::default();
    let first = socket.until(&mut log, |_| true);
    assert_eq!(
        (&first["type"], &first["run"], &first["seed"]),
        (&json!("run.started"), &json!(run.id), &json!(7))
    );
    assert_eq!(first["params"]["children"], 2, "every parameter is there");
    let last = socket.read_to_end(&mut log);
    assert_eq!(last["outcome"], "time_limit");
    sound(&log);
}

#[test]
fn a_run_outlives_the_socket_that_started_it() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server);
    let run = socket.start("processes", endless());
    socket.until(&mut Log::default(), is_output);
    drop(socket);
    let mut again = Socket::open(&server);
    again.follow(&run.id, 0);
    let mut log = Log::default();
    let mut lines = 0;
    again.until(&mut log, |event| {
        lines += usize::from(is_output(event));
        lines > 10
    });
    assert_eq!(again.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
    assert_eq!(again.read_to_end(&mut log)["outcome"], "stopped");
    sound(&log);
}

#[test]
fn a_run_that_is_stopped_as_soon_as_it_was_started_stops() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server);
    for _ in 0..10 {
        let run = socket.start("processes", endless());
        assert_eq!(socket.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
        let mut log = Log::default();
        assert_eq!(socket.read_to_end(&mut log)["outcome"], "stopped");
        sound(&log);
    }
}

#[test]
fn only_the_runs_own_token_controls_it() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server);
    let run = socket.start("processes", endless());
    let mut foreign = socket.start("processes", endless());
    foreign.id = run.id.clone();
    let mut log = Log::default();
    let pid = first_process(&mut socket, &mut log, &run.id);
    for request in [json!({"op": "stop"}), json!({"op": "signal", "pid": pid, "signal": "SIGKILL"})] {
        assert_eq!(socket.control(&foreign, request)["error"]["code"], "wrong_token");
    }
    assert_eq!(socket.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
}

/// Waits for the first process of a run.
fn first_process(socket: &mut Socket, log: &mut Log, run: &str) -> Value {
    socket.ask(json!({"op": "unfollow", "run": run}));
    socket.follow(run, 0);
    socket.until(log, |event| event["type"] == "process.started")["pid"].clone()
}

#[test]
fn signals_reach_the_process_that_was_meant_and_no_other() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server);
    let run = socket.start("processes", endless());
    let mut log = Log::default();
    let child =
        socket.until(&mut log, |event| event["type"] == "output" && event["text"] != log_of_main(event));
    let pid = child["pid"].clone();
    let signal = |socket: &mut Socket, name: &str, pid: &Value| {
        socket.control(&run, json!({"op": "signal", "pid": pid, "signal": name}))
    };
    assert_eq!(signal(&mut socket, "SIGSTOP", &pid)["ok"]["run"], run.id);
    socket.until(&mut log, |event| event["type"] == "process.stopped" && event["pid"] == pid);
    assert_eq!(signal(&mut socket, "SIGCONT", &pid)["ok"]["run"], run.id);
    socket.until(&mut log, |event| event["type"] == "process.continued" && event["pid"] == pid);
    assert_eq!(signal(&mut socket, "SIGKILL", &pid)["ok"]["run"], run.id);
    let exited = socket.until(&mut log, |event| event["type"] == "process.exited" && event["pid"] == pid);
    assert_eq!(exited["signal"], "SIGKILL");
    let visitor =
        log.events.iter().filter(|event| event["type"] == "process.signaled" && event["from"] == "visitor");
    assert_eq!(visitor.filter(|event| event["pid"] == pid).count(), 3);
    for stranger in [json!(1), json!(std::process::id()), pid.clone()] {
        assert_eq!(signal(&mut socket, "SIGKILL", &stranger)["error"]["code"], "unknown_process");
    }
    assert_eq!(socket.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
    socket.read_to_end(&mut log);
    sound(&log);
    assert_eq!(signal(&mut socket, "SIGKILL", &pid)["error"]["code"], "run_finished");
}

/// What the main process prints, which is no child's line.
fn log_of_main(event: &Value) -> String {
    format!("主进程 {}", event["pid"])
}

#[test]
fn tokens_are_in_the_answer_and_nowhere_else() {
    let server = Server::start(&["--time-limit", "1"]);
    let mut socket = Socket::open(&server);
    let run = socket.start("processes", endless());
    let mut log = Log::default();
    socket.read_to_end(&mut log);
    assert!(!log.text.contains(&run.token));
    assert!(!server.get(&format!("/api/runs/{}", run.id)).body.contains(&run.token));
    assert!(!server.get(&format!("/runs/{}", run.id)).body.contains(&run.token));
}
