//! Runs by HTTP: started, read, stopped, forgotten.

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::socket::Socket;

const ENDLESS: &str = r#"{"scenario":"processes","params":{"listen_period":0.1,"eat_period":0.1},"seed":7}"#;

fn endless() -> Value {
    serde_json::from_str(ENDLESS).expect("JSON")
}

fn stop(server: &Server, run: &str, token: &str) -> crate::support::server::Answer {
    server.request(
        "DELETE",
        &format!("/api/runs/{run}"),
        &[("Authorization", &format!("Bearer {token}"))],
        "",
    )
}

fn log(server: &Server, run: &str, after: u64) -> Vec<Value> {
    let answer = server.get(&format!("/api/runs/{run}/events?after={after}"));
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "application/x-ndjson"));
    answer.body.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect()
}

#[test]
fn the_log_of_a_running_run_streams_until_it_has_ended() {
    let server = Server::start(&["--time-limit", "1"]);
    let (run, _) = server.start_run(endless());
    let events = log(&server, &run, 0);
    let last = events.last().expect("events");
    assert_eq!((&last["type"], &last["outcome"]), (&json!("run.finished"), &json!("time_limit")));
    assert_eq!(last["events"], events.len());
    let tail = log(&server, &run, 5);
    assert_eq!(tail, events[5..]);
    assert_eq!(tail[0]["seq"], 6);
    let summary = server.get(&format!("/api/runs/{run}")).json();
    assert_eq!(
        (&summary["state"], &summary["seed"], &summary["events"]),
        (&json!("finished"), &json!(7), &json!(events.len()))
    );
    assert_eq!(summary["finished"]["processes"], last["processes"]);
    assert_eq!(summary["params"]["children"], 2);
}

#[test]
fn only_the_runs_own_token_stops_it() {
    let server = Server::start(&[]);
    let (run, token) = server.start_run(endless());
    let (_, foreign) = server.start_run(endless());
    server.request("DELETE", &format!("/api/runs/{run}"), &[], "").problem(401, "missing_token");
    for wrong in [foreign.as_str(), "x", &run, &token[1..]] {
        let answer = stop(&server, &run, wrong);
        answer.problem(403, "wrong_token");
    }
    assert_ne!(server.get(&format!("/api/runs/{run}")).json()["state"], "finished");
    let answer = stop(&server, &run, &token);
    assert_eq!(answer.status, 202, "{answer:?}");
    assert!(!answer.body.contains(&token), "a token is told once");
    let events = log(&server, &run, 0);
    let last = events.last().expect("events");
    assert_eq!(last["outcome"], "stopped");
    assert_eq!(stop(&server, &run, &token).status, 204, "what has ended is deleted");
    server.get(&format!("/api/runs/{run}")).problem(410, "run_deleted");
    let whole = format!("{events:?}");
    assert!(!whole.contains(&token), "no token in the log");
}

#[test]
fn a_run_that_nobody_knows_is_told_so() {
    let server = Server::start(&[]);
    for id in ["0123456789abcdef0123456789abcdef", "x", "%00"] {
        server.get(&format!("/api/runs/{id}")).problem(404, "unknown_run");
        server.get(&format!("/api/runs/{id}/events")).problem(404, "unknown_run");
        stop(&server, id, "0123456789abcdef0123456789abcdef").problem(404, "unknown_run");
    }
}

#[test]
fn a_reader_cannot_begin_beyond_the_log() {
    let server = Server::start(&[]);
    let (run, _) = server.start_run(endless());
    for after in ["1000000", "-1", "x", ""] {
        let problem =
            server.get(&format!("/api/runs/{run}/events?after={after}")).problem(400, "malformed_request");
        assert!(problem["fields"]["after"].is_string(), "{problem}");
    }
}

#[test]
fn an_ended_run_is_forgotten_after_its_time() {
    let server = Server::start(&["--time-limit", "1", "--keep-finished", "0", "--recordings", "none"]);
    let (run, _) = server.start_run(endless());
    // The stream holds the log; when it ends the run has ended, and is forgotten at once.
    assert_eq!(log(&server, &run, 0).last().expect("events")["type"], "run.finished");
    let mut answer = server.get(&format!("/api/runs/{run}"));
    while answer.status == 200 {
        answer = server.get(&format!("/api/runs/{run}"));
    }
    answer.problem(404, "unknown_run");
}

#[test]
fn beyond_the_line_there_is_no_room() {
    let server = Server::start(&["--max-runs", "1"]);
    let runs: Vec<_> = (0..301).map(|_| server.start_run(endless())).collect();
    let (last, token) = runs.last().expect("runs");
    let summary = server.get(&format!("/api/runs/{last}")).json();
    assert_eq!((&summary["state"], &summary["queued"]["position"]), (&json!("queued"), &json!(300)));
    let answer = server.request("POST", "/api/runs", &[], ENDLESS);
    answer.problem(503, "busy");
    assert!(answer.headers["retry-after"].parse::<u64>().is_ok_and(|seconds| seconds > 0));
    let refused = Socket::open(&server).ask(json!({"op": "start", "scenario": "processes"}))["error"].clone();
    assert_eq!(refused["code"], "busy");
    assert!(refused["retry_after_s"].as_u64().is_some_and(|seconds| seconds > 0), "{refused}");
    assert_eq!(stop(&server, last, token).status, 202);
    let events = log(&server, last, 0);
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().expect("a type")).collect();
    assert_eq!(kinds, ["run.started", "run.finished"], "a run that never got a place has a whole log too");
    assert_eq!((&events[1]["outcome"], &events[1]["processes"]["started"]), (&json!("stopped"), &json!(0)));
    assert_eq!(server.request("POST", "/api/runs", &[], ENDLESS).status, 201, "there is room again");
}

#[test]
fn a_python_program_runs_as_the_rust_one_does() {
    let server = Server::start(&[]);
    let scenario = server.get("/api/scenarios/custom-process").json();
    assert_eq!((&scenario["runtimes"], &scenario["missing"]), (&json!(["rust", "python"]), &json!([])));
    assert!(scenario["sources"][1]["text"].as_str().expect("its text").contains("import"), "{scenario}");
    let (run, _) =
        server.start_run(json!({"scenario": "custom-process", "runtime": "python", "params": {"period": 0}}));
    let events = log(&server, &run, 0);
    assert_eq!(
        (&events[0]["runtime"], &events.last().expect("events")["outcome"]),
        (&json!("python"), &json!("completed"))
    );
    assert!(events.iter().any(|event| event["type"] == "process.exec"
        && event["argv"][1].as_str().is_some_and(|file| file.ends_with("/custom-process/main.py"))));
}

#[test]
fn why_a_runtime_is_missing_is_told_in_the_readers_language() {
    let server = Server::start(&["--python", "/nonexistent/python3"]);
    let body = json!({"scenario": "pool", "runtime": "python"}).to_string();
    for (lang, word) in [("zh", "不能用来运行场景"), ("en", "cannot run the scenarios")] {
        let problem = server
            .request("POST", "/api/runs", &[("Accept-Language", lang)], &body)
            .problem(422, "invalid_params");
        let why = problem["fields"]["runtime"].as_str().expect("a sentence");
        assert!(why.contains("/nonexistent/python3") && why.contains(word), "{why}");
    }
}
