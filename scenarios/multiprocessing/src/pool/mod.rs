//! `Pool`: a fixed number of worker processes that share tasks.
//!
//! Tasks go through one channel that all workers take from, results come back
//! through another. `task` says how a function travels, `worker` is a worker's
//! life, `result` is what the caller waits on, `office` what the parent's threads do,
//! `threads` how they are waited for.
//!
//! As in CPython, a worker that dies is replaced and its task is lost: nobody
//! is told, `get` waits for ever, and so does `join`. It is the best-known trap
//! of `multiprocessing.Pool`, and the playground shows it rather than hiding it.

use std::panic::Location;
use std::sync::{Arc, Weak, mpsc};

use protocol::event::{self, ProgramEvent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

mod office;
mod result;
mod task;
mod threads;
mod worker;

pub use result::AsyncResult;
pub use task::Task;

use crate::error::{Error, Result};
use crate::process::current;
use crate::queue::channel::Limit;
use crate::start::Method;
use crate::{context, ids, probe};
use office::{Office, Phase};
use result::Slot;
use task::Request;
use threads::Threads;

/// What a task raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct TaskError {
    /// The panic's message.
    pub message: String,
    /// Where it was raised, as `main.rs:12:5`; empty when unknown.
    pub place: String,
}

/// Worker processes that run tasks, as Python's `multiprocessing.Pool`.
///
/// ```no_run
/// use multiprocessing::Pool;
///
/// fn square(n: i64) -> i64 {
///     n * n
/// }
///
/// let pool = Pool::new(5)?;
/// let r = pool.apply_async(square, (7,))?.callback(|value| println!("{value}"));
/// assert_eq!(r.get()?, 49);
/// pool.close();
/// pool.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Dropping a pool terminates it, as Python's does when it is collected: a
/// program that does not `close` and `join` loses what is not done.
pub struct Pool {
    inner: Arc<Inner>,
}

/// What the end of the process must be able to terminate.
pub(crate) struct Inner {
    office: Arc<Office>,
    /// The process that made it; in any other it is only a copy.
    owner: i32,
    threads: Arc<Threads>,
}

impl Pool {
    /// Starts `processes` workers, named `ForkPoolWorker-1` and so on.
    ///
    /// # Errors
    /// When the number is 0, this process is daemonic, or the kernel refuses.
    #[track_caller]
    pub fn new(processes: usize) -> Result<Pool> {
        Pool::start(processes, context::default_method(), Location::caller())
    }

    /// The same, with workers that are started by this method.
    pub(crate) fn start(processes: usize, method: Method, line: probe::Line) -> Result<Pool> {
        probe::line_reached(line);
        if processes == 0 {
            return Err(Error::NoWorkers);
        }
        if current::is_daemon() {
            return Err(Error::DaemonicParent);
        }
        let office = Arc::new(Office::new(processes, method, line)?);
        let inner = Arc::new(Inner { office, owner: current::getpid(), threads: Arc::default() });
        inner.open()?;
        current::add_pool(Arc::downgrade(&inner));
        Ok(Pool { inner })
    }

    /// Runs `task` with `args` in a worker and waits for its result.
    ///
    /// # Errors
    /// [`Error::Task`] with what it raised; [`Error::PoolNotRunning`].
    #[track_caller]
    pub fn apply<F, Args>(&self, task: F, args: Args) -> Result<F::Output>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        self.submit(task, args, Location::caller())?.get()
    }

    /// Sends `task` with `args` to the workers and returns at once.
    ///
    /// # Errors
    /// [`Error::PoolNotRunning`]; when the arguments cannot be serialised.
    #[track_caller]
    pub fn apply_async<F, Args>(&self, task: F, args: Args) -> Result<AsyncResult<F::Output>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        self.submit(task, args, Location::caller())
    }

    fn submit<F, Args>(&self, task: F, args: Args, line: probe::Line) -> Result<AsyncResult<F::Output>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        self.inner.check_owner()?;
        let id = ids::counters()?.task();
        let told = probe::on().then(|| (task::name_of::<F, Args>(&args), probe::place(line)));
        let name = told.as_ref().map_or_else(String::new, |(name, _)| name.clone());
        let bytes = Request::encode(task, &args, id, told)?;
        let slot = Arc::new(Slot::new(id, name.clone()));
        let office = &self.inner.office;
        office.register(Arc::clone(&slot))?;
        if probe::on() {
            probe::send(Some(line), ProgramEvent::TaskSubmitted(event::Task { task: id, name }));
        }
        office.inbox.put(&bytes, 0, Limit::Never, &mut ()).inspect_err(|_| office.forget(id))?;
        Ok(AsyncResult::new(slot, Arc::clone(office)))
    }

    /// No more tasks: the workers end when all results are there.
    #[track_caller]
    pub fn close(&self) {
        probe::line_reached(Location::caller());
        if self.inner.check_owner().is_ok() {
            self.inner.office.close();
        }
    }

    /// Ends the workers at once, whatever they are doing.
    #[track_caller]
    pub fn terminate(&self) {
        probe::line_reached(Location::caller());
        self.inner.terminate();
    }

    /// Waits until the workers have ended.
    ///
    /// # Errors
    /// [`Error::PoolStillRunning`] before `close` or `terminate`.
    #[track_caller]
    pub fn join(&self) -> Result<()> {
        probe::line_reached(Location::caller());
        self.inner.check_owner()?;
        if self.inner.office.phase() == Phase::Run {
            return Err(Error::PoolStillRunning);
        }
        self.inner.threads.join();
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.inner.terminate();
    }
}

impl Inner {
    /// Starts the threads; returns when the workers exist.
    fn open(&self) -> Result<()> {
        let (born, births) = mpsc::sync_channel(1);
        let office = Arc::clone(&self.office);
        self.threads.spawn(move || office.handle_workers(&born))?;
        let office = Arc::clone(&self.office);
        let first = births.recv().unwrap_or(Err(Error::PoolNotRunning));
        if first.is_err() {
            self.threads.join();
        }
        first?;
        self.threads.spawn(move || office.handle_results()).inspect_err(|_| self.terminate())
    }

    /// A copy in a child has neither threads nor workers.
    fn check_owner(&self) -> Result<()> {
        (self.owner == current::getpid()).then_some(()).ok_or(Error::PoolNotRunning)
    }

    /// Ends workers and threads and waits for them; does nothing the second time.
    pub(crate) fn terminate(&self) {
        if self.check_owner().is_ok() {
            self.office.terminate();
            self.threads.join();
        }
    }
}

/// The pools that a process has made.
pub(crate) type Pools = Vec<Weak<Inner>>;
