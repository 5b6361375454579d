//! What the supervisor says of the run as a whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Limits, Pid};

/// The supervisor's word on the run as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type")]
pub enum SupervisorEvent {
    /// Always the first event.
    #[serde(rename = "run.started")]
    RunStarted(Box<RunStarted>),
    /// A limit cut something off.
    #[serde(rename = "run.truncated")]
    RunTruncated(RunTruncated),
    /// Always the last event; no process of the run exists any more.
    #[serde(rename = "run.finished")]
    RunFinished(RunFinished),
    /// A message of the program that was no [`ProgramMessage`].
    #[serde(rename = "message.rejected")]
    MessageRejected(MessageRejected),
}

/// `run.started`: everything needed to run it again and to read the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunStarted {
    /// [`LOG_VERSION`].
    pub version: u32,
    /// The run's id.
    pub run: String,
    /// The scenario's id.
    pub scenario: String,
    /// In which language the program is written.
    pub runtime: Runtime,
    /// Every parameter with the value it has.
    pub params: BTreeMap<String, Value>,
    /// What random durations are made from.
    pub seed: u64,
    /// What the wall clock said, in milliseconds since 1970 (`CLOCK_REALTIME`), so that a recording
    /// knows its day; absent in logs that are older than this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub unix_ms: Option<u64>,
    /// The supervisor's pid.
    pub supervisor: Pid,
    /// `exact`, or `degraded` where the kernel forbids `ptrace(2)`.
    pub observer: Observer,
    /// What a degraded observer cannot see; absent when exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub lost: Option<String>,
    /// The machine.
    pub host: Host,
    /// Each layer of the sandbox: `active`, or why not.
    pub sandbox: BTreeMap<String, String>,
    /// What the run may use.
    pub limits: Limits,
}

/// How much the observer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Observer {
    /// Every event, in causal order.
    Exact,
    /// Processes by looking at `/proc` often; short ones may be missed.
    Degraded,
}

/// In which language a scenario's program is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Runtime {
    /// `main.rs`, inside the playground's binary.
    #[default]
    Rust,
    /// `main.py`, by the host's CPython.
    Python,
    /// An operator's own program, in whatever language.
    Program,
}

/// The machine a run ran on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Host {
    /// As `Linux`.
    pub os: String,
    /// As `uname -r` prints it.
    pub kernel: String,
    /// Processors this run may use.
    pub cpus: u32,
}

/// `run.truncated`: what was cut and how much of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunTruncated {
    /// What was cut.
    pub what: Truncated,
    /// Bytes of output or number of events left out so far (of this process, if `pid` is there).
    pub dropped: u64,
}

/// What a limit can cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Truncated {
    /// Bytes that processes wrote.
    Output,
    /// Events that the program sent.
    Events,
}

/// `message.rejected`: a datagram that was no [`ProgramMessage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageRejected {
    /// What is wrong with it.
    pub reason: String,
    /// Its length.
    pub bytes: u64,
}

/// `run.finished`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunFinished {
    /// How it ended.
    pub outcome: Outcome,
    /// The same in a sentence, with the detail.
    pub reason: String,
    /// From `run.started` to here, in microseconds.
    pub duration_us: u64,
    /// The count of processes; the three agree.
    pub processes: ProcessCount,
    /// Events in the log, this one among them.
    pub events: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The program's first process ended by itself. Its exit code is the program's own affair.
    Completed,
    /// The program could not be started.
    Failed,
    /// Somebody asked for it.
    Stopped,
    /// The wall clock ran out.
    TimeLimit,
    /// Too many processes and threads.
    ProcessLimit,
    /// Too much memory.
    MemoryLimit,
    /// The supervisor died.
    Crashed,
}

/// How many processes a run had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessCount {
    /// Born.
    pub started: u64,
    /// Ended.
    pub exited: u64,
    /// Read by a parent.
    pub reaped: u64,
}
