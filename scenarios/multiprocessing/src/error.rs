//! One error type: the step that failed and why.
//!
//! Where CPython raises, this library returns an [`Error`] whose text is the
//! text of CPython's exception, so that a reader finds it in both worlds.

use std::io;

use crate::pool::TaskError;
use crate::reduction;

/// What a call of this library returns.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong, in CPython's words where it has them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The kernel said no (`OSError`).
    #[error("{step}: {source}")]
    Os {
        /// The call that failed, as its man page is called.
        step: &'static str,
        /// Why.
        source: io::Error,
    },
    /// `signal` in another thread than the main one (`ValueError`).
    #[error("signal only works in main thread of the main interpreter")]
    NotMainThread,
    /// `start` a second time (`AssertionError`).
    #[error("cannot start a process twice")]
    StartedTwice,
    /// `start` in another process than the one that made the object (`AssertionError`).
    #[error("can only start a process object created by current process")]
    NotCreator,
    /// `start` in a daemonic process (`AssertionError`).
    #[error("daemonic processes are not allowed to have children")]
    DaemonicParent,
    /// `join` and the like on a process that is not a child of this one (`AssertionError`).
    #[error("can only {0} a child process")]
    NotChild(&'static str),
    /// `join` and the like before `start` (`AssertionError`).
    #[error("can only {0} a started process")]
    NotStarted(&'static str),
    /// `run` a second time. Python calls the target again; here it is consumed.
    #[error("the target of this process has already run")]
    RunTwice,
    /// The base initialiser of a custom process was never called (`AttributeError`).
    #[error("'{0}' object has no attribute '_closed' (the base initialiser was not called)")]
    NotInitialised(&'static str),
    /// A target that is a closure, or a custom process, for a child that is no copy of its parent (`AttributeError`).
    #[error(
        "Can't pickle local object '{0}': a context's `process`, or `start_with`, takes what every start method can start"
    )]
    Local(&'static str),
    /// A spawned child whose `main` starts children before it asks what it is to do (`RuntimeError`).
    #[error(
        "An attempt has been made to start a new process before the current process has finished its bootstrapping \
         phase: call multiprocessing::freeze_support() first of all in main"
    )]
    Bootstrapping,
    /// A start method that there is not (`ValueError`).
    #[error("cannot find context for '{0}'")]
    NoContext(String),
    /// `set_start_method` when it is too late (`RuntimeError`).
    #[error("context has already been set")]
    ContextSet,
    /// Too many shared objects for one message to a fork server (`ValueError`).
    #[error("too many fds")]
    TooManyFiles,
    /// `close` of a process that runs (`ValueError`).
    #[error("Cannot close a process while it is still running. You should first call join() or terminate().")]
    StillRunning,
    /// Anything of a process after `close` (`ValueError`).
    #[error("process object is closed")]
    ProcessClosed,
    /// No room in the queue, at once or within the timeout (`queue.Full`).
    #[error("queue is full")]
    Full,
    /// No item in the queue, at once or within the timeout (`queue.Empty`).
    #[error("queue is empty")]
    Empty,
    /// An item that would not fit even into an empty queue. Python has no such limit.
    #[error("an item of {bytes} bytes is longer than the queue's memory of {limit} bytes")]
    TooLarge {
        /// Its length when serialised.
        bytes: usize,
        /// The longest possible.
        limit: usize,
    },
    /// A value that cannot be serialised, or bytes that are no such value (`PicklingError`).
    #[error("serialisation: {0}")]
    Serialisation(postcard::Error),
    /// A shared object in an item, an argument of a task or a result (`RuntimeError`).
    #[error("{0} objects should only be shared between processes through inheritance")]
    Inheritance(&'static str),
    /// A pool without workers (`ValueError`).
    #[error("Number of processes must be at least 1")]
    NoWorkers,
    /// A worker that may do no task (`ValueError`).
    #[error("maxtasksperchild must be a positive int or None")]
    NoTasksPerChild,
    /// Chunks without elements (`ValueError`).
    #[error("Chunksize must be 1+, not {0}")]
    Chunksize(usize),
    /// A task for a pool that was closed or terminated (`ValueError`).
    #[error("Pool not running")]
    PoolNotRunning,
    /// `join` of a pool that was neither closed nor terminated (`ValueError`).
    #[error("Pool is still running")]
    PoolStillRunning,
    /// `successful` before there is a result (`ValueError`).
    #[error("<multiprocessing.pool.ApplyResult object> not ready")]
    NotReady,
    /// No result within the timeout (`multiprocessing.TimeoutError`).
    #[error("no result within the timeout")]
    Timeout,
    /// More releases than acquisitions (`ValueError`).
    #[error("semaphore or lock released too many times")]
    ReleasedTooOften,
    /// A recursive or robust lock can be released by its holder only (`AssertionError`).
    #[error("attempt to release recursive lock not owned by thread")]
    NotOwner,
    /// A condition is used without its lock (`AssertionError`).
    #[error("{0}")]
    ConditionNotAcquired(&'static str),
    /// A barrier that was aborted or reset, or that somebody waited for in vain (`threading.BrokenBarrierError`).
    #[error("the barrier is broken")]
    BrokenBarrier,
    /// A barrier for nobody (`ValueError`).
    #[error("parties must be > 0")]
    NoParties,
    /// `task_done` more often than `put` (`ValueError`).
    #[error("task_done() called too many times")]
    TooManyTasksDone,
    /// A connection or queue that this process has closed (`OSError`, `ValueError`).
    #[error("handle is closed")]
    Closed,
    /// Sending through an end that only receives (`OSError`).
    #[error("connection is read-only")]
    ReadOnly,
    /// Receiving from an end that only sends (`OSError`).
    #[error("connection is write-only")]
    WriteOnly,
    /// Nothing is left to receive, and every other end is closed (`EOFError`).
    #[error("end of file: the other end is closed")]
    EndOfFile,
    /// Every other end is closed (`BrokenPipeError`).
    #[error("[Errno 32] Broken pipe")]
    BrokenPipe,
    /// The sender went away in the middle of a message (`OSError`).
    #[error("got end of file during message")]
    EndOfFileInMessage,
    /// A message that is longer than the caller allows (`OSError`).
    #[error("bad message length")]
    MessageTooLong,
    /// There is shared memory of this name already (`FileExistsError`).
    #[error("[Errno 17] File exists: '/{0}'")]
    FileExists(String),
    /// There is no shared memory of this name (`FileNotFoundError`).
    #[error("[Errno 2] No such file or directory: '/{0}'")]
    FileNotFound(String),
    /// Shared memory without a size (`ValueError`).
    #[error("'size' must be a positive number different from zero")]
    NoSize,
    /// What the task raised.
    #[error(transparent)]
    Task(#[from] TaskError),
}

impl From<postcard::Error> for Error {
    fn from(error: postcard::Error) -> Error {
        reduction::take_refusal().map_or(Error::Serialisation(error), Error::Inheritance)
    }
}

impl Error {
    /// The error that the last failed call of the C library left in `errno`.
    pub(crate) fn last_os(step: &'static str) -> Error {
        Error::Os { step, source: io::Error::last_os_error() }
    }
}
