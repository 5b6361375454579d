//! What the server and the supervisor say to each other.
//!
//! The supervisor is started as a program. Its standard input gets one [`Job`]
//! as a JSON line and then [`Command`]s, one a line; its standard output gives
//! the event log, one [`crate::Event`] a line, and ends with `run.finished`.
//! When its standard input closes, the server is gone and the run is stopped.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Pid;
use crate::event::Runtime;

/// One run to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The run's id.
    pub run: String,
    /// The scenario's id.
    pub scenario: String,
    /// In which language.
    pub runtime: Runtime,
    /// Every parameter, already validated.
    pub params: BTreeMap<String, Value>,
    /// What random durations are made from.
    pub seed: u64,
    /// What the run may use.
    pub limits: Limits,
    /// What to execute; the first word is the file. Empty: the supervisor's own
    /// file in its scenario role.
    #[serde(default)]
    pub argv: Vec<String>,
    /// What the program finds in its environment beside what every program does; what every
    /// program finds by the same name is replaced, except for the three that this module names.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// How exactly to observe.
    #[serde(default)]
    pub observe: Observe,
}

/// How exactly to observe; a choice between exactness and cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observe {
    /// Everything in causal order, writes too.
    #[default]
    Exact,
    /// As `Exact`, but a process is not stopped when it writes: its output may be
    /// placed a moment late among the events of other processes. For benchmarks.
    ConcurrentOutput,
    /// Without `ptrace(2)`, as on hosts that forbid it.
    Degraded,
}

/// The environment variable with the parameters as a JSON object.
pub const PARAMS_ENV: &str = "PLAYGROUND_PARAMS";

/// The environment variable with the seed as a decimal number.
pub const SEED_ENV: &str = "PLAYGROUND_SEED";

/// The folder of one run, which its supervisor makes and removes. It is named after the
/// supervisor, so that whoever buries a dead one finds it.
pub fn run_dir(supervisor: Pid) -> PathBuf {
    std::env::temp_dir().join(format!("process-playground-{supervisor}"))
}

/// What a run may use. The defaults are `product.md`'s "numbers to start from".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Wall clock of a run.
    pub wall_ms: u64,
    /// Memory of all processes together (proportional set size).
    pub memory_mib: u64,
    /// Processes and threads that live at once.
    pub processes: u64,
    /// Output of one process.
    pub output_process_kib: u64,
    /// Output of all processes.
    pub output_kib: u64,
    /// Events in the log.
    pub events: u64,
    /// From `SIGTERM` to the end of everything, when a run is stopped.
    pub grace_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            wall_ms: 20_000,
            memory_mib: 256,
            processes: 64,
            output_process_kib: 64,
            output_kib: 640,
            events: 20_000,
            grace_ms: 800,
        }
    }
}

/// What can be asked of a run while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub enum Command {
    /// Sends a signal to one process of the run, in a visitor's name.
    Signal {
        /// A process of this run.
        pid: Pid,
        /// One of four.
        signal: VisitorSignal,
    },
    /// Ends the run: `SIGTERM` to all, and after the grace time `SIGKILL`.
    Stop {
        /// Why, for `run.finished`.
        reason: String,
    },
}

/// The signals a visitor may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum VisitorSignal {
    /// Asks the process to end.
    #[serde(rename = "SIGTERM")]
    Term,
    /// Ends it without asking.
    #[serde(rename = "SIGKILL")]
    Kill,
    /// Stops it.
    #[serde(rename = "SIGSTOP")]
    Stop,
    /// Lets it go on.
    #[serde(rename = "SIGCONT")]
    Cont,
}
