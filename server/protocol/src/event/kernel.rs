//! What the kernel is the witness of.

use serde::{Deserialize, Serialize};

use crate::Pid;

/// What the kernel is the witness of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type")]
pub enum KernelEvent {
    /// A process was born; precedes every other event of it.
    #[serde(rename = "process.started")]
    ProcessStarted(ProcessStarted),
    /// The process replaced its program, `execve(2)`.
    #[serde(rename = "process.exec")]
    ProcessExec(ProcessExec),
    /// A signal stopped the process.
    #[serde(rename = "process.stopped")]
    ProcessStopped(ProcessStopped),
    /// `SIGCONT` continued the process.
    #[serde(rename = "process.continued")]
    ProcessContinued(ProcessContinued),
    /// A signal reached the process.
    #[serde(rename = "process.signaled")]
    ProcessSignaled(ProcessSignaled),
    /// The process is gone for its peers.
    #[serde(rename = "process.exited")]
    ProcessExited(ProcessExited),
    /// Its status waits to be read.
    #[serde(rename = "process.zombie")]
    ProcessZombie(ProcessZombie),
    /// Its status was read; its pid is free again.
    #[serde(rename = "process.reaped")]
    ProcessReaped(ProcessReaped),
    /// Its parent died and the kernel gave it another.
    #[serde(rename = "process.reparented")]
    ProcessReparented(ProcessReparented),
    /// What `/proc` shows of it, about ten times a second, only on change.
    #[serde(rename = "process.sampled")]
    ProcessSampled(ProcessSampled),
    /// One line, or what was written of it; the sender's pid is the kernel's word.
    #[serde(rename = "output")]
    Output(Output),
}

/// `process.started`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessStarted {
    /// The parent at birth.
    pub ppid: Pid,
    /// The system call that made it.
    pub how: How,
}

/// How a process was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// `fork(2)`.
    Fork,
    /// `vfork(2)`: the parent stands still until the child execs or exits.
    Vfork,
    /// `clone(2)` with a termination signal other than `SIGCHLD`.
    Clone,
    /// By the supervisor, as the first process of the run.
    Spawn,
}

/// `process.exec`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessExec {
    /// The file that now runs.
    pub exe: String,
    /// Its arguments, the first of which is its name for itself.
    pub argv: Vec<String>,
}

/// `process.stopped`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessStopped {
    /// As `SIGSTOP`.
    pub signal: String,
}

/// `process.continued`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessContinued {
    /// `SIGCONT`.
    pub signal: String,
}

/// `process.signaled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessSignaled {
    /// As `SIGTERM`; real-time signals as `SIGRTMIN+6`.
    pub signal: String,
    /// Who sent it.
    pub from: Sender,
}

/// Who sent a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Sender {
    /// A process; 0 is the kernel itself.
    Pid(Pid),
    /// Somebody at the page.
    Visitor(Visitor),
}

/// The word for somebody at the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Visitor {
    /// The person who owns the run.
    Visitor,
}

/// `process.exited`: a code or a signal, never both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum ProcessExited {
    /// It called `exit(3)` or returned from `main`.
    Code {
        /// 0 to 255.
        code: i32,
    },
    /// A signal ended it.
    Signal {
        /// As `SIGKILL`.
        signal: String,
    },
}

/// `process.zombie`: what `wait4(2)` says it used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessZombie {
    /// Processor time in user mode.
    pub user_us: u64,
    /// Processor time in the kernel.
    pub sys_us: u64,
    /// The most memory it had at once.
    pub max_rss_kib: u64,
}

/// `process.reaped`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessReaped {
    /// Who read its status.
    pub by: Pid,
}

/// `process.reparented`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessReparented {
    /// The parent from now on.
    pub ppid: Pid,
    /// The parent until now.
    pub was: Pid,
}

/// `process.sampled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessSampled {
    /// The letter in `/proc/PID/stat`.
    pub state: State,
    /// Processor time so far.
    pub cpu_us: u64,
    /// Memory it has.
    pub rss_kib: u64,
    /// Memory that is its own alone; measured once a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub private_kib: Option<u64>,
    /// What it is blocked in, in words: `futex`, `wait4(4712)`, `nanosleep`, `read(pipe)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub waiting: Option<String>,
}

/// What the scheduler says, `proc_pid_stat(5)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum State {
    /// Runs or could.
    R,
    /// Sleeps until something happens.
    S,
    /// Sleeps and cannot be woken by a signal.
    D,
    /// Stopped.
    T,
    /// Dead, its status not yet read.
    Z,
}

/// `output`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Output {
    /// Where it was written.
    pub stream: Stream,
    /// The line without its newline; what is not UTF-8 is replaced by U+FFFD.
    pub text: String,
}

/// A standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// File descriptor 1.
    Stdout,
    /// File descriptor 2.
    Stderr,
}
