//! Finds the CPython that runs the `main.py` of the scenarios.
//!
//! Whether an interpreter will do is asked of itself, and in a run like any other: as the user that
//! runs have, inside the sandbox, with the same environment. So whatever would keep a scenario from
//! running is found here, and told once, in words.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use protocol::event::{Outcome, RunFinished, Runtime, Stream, SupervisorEvent};
use protocol::{Body, Event, Job, KernelEvent, Limits, Text};

use crate::run::supervisor;

/// Where one that all users can run usually is; what is on the path may be in somebody's home.
const FOLDERS: [&str; 2] = ["/usr/bin", "/usr/local/bin"];

/// The oldest that will do.
const OLDEST: (u32, u32) = (3, 9);

/// What an interpreter is asked. What it cannot import stands in its traceback.
const QUESTION: &str = "\
import sys
print(sys.implementation.name, *sys.version_info[:3])
import multiprocessing, _multiprocessing, playground";

/// How long it may take to answer.
const PATIENCE_MS: u64 = 10_000;

/// An interpreter that will do.
#[derive(Clone, Debug)]
pub struct Python {
    /// The file.
    pub file: PathBuf,
    /// As `3.11.2`.
    pub version: String,
    /// What it finds in its environment.
    pub environment: BTreeMap<String, String>,
}

/// The interpreter that is wished for, or else the first that will do. `library` is the folder
/// with what the programs import.
///
/// # Errors
/// Why there is none, a sentence.
pub fn find(wish: Option<&Path>, library: &Path) -> Result<Python, Text> {
    let candidates = wish.map_or_else(on_this_host, |wish| vec![wish.to_owned()]);
    let mut why = None;
    for file in &candidates {
        match ask(file, environment(library)) {
            Ok(python) => return Ok(python),
            Err(text) => why = why.or(Some(text)),
        }
    }
    Err(why.unwrap_or_else(|| Text {
        zh: format!("没有找到 python3（找过 {} 和 PATH）", FOLDERS.join("、")),
        en: format!("no python3 was found in {} or on PATH", FOLDERS.join(", ")),
    }))
}

/// Compiles what the programs import, so that no run has to. Where that fails, each run does it.
pub fn compile(python: &Python, library: &Path) {
    let words = ["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"];
    let mut command = Command::new(&python.file);
    command.args(words).arg(library).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = command.status();
}

/// What a Python program needs in its environment.
fn environment(library: &Path) -> BTreeMap<String, String> {
    let entries = [
        ("PYTHONPATH", library.to_string_lossy().into_owned()),
        // Nobody may write there, and nothing is worth keeping.
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
        // Standard output is no terminal, but the reader expects what a terminal shows: whole
        // lines, at once. `sitecustomize.py` sees to that; unbuffered, each piece of a line
        // would be a write of its own.
        ("PYTHONUNBUFFERED", String::new()),
    ];
    entries.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Every `python3` of the usual folders and of the path, each once.
fn on_this_host() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = FOLDERS.map(PathBuf::from).into_iter().chain(std::env::split_paths(&path));
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for file in folders.map(|folder| folder.join("python3")) {
        let Ok(real) = file.canonicalize() else { continue };
        if !seen.contains(&real) {
            seen.push(real);
            found.push(file);
        }
    }
    found
}

/// Whether an interpreter will do; why not, a sentence.
fn ask(file: &Path, environment: BTreeMap<String, String>) -> Result<Python, Text> {
    let name = file.display().to_string();
    let answer = Answer::of(&name, environment.clone()).map_err(|error| unfit(&name, &error.to_string()))?;
    let Some((implementation, version)) = answer.introduction() else {
        return Err(unfit(&name, &answer.complaint()));
    };
    if implementation != "cpython" {
        return Err(Text {
            zh: format!("{name} 是 {implementation}，需要 CPython"),
            en: format!("{name} is {implementation}; CPython is needed"),
        });
    }
    let text = version.map(|number| number.to_string()).join(".");
    if (version[0], version[1]) < OLDEST {
        let (major, minor) = OLDEST;
        return Err(Text {
            zh: format!("{name} 是 CPython {text}，需要 {major}.{minor} 或更新的"),
            en: format!("{name} is CPython {text}; {major}.{minor} or newer is needed"),
        });
    }
    match answer.succeeded() {
        true => Ok(Python { file: file.to_owned(), version: text, environment }),
        false => Err(unfit(&name, &answer.complaint())),
    }
}

fn unfit(name: &str, why: &str) -> Text {
    Text {
        zh: format!("{name} 不能用来运行场景：{why}"),
        en: format!("{name} cannot run the scenarios: {why}"),
    }
}

/// What came of a run in which an interpreter was asked.
#[derive(Default)]
struct Answer {
    stdout: Vec<String>,
    stderr: Vec<String>,
    clean_exit: bool,
    finished: Option<RunFinished>,
}

impl Answer {
    /// Asks.
    fn of(python: &str, environment: BTreeMap<String, String>) -> std::io::Result<Self> {
        let job = Job {
            run: app::tokens::id(),
            scenario: "python".into(),
            runtime: Runtime::Python,
            params: Default::default(),
            seed: 0,
            limits: Limits { wall_ms: PATIENCE_MS, ..Limits::default() },
            argv: [python, "-c", QUESTION].map(str::to_owned).into(),
            environment,
            observe: Default::default(),
        };
        let words = supervisor();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        // Held until the end: for the supervisor the end of its input is the end of the server.
        let mut input = child.stdin.take();
        if let Some(input) = &mut input {
            writeln!(input, "{}", serde_json::to_string(&job)?)?;
        }
        let mut answer = Answer::default();
        for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
            answer.take(serde_json::from_str(&line?)?);
        }
        drop(input);
        child.wait()?;
        Ok(answer)
    }

    fn take(&mut self, event: Event) {
        use protocol::event::ProcessExited::Code;
        match event.body {
            Body::Kernel(KernelEvent::Output(output)) if output.stream == Stream::Stdout => {
                self.stdout.push(output.text);
            }
            Body::Kernel(KernelEvent::Output(output)) => self.stderr.push(output.text),
            Body::Kernel(KernelEvent::ProcessExited(exit)) => {
                self.clean_exit = matches!(exit, Code { code: 0 })
            }
            Body::Supervisor(SupervisorEvent::RunFinished(finished)) => self.finished = Some(finished),
            _ => {}
        }
    }

    /// The implementation and its version.
    fn introduction(&self) -> Option<(String, [u32; 3])> {
        let text = self.stdout.concat();
        let mut words = text.split_whitespace();
        let name = words.next()?.to_owned();
        let mut number = || words.next()?.parse().ok();
        Some((name, [number()?, number()?, number()?]))
    }

    fn succeeded(&self) -> bool {
        self.clean_exit && self.finished.as_ref().is_some_and(|end| end.outcome == Outcome::Completed)
    }

    /// Why it did not work: why the run failed, or the last line of a traceback.
    fn complaint(&self) -> String {
        match &self.finished {
            Some(end) if end.outcome != Outcome::Completed => end.reason.clone(),
            _ => {
                let text = self.stderr.concat();
                text.lines().last().unwrap_or("it did not say what it is").to_owned()
            }
        }
    }
}
