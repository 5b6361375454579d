//! Recorded runs: every scenario has one, and the page begins with it.

use serde_json::{Value, json};

use crate::pages::boot;
use crate::support::promises;
use crate::support::server::Server;

#[test]
fn every_scenario_has_a_recorded_run_that_keeps_the_promises() {
    let server = Server::start(&[]);
    for scenario in server.get("/api/scenarios").json().as_array().expect("a list") {
        let id = scenario["id"].as_str().expect("an id");
        let answer = server.get(&format!("/api/scenarios/{id}/recording"));
        assert_eq!(
            (answer.status, answer.headers["content-type"].as_str()),
            (200, "application/x-ndjson"),
            "{id}"
        );
        let events = answer.body.lines().map(|line| serde_json::from_str(line).expect("an event"));
        let log: Vec<Value> = events.collect();
        assert_eq!(promises::check(&log), Vec::<String>::new(), "{id}");
        assert_eq!((&log[0]["scenario"], &log[0]["runtime"]), (&json!(id), &json!("rust")));
        assert!(
            log[0]["unix_ms"].as_u64().is_some_and(|ms| ms > 1_700_000_000_000),
            "it knows its day: {id}"
        );
        for (name, param) in scenario["params"]["properties"].as_object().expect("parameters") {
            assert_eq!(log[0]["params"][name], param["default"], "{id}: {name}");
        }
    }
}

#[test]
fn a_recording_is_compressed_and_not_sent_again() {
    let server = Server::start(&[]);
    let path = "/api/scenarios/pool/recording";
    let answer = server.get(path);
    let (tag, kept) = (answer.headers["etag"].as_str(), answer.headers["cache-control"].as_str());
    assert_eq!(kept, "no-cache");
    let again = server.request("GET", path, &[("If-None-Match", tag)], "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let head = server.request("HEAD", path, &[("Accept-Encoding", "gzip")], "");
    assert_eq!((head.status, head.headers["content-encoding"].as_str()), (200, "gzip"));
    server.get("/api/scenarios/nothing/recording").problem(404, "unknown_scenario");
}

#[test]
fn the_page_begins_with_the_recording_unless_it_follows_a_run() {
    let server = Server::start(&[]);
    let page = |query: &str| server.get(&format!("/scenarios/pool{query}"));
    let preloads = |body: &str| body.contains("href=\"/api/scenarios/pool/recording\"");
    let plain = page("?size=2");
    assert_eq!((&boot(&plain)["recorded"], preloads(&plain.body)), (&json!(true), true));
    let (run, _) = server.start_run(json!({"scenario": "pool", "params": {"longest": 0.1}}));
    for follows in [page(&format!("?run={run}")), server.get(&format!("/runs/{run}"))] {
        assert_eq!((&boot(&follows)["recorded"], preloads(&follows.body)), (&json!(false), false));
    }
}

#[test]
fn an_operators_scenario_needs_none_and_may_have_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().to_str().expect("UTF-8");
    let made = crate::playground(&["new", "mine", "--in", dir]);
    assert!(made.status.success(), "{made:?}");
    let server = Server::start(&["--scenarios", dir]);
    server.get("/api/scenarios/mine/recording").problem(404, "not_found");
    assert_eq!(boot(&server.get("/scenarios/mine"))["recorded"], false);

    let file = folder.path().join("mine/recording.ndjson");
    let words = ["run", "mine", "--scenarios", dir, "--format", "ndjson", "--output"];
    let recorded = crate::playground(&[&words[..], &[file.to_str().expect("UTF-8")]].concat());
    assert!(recorded.status.success(), "{recorded:?}");
    let server = Server::start(&["--scenarios", dir]);
    assert_eq!(boot(&server.get("/scenarios/mine"))["recorded"], true);
    let log = server.get("/api/scenarios/mine/recording").body;
    assert_eq!(log, std::fs::read_to_string(&file).expect("the recording"));

    std::fs::write(&file, log.replacen("\"mine\"", "\"yours\"", 1)).expect("spoiled");
    let server = Server::start(&["--scenarios", dir]);
    assert_eq!(boot(&server.get("/scenarios/mine"))["recorded"], false, "it is of another scenario");
}
