//! The program's globals: what an output shows stands in the log before it, at the line that set it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::stage::{METHODS, assert_prints_the_same, assert_stands_at, told};
use crate::support::job::Log;

const PROGRAM: &str = "globals.py";

/// The outputs of a run, each with what the log has said by then of its process's variables.
fn shown(log: &Log) -> Vec<(String, BTreeMap<String, Value>)> {
    let mut known: BTreeMap<u64, BTreeMap<String, Value>> = BTreeMap::new();
    let mut shown = Vec::new();
    for event in &log.0 {
        let of_process = || event["pid"].as_u64().unwrap();
        if event["type"] == "variable.set" {
            let name = event["name"].as_str().unwrap().to_owned();
            known.entry(of_process()).or_default().insert(name, event["value"].clone());
        } else if event["type"] == "output" {
            let text = event["text"].as_str().unwrap().to_owned();
            shown.push((text, known.get(&of_process()).cloned().unwrap_or_default()));
        }
    }
    shown
}

#[test]
fn a_value_is_told_before_the_output_that_shows_it_however_it_is_written() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let outputs = shown(&log);
        assert_eq!(outputs.len(), 7 + 7 + 1 + 1, "{method}: {outputs:#?}");
        for (text, known) in outputs {
            let (_, variables) = text.split_once(' ').unwrap();
            for (name, value) in variables.split(' ').map(|pair| pair.split_once('=').unwrap()) {
                let told = known.get(name).map(|told| told.to_string().replace('"', ""));
                assert_eq!(told.as_deref(), Some(value), "{method}: {name} before {text:?}");
            }
        }
    }
}

#[test]
fn a_value_stands_at_the_line_that_set_it() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let lines = ["m = 0", "m += 1", "seen = []", "seen.append(m)", "level = "];
        // The first look of a process at what it got from its parent stands where it looked.
        let looks = ["Process(", "p.start()", "lambda text: print(text", "os.fork()"];
        assert_stands_at(&log, "variable.set", PROGRAM, &[&lines[..], &looks[..]].concat());
        let counted = |event: &&Value| event["name"] == "m" && event["value"].as_u64() > Some(7);
        let counted = Log(log.of("variable.set").filter(counted).cloned().collect());
        assert!(!counted.0.is_empty(), "{method}");
        assert_stands_at(&counted, "variable.set", PROGRAM, &["m += 1"]);
    }
}

#[test]
fn a_program_that_replaces_its_standard_output_prints_what_it_prints() {
    for method in METHODS {
        assert_prints_the_same(&told(PROGRAM, &[method]), PROGRAM, &[method]);
    }
}
