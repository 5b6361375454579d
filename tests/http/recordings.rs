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

/// The picture of a scenario's recording.
fn poster(server: &Server, id: &str, lang: &str) -> crate::support::server::Answer {
    let answer = server.get(&format!("/api/scenarios/{id}/poster.svg?lang={lang}"));
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "image/svg+xml"), "{id}");
    assert_eq!(answer.headers["content-language"], lang);
    answer
}

#[test]
fn every_recording_has_a_picture_in_both_languages() {
    let server = Server::start(&[]);
    for scenario in server.get("/api/scenarios?lang=zh").json().as_array().expect("a list") {
        let id = scenario["id"].as_str().expect("an id");
        let [zh, en] = ["zh", "en"].map(|lang| poster(&server, id, lang).body);
        assert!(
            zh.contains(&format!("<title id=\"title\">{}</title>", scenario["title"].as_str().expect("it")))
        );
        assert!(zh.contains("lang=\"zh-CN\"") && en.contains("lang=\"en\""), "{id}");
        let log = server.get(&format!("/api/scenarios/{id}/recording")).body;
        let born = log.lines().filter(|line| line.contains("process.started")).count();
        let lanes = en.matches("opacity=\".35\"").count();
        assert_eq!(lanes, born, "{id}: a lane for each process");
        assert!(en.len() < 16 * 1024, "{id}: {} bytes", en.len());
    }
}

#[test]
fn a_picture_may_stand_on_other_pages_and_can_do_nothing() {
    let server = Server::start(&[]);
    let answer = poster(&server, "pool", "zh");
    assert_eq!(answer.headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(answer.headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'");
    assert!(!answer.body.contains("<script") && !answer.body.contains("http://127"), "{}", answer.body);
    let tag = answer.headers["etag"].as_str();
    let path = "/api/scenarios/pool/poster.svg?lang=zh";
    assert_eq!(server.request("GET", path, &[("If-None-Match", tag)], "").status, 304);
    server.get("/api/scenarios/nothing/poster.svg").problem(404, "unknown_scenario");
    server.get("/api/runs/0123456789abcdef0123456789abcdef/poster.svg").problem(404, "unknown_run");
}

#[test]
fn a_run_has_its_picture_while_it_runs_and_afterwards() {
    let server = Server::start(&[]);
    let (run, token) =
        server.start_run(json!({"scenario": "processes", "params": {"children": 3}, "seed": 7}));
    let path = format!("/api/runs/{run}/poster.svg?lang=en");
    let live = server.get(&path);
    assert_eq!((live.status, live.headers["cache-control"].as_str()), (200, "no-cache"));
    let bearer = format!("Bearer {token}");
    server.request("DELETE", &format!("/api/runs/{run}"), &[("Authorization", &bearer)], "");
    let log = server.get(&format!("/api/runs/{run}/events")).body;
    let born = log.lines().filter(|line| line.contains("process.started")).count();
    let over = server.get(&path);
    assert_ne!(
        over.headers["etag"], live.headers["etag"],
        "a browser that kept the first asks and gets the last"
    );
    assert_eq!(over.body.matches("opacity=\".35\"").count(), born);
}

#[test]
fn the_page_has_the_recorded_run_in_words_for_who_runs_no_scripts() {
    let server = Server::start(&[]);
    let page = server.get("/scenarios/zombie?lang=en").body;
    let (_, still) = page.split_once("class=\"panel still\"").expect("the recorded run");
    for words in [
        "/api/scenarios/zombie/poster.svg?lang=en",
        "exit code 7",
        "小明 做完了",
        "MainProcess",
        " · recorded on 20",
    ] {
        assert!(still.contains(words), "{words}");
    }
    assert!(
        page.contains("<h3>Try</h3><ul><li><code>waitpid</code> at once"),
        "the text is no Markdown any more"
    );
}
