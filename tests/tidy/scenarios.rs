//! Scenario folders: each is complete, and its program short enough to be read at a glance.

use std::fs;

use crate::none;
use crate::sources::top;

/// What a scenario consists of.
const FILES: &[&str] =
    &["scenario.toml", "main.rs", "main.py", "text.zh.md", "text.en.md", "recording.ndjson"];

/// Folders beside the scenarios.
const OTHERS: &[&str] = &["src", "multiprocessing", "python", "tests"];

/// The most lines of a program that fit beside its picture.
const LONGEST_PROGRAM: usize = 40;

/// The six that the project exists for.
const FIRST: &[&str] = &["processes", "globals", "custom-process", "pool", "pool-callback", "queue"];

fn folders() -> Vec<String> {
    let entries = fs::read_dir(top().join("scenarios")).expect("the scenarios' folder");
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !OTHERS.contains(&name.as_str()) && !name.starts_with('.'));
    names.sort();
    names
}

#[test]
fn every_scenario_is_complete() {
    let folders = folders();
    let mut faults: Vec<String> = Vec::new();
    for id in &folders {
        let missing = FILES.iter().filter(|file| !top().join("scenarios").join(id).join(file).is_file());
        faults.extend(missing.map(|file| format!("scenarios/{id}/{file} is missing")));
    }
    faults.extend(
        FIRST.iter().filter(|id| !folders.iter().any(|f| f == *id)).map(|id| format!("{id} is missing")),
    );
    none("a scenario is one folder with everything in it:", faults);
}

#[test]
fn every_program_can_be_read_at_a_glance() {
    let mut faults = Vec::new();
    for id in folders() {
        let text = fs::read_to_string(top().join("scenarios").join(&id).join("main.rs")).unwrap_or_default();
        let lines = text.lines().count();
        if lines > LONGEST_PROGRAM {
            faults.push(format!("scenarios/{id}/main.rs: {lines} lines"));
        }
    }
    none("a visitor's program has at most 40 lines:", faults);
}
