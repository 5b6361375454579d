//! The task of one run: waits for a place, starts the supervisor, stores its lines,
//! and sees to it that the log comes to its end whatever happens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::event::Outcome;
use protocol::{Command, Pid};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::aftermath::{self, bury};
use crate::archive::Archive;
use crate::census::Census;
use crate::epilogue::{later, unstarted};
use crate::household::Household;
use crate::intake::{Intake, Lines};
use crate::queue::Ticket;
use crate::run::{Inbox, Run};

/// What a supervisor may take beyond its run's own limits before it is taken for dead.
const SLACK: Duration = Duration::from_secs(10);

/// What a supervisor may take to exit after `run.finished`.
const FAREWELL: Duration = Duration::from_secs(2);

/// Does the whole run. Returns when its log has ended, is kept, and its supervisor is gone.
pub async fn drive(
    run: Arc<Run>,
    mut inbox: Inbox,
    ticket: Ticket,
    household: Arc<Household>,
    archive: Archive,
) {
    let place = tokio::select! {
        biased;
        reason = stopped(&mut inbox) => {
            let reason = format!("{reason} while the run waited for a place");
            return archive.conclude(&run, unstarted(&run.job, Outcome::Stopped, reason)).await;
        }
        place = ticket => place,
    };
    run.log.set_queued(None);
    let conclusion = match household.start(&run) {
        Ok(supervisor) => supervise(&run, supervisor, inbox, &household, archive).await,
        Err(error) => {
            eprintln!("process-playground: the supervisor cannot be started: {error}");
            let reason = format!("the supervisor could not be started: {error}");
            conclude(&run, unstarted(&run.job, Outcome::Failed, reason), archive)
        }
    };
    // The next run need not wait until this one is kept.
    drop(place);
    conclusion.await.expect("a conclusion neither panics nor is cancelled");
    run.log.shrink();
}

/// Keeps the run, beside what is still to be done for it.
fn conclude(run: &Arc<Run>, end: Lines, archive: Archive) -> JoinHandle<()> {
    let run = run.clone();
    tokio::spawn(async move { archive.conclude(&run, end).await })
}

/// Waits for the wish to end; other commands mean nothing before the run has begun.
async fn stopped(inbox: &mut Inbox) -> String {
    loop {
        match inbox.recv().await {
            Some(Command::Stop { reason }) => return reason,
            Some(Command::Signal { .. }) => {}
            None => std::future::pending().await,
        }
    }
}

async fn supervise(
    run: &Arc<Run>,
    mut supervisor: Child,
    inbox: Inbox,
    household: &Arc<Household>,
    archive: Archive,
) -> JoinHandle<()> {
    let pid = supervisor.id().map(|pid| pid as Pid);
    let (stdin, stdout) = (supervisor.stdin.take(), supervisor.stdout.take());
    let writer = stdin.map(|stdin| tokio::spawn(tell(run.clone(), inbox, stdin)));
    let last = match stdout {
        Some(stdout) => store(run, stdout).await,
        None => Last { at: Instant::now(), end: None, trouble: None },
    };
    let conclusion = match last.end {
        Some(end) => {
            let conclusion = conclude(run, end, archive);
            farewell(&mut supervisor).await;
            conclusion
        }
        None => {
            let ended = kill(&mut supervisor).await;
            let reason = last.trouble.unwrap_or(ended);
            eprintln!("process-playground: run {}: {reason}", &run.id()[..8]);
            conclude(run, end_without_supervisor(run, household, last.at, reason).await, archive)
        }
    };
    if let Some(writer) = writer {
        writer.abort();
    }
    if let Some(pid) = pid {
        household.forget(pid);
    }
    conclusion
}

/// The one writer of the supervisor's standard input: the job, then commands. It stays
/// open until the run has ended: for the supervisor its end means that the server is gone.
async fn tell(run: Arc<Run>, mut inbox: Inbox, mut stdin: ChildStdin) {
    let mut line = serde_json::to_vec(&run.job).expect("a job is plain data with text keys");
    loop {
        line.push(b'\n');
        // Who cannot be written to has died; the reader of its log sees that.
        if stdin.write_all(&line).await.is_err() {
            return;
        }
        let Some(command) = inbox.recv().await else { return };
        line = serde_json::to_vec(&command).expect("a command is plain data with text keys");
    }
}

/// When the last line came, the end of the log, and why no more can be used.
struct Last {
    at: Instant,
    end: Option<Lines>,
    trouble: Option<String>,
}

/// Stores lines until the last one, or until none can come any more.
async fn store(run: &Run, mut stdout: ChildStdout) -> Last {
    let limits = &run.job.limits;
    let deadline = Duration::from_millis(limits.wall_ms + limits.grace_ms) + SLACK;
    let mut at = Instant::now();
    let stored = timeout(deadline, store_lines(run, &mut stdout, &mut at)).await;
    let late = || Err("the supervisor did not end the run in time".into());
    match stored.unwrap_or_else(|_| late()) {
        Ok(end) => Last { at, end, trouble: None },
        Err(trouble) => Last { at, end: None, trouble: Some(trouble) },
    }
}

/// Gives the lines that end the log, which are not stored yet; nothing, where none came.
async fn store_lines(
    run: &Run,
    stdout: &mut ChildStdout,
    last: &mut Instant,
) -> Result<Option<Lines>, String> {
    let mut intake = Intake::default();
    let mut bytes = Vec::with_capacity(64 * 1024);
    loop {
        bytes.clear();
        if !matches!(stdout.read_buf(&mut bytes).await, Ok(1..)) {
            return Ok(None);
        }
        match intake.take(&bytes) {
            Ok(Some(lines)) => {
                *last = Instant::now();
                if lines.finished.is_some() {
                    return Ok(Some(lines));
                }
                run.log.append(&lines.text);
            }
            Ok(None) => {}
            Err(broken) => return Err(format!("the supervisor wrote no event log: {broken}")),
        }
    }
}

/// Waits for the supervisor's exit, which follows the last line at once.
async fn farewell(supervisor: &mut Child) {
    if timeout(FAREWELL, supervisor.wait()).await.is_err() {
        kill(supervisor).await;
    }
}

/// Makes sure that the supervisor is gone; says how it went.
async fn kill(supervisor: &mut Child) -> String {
    // It may have died already, and then there is nothing to kill.
    drop(supervisor.start_kill());
    match supervisor.wait().await {
        Ok(status) => {
            let signal = std::os::unix::process::ExitStatusExt::signal(&status);
            let how = match (signal, status.code()) {
                (Some(signal), _) => format!("was ended by {}", aftermath::name(signal)),
                (None, code) => format!("exited with code {}", code.unwrap_or_default()),
            };
            format!("the supervisor {how} before the run had ended")
        }
        Err(error) => format!("the supervisor is lost: {error}"),
    }
}

async fn end_without_supervisor(
    run: &Arc<Run>,
    household: &Arc<Household>,
    last: Instant,
    reason: String,
) -> Lines {
    let (run, household) = (run.clone(), household.clone());
    let buried = spawn_blocking(move || {
        let t = later(Census::of(&run.log.text()).t, last.elapsed());
        bury(&run, &household, t, reason)
    });
    buried.await.expect("a burial neither panics nor is cancelled")
}
