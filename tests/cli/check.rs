//! `check`: a scenario's folder with a mistake in it.
//!
//! Each case takes a good folder, spoils one thing, and expects the file, the
//! line where there is one, and a word of the remedy.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::run;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").canonicalize().expect("the folder")
}

/// A copy of the scenario `pool` in a folder like this repository's, to be spoiled.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("pool");
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"scenarios\"\n").expect("a file");
    fs::create_dir(&target).expect("a folder in it");
    for entry in fs::read_dir(scenarios().join("pool")).expect("pool").flatten() {
        fs::copy(entry.path(), target.join(entry.file_name())).expect("a copy");
    }
    folder
}

/// Runs `check` on a copy in which `from` (once) has become `to` in `file`.
#[track_caller]
fn spoiled(file: &str, from: &str, to: &str, words: &[&str]) {
    let folder = copy();
    let path = folder.path().join("pool").join(file);
    let text = fs::read_to_string(&path).expect("the file");
    assert!(text.contains(from), "{file} has no {from:?} to spoil");
    let at = text.find(from).expect("as above");
    fs::write(&path, text.replacen(from, to, 1)).expect("spoiled");
    let line = text[..at].matches('\n').count() + 1;
    let ended = run(&["check", folder.path().to_str().expect("UTF-8")]);
    ended.refused(1, words);
    let near = (line..=line + 2).any(|line| ended.stderr.contains(&format!("{file}:{line}")));
    assert!(near, "{file}:{line} is not named in\n{}", ended.stderr);
}

#[test]
fn all_scenarios_of_the_repository_are_valid() {
    run(&["check", scenarios().to_str().expect("UTF-8")]).results();
    run(&["check", scenarios().join("pool").to_str().expect("UTF-8")]).results();
}

#[test]
fn mistakes_in_the_card_are_told_with_their_line() {
    spoiled("scenario.toml", "[[params]]", "[[params]", &["pool"]);
    spoiled("scenario.toml", "[[params]]\n", "[[params]]\ncolour = \"red\"\n", &["colour"]);
    spoiled("scenario.toml", "type = \"integer\"", "type = \"whole\"", &["whole", "integer"]);
    spoiled("scenario.toml", "default = 5", "default = 55", &["55"]);
    spoiled("scenario.toml", "default = 5", "default = \"five\"", &["default"]);
}

#[test]
fn missing_files_are_named() {
    for file in ["scenario.toml", "main.rs", "main.py", "text.zh.md", "text.en.md"] {
        let folder = copy();
        fs::remove_file(folder.path().join("pool").join(file)).expect("removed");
        run(&["check", folder.path().to_str().expect("UTF-8")]).refused(1, &["pool", file]);
    }
}

#[test]
fn a_folder_that_is_not_there_or_is_empty_is_named() {
    run(&["check", "/nonexistent/scenarios"]).refused(2, &["/nonexistent/scenarios"]);
    let empty = tempfile::tempdir().expect("a folder");
    run(&["check", empty.path().to_str().expect("UTF-8")]).refused(1, &["scenario.toml"]);
}
