//! One run: its job, its token, its log, and the way to its supervisor.
//!
//! A run lives as long as somebody holds it; its task ([`crate::drive`]) is the only
//! one that writes its log. Everybody else reads, or asks with a [`Command`].
//! A recording becomes a run again, which has ended.

use std::sync::OnceLock;

use protocol::event::{RunFinished, RunStarted};
use protocol::socket::Kept;
use protocol::{Body, Command, Event, Job, Pid, SupervisorEvent};
use recordings::{Owner, Recording};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::census::Census;
use crate::intake;
use crate::refusal::Refusal;
use crate::run_log::RunLog;
use crate::tokens;

/// How many commands may wait for the supervisor.
const COMMANDS: usize = 64;

/// One run.
pub struct Run {
    /// What is run.
    pub job: Job,
    /// What happened so far.
    pub log: RunLog,
    owner: Option<Owner>,
    commands: mpsc::Sender<Command>,
    finished: OnceLock<RunFinished>,
}

/// The commands for a run, as its task receives them.
pub type Inbox = mpsc::Receiver<Command>;

/// Where a run stands, in short: the answer of `GET /api/runs/{run}`.
#[derive(Serialize)]
pub struct Summary<'a> {
    run: &'a str,
    scenario: &'a str,
    runtime: protocol::event::Runtime,
    params: &'a std::collections::BTreeMap<String, Value>,
    seed: u64,
    /// `queued`, `running` or `finished`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    queued: Option<protocol::socket::Queued>,
    /// Events in the log so far.
    events: u64,
    /// The content of `run.finished`.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<&'a RunFinished>,
    /// What became of its recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Kept>,
}

impl Run {
    /// A run that has not begun, its token, and the commands that its task must obey.
    pub fn new(job: Job) -> (Self, String, Inbox) {
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let token = tokens::token();
        let owner = Some(Owner::of(&token));
        let run = Run { job, log: RunLog::default(), owner, commands, finished: OnceLock::new() };
        (run, token, inbox)
    }

    /// A run that ended once. `None` where its log has no beginning or no end.
    pub fn recorded(recording: &Recording, kept: Kept) -> Option<Self> {
        let log = &recording.log;
        let (first, last) = (log.lines().next()?, log.lines().next_back()?);
        let (run, _, _) = Run::new(job(started(first)?));
        let run = Run { owner: recording.owner, ..run };
        run.conclude(log, intake::finished(last)?, kept);
        Some(run)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.job.run
    }

    /// Whoever has its token, where that is known.
    pub fn owner(&self) -> Option<Owner> {
        self.owner
    }

    /// Makes sure that the token is this run's.
    ///
    /// # Errors
    /// It is not.
    pub fn admit(&self, token: &str) -> Result<(), Refusal> {
        if self.owner.is_some_and(|owner| owner.has(token)) { Ok(()) } else { Err(Refusal::WrongToken) }
    }

    /// Passes on a signal or the wish to end. The wish to end what has ended is granted.
    ///
    /// # Errors
    /// The run has ended, or has no living process of that pid.
    pub fn command(&self, command: Command) -> Result<(), Refusal> {
        let progress = self.log.progress();
        if let Command::Signal { pid, .. } = command {
            self.check_target(pid, progress.finished)?;
        }
        // The last places are for the wish to end: it is lost only where it is there already.
        let signal = matches!(command, Command::Signal { .. });
        if signal && self.commands.capacity() <= COMMANDS / 4 {
            return Err(Refusal::Busy { retry_after_s: 1 });
        }
        drop(self.commands.try_send(command));
        Ok(())
    }

    fn check_target(&self, pid: Pid, finished: bool) -> Result<(), Refusal> {
        if finished {
            return Err(Refusal::RunFinished);
        }
        let lives = Census::of(&self.log.text()).lives(pid);
        if lives { Ok(()) } else { Err(Refusal::UnknownProcess { pid }) }
    }

    /// Adds the last lines to the log. For the run's own task only.
    pub fn conclude(&self, lines: &str, finished: RunFinished, kept: Kept) {
        drop(self.finished.set(finished));
        self.log.conclude(lines, kept);
    }

    /// Where it stands.
    pub fn summary(&self) -> Summary<'_> {
        let progress = self.log.progress();
        let state = match (progress.queued, progress.finished) {
            (_, true) => "finished",
            (Some(_), _) => "queued",
            (None, _) => "running",
        };
        Summary {
            run: self.id(),
            scenario: &self.job.scenario,
            runtime: self.job.runtime,
            params: &self.job.params,
            seed: self.job.seed,
            state,
            queued: progress.queued,
            events: progress.events,
            finished: self.finished.get().filter(|_| progress.finished),
            kept: progress.kept.filter(|_| progress.finished),
        }
    }
}

fn started(line: &str) -> Option<RunStarted> {
    match serde_json::from_str::<Event>(line).ok()?.body {
        Body::Supervisor(SupervisorEvent::RunStarted(started)) => Some(*started),
        _ => None,
    }
}

/// What was run. It is done, so the words that started it do not matter any more.
fn job(started: RunStarted) -> Job {
    Job {
        run: started.run,
        scenario: started.scenario,
        runtime: started.runtime,
        params: started.params,
        seed: started.seed,
        limits: started.limits,
        argv: vec![],
        environment: Default::default(),
        observe: Default::default(),
    }
}
