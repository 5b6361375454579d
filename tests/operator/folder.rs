//! A folder of scenarios, and the playground with it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of scenarios that is gone after the test.
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    /// With a scenario in it that has no parameters, no texts and no cases.
    pub fn with(self, id: &str, files: &[(&str, &str)]) -> Self {
        let head = format!(
            "order = 1\ntitle = {{ zh = \"{id}\", en = \"{id}\" }}\nsummary = {{ zh = \"{id}\", en = \"{id}\" }}\n"
        );
        fs::create_dir_all(self.path().join(id)).unwrap();
        for (file, text) in files {
            let path = self.path().join(id).join(file);
            let text = if *file == "scenario.toml" { head.clone() + text } else { (*text).to_owned() };
            fs::write(&path, text).unwrap();
            if file.ends_with(".sh") {
                fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
            }
        }
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The same as a word of a command line.
    pub fn word(&self) -> &str {
        self.path().to_str().unwrap()
    }

    /// Runs a scenario; its log, which keeps all promises.
    pub fn run(&self, id: &str, words: &[&str]) -> Vec<Value> {
        let output = playground(
            self.path(),
            &[&["run", id, "--format", "ndjson", "--scenarios", self.word()], words].concat(),
        );
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let log: Vec<Value> =
            text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(!log.is_empty(), "{}", text(&output.stderr));
        let faults = crate::support::promises::check(&log);
        assert!(faults.is_empty(), "{id}: {}\n{}", faults.join("\n"), text(&output.stdout));
        log
    }
}

/// What the processes printed on standard output, line by line.
pub fn lines(log: &[Value]) -> Vec<&str> {
    let outputs = log.iter().filter(|event| event["type"] == "output" && event["stream"] == "stdout");
    outputs.flat_map(|event| event["text"].as_str().unwrap().lines()).collect()
}

/// How many events there are of a kind.
pub fn count(log: &[Value], kind: &str) -> usize {
    log.iter().filter(|event| event["type"] == kind).count()
}

/// Runs the built program to its end, from a folder and without settings.
pub fn playground(from: &Path, words: &[&str]) -> Output {
    command(from, words).output().unwrap()
}

/// The built program, to be started from a folder and without settings.
pub fn command(from: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_process-playground")));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAYGROUND_")) {
        command.env_remove(name);
    }
    // Nothing may come into the home of whoever runs the tests.
    command.env("PLAYGROUND_RECORDINGS", "none");
    command.args(words).current_dir(from).stdin(Stdio::null());
    command
}
