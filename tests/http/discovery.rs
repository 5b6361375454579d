//! What others are told of a page: languages, cards, players, codes; and pictures to take along.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::server::{Answer, Server};

/// The values of an attribute of the elements that have these words in them.
fn values<'a>(page: &'a Answer, words: &str, attribute: &str) -> Vec<&'a str> {
    let elements = page.body.split('<').filter(|element| element.contains(words));
    let start = format!("{attribute}=\"");
    elements.filter_map(|element| element.split(&start).nth(1)?.split('"').next()).collect()
}

#[test]
fn a_page_says_where_it_is_in_which_languages_and_shows_a_card() {
    let server = Server::start(&["--public-url", "https://play.example/"]);
    let page = server.get("/scenarios/pool?lang=zh&size=2");
    assert_eq!(values(&page, "rel=\"canonical\"", "href"), ["https://play.example/scenarios/pool?lang=zh"]);
    let languages = values(&page, "hreflang=\"x-default\"", "href");
    assert_eq!(languages, ["https://play.example/scenarios/pool"]);
    let card = values(&page, "\"og:image\"", "content");
    assert_eq!(card, ["https://play.example/api/scenarios/pool/recording/card.png?lang=zh"]);
    assert_eq!(values(&page, "\"og:title\"", "content"), ["进程池"]);
    assert!(values(&page, "noindex", "content").is_empty());
    let plain = server.get("/");
    assert_eq!(values(&plain, "rel=\"canonical\"", "href"), ["https://play.example/"]);
    let (run, _) = server.start_run(json!({"scenario": "pool", "params": {"longest": 0.1}}));
    let own = server.get(&format!("/runs/{run}?lang=en"));
    assert_eq!(values(&own, "\"robots\"", "content"), ["noindex"]);
    let card = format!("https://play.example/api/runs/{run}/card.png?lang=en");
    assert_eq!(values(&own, "\"og:image\"", "content"), [card.as_str()]);
}

/// Without a flag it is the host that was asked; what is none is repeated to nobody.
#[test]
fn an_address_has_the_host_that_was_asked() {
    let server = Server::start(&[]);
    let page = server.get("/scenarios/pool");
    let own = format!("http://{}/scenarios/pool", server.address);
    assert_eq!(values(&page, "rel=\"canonical\"", "href"), [own.as_str()]);
    let robots = server.get("/robots.txt");
    assert!(robots.body.contains(&format!("Sitemap: http://{}/sitemap.xml", server.address)));
    let map = server.get("/sitemap.xml");
    for scenario in server.get("/api/scenarios").json().as_array().expect("a list") {
        let page = format!(
            "<loc>http://{}/scenarios/{}?lang=en</loc>",
            server.address,
            scenario["id"].as_str().expect("an id")
        );
        assert!(map.body.contains(&page), "{page}");
    }
}

#[test]
fn oembed_gives_the_player_of_our_pages_only() {
    let server = Server::start(&[]);
    let own = format!("http://{}", server.address);
    let of = |query: &str| server.get(&format!("/oembed?{query}"));
    let page = "%2Fscenarios%2Fpool%3Fsize%3D2%26lang%3Dzh%26other%3D%2522%253E";
    let answer = of(&format!("url={own}{page}&maxwidth=500&maxheight=9999&format=json"));
    let player = answer.json();
    assert_eq!(
        (&player["version"], &player["type"], &player["title"]),
        (&"1.0".into(), &"rich".into(), &"进程池".into())
    );
    assert_eq!((&player["width"], &player["height"]), (&500.into(), &660.into()));
    let html = player["html"].as_str().expect("HTML");
    let source =
        format!(r#"<iframe src="{own}/embed/v1/pool?size=2&amp;lang=zh" title="进程池" width="500""#);
    assert!(html.starts_with(&source), "{html}");
    let (run, _) = server.start_run(json!({"scenario": "pool", "params": {"longest": 0.1}}));
    let player = of(&format!("url={own}/runs/{run}")).json();
    assert!(
        player["html"].as_str().expect("HTML").contains(&format!("/embed/v1/pool?run={run}\"")),
        "{player}"
    );
    of(&format!("url={own}/scenarios/pool&format=xml")).problem(501, "only_json");
    for nothing in [
        "http://example.org/scenarios/pool".to_owned(),
        format!("{own}/"),
        format!("{own}.evil/scenarios/pool"),
    ] {
        of(&format!("url={nothing}")).problem(404, "not_found");
    }
    of(&format!("url={own}/scenarios/nothing")).problem(404, "unknown_scenario");
    of("format=json").problem(400, "malformed_request");
    of(&format!("url={own}/scenarios/pool&maxwidth=wide")).problem(400, "malformed_request");
}

#[test]
fn a_code_is_made_of_our_own_addresses_only() {
    let server = Server::start(&["--public-url", "https://play.example"]);
    let code = |url: &str| server.get(&format!("/api/qr.svg?url={url}"));
    let ours = code("https://play.example/scenarios/pool%3Fsize=2");
    assert_eq!((ours.status, ours.headers["content-type"].as_str()), (200, "image/svg+xml"));
    assert_eq!(
        code(&format!("https://{}/runs/x", server.address)).status,
        200,
        "a proxy may speak TLS for us"
    );
    for foreign in ["https://example.org/", "javascript:alert(1)", ""] {
        code(foreign).problem(400, "malformed_request");
    }
    code(&format!("https://play.example/{}", "a".repeat(2000))).problem(400, "malformed_request");
    server.get("/api/qr.svg").problem(400, "malformed_request");
}

/// A figure says what it shows, which run it was, and with what; PNG has the same, as pixels.
#[test]
fn figures_are_pictures_that_explain_themselves() {
    let server = Server::start(&[]);
    let get =
        |name: &str, lang: &str| server.get(&format!("/api/scenarios/pool/recording/{name}?lang={lang}"));
    let figure = get("figure.svg", "en");
    for words in ["A pool of processes", "doing a task", "waiting", "seed 7", "size=5", "run "] {
        assert!(figure.body.contains(words), "{words}: {}", figure.body);
    }
    assert!(!figure.body.contains("prefers-color-scheme") && !figure.body.contains("stopped by a signal"));
    assert_eq!(figure.headers["content-disposition"], "attachment; filename=\"pool-recorded.svg\"");
    assert_eq!(figure.headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'");
    let lanes: BTreeSet<_> = (1..=5).map(|worker| format!(">ForkPoolWorker-{worker}<")).collect();
    assert!(lanes.iter().all(|lane| figure.body.contains(lane)));
    for name in ["figure.png", "card.png"] {
        let path = format!("/api/scenarios/pool/recording/{name}?lang=en");
        let head = server.request("HEAD", &path, &[], "");
        assert_eq!((head.status, head.headers["content-type"].as_str()), (200, "image/png"), "{name}");
        let again = server.request("GET", &path, &[("If-None-Match", &head.headers["etag"])], "");
        assert_eq!(again.status, 304);
    }
}
