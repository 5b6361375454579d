//! Sockets of pages without an origin: a pass lets them in, for its scenario and nothing else.

use serde_json::json;

use crate::support::server::Server;
use crate::support::socket::Socket;

const NO_ORIGIN: &[(&str, &str)] = &[("Origin", "null")];

fn pass(server: &Server, scenario: &str) -> String {
    let answer = server.get(&format!("/embed/v1/{scenario}/pass")).json();
    assert_eq!(answer["lasts_s"], 600);
    answer["pass"].as_str().expect("a pass").to_owned()
}

#[test]
fn a_pass_starts_its_scenario_and_follows_it_to_the_end() {
    let server = Server::start(&[]);
    let path = format!("/ws?lang=en&pass={}", pass(&server, "processes"));
    let opened = Socket::try_open(&server, &path, NO_ORIGIN);
    let mut socket = opened.unwrap_or_else(|status| panic!("refused with {status}"));
    let run = socket.start("processes", json!({}));
    assert!(socket.control(&run, json!({"op": "stop"}))["ok"].is_object());
    let refused = socket.ask(json!({"op": "start", "scenario": "pool"}));
    assert_eq!(refused["error"]["code"], "foreign_origin", "{refused}");
}

#[test]
fn the_pass_that_comes_with_a_page_is_as_good() {
    let server = Server::start(&[]);
    let page = server.get("/embed/v1/pool").body;
    let pass = page.split(r#""pass":""#).nth(1).and_then(|rest| rest.split('"').next()).expect("a pass");
    assert!(Socket::try_open(&server, &format!("/ws?pass={pass}"), NO_ORIGIN).is_ok());
}

#[test]
fn without_a_good_pass_nobody_foreign_is_let_in() {
    let server = Server::start(&[]);
    let another = Server::start(&[]);
    let stale = pass(&another, "pool");
    for origin in ["null", "https://blog.example"] {
        for path in ["/ws", "/ws?pass=", "/ws?pass=pool.600.00", &format!("/ws?pass={stale}")] {
            assert_eq!(
                Socket::try_open(&server, path, &[("Origin", origin)]).err(),
                Some(403),
                "{origin} {path}"
            );
        }
    }
}
