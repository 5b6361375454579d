//! What crosses a wire or a file: the event log, scenario cards, jobs and socket messages.
//!
//! Two worlds meet only here: the observed (`scenarios/`) and the observers
//! (`server/`, `web/`). These are plain serde types without behaviour beyond
//! validation; the TypeScript in `web/protocol.d.ts` is generated from them.

pub mod event;
pub mod job;
pub mod predict;
#[cfg(test)]
mod samples;
pub mod scenario;
pub mod socket;
pub mod sweep;
pub mod text;
#[cfg(test)]
mod typescript;

pub use event::{At, Body, Event, KernelEvent, ProgramEvent, SupervisorEvent};
pub use job::{Command, Job, Limits};
pub use predict::{Predict, Selector};
pub use scenario::{Card, Param, Params};
pub use sweep::Sweep;
pub use text::{Lang, Text};

/// A process id as the kernel gives it in the supervisor's pid namespace.
pub type Pid = i32;
