//! Runs as files: their names, their kinds, what is in them while a run goes on and afterwards.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::server::{Answer, Server};

const EXPORTS: [(&str, &str, &str); 4] = [
    ("trace", "trace.json", "application/json"),
    ("cast", "cast", "application/x-asciicast"),
    ("processes.csv", "processes.csv", "text/csv; charset=utf-8; header=present"),
    ("tasks.csv", "tasks.csv", "text/csv; charset=utf-8; header=present"),
];

fn file_name(answer: &Answer) -> &str {
    answer.headers["content-disposition"]
        .strip_prefix("attachment; filename=")
        .expect("a file")
        .trim_matches('"')
}

/// The pids that a log tells of.
fn born(log: &str) -> BTreeSet<i64> {
    let events = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("an event"));
    events
        .filter(|event| event["type"] == "process.started")
        .filter_map(|event| event["pid"].as_i64())
        .collect()
}

#[test]
fn a_scenarios_recorded_run_comes_in_every_format() {
    let server = Server::start(&[]);
    for (name, ending, kind) in EXPORTS {
        let path = format!("/api/scenarios/pool/recording/{name}");
        let answer = server.get(&path);
        assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, kind), "{name}");
        assert_eq!(file_name(&answer), format!("pool-recorded.{ending}"));
        let tag = answer.headers["etag"].as_str();
        assert_eq!(server.request("GET", &path, &[("If-None-Match", tag)], "").status, 304, "{name}");
        assert_eq!(server.request("HEAD", &path, &[], "").body, "", "{name}");
    }
    assert_eq!(file_name(&server.get("/api/scenarios/pool/recording")), "pool-recorded.ndjson");
    server.get("/api/scenarios/nothing/recording/trace").problem(404, "unknown_scenario");
    server.get("/api/scenarios/pool/recording/pdf").problem(404, "not_found");
    server.request("POST", "/api/scenarios/pool/recording/trace", &[], "").problem(405, "method_not_allowed");
}

#[test]
fn a_run_comes_in_every_format_with_all_its_processes() {
    let server = Server::start(&[]);
    let (run, _) = server.start_run(json!({"scenario": "pool", "params": {"longest": 0.1}, "seed": 7}));
    // Comes to its end with the run.
    let log = server.get(&format!("/api/runs/{run}/events"));
    let short = &run[..8];
    assert_eq!(file_name(&log), format!("pool-{short}.ndjson"));
    let born = born(&log.body);
    let get = |name: &str| server.get(&format!("/api/runs/{run}/{name}"));
    for (name, ending, _) in EXPORTS {
        assert_eq!(file_name(&get(name)), format!("pool-{short}.{ending}"));
    }
    let trace = get("trace").json();
    let named = trace["traceEvents"].as_array().expect("a list").iter();
    let named =
        named.filter(|entry| entry["name"] == "process_name" && entry["args"]["name"] != "supervisor");
    assert_eq!(named.filter_map(|entry| entry["pid"].as_i64()).collect::<BTreeSet<_>>(), born);
    let table = get("processes.csv").body;
    let pids =
        table.lines().skip(1).map(|line| line.split(',').nth(1).expect("a pid").parse().expect("a number"));
    assert_eq!(pids.collect::<BTreeSet<i64>>(), born);
    assert_eq!(get("tasks.csv").body.matches(",finished,").count(), 7);
    assert!(get("cast").body.contains(r#""o","over!!!\r\n""#));
    server.get("/api/runs/00000000000000000000000000000000/trace").problem(404, "unknown_run");
}

#[test]
fn a_run_that_goes_on_gives_what_there_is_and_is_asked_for_anew() {
    let server = Server::start(&[]);
    let (run, token) = server.start_run(json!({"scenario": "processes"}));
    for (name, ..) in EXPORTS {
        let answer = server.get(&format!("/api/runs/{run}/{name}"));
        assert_eq!((answer.status, answer.headers["cache-control"].as_str()), (200, "no-cache"), "{name}");
    }
    let bearer = format!("Bearer {token}");
    assert_eq!(
        server.request("DELETE", &format!("/api/runs/{run}"), &[("Authorization", &bearer)], "").status,
        202
    );
}
