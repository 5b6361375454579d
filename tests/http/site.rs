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
        let of_all = ["default-src 'none'", "frame-ancestors 'self'"];
        let of_pages =
            ["script-src 'self'", "style-src 'self'"].iter().filter(|_| !path.starts_with("/static/"));
        for rule in of_all.iter().chain(of_pages) {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "same-origin", "{path}");
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
fn a_file_of_the_present_version_is_kept_for_ever_and_of_another_is_asked_about() {
    let server = Server::start(&[]);
    let page = server.get("/").body;
    let address = page.split('"').find(|part| part.ends_with("/pages/theme.js")).unwrap();
    let kept = server.get(address);
    assert_eq!(
        (kept.status, kept.headers["cache-control"].as_str()),
        (200, "public, max-age=31536000, immutable")
    );
    for other in ["/static/0123456789abcdef/pages/theme.js", "/static/pages/theme.js"] {
        let answer = server.get(other);
        assert_eq!((answer.status, answer.headers["cache-control"].as_str()), (200, "no-cache"), "{other}");
        assert_eq!(answer.body, kept.body);
    }
    for (asked, given) in [("br, gzip", "br"), ("gzip", "gzip")] {
        let packed = server.request("HEAD", address, &[("Accept-Encoding", asked)], "");
        assert_eq!(packed.headers["content-encoding"], given);
    }
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
    let health = server.get("/healthz").json();
    assert_eq!((&health["status"], &health["recordings"]["state"]), (&"ok".into(), &"ok".into()), "{health}");
}
