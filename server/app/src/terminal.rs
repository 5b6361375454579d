//! One run without a server, for the command line: the same supervisor, the same log,
//! the same end when the supervisor dies.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use protocol::{Command, Job};

use crate::runs::{Bounds, Runs};
use crate::serve::Signals;

/// How much of the log is handed on at once.
const STRETCH_BYTES: usize = 64 * 1024;

/// Does a run and hands each line of its log to `print` as soon as it is there. Ctrl-C
/// or `SIGTERM` stops the run, its last lines still come; a second one ends at once.
///
/// # Errors
/// No runtime can be had, or `print` failed; then the run was stopped.
pub fn run_here(
    supervisor: Vec<String>,
    job: Job,
    print: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(follow(supervisor, job, print))
}

async fn follow(
    supervisor: Vec<String>,
    job: Job,
    mut print: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let mut signals = Signals::new()?;
    let bounds = Bounds { max_runs: 1, max_waiting: 1, keep_finished: Duration::MAX, keep_bytes: usize::MAX };
    let runs = Arc::new(Runs::new(supervisor, bounds));
    let run = runs.start(job).map_err(|refusal| io::Error::other(refusal.code()))?;
    let mut changes = run.log.watch();
    let mut interrupted = false;
    let mut printed = Ok(());
    let mut after = 0;
    loop {
        while let Some((text, next)) = run.log.stretch(after, STRETCH_BYTES, crate::run_log::NDJSON) {
            after = next;
            if printed.is_ok() {
                printed = text.lines().try_for_each(&mut print);
            }
        }
        if run.log.progress().finished {
            return printed;
        }
        if printed.is_err() {
            drop(run.command(Command::Stop { reason: "nobody reads its log".into() }));
        }
        tokio::select! {
            _ = changes.changed() => {}
            () = signals.next() => {
                if interrupted {
                    std::process::exit(1);
                }
                interrupted = true;
                drop(run.command(Command::Stop { reason: "interrupted at the terminal".into() }));
            }
        }
    }
}
