//! Judges the event log of a run by what its scenario promises.
//!
//! Pure: a case and a log in, sentences about what does not hold out. It asks for what the
//! scenario promises and for nothing else; that every log keeps the six promises of the
//! event log is checked elsewhere. [`run`](mod@run) holds the log by process, `lines`
//! compares what was printed, `story` compares events, `predict` answers the scenario's question.

mod lines;
mod predict;
mod run;
mod story;

use protocol::Event;
use protocol::event::RunFinished;

use crate::manifest::{Exit, Expect};
use run::Run;

pub use run::means;

/// Everything that does not hold, one sentence each; empty if all is as promised.
pub fn check(expect: &Expect, log: &[Event]) -> Vec<String> {
    let run = Run::new(log);
    let mut wrong = outline(expect, &run);
    wrong.extend(story::check(expect, &run));
    wrong.extend(predict::check(expect, &run));
    wrong
}

/// As [`check`], but only what the kernel is the witness of: how the run ended, processes,
/// exits and lines. For programs that report no events, as the Python twins.
pub fn check_outline(expect: &Expect, log: &[Event]) -> Vec<String> {
    outline(expect, &Run::new(log))
}

fn outline(expect: &Expect, run: &Run<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    match run.finished {
        None => wrong.push("the log has no run.finished".into()),
        Some(RunFinished { outcome, reason, .. }) if *outcome != expect.outcome => {
            wrong.push(format!("the outcome is {outcome:?} ({reason}) and not {:?}", expect.outcome));
        }
        Some(_) => {}
    }
    let names: Vec<&str> =
        run.processes.iter().filter(|process| !process.late).map(|process| process.name).collect();
    if names.len() as u64 != expect.processes {
        wrong.push(format!("{} processes and not {}: {}", names.len(), expect.processes, names.join(", ")));
    }
    for process in &run.processes {
        let allowed = endings(expect, process.name);
        if !process.exit.as_ref().is_some_and(|exit| allowed.contains(&exit)) {
            let (name, pid, exit) = (process.name, process.pid, &process.exit);
            wrong.push(format!("{name} ({pid}) ended with {exit:?} and not with one of {allowed:?}"));
        }
    }
    wrong.extend(lines::check(expect, run));
    wrong
}

/// How a process so named may end: what stands under its own name, or else under a pattern.
fn endings<'a>(expect: &'a Expect, name: &str) -> Vec<&'a Exit> {
    match expect.exits.get(name) {
        Some(endings) => endings.iter().collect(),
        None => {
            expect.exits.iter().filter(|(who, _)| means(who, name)).flat_map(|(_, endings)| endings).collect()
        }
    }
}

#[cfg(test)]
mod tests;
