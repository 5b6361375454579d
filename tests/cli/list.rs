//! `list`: what scripts and people read.

use serde_json::Value;

use crate::command::run;

const SIX: [&str; 6] = ["processes", "globals", "custom-process", "pool", "pool-callback", "queue"];

#[test]
fn json_is_an_array_of_scenarios_with_all_that_is_needed_to_run_them() {
    let ended = run(&["list", "--format", "json"]);
    let list: Vec<Value> = serde_json::from_str(ended.results()).expect("an array");
    let ids: Vec<_> = list.iter().map(|scenario| scenario["id"].as_str().expect("an id")).collect();
    assert_eq!(ids[..6], SIX);
    for scenario in &list {
        assert!(
            scenario["runtimes"].as_array().is_some_and(|all| all.contains(&"rust".into())),
            "{scenario}"
        );
        assert!(["zh", "en"].iter().all(|lang| scenario["title"][lang].is_string()), "{scenario}");
        for param in scenario["params"].as_array().expect("params") {
            let told = ["name", "type", "title", "help", "default"].iter().all(|key| !param[key].is_null());
            assert!(told, "{}: {param}", scenario["id"]);
        }
    }
}

#[test]
fn the_table_names_every_scenario_and_every_parameter_of_it() {
    let (table, json) = (run(&["list"]), run(&["list", "--format", "json"]));
    let list: Vec<Value> = serde_json::from_str(json.results()).expect("an array");
    for scenario in &list {
        let names = scenario["params"].as_array().expect("params").iter().map(|param| &param["name"]);
        for name in names.chain([&scenario["id"]]) {
            assert!(
                table.results().contains(name.as_str().expect("a name")),
                "{name} is not in\n{}",
                table.stdout
            );
        }
    }
}
