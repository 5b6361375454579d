//! What holds for every address: headers, files, health.

use crate::support::server::Server;

#[test]
fn every_answer_tells_the_browser_what_to_refuse() {
    let server = Server::start(&[]);
    for path in
        ["/", "/scenarios/processes", "/static/pages/theme.js", "/api/scenarios", "/nowhere", "/healthz"]
    {
        let answer = server.get(path);
        let policy = &answer.headers["content-security-policy"];
        for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'self'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(answer.headers["cross-origin-opener-policy"], "same-origin", "{path}");
    }
}

#[test]
fn a_file_that_the_browser_has_is_not_sent_again() {
    let server = Server::start(&[]);
    let answer = server.get("/static/pages/theme.js");
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_str()),
        (200, "text/javascript; charset=utf-8")
    );
    let tag = answer.headers["etag"].as_str();
    let again = server.request("GET", "/static/pages/theme.js", &[("If-None-Match", tag)], "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.headers["etag"], tag);
    let other = server.request("GET", "/static/pages/theme.js", &[("If-None-Match", "W/\"other\"")], "");
    assert_eq!((other.status, other.body), (200, answer.body));
}

#[test]
fn only_the_pages_own_files_are_served() {
    let server = Server::start(&[]);
    for path in [
        "/static/",
        "/static/text/page.json",
        "/static/templates/base.html",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
    ] {
        server.get(path).problem(404, "not_found");
    }
}

#[test]
fn text_is_compressed_for_who_understands_it() {
    let server = Server::start(&[]);
    let plain = server.get("/healthz");
    assert!(!plain.headers.contains_key("content-encoding"));
    let head = server.request("HEAD", "/", &[("Accept-Encoding", "gzip")], "");
    assert_eq!(head.headers["content-encoding"], "gzip");
    let vary = head.headers["vary"].to_lowercase();
    assert!(vary.contains("accept-encoding"), "{vary}");
}

#[test]
fn it_is_healthy() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/healthz").json(), serde_json::json!({"status": "ok"}));
}
