//! What a program says of itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::At;

/// What a program says of itself through its event socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type")]
pub enum ProgramEvent {
    /// The process has a name and a role.
    #[serde(rename = "process.named")]
    ProcessNamed(ProcessNamed),
    /// The process stands on the line in `at`.
    #[serde(rename = "line.reached")]
    LineReached(LineReached),
    /// A task was handed to a pool.
    #[serde(rename = "task.submitted")]
    TaskSubmitted(Task),
    /// A worker began a task.
    #[serde(rename = "task.started")]
    TaskStarted(Task),
    /// A worker ended a task.
    #[serde(rename = "task.finished")]
    TaskFinished(TaskFinished),
    /// A task raised.
    #[serde(rename = "task.failed")]
    TaskFailed(TaskFailed),
    /// The parent began to run the callback of a task.
    #[serde(rename = "task.callback")]
    TaskCallback(TaskCallback),
    /// A queue was made.
    #[serde(rename = "queue.created")]
    QueueCreated(QueueCreated),
    /// An item went in.
    #[serde(rename = "queue.put")]
    QueuePut(QueueItem),
    /// An item came out.
    #[serde(rename = "queue.get")]
    QueueGet(QueueItem),
    /// The process waits for room or for an item.
    #[serde(rename = "queue.blocked")]
    QueueBlocked(QueueOp),
    /// It waits no longer.
    #[serde(rename = "queue.unblocked")]
    QueueUnblocked(QueueOp),
    /// It gave up waiting.
    #[serde(rename = "queue.timeout")]
    QueueTimeout(QueueOp),
    /// A message went into a pipe.
    #[serde(rename = "pipe.sent")]
    PipeSent(PipeItem),
    /// A message came out of a pipe.
    #[serde(rename = "pipe.received")]
    PipeReceived(PipeItem),
    /// The process waits for a lock or the like.
    #[serde(rename = "sync.waiting")]
    SyncWaiting(SyncObject),
    /// It has it.
    #[serde(rename = "sync.acquired")]
    SyncAcquired(SyncObject),
    /// It gave it back.
    #[serde(rename = "sync.released")]
    SyncReleased(SyncObject),
    /// A process stopped waiting and did not get what it waited for: the time ran out, or a barrier broke.
    #[serde(rename = "sync.timeout")]
    SyncTimeout(SyncObject),
    /// A variable of this process has a new value.
    #[serde(rename = "variable.set")]
    VariableSet(VariableSet),
    /// How far the program is.
    #[serde(rename = "progress")]
    Progress(Progress),
}

/// What a program sends in one datagram: a [`ProgramEvent`] and its line.
/// The kernel adds the pid, the supervisor adds `seq` and `t`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramMessage {
    /// The line of the scenario that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// What it says.
    #[serde(flatten)]
    pub event: ProgramEvent,
}

/// The longest datagram a program may send, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 16 * 1024;

/// The environment variable with the path of the event socket (`AF_UNIX`, `SOCK_DGRAM`).
/// A program that does not find it reports nothing.
pub const EVENTS_ENV: &str = "PLAYGROUND_EVENTS";

/// `process.named`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcessNamed {
    /// As `Process-1`, `ForkPoolWorker-3`, or what the program chose.
    pub name: String,
    /// What it is in the program.
    pub role: Role,
}

/// What a process is in its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The first process.
    Main,
    /// A `Process`.
    Process,
    /// A worker of a `Pool`.
    PoolWorker,
    /// The server that the start method `forkserver` forks processes from.
    ForkServer,
    /// The process by which CPython removes what nobody uses any more: named semaphores, shared memory.
    ResourceTracker,
}

/// `line.reached` has nothing but its `at`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LineReached {}

/// `task.submitted`, `task.started`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Task {
    /// Unique in the run.
    pub task: u64,
    /// What to call it on the page.
    pub name: String,
}

/// `task.finished`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TaskFinished {
    /// The task.
    pub task: u64,
    /// Its name.
    pub name: String,
    /// What it returned.
    pub value: Value,
}

/// `task.failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TaskFailed {
    /// The task.
    pub task: u64,
    /// Its name.
    pub name: String,
    /// What it raised.
    pub error: String,
}

/// `task.callback`: a value for `callback`, an error for `error_callback`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TaskCallback {
    /// The task.
    pub task: u64,
    /// Its name.
    pub name: String,
    /// What the callback gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub value: Option<Value>,
    /// What the error callback gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub error: Option<String>,
}

/// `queue.created`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QueueCreated {
    /// Unique in the run.
    pub queue: u64,
    /// What to call it on the page.
    pub name: String,
    /// How many items it holds; 0 is no limit.
    pub capacity: u64,
}

/// `queue.put`, `queue.get`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QueueItem {
    /// The queue.
    pub queue: u64,
    /// The item; the same number comes out that went in.
    pub item: u64,
    /// Items in the queue afterwards.
    pub size: u64,
    /// The item's length as it lies in the queue.
    pub bytes: u64,
    /// The item itself, when it is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub value: Option<Value>,
}

/// `queue.blocked`, `queue.unblocked`, `queue.timeout`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QueueOp {
    /// The queue.
    pub queue: u64,
    /// What it wants to do.
    pub op: Op,
}

/// What can block on a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Waits for room.
    Put,
    /// Waits for an item.
    Get,
}

/// `pipe.sent`, `pipe.received`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PipeItem {
    /// The pipe.
    pub pipe: u64,
    /// The message.
    pub item: u64,
    /// Its length.
    pub bytes: u64,
}

/// `sync.waiting`, `sync.acquired`, `sync.released`, `sync.timeout`: waiting for something, and what ends it.
///
/// `sync.waiting` comes only when a process really has to wait; `sync.acquired` also when it
/// need not. What the words mean for each kind stands with [`SyncKind`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SyncObject {
    /// Unique among the objects of its kind in the run; for a process its pid, for a task its number,
    /// for a pipe the pipe's.
    pub object: u64,
    /// What to call it on the page.
    pub name: String,
    /// What it is.
    pub kind: SyncKind,
}

/// What a process can wait for, beside queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum SyncKind {
    /// `Lock`, `RLock`: from `acquired` to `released` it is held by the process.
    Lock,
    /// `Semaphore`, `BoundedSemaphore`: from `acquired` to `released` the process holds one of its units.
    /// Any process may release.
    Semaphore,
    /// `Event`: `wait` waits and acquires; `set` releases. Nobody holds it.
    Event,
    /// `Barrier`: `wait` waits and acquires; the process that comes last releases. Nobody holds it.
    Barrier,
    /// `Condition`: `wait` waits and acquires; `notify` releases. Nobody holds it; its lock is an object of its own.
    Condition,
    /// A process that another one waits for, by `join` and the like: acquired when it has ended.
    Process,
    /// The result of a pool's task, by `get` and `wait`: acquired when it is there.
    Task,
    /// A pipe that `recv` finds empty or `send` finds full: acquired when it is not.
    Pipe,
}

/// `variable.set`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VariableSet {
    /// Its name in the program.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The shared memory it lies in, by a number unique in the run: all processes see this value.
    /// A variable without it is the process's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub shared: Option<u64>,
}

/// `progress`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// So far.
    pub done: u64,
    /// In all.
    pub total: u64,
}
