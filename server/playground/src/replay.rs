//! `replay`: a recording in the terminal, at its own pace or another.
//!
//! It reads the event log line by line, as `run --format ndjson` and the page's export write it, and prints
//! what `run` prints. A file that the server keeps (`recordings`) is unpacked first. A pipe that is still written to is played, too: `run … --format ndjson | replay -`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use protocol::event::{LOG_VERSION, Outcome, SupervisorEvent};
use protocol::{Body, Event};
use recordings::Content;

use crate::cli::Replay;
use crate::pretty::{self, Pretty};
use crate::usage;

/// Plays the recording; the exit status is that of the run: 0 where it completed.
pub fn replay(arguments: &Replay) -> ExitCode {
    let log = match open(arguments).and_then(unpacked) {
        Ok(log) => log,
        Err(message) => return usage(message),
    };
    let mut player = Player::new(arguments.speed);
    match player.play(log) {
        Ok(Some(Outcome::Completed)) => ExitCode::SUCCESS,
        Ok(Some(_)) => ExitCode::FAILURE,
        Ok(None) => {
            let seen = player.last;
            eprintln!("process-playground: the recording ends after event {seen}, before the run did");
            ExitCode::FAILURE
        }
        Err(error) => {
            let left = error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe);
            // Whoever reads the output has seen enough.
            if !left {
                eprintln!("process-playground: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: &Replay) -> Result<Box<dyn BufRead>, String> {
    let path = &arguments.file;
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let fault = |error: io::Error| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(fault)?;
    if file.metadata().map_err(fault)?.is_dir() {
        return Err(format!(
            "{}: is a folder; give it a recording, as scenarios/pool/recording.ndjson",
            path.display()
        ));
    }
    Ok(Box::new(BufReader::new(file)))
}

/// The log in a file that the server keeps, or the log that this already is.
fn unpacked(mut file: Box<dyn BufRead>) -> Result<Box<dyn BufRead>, String> {
    let fault = |error: io::Error| error.to_string();
    if !file.fill_buf().map_err(fault)?.starts_with(recordings::MAGIC.as_bytes()) {
        return Ok(file);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(fault)?;
    match recordings::read(&bytes) {
        Ok(Content::Recording(recording)) => Ok(Box::new(io::Cursor::new(recording.log))),
        Ok(Content::Gone(gone)) => Err(format!("there is no run in it any more: {gone:?}").to_lowercase()),
        Err(damage) => Err(format!("the recording cannot be read: {damage}")),
    }
}

struct Player {
    pretty: Pretty,
    speed: f64,
    /// When the run began, on this clock.
    began: Instant,
    /// The number of the last event.
    last: u64,
}

impl Player {
    fn new(speed: f64) -> Self {
        let colored = pretty::is_colored(io::stdout().is_terminal());
        Player { pretty: Pretty::new(colored), speed, began: Instant::now(), last: 0 }
    }

    /// Prints every event in its time. How the run ended, or nothing where the log does not tell.
    fn play(&mut self, mut log: Box<dyn BufRead>) -> anyhow::Result<Option<Outcome>> {
        let mut line = String::new();
        for number in 1.. {
            line.clear();
            if log.read_line(&mut line).with_context(|| format!("line {number}"))? == 0 {
                break;
            }
            if line.trim().is_empty() {
                continue;
            }
            let event = read(line.trim()).with_context(|| format!("line {number}"))?;
            if let Some(outcome) = self.event(&event)? {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    fn event(&mut self, event: &Event) -> anyhow::Result<Option<Outcome>> {
        if event.seq != self.last + 1 {
            eprintln!(
                "process-playground: event {} follows event {}: some are missing",
                event.seq, self.last
            );
        }
        self.last = event.seq;
        if let Some(text) = self.pretty.line(event) {
            self.wait_for(event.t);
            let mut out = io::stdout().lock();
            writeln!(out, "{text}")?;
            out.flush()?;
        }
        Ok(match &event.body {
            Body::Supervisor(SupervisorEvent::RunFinished(run)) => Some(run.outcome),
            _ => None,
        })
    }

    /// Waits until the run was so old, µs.
    fn wait_for(&self, t: u64) {
        let due = Duration::try_from_secs_f64(t as f64 / 1e6 / self.speed).unwrap_or(Duration::MAX);
        thread::sleep(due.saturating_sub(self.began.elapsed()));
    }
}

/// An event of a version that is known here.
fn read(line: &str) -> anyhow::Result<Event> {
    let event: Event = serde_json::from_str(line).map_err(|error| reason(&error, line))?;
    if let Body::Supervisor(SupervisorEvent::RunStarted(run)) = &event.body
        && run.version > LOG_VERSION
    {
        bail!("a log of version {}; this playground reads versions up to {LOG_VERSION}", run.version);
    }
    Ok(event)
}

/// Why a line is no event, in words; serde's own say "line 1" of every line.
fn reason(error: &serde_json::Error, line: &str) -> anyhow::Error {
    let kind = serde_json::from_str::<serde_json::Value>(line).ok();
    match kind.as_ref().map(|value| value.get("type").and_then(|kind| kind.as_str())) {
        None => anyhow::anyhow!("is no JSON (column {}); a recording has one event a line", error.column()),
        Some(None) => anyhow::anyhow!("is no event: it has no \"type\""),
        Some(Some(kind)) => anyhow::anyhow!("is no event \"{kind}\" as this playground knows it"),
    }
}
