//! One run under the supervisor, line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use protocol::event::Runtime;
use protocol::{Event, Job, Limits};
use scenarios::Expect;
use serde_json::Value;

use crate::identity::Identity;
use crate::support::oracle::{self, Oracle};
use crate::support::promises;

/// No event for so long means that the run hangs: far more than any limit of a run.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run and its log so far.
pub struct Watched {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    /// The events so far.
    pub log: Vec<Value>,
}

impl Watched {
    /// Starts the command, whose standard output is an event log.
    pub fn start(mut command: Command, input: Option<&str>) -> Self {
        let piped = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child =
            command.stdin(piped).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("it starts");
        let mut stdin = child.stdin.take();
        if let (Some(stdin), Some(line)) = (&mut stdin, input) {
            writeln!(stdin, "{line}").expect("it reads");
        }
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Watched { child, input: stdin, lines, log: Vec::new() }
    }

    /// The process that was started.
    pub fn pid(&self) -> i32 {
        self.child.id() as i32
    }

    /// The next event; none at the end of the log.
    ///
    /// # Errors
    /// When nothing comes for [`PATIENCE`], or a line is no event.
    pub fn next(&mut self) -> Result<Option<&Value>, String> {
        use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
        let line = match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(Disconnected) => return Ok(None),
            Err(Timeout) => return Err(self.give_up()),
        };
        self.log.push(serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?);
        Ok(self.log.last())
    }

    /// Waits for the end of the program.
    pub fn end(mut self) -> Vec<Value> {
        drop(self.input.take());
        self.child.wait().expect("its status");
        self.log
    }

    fn give_up(&mut self) -> String {
        let _ = self.child.kill();
        let last = self.log.last().map(ToString::to_string).unwrap_or_default();
        format!("nothing for {PATIENCE:?} after {last}")
    }
}

/// The job of a case.
pub fn job(scenario: &str, case: &Expect) -> Job {
    let usual = Limits::default();
    Job {
        run: "0".repeat(32),
        scenario: scenario.into(),
        runtime: Runtime::Rust,
        params: case.params.clone(),
        seed: case.seed,
        limits: Limits { wall_ms: case.wall_ms.unwrap_or(usual.wall_ms), ..usual },
        argv: vec![],
        environment: Default::default(),
        observe: Default::default(),
    }
}

/// Runs a case to its end and checks everything that it promises.
///
/// # Errors
/// All that was not as promised, and where the log is kept.
pub fn left_alone(identity: Identity, scenario: &str, case: &Expect) -> Result<(), String> {
    let what = format!("{scenario}, \"{}\", as {identity:?}", case.name);
    let mut command = identity.command();
    command.arg("supervise");
    let job = serde_json::to_string(&job(scenario, case)).expect("a job is JSON");
    let oracle = Oracle::listen();
    let mut run = Watched::start(command, Some(&job));
    let first = run.pid();
    while run.next().map_err(|fault| format!("{what}: {fault}"))?.is_some() {}
    let log = run.end();
    let mut faults = promises::check(&log);
    faults.extend(oracle::disagreements(oracle, first, &log));
    faults.extend(kept(case, &log));
    told(&what, faults, &log)
}

/// What the scenario promises of itself.
fn kept(case: &Expect, log: &[Value]) -> Vec<String> {
    let typed: Result<Vec<Event>, _> = log.iter().cloned().map(serde_json::from_value).collect();
    match typed {
        Ok(log) => scenarios::expect::check(case, &log),
        Err(error) => vec![format!("not as the protocol has it: {error}")],
    }
}

/// No faults are success; otherwise all of them, and the log in a file.
pub fn told(what: &str, faults: Vec<String>, log: &[Value]) -> Result<(), String> {
    if faults.is_empty() {
        return Ok(());
    }
    let name: String = what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.ndjson"));
    let text: String = log.iter().map(|event| format!("{event}\n")).collect();
    std::fs::write(&path, text).map_err(|error| error.to_string())?;
    Err(format!("{what} ({})\n    {}", path.display(), faults.join("\n    ")))
}
