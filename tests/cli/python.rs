//! The Python programs: who runs them, and what is said where nobody does.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ended, playground, run};

/// A folder of this mode, whatever the umask.
fn folder(mode: u32) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(mode)).expect("it is ours");
    folder
}

/// A program that answers as an interpreter would.
fn fake(folder: &Path, script: &str, mode: u32) -> PathBuf {
    let file = folder.join("python3");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&file, Permissions::from_mode(mode)).expect("it is ours");
    file
}

fn list_with(python: &Path) -> Ended {
    run(&["list", "--python", python.to_str().expect("UTF-8")])
}

#[test]
fn the_twin_runs_and_prints_what_the_rust_program_prints() {
    let lines = |runtime: &str| {
        let ended =
            run(&["run", "custom-process", "--runtime", runtime, "--set", "period=0", "--format", "ndjson"]);
        let log: Vec<Value> =
            ended.results().lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
        assert_eq!(log[0]["runtime"], runtime);
        let texts = log.iter().filter(|event| event["type"] == "output").map(|event| &event["text"]);
        let mut words: Vec<String> = texts
            .flat_map(|text| text.as_str().expect("a text").lines().map(str::to_owned).collect::<Vec<_>>())
            .map(|line| line.split(" 进程").next().expect("a line").to_owned())
            .collect();
        words.sort();
        words
    };
    assert_eq!(lines("python"), lines("rust"));
    assert_eq!(lines("rust").len(), 11, "five of each child and one of the main process");
}

#[test]
fn an_interpreter_that_will_do_is_named_and_every_scenario_has_its_runtime() {
    let ended = run(&["list"]);
    assert!(ended.results().contains("\nPython: CPython 3."), "{}", ended.stdout);
    let list = run(&["list", "--format", "json"]);
    let list: Value = serde_json::from_str(list.results()).expect("an array");
    for scenario in list.as_array().expect("an array") {
        let runtimes = scenario["runtimes"].as_array().expect("runtimes");
        assert!(runtimes.contains(&"python".into()), "{scenario}");
    }
}

#[test]
fn why_an_interpreter_will_not_do_is_told() {
    let folder = folder(0o755);
    let cases = [
        ("echo cpython 3 8 10", 0o755, "is CPython 3.8.10; 3.9 or newer is needed"),
        ("echo pypy 3 9 0", 0o755, "is pypy; CPython is needed"),
        (
            "echo cpython 3 12 1; echo ModuleNotFoundError: _multiprocessing >&2; exit 1",
            0o755,
            "ModuleNotFoundError",
        ),
        ("exit 3", 0o755, "it did not say what it is"),
        ("echo cpython 3 12 1", 0o644, "Permission denied"),
    ];
    for (script, mode, why) in cases {
        let ended = list_with(&fake(folder.path(), script, mode));
        assert!(ended.results().contains("Python: not here; "), "{}", ended.stdout);
        assert!(ended.stdout.contains(why), "{why}: {}", ended.stdout);
    }
    assert!(list_with(Path::new("/nonexistent/python3")).results().contains("No such file"));
}

/// An interpreter in somebody's home is of no use to runs, which are another user's.
#[test]
fn an_interpreter_that_only_its_owner_can_reach_will_not_do() {
    if !rustix::process::geteuid().is_root() {
        return; // Then runs have the user of the server, who can reach it.
    }
    let closed = folder(0o700);
    let ended = list_with(&fake(closed.path(), "echo cpython 3 12 1", 0o755));
    assert!(ended.results().contains("Permission denied"), "{}", ended.stdout);
}

#[test]
fn where_there_is_no_python_a_run_says_so() {
    let ended = run(&["run", "pool", "--runtime", "python", "--python", "/nonexistent/python3"]);
    ended.refused(2, &["--runtime python", "/nonexistent/python3", "here it runs with: rust"]);
    let list = run(&["list", "--format", "json", "--python", "/nonexistent/python3"]);
    let list: Value = serde_json::from_str(list.results()).expect("an array");
    assert_eq!(list[0]["runtimes"], serde_json::json!(["rust"]));
    let why = list[0]["missing"][0]["why"]["en"].as_str().expect("a sentence");
    assert!(why.contains("/nonexistent/python3"), "{why}");
}

/// The programs are published to a folder that is gone with the command, and so is a dead one's.
#[test]
fn nothing_stays_behind() {
    let temporary = folder(0o755);
    let dead = temporary.path().join("process-playground-programs-8388608-0");
    fs::create_dir(&dead).expect("a folder");
    let mut command = playground(&["run", "custom-process", "--runtime", "python", "--set", "period=0"]);
    command.env("TMPDIR", temporary.path());
    let ended = Ended::new(&["run"], command.output().expect("it starts"));
    assert!(ended.results().contains("run completed"), "{}", ended.stdout);
    let left: Vec<_> = fs::read_dir(temporary.path()).expect("a folder").flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}
