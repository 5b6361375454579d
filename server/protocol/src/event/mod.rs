//! The event log: what a run is, one JSON object a line.
//!
//! An event is a common head (`seq`, `t`, and where they apply `pid` and `at`)
//! and a body, told apart by `type`. Bodies come from three sources, and the
//! types keep them apart: only the supervisor makes [`SupervisorEvent`]s and
//! [`KernelEvent`]s; a program can send [`ProgramEvent`]s and nothing else, so
//! it cannot forge what the kernel is the witness of.

use crate::Pid;
use serde::{Deserialize, Serialize};

mod kernel;
mod program;
mod supervisor;

pub use kernel::*;
pub use program::*;
pub use supervisor::*;

/// The version of the log's format, in `run.started`.
pub const LOG_VERSION: u32 = 1;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Event {
    /// 1, 2, 3 … without a gap.
    pub seq: u64,
    /// Whole microseconds since `run.started` on `CLOCK_MONOTONIC`; never decreases.
    pub t: u64,
    /// The process that did it or to which it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub pid: Option<Pid>,
    /// The line of the scenario that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at: Option<At>,
    /// What happened.
    #[serde(flatten)]
    pub body: Body,
}

/// A place in the scenario's source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct At {
    /// The file's name inside the scenario's folder, as `main.rs`.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

/// What happened, by who is the witness of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Body {
    /// The supervisor's own doing.
    Supervisor(SupervisorEvent),
    /// What the kernel reports.
    Kernel(KernelEvent),
    /// What the program says of itself.
    Program(ProgramEvent),
}
