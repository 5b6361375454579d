//! The pages as HTML, and the scenarios as JSON.

use serde_json::{Value, json};

use crate::support::server::{Answer, Server};

/// What the page's scripts begin with.
pub fn boot(page: &Answer) -> Value {
    let (_, rest) =
        page.body.split_once("<script type=\"application/json\" id=\"boot\">").expect("the boot data");
    let (boot, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(boot).expect("JSON")
}

#[test]
fn the_language_is_the_addresss_or_else_the_browsers() {
    let server = Server::start(&[]);
    let page = |path: &str, accepted: &str| server.request("GET", path, &[("Accept-Language", accepted)], "");
    for (path, accepted, lang, tag) in [
        ("/", "zh-CN,zh;q=0.9,en;q=0.8", "zh", "<html lang=\"zh-CN\">"),
        ("/", "en-GB", "en", "<html lang=\"en\">"),
        ("/", "fr", "en", "<html lang=\"en\">"),
        ("/?lang=zh", "en", "zh", "<html lang=\"zh-CN\">"),
        ("/scenarios/processes?lang=en", "zh", "en", "<html lang=\"en\">"),
    ] {
        let answer = page(path, accepted);
        assert_eq!(
            (answer.status, answer.headers["content-language"].as_str()),
            (200, lang),
            "{path} {accepted}"
        );
        assert!(answer.body.contains(tag), "{path} {accepted}");
        assert_eq!(boot(&answer)["lang"], lang);
    }
}

#[test]
fn the_catalogue_leads_to_every_scenario_and_each_has_its_page() {
    let server = Server::start(&[]);
    let catalogue = server.get("/");
    for scenario in server.get("/api/scenarios").json().as_array().expect("a list") {
        let id = scenario["id"].as_str().expect("an id");
        assert!(catalogue.body.contains(&format!("href=\"/scenarios/{id}")), "{id}");
        let page = server.get(&format!("/scenarios/{id}"));
        assert_eq!(page.status, 200, "{id}");
        assert!(page.body.contains(scenario["title"].as_str().expect("a title")), "{id}");
        let boot = boot(&page);
        assert_eq!(
            (&boot["card"]["id"], &boot["run"], &boot["faults"]),
            (&json!(id), &Value::Null, &json!({}))
        );
        assert_eq!(boot["limits"]["wall_ms"], 20_000);
    }
}

#[test]
fn the_query_string_presets_the_controls_and_mistakes_in_it_are_told() {
    let server = Server::start(&[]);
    let boot =
        boot(&server.get("/scenarios/processes?lang=en&children=3&listen_period=soon&childs=2&seed=7"));
    assert_eq!(boot["params"], json!({"children": 3}));
    assert_eq!(boot["faults"]["listen_period"], "\"soon\" is not a number from 0.1 to 5 s");
    assert!(boot["faults"]["childs"].as_str().expect("told").contains("unknown parameter"));
    assert_eq!(boot["faults"].as_object().map(|faults| faults.len()), Some(2));
}

#[test]
fn a_scenario_shows_its_parameters_as_a_json_schema() {
    let server = Server::start(&[]);
    let listed = server.request("GET", "/api/scenarios", &[("Accept-Language", "zh")], "").json();
    let processes = listed.as_array().expect("a list").iter().find(|scenario| scenario["id"] == "processes");
    let processes = processes.expect("the scenario");
    let children = &processes["params"]["properties"]["children"];
    assert_eq!(
        (&children["type"], &children["minimum"], &children["default"]),
        (&json!("integer"), &json!(1), &json!(2))
    );
    assert_eq!(children["title"], "子进程数");
    assert_eq!(processes["params"]["additionalProperties"], false);
    assert_eq!(processes["runtimes"][0], "rust");
    let full = server.get("/api/scenarios/processes?lang=en").json();
    assert!(full["sources"][0]["text"].as_str().expect("the program").contains("fn main"));
}
