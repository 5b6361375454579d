//! Where the programs and the adapter lie, and how one is run with it and without.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::job::{Job, Log};
use crate::support::python;

/// All start methods.
pub const METHODS: [&str; 3] = ["fork", "spawn", "forkserver"];

/// A job that runs a program with the adapter, as the playground does.
pub fn job(program: &str, args: &[&str]) -> Job {
    Job::new(command_line(program, args))
        .environment("PYTHONPATH", library().to_str().unwrap())
        .environment("PYTHONDONTWRITEBYTECODE", "1")
        .environment("PYTHONUNBUFFERED", "")
        .environment("PLAYGROUND_ADAPTER_FAULTS", "1")
}

/// The log of a program that ran to its end, in which the adapter had no fault.
pub fn told(program: &str, args: &[&str]) -> Log {
    let log = job(program, args).run();
    assert_eq!(log.outcome(), "completed", "{}", log.tail());
    let faults: Vec<_> = log.texts().into_iter().filter(|text| text.contains("playground_adapter")).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    log
}

/// What a program does without anybody watching.
pub fn bare(program: &str, args: &[&str]) -> Output {
    let words = command_line(program, args);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8");
    command.output().unwrap()
}

/// The lines that all processes of a run wrote to one stream, sorted.
pub fn lines(log: &Log, stream: &str) -> Vec<String> {
    let mut written: BTreeMap<u64, String> = BTreeMap::new();
    for event in log.of("output").filter(|event| event["stream"] == stream) {
        let text = event["text"].as_str().unwrap();
        // Each event is one line; its end is left out only where there was none.
        written.entry(event["pid"].as_u64().unwrap()).or_default().push_str(&format!("{text}\n"));
    }
    sorted(&written.into_values().collect::<String>())
}

/// The lines of a text, sorted.
pub fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        text.lines().map(str::to_owned).filter(|line| !line.trim().is_empty()).collect();
    lines.sort();
    lines
}

/// The program prints the same, watched or not.
#[track_caller]
pub fn assert_prints_the_same(log: &Log, program: &str, args: &[&str]) {
    let alone = bare(program, args);
    assert_eq!(lines(log, "stdout"), sorted(&String::from_utf8(alone.stdout).unwrap()), "{program} {args:?}");
}

/// The names that processes told first, each with its role, sorted.
pub fn names(log: &Log) -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> =
        log.of("process.named").map(|event| (text(event, "name"), text(event, "role"))).collect();
    names.sort();
    names
}

/// Pairs of texts, to compare [`names`] with.
pub fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> =
        expected.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect();
    pairs.sort();
    pairs
}

/// The processes that CPython starts for itself, by start method.
pub fn servants(method: &str) -> &'static [(&'static str, &'static str)] {
    let both = &[("forkserver", "fork-server"), ("resource_tracker", "resource-tracker")];
    match method {
        "fork" => &[],
        "spawn" => &both[1..],
        _ => both,
    }
}

/// A field that is a text.
pub fn text(event: &Value, field: &str) -> String {
    event[field].as_str().unwrap_or_else(|| panic!("{event} has no {field}")).to_owned()
}

/// Every event of this kind stands on a line of the program in which one of `words` is written.
#[track_caller]
pub fn assert_stands_at(log: &Log, kind: &str, program: &str, words: &[&str]) {
    let source = fs::read_to_string(folder().join(program)).unwrap();
    for event in log.of(kind).filter(|event| event["at"] != Value::Null) {
        assert_eq!(event["at"]["file"], program, "{event}");
        let line = source.lines().nth(event["at"]["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(words.iter().any(|word| line.contains(word)), "{event} is not at {line:?}");
    }
}

/// The words that run a program.
fn command_line(program: &str, args: &[&str]) -> Vec<String> {
    let mut words = python::text("");
    words.truncate(1);
    words.push(folder().join(program).to_string_lossy().into_owned());
    words.extend(args.iter().map(|arg| (*arg).to_owned()));
    words
}

/// Where the programs are.
pub fn folder() -> PathBuf {
    published().join("programs")
}

/// Where the adapter is.
pub fn library() -> PathBuf {
    published().join("python")
}

/// Copies where every user can read them: the source tree may lie where only its owner can.
fn published() -> &'static Path {
    static COPY: OnceLock<tempfile::TempDir> = OnceLock::new();
    COPY.get_or_init(|| {
        let copy = tempfile::tempdir().unwrap();
        fs::set_permissions(copy.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        publish(&source.join("scenarios/python"), &copy.path().join("python"));
        publish(&source.join("tests/python/programs"), &copy.path().join("programs"));
        copy
    })
    .path()
}

/// Copies the Python files of a folder.
fn publish(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, PermissionsExt::from_mode(0o755)).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() && !path.ends_with("__pycache__") {
            publish(&path, &target);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            fs::copy(&path, &target).unwrap();
            fs::set_permissions(&target, PermissionsExt::from_mode(0o644)).unwrap();
        }
    }
}
