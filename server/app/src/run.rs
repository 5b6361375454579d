//! One run: its job, its token, its log, and the way to its supervisor.
//!
//! A run lives as long as somebody holds it; its task ([`crate::drive`]) is the only
//! one that writes its log. Everybody else reads, or asks with a [`Command`].

use std::sync::OnceLock;

use protocol::event::RunFinished;
use protocol::{Command, Job, Pid};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::census::Census;
use crate::intake;
use crate::refusal::Refusal;
use crate::run_log::RunLog;
use crate::tokens::Token;

/// How many commands may wait for the supervisor.
const COMMANDS: usize = 64;

/// One run.
pub struct Run {
    /// What is run.
    pub job: Job,
    /// What happened so far.
    pub log: RunLog,
    token: Token,
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
}

impl Run {
    /// A run that has not begun, and the commands that its task must obey.
    pub fn new(job: Job) -> (Self, Inbox) {
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let run =
            Run { job, log: RunLog::default(), token: Token::fresh(), commands, finished: OnceLock::new() };
        (run, inbox)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.job.run
    }

    /// Its token, for whom started it.
    pub fn token(&self) -> String {
        self.token.text()
    }

    /// Makes sure that the token is this run's.
    ///
    /// # Errors
    /// It is not.
    pub fn admit(&self, token: &str) -> Result<(), Refusal> {
        if self.token.is(token) { Ok(()) } else { Err(Refusal::WrongToken) }
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

    /// Adds whole lines to the log. For the run's own task only.
    pub fn append(&self, lines: &intake::Lines) {
        if let Some(finished) = &lines.finished {
            drop(self.finished.set(finished.clone()));
        }
        self.log.append(&lines.text, lines.finished.is_some());
    }

    /// How it ended.
    pub fn finished(&self) -> Option<&RunFinished> {
        self.finished.get()
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
            finished: self.finished().filter(|_| progress.finished),
        }
    }
}
