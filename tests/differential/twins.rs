//! Both programs of every scenario, ready to be run.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use protocol::event::Runtime;
use protocol::job::Observe;
use protocol::{Event, Job, Limits, Params};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::promises;

/// The Python programs where also an unprivileged user can read them, and who runs them.
pub struct Twins {
    interpreter: String,
    dir: TempDir,
}

impl Twins {
    /// Writes the Python programs; the interpreter is the one that the playground would take.
    pub fn publish() -> Twins {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        for (file, text) in scenarios::python_library() {
            write(&dir.path().join("python").join(file), text);
        }
        for card in scenarios::cards() {
            write(&dir.path().join(&card.id).join("main.py"), &scenarios::python(&card.id).unwrap().text);
        }
        Twins { interpreter: interpreter(), dir }
    }

    /// Runs one of the twins; its log, and which promises of the log are broken.
    pub fn run(
        &self,
        id: &str,
        runtime: Runtime,
        params: &Params,
        seed: u64,
        wall_ms: Option<u64>,
    ) -> (Vec<Event>, Vec<String>) {
        let usual = Limits::default();
        let job = Job {
            run: format!("{:032x}", process::id()),
            scenario: id.into(),
            runtime,
            params: params.clone(),
            seed,
            limits: Limits { wall_ms: wall_ms.unwrap_or(usual.wall_ms), ..usual },
            argv: Vec::new(),
            environment: Default::default(),
            observe: Observe::Exact,
        };
        match runtime {
            Runtime::Python => supervise(&self.with_python(job)),
            _ => supervise(&job),
        }
    }

    /// The job with the command line and the environment that `run --runtime python` gives it.
    fn with_python(&self, job: Job) -> Job {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let environment = [
            ("PYTHONPATH", text(self.dir.path().join("python"))),
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
            ("PYTHONUNBUFFERED", String::new()),
        ];
        Job {
            argv: vec![self.interpreter.clone(), text(self.dir.path().join(&job.scenario).join("main.py"))],
            environment: environment.map(|(name, value)| (name.to_owned(), value)).into(),
            ..job
        }
    }
}

/// What the last line of `list` names.
fn interpreter() -> String {
    let list = Command::new(env!("CARGO_BIN_EXE_process-playground")).arg("list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let line = list.lines().last().unwrap();
    let file = line.strip_prefix("Python: CPython ").and_then(|rest| rest.split_once(", "));
    file.unwrap_or_else(|| panic!("a python3 is needed to run the twins: {line}")).1.to_owned()
}

fn supervise(job: &Job) -> (Vec<Event>, Vec<String>) {
    let mut supervisor = Command::new(env!("CARGO_BIN_EXE_process-playground"))
        .arg("supervise")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The supervisor takes the end of its input for the end of the server: keep it open.
    let mut commands = supervisor.stdin.take().unwrap();
    writeln!(commands, "{}", serde_json::to_string(job).unwrap()).unwrap();
    let lines = BufReader::new(supervisor.stdout.take().unwrap()).lines();
    let log: Vec<Value> = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    drop(commands);
    supervisor.wait().unwrap();
    let events = log.iter().map(|event| serde_json::from_value(event.clone()).unwrap());
    (events.collect(), promises::check(&log))
}

/// Writes a file that everybody can read, whatever the umask.
fn write(file: &Path, text: &str) {
    let folder = file.parent().unwrap();
    fs::create_dir_all(folder).unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    fs::write(file, text).unwrap();
    fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
}
