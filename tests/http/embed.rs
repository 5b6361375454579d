//! The embed's addresses: who may frame it, what is open to pages without an origin, and that addresses of
//! version 1 stay what they are.

use serde_json::Value;

use crate::playground;
use crate::support::server::{Answer, Server};

/// Addresses as they stand in posts; a browser is shown the same (`tests/browser/embed.test.js`).
fn kept() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("embed-v1.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next())
}

fn boot(page: &Answer) -> Value {
    let json = page.body.split(r#"id="boot">"#).nth(1).and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(json.expect("the page's beginning")).expect("JSON")
}

#[test]
fn old_addresses_still_lead_to_the_embed() {
    let server = Server::start(&[]);
    for path in kept() {
        let page = server.get(path);
        let id = path.split(['/', '?']).nth(3).unwrap();
        assert_eq!((page.status, &boot(&page)["card"]["id"]), (200, &id.into()), "{path}");
        assert!(
            page.body.contains("<img src=\"/api/scenarios/"),
            "{path}: without scripts there is a picture"
        );
    }
    let chinese = server.get("/embed/v1/pool?lang=zh");
    assert_eq!(chinese.headers["content-language"], "zh");
}

#[test]
fn anybody_may_frame_it_unless_the_operator_says_who() {
    let ancestors = |server: &Server, path: &str| {
        let policy = server.get(path).headers["content-security-policy"].clone();
        policy.split("frame-ancestors ").nth(1).unwrap().to_owned()
    };
    let server = Server::start(&[]);
    assert_eq!(ancestors(&server, "/embed/v1/pool"), "*");
    assert_eq!(ancestors(&server, "/embed/v1/nowhere"), "*", "what went wrong is shown in the frame");
    for own in ["/", "/scenarios/pool", "/api/scenarios", "/embed/v1/host.js"] {
        assert_eq!(ancestors(&server, own), "'self'", "{own}");
    }
    let server = Server::start(&["--frame-ancestors", "'self' https://blog.example"]);
    assert_eq!(ancestors(&server, "/embed/v1/pool"), "'self' https://blog.example");
    for wrong in ["", "*; script-src *", "a\nb", "é"] {
        let refused = playground(&["serve", "--frame-ancestors", wrong]);
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn its_page_forbids_all_but_its_own_files() {
    let server = Server::start(&[]);
    let page = server.get("/embed/v1/pool");
    let policy = &page.headers["content-security-policy"];
    for rule in ["default-src 'none'", "script-src 'self';", "connect-src 'self';", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(!page.headers.contains_key("set-cookie") && !page.headers.contains_key("x-frame-options"));
}

#[test]
fn what_it_reads_is_open_to_pages_without_an_origin_and_nothing_else_is() {
    let server = Server::start(&[]);
    let open = |path: &str| {
        let headers = server.request("GET", path, &[("Origin", "null")], "").headers;
        let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
        (header("access-control-allow-origin"), header("cross-origin-resource-policy"))
    };
    let (run, _) =
        server.start_run(serde_json::json!({"scenario": "pool", "params": {"tasks": 1, "longest": 0}}));
    for path in [
        "/static/pages/embed.js",
        "/embed/v1/host.js",
        "/embed/v1/text.en.json",
        "/embed/v1/pool/pass",
        "/api/scenarios/pool/recording",
        &format!("/api/runs/{run}"),
        &format!("/api/runs/{run}/events"),
    ] {
        assert_eq!(open(path), ("*".into(), "cross-origin".into()), "{path}");
    }
    for path in ["/", "/scenarios/pool", "/api/scenarios", "/healthz"] {
        assert_eq!(open(path), (String::new(), "same-origin".into()), "{path}");
    }
}

#[test]
fn the_sentences_are_those_of_the_page_in_each_language() {
    let server = Server::start(&[]);
    for lang in ["zh", "en"] {
        let page = boot(&server.get(&format!("/embed/v1/pool?lang={lang}")));
        assert_eq!(server.get(&format!("/embed/v1/text.{lang}.json")).json(), page["text"], "{lang}");
    }
    server.get("/embed/v1/text.fr.json").problem(404, "not_found");
}

#[test]
fn its_picture_has_an_address_of_its_own() {
    let server = Server::start(&[]);
    for lang in ["zh", "en"] {
        let picture = server.get(&format!("/embed/v1/pool/poster.{lang}.svg"));
        assert_eq!(picture.body, server.get(&format!("/api/scenarios/pool/poster.svg?lang={lang}")).body);
        assert_eq!(picture.headers["cross-origin-resource-policy"], "cross-origin");
    }
    server.get("/embed/v1/pool/poster.fr.svg").problem(404, "not_found");
}

#[test]
fn the_script_for_the_page_around_is_at_most_two_kilobytes() {
    let server = Server::start(&[]);
    let script = server.get("/embed/v1/host.js");
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    let packed = server.request("HEAD", "/embed/v1/host.js", &[("Accept-Encoding", "gzip")], "");
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let length = gzipped(&script.body);
    assert!((400..=2048).contains(&length), "{length} bytes");
}

/// As a browser gets it.
fn gzipped(text: &str) -> usize {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut gzip =
        Command::new("gzip").arg("-9").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    gzip.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    gzip.wait_with_output().expect("its output").stdout.len()
}
