//! Floors of the crates: who may depend on whom, read from the manifests.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::none;
use crate::sources::{Source, read, sources};

/// Each crate and the crates of ours that it may use. Between the observed
/// (`scenarios/`) and the observers (`server/`) stands only `protocol`.
const FLOORS: &[(&str, &[&str])] = &[
    ("playground", &["app", "export", "protocol", "recordings", "scenarios", "supervisor"]),
    ("app", &["export", "poster", "protocol", "recordings"]),
    ("export", &["poster", "protocol"]),
    ("recordings", &["protocol"]),
    ("poster", &["protocol"]),
    ("supervisor", &["protocol", "sandbox"]),
    ("scenarios", &["multiprocessing", "protocol"]),
    ("multiprocessing", &["protocol"]),
    ("sandbox", &[]),
    ("protocol", &[]),
];

/// What a role may not drag in: each is a program of its own, started often.
const FOREIGN: &[(&str, &[&str])] = &[
    ("supervisor", &["tokio", "actix-web"]),
    ("sandbox", &["tokio", "actix-web", "serde", "serde_json"]),
    ("scenarios", &["tokio", "actix-web"]),
    ("multiprocessing", &["tokio", "actix-web"]),
    ("export", &["tokio", "actix-web", "libc"]),
    ("poster", &["tokio", "actix-web", "libc"]),
    ("protocol", &["tokio", "actix-web", "libc"]),
];

fn manifests() -> Vec<(String, Table)> {
    let members = sources("", &["toml"]).into_iter().filter(|source| source.path.ends_with("/Cargo.toml"));
    let parsed = members.map(|Source { path, text }| {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        (table["package"]["name"].as_str().expect("a name").to_owned(), table)
    });
    parsed.collect()
}

/// What the crate needs to be built; what only its tests need may come from any floor.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section).and_then(Value::as_table))
        .flat_map(|table| table.keys().cloned())
        .collect()
}

#[test]
fn crates_keep_to_their_floor() {
    let ours: BTreeSet<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (name, manifest) in manifests() {
        let Some((_, allowed)) = FLOORS.iter().find(|(floor, _)| *floor == name) else {
            faults.push(format!("{name} has no floor: give it one in tests/tidy/crates.rs"));
            continue;
        };
        let used = dependencies(&manifest);
        let wrong =
            used.iter().filter(|used| ours.contains(used.as_str()) && !allowed.contains(&used.as_str()));
        faults.extend(wrong.map(|used| format!("{name} -> {used}")));
        let foreign = FOREIGN.iter().filter(|(floor, _)| *floor == name).flat_map(|(_, list)| *list);
        faults.extend(foreign.filter(|word| used.contains(**word)).map(|word| format!("{name} -> {word}")));
    }
    none("a crate may use only the floors below it (ARCHITECTURE.md):", faults);
}

#[test]
fn every_crate_has_the_lints_and_versions_of_the_workspace() {
    let inherits =
        |value: Option<&Value>| value.and_then(|v| v.get("workspace")) == Some(&Value::Boolean(true));
    let mut faults = Vec::new();
    for (name, manifest) in manifests() {
        if !inherits(manifest.get("lints")) {
            faults.push(format!("{name}: [lints] workspace = true is missing"));
        }
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let Some(table) = manifest.get(section).and_then(Value::as_table) else { continue };
            let own = table.iter().filter(|(_, value)| !inherits(Some(value)));
            faults.extend(own.map(|(used, _)| format!("{name}: {section}.{used} has a version of its own")));
        }
    }
    none("versions and lints are shared, in the workspace's Cargo.toml:", faults);
}

#[test]
fn the_application_has_no_unsafe_code() {
    assert!(
        read("server/app/src/lib.rs").contains("#![forbid(unsafe_code)]"),
        "server/app/src/lib.rs must forbid it"
    );
}
