//! Every case of every scenario twice: the Rust program and its Python twin.
//!
//! Both run under the same supervisor with the same parameters and the same seed, and both
//! must keep what the scenario and the event log promise. Beyond that they are compared with each other: the
//! same lines per process up to pids and seconds, the same exits. The twin tells no names, so
//! its processes get those of the Rust run in the order of birth, which both programs fix.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the verdict")]

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::{env, fs, process, thread};

use protocol::event::{Body, KernelEvent, ProcessNamed, ProgramEvent, Role, Runtime, Stream};
use protocol::job::Observe;
use protocol::{Event, Job, Limits, Pid};
use scenarios::{Expect, expect};
use serde_json::Value;
use support::promises;

mod support;

/// As many runs at once; most of a run is sleep.
const AT_ONCE: usize = 4;

#[test]
fn python_prints_what_rust_prints() {
    let python = Python::find();
    let cards = scenarios::cards().iter().filter(|card| support::wanted(&card.id));
    let cases = cards.flat_map(|card| {
        scenarios::expectations(&card.id).into_iter().map(|expect| (card.id.clone(), expect))
    });
    let cases: Mutex<Vec<(String, Expect)>> = Mutex::new(cases.collect());
    assert!(!cases.lock().unwrap().is_empty(), "PLAYGROUND_ONLY names no scenario");
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((id, expect)) = { cases.lock().unwrap().pop() } {
                    let found = compare(&id, &expect, &python);
                    wrong
                        .lock()
                        .unwrap()
                        .extend(found.iter().map(|line| format!("{id}: {}: {line}", expect.name)));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs both twins and says in which ways they differ.
fn compare(id: &str, expect: &Expect, python: &Python) -> Vec<String> {
    let (rust, broken) = run(id, expect, Runtime::Rust, Program::default());
    let names = names(&rust, expect);
    let mut wrong: Vec<String> = broken.into_iter().chain(expect::check(expect, &rust)).collect();
    let (twin, broken) = run(id, expect, Runtime::Python, python.program(id));
    let twin = christen(without_tracker(twin), &names);
    let outline = expect::check_outline(expect, &twin);
    wrong.extend(broken.into_iter().chain(outline).map(|line| format!("Python: {line}")));
    for (who, patterns) in &expect.lines {
        // Which number stands for {n} or {*} is not promised, so only the patterns can be compared.
        if !patterns.iter().any(|pattern| pattern.contains("{n}") || pattern.contains("{*}")) {
            let (ours, theirs) = (lines(&rust, who), lines(&twin, who));
            if ours != theirs {
                wrong.push(format!("{who}: Rust prints {ours:#?}, Python prints {theirs:#?}"));
            }
        }
    }
    wrong
}

/// Runs a case; returns its log, and which promises of the log are broken.
fn run(id: &str, expect: &Expect, runtime: Runtime, program: Program) -> (Vec<Event>, Vec<String>) {
    let usual = Limits::default();
    let job = Job {
        run: format!("{:032x}", process::id()),
        scenario: id.into(),
        runtime,
        params: expect.params.clone(),
        seed: expect.seed,
        limits: Limits { wall_ms: expect.wall_ms.unwrap_or(usual.wall_ms), ..usual },
        argv: program.argv,
        environment: program.environment,
        observe: Observe::Exact,
    };
    let mut supervisor = Command::new(env!("CARGO_BIN_EXE_process-playground"))
        .arg("supervise")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The supervisor takes the end of its input for the end of the server: keep it open.
    let mut commands = supervisor.stdin.take().unwrap();
    writeln!(commands, "{}", serde_json::to_string(&job).unwrap()).unwrap();
    let lines = BufReader::new(supervisor.stdout.take().unwrap()).lines();
    let log: Vec<Value> = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    drop(commands);
    supervisor.wait().unwrap();
    let events = log.iter().map(|event| serde_json::from_value(event.clone()).unwrap());
    (events.collect(), promises::check(&log))
}

/// What the processes are called, in the order of their birth. A worker whose pool ends at once may
/// be gone before it has told its name; then it is one of those that the case speaks of.
fn names(log: &[Event], expect: &Expect) -> Vec<ProcessNamed> {
    let said: BTreeMap<Pid, ProcessNamed> = log.iter().filter_map(told).collect();
    let pattern = expect.lines.keys().chain(expect.may.keys()).find(|who| who.contains('*'));
    let unsaid = |number: usize| {
        let name = pattern.map_or_else(String::new, |who| who.replace('*', &number.to_string()));
        ProcessNamed { name, role: Role::PoolWorker }
    };
    births(log).enumerate().map(|(n, pid)| said.get(&pid).cloned().unwrap_or_else(|| unsaid(n))).collect()
}

fn told(event: &Event) -> Option<(Pid, ProcessNamed)> {
    match &event.body {
        Body::Program(ProgramEvent::ProcessNamed(named)) => Some((event.pid?, named.clone())),
        _ => None,
    }
}

fn births(log: &[Event]) -> impl Iterator<Item = Pid> {
    log.iter().filter_map(|event| match event.body {
        Body::Kernel(KernelEvent::ProcessStarted(_)) => event.pid,
        _ => None,
    })
}

/// The supervisor among them, whom the first process has for a parent.
fn parents(log: &[Event]) -> impl Iterator<Item = Pid> {
    log.iter().filter_map(|event| match &event.body {
        Body::Kernel(KernelEvent::ProcessStarted(started)) => Some(started.ppid),
        _ => None,
    })
}

/// A log without the resource tracker, by which CPython clears away what is left. The Rust library
/// needs none, so it is the one process that the twins need not have in common.
fn without_tracker(log: Vec<Event>) -> Vec<Event> {
    let is_tracker = |event: &Event| match &event.body {
        Body::Kernel(KernelEvent::ProcessExec(exec)) => {
            exec.argv.iter().any(|word| word.contains("multiprocessing.resource_tracker"))
        }
        _ => false,
    };
    let trackers: Vec<Pid> =
        log.iter().filter(|event| is_tracker(event)).filter_map(|event| event.pid).collect();
    log.into_iter().filter(|event| event.pid.is_none_or(|pid| !trackers.contains(&pid))).collect()
}

/// Gives the processes of a log their names, as if each had told its own at birth.
fn christen(log: Vec<Event>, names: &[ProcessNamed]) -> Vec<Event> {
    let mut names = names.iter();
    let mut christened = Vec::new();
    for event in log {
        let born = matches!(event.body, Body::Kernel(KernelEvent::ProcessStarted(_)));
        let name = if born { names.next() } else { None };
        let told = name.map(|name| Event {
            body: Body::Program(ProgramEvent::ProcessNamed(name.clone())),
            ..event.clone()
        });
        christened.push(event);
        christened.extend(told);
    }
    christened
}

/// The lines of all processes that a pattern means, sorted, with pids and seconds made equal.
fn lines(log: &[Event], who: &str) -> Vec<String> {
    let pids: Vec<Pid> = births(log).chain(parents(log)).collect();
    let said: BTreeMap<Pid, ProcessNamed> = log.iter().filter_map(told).collect();
    let mut lines: Vec<String> = Vec::new();
    for event in log {
        if let (Some(pid), Body::Kernel(KernelEvent::Output(output))) = (event.pid, &event.body)
            && output.stream == Stream::Stdout
            && said.get(&pid).is_some_and(|named| expect::means(who, &named.name))
        {
            lines.extend(output.text.lines().map(|line| blur(line, &pids)));
        }
    }
    lines.sort();
    lines
}

/// A line in which every pid of the run and every fraction is the same word.
fn blur(line: &str, pids: &[Pid]) -> String {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let word = |word: &str| match (word.trim_end_matches(':').parse::<Pid>(), word.parse::<f64>()) {
        (Ok(pid), _) if pids.contains(&pid) => "PID".to_owned(),
        (Err(_), Ok(_)) if is_number(word) => "SECONDS".to_owned(),
        _ => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What to execute; nothing for the program in the supervisor's own file.
#[derive(Default)]
struct Program {
    argv: Vec<String>,
    environment: BTreeMap<String, String>,
}

/// The twins, where also an unprivileged user can read them, and who runs them.
struct Python {
    interpreter: PathBuf,
    dir: PathBuf,
}

impl Python {
    /// Debian's interpreter is everybody's; one below somebody's home is only theirs.
    fn find() -> Python {
        let path = env::var_os("PATH").unwrap_or_default();
        let dirs =
            ["/usr/bin", "/usr/local/bin"].map(PathBuf::from).into_iter().chain(env::split_paths(&path));
        let interpreter = dirs.map(|dir| dir.join("python3")).find(|file| file.is_file());
        let interpreter = interpreter.expect("python3 is needed to run the twins; install it");
        let dir = env::temp_dir().join(format!("playground-twins-{}", process::id()));
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        publish(&from.join("python"), &dir, "playground.py");
        for card in scenarios::cards() {
            publish(&from.join(&card.id), &dir.join(&card.id), "main.py");
            publish(&from.join(&card.id), &dir.join(&card.id), "scenario.toml");
        }
        Python { interpreter, dir }
    }

    /// The environment of a run is clean, so what Python needs beside it comes with the job.
    fn program(&self, id: &str) -> Program {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let environment = [("PYTHONPATH", path(&self.dir)), ("PYTHONDONTWRITEBYTECODE", "1".into())];
        Program {
            argv: vec![path(&self.interpreter), path(&self.dir.join(id).join("main.py"))],
            environment: environment.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }
}

/// Copies a file to where everybody can read it, whatever the umask.
fn publish(from: &Path, to: &Path, file: &str) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, Permissions::from_mode(0o755)).unwrap();
    fs::copy(from.join(file), to.join(file)).unwrap();
    fs::set_permissions(to.join(file), Permissions::from_mode(0o644)).unwrap();
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}
