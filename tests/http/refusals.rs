//! Everything that can be asked wrongly by HTTP: each is a problem that names the thing
//! and the remedy, in the reader's language, and the server goes on.

use serde_json::json;

use crate::support::server::Server;

#[test]
fn an_unknown_scenario_is_named_with_those_that_there_are() {
    let server = Server::start(&[]);
    let problem = server.get("/api/scenarios/proceses").problem(404, "unknown_scenario");
    let sentence = problem["detail"].as_str().expect("a sentence");
    assert!(sentence.contains("proceses") && sentence.contains("processes"), "{sentence}");
    let started = server.request("POST", "/api/runs", &[], r#"{"scenario":"proceses"}"#);
    started.problem(404, "unknown_scenario");
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_person_gets_a_page_and_a_program_a_problem() {
    let server = Server::start(&[]);
    for path in ["/nowhere", "/scenarios/nothing", "/runs/0123456789abcdef0123456789abcdef"] {
        let page =
            server.request("GET", path, &[("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", "zh")], "");
        assert_eq!(
            (page.status, page.headers["content-type"].as_str()),
            (404, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(
            page.body.contains("<html lang=\"zh-CN\">") && page.body.contains("href=\"/?lang=zh\""),
            "{path}"
        );
        assert_eq!(server.get(path).headers["content-type"], "application/problem+json", "{path}");
    }
}

#[test]
fn every_bad_parameter_has_its_sentence() {
    let server = Server::start(&[]);
    let body = json!({"scenario": "processes", "runtime": "python", "seed": 7,
        "params": {"children": 9, "eat_period": "often", "call": "fork", "x": 1}});
    let problem = server.request("POST", "/api/runs", &[], &body.to_string()).problem(422, "invalid_params");
    let fields = problem["fields"].as_object().expect("fields");
    assert_eq!(fields["children"], "9 is not a whole number from 1 to 8");
    assert_eq!(fields["eat_period"], "\"often\" is not a number from 0.1 to 5 s");
    assert_eq!(fields["call"], "\"fork\" is not one of: start, run");
    assert!(fields["x"].as_str().expect("told").starts_with("unknown parameter"));
    let chinese = server.request("POST", "/api/runs", &[("Accept-Language", "zh")], &body.to_string());
    assert_eq!(chinese.problem(422, "invalid_params")["fields"]["children"], "9 不行，应为 1 到 8 的整数");
}

#[test]
fn a_bad_seed_is_told() {
    let server = Server::start(&[]);
    for seed in [json!(-1), json!(1.5), json!("seven"), json!(1u64 << 53)] {
        let body = json!({"scenario": "processes", "seed": seed}).to_string();
        let problem = server.request("POST", "/api/runs", &[], &body).problem(422, "invalid_params");
        let sentence = problem["fields"]["seed"].as_str().expect("told");
        assert_eq!(sentence, format!("{seed} is not a whole number from 0 to 9007199254740991"));
    }
}

#[test]
fn a_body_that_is_no_request_is_told_where_and_why() {
    let server = Server::start(&[]);
    let post = |body: &str| server.request("POST", "/api/runs", &[], body);
    let problem = post("{\"scenario\":\n \"processes\",}").problem(400, "malformed_json");
    assert!(
        problem["detail"].as_str().is_some_and(|sentence| sentence.starts_with("Line 2, column 14")),
        "{problem}"
    );
    post("").problem(400, "malformed_json");
    post("[]").problem(400, "malformed_request");
    let fields = &post(r#"{"scenari":"processes"}"#).problem(400, "malformed_request")["fields"];
    assert!(fields["scenari"].is_string() && fields["scenario"].is_string(), "{fields}");
    post(&format!("{{\"scenario\":\"{}\"}}", "x".repeat(16 * 1024))).problem(413, "too_large");
}

#[test]
fn an_address_says_which_methods_it_takes() {
    let server = Server::start(&[]);
    for (method, path, allowed) in [
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/api/runs", "POST"),
        ("POST", "/api/runs/0123456789abcdef0123456789abcdef", "GET, HEAD, DELETE"),
        ("DELETE", "/ws", "GET"),
    ] {
        let answer = server.request(method, path, &[], "");
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.headers["allow"], allowed, "{path}");
    }
}

#[test]
fn another_sites_page_can_start_and_watch_nothing() {
    let server = Server::start(&[]);
    let body = r#"{"scenario":"processes"}"#;
    let own = format!("http://{}", server.address);
    for origin in ["http://example.org", "null", "http://127.0.0.1"] {
        let answer = server.request("POST", "/api/runs", &[("Origin", origin)], body);
        answer.problem(403, "foreign_origin");
        let upgrade = [
            ("Origin", origin),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw=="),
        ];
        server.request("GET", "/ws", &upgrade, "").problem(403, "foreign_origin");
    }
    assert_eq!(server.request("POST", "/api/runs", &[("Origin", &own)], body).status, 201);
}

#[test]
fn a_socket_needs_a_handshake() {
    let server = Server::start(&[]);
    server.get("/ws").problem(400, "bad_handshake");
}
