//! `Pool`: a fixed number of worker processes that share tasks.
//!
//! Tasks go through one channel that all workers take from, results come back
//! through another. The way of a task: `calls` is what the caller asks for,
//! `message` puts it into chunks, `task` says how a function travels, `feeder`
//! keeps the order, `worker` runs it, `delivery` hands its result to a `slot`
//! (one result: [`AsyncResult`]) or to an [`imap`](IMap). `office` is what the
//! parent's threads share, `crew` the workers, `threads` how all that is waited for.
//!
//! As in CPython, a worker that dies is replaced and its task is lost: nobody
//! is told, `get` waits for ever, and so does `join`. It is the best-known trap
//! of `multiprocessing.Pool`, and the playground shows it rather than hiding it.

use std::panic::Location;
use std::sync::{Arc, Weak, mpsc};

use serde::{Deserialize, Serialize};

mod bell;
mod calls;
mod crew;
mod delivery;
mod duty;
mod feeder;
mod imap;
mod message;
mod office;
mod options;
mod result;
mod serialised;
mod slot;
mod task;
mod threads;
mod wait;
mod worker;

pub use calls::Chunked;
pub use imap::IMap;
pub use options::PoolOptions;
pub use result::AsyncResult;
pub use task::Task;

use crate::error::{Error, Result};
use crate::probe;
use crate::process::current;
use crew::Terms;
use office::{Office, Phase};
use wait::Wait;

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
/// Dropping a pool terminates it, as the end of Python's `with` does, and as a
/// pool that is collected: a program that does not `close` and `join` loses what is not done.
/// What still waits for a result of a terminated pool waits for ever, as in CPython.
pub struct Pool {
    inner: Arc<Inner>,
}

/// What the end of the process must be able to terminate.
pub(crate) struct Inner {
    office: Arc<Office>,
    /// The process that made it; in any other it is only a copy.
    owner: i32,
}

impl Pool {
    /// Starts `processes` workers, named `ForkPoolWorker-1` and so on.
    ///
    /// # Errors
    /// When the number is 0, this process is daemonic, or the kernel refuses.
    #[track_caller]
    pub fn new(processes: usize) -> Result<Pool> {
        Pool::options().processes(processes).start()
    }

    /// A pool of which more is to be said before it starts.
    pub fn options() -> PoolOptions {
        PoolOptions::default()
    }

    fn open(terms: Terms, maxtasksperchild: Option<u64>) -> Result<Pool> {
        probe::line_reached(terms.line);
        if terms.processes == 0 {
            return Err(Error::NoWorkers);
        }
        if current::is_daemon() {
            return Err(Error::DaemonicParent);
        }
        let inner = Arc::new(Inner {
            office: Arc::new(Office::new(terms, maxtasksperchild)?),
            owner: current::getpid(),
        });
        inner.open()?;
        current::add_pool(Arc::downgrade(&inner));
        Ok(Pool { inner })
    }

    /// The parent's side of it; in a child there is none.
    fn office(&self) -> Result<&Arc<Office>> {
        self.inner.check_owner()?;
        Ok(&self.inner.office)
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
        let line = Location::caller();
        probe::line_reached(line);
        let office = self.office()?;
        if office.phase() == Phase::Run {
            return Err(Error::PoolStillRunning);
        }
        if probe::on() {
            office.tell_of_waiting(line);
        }
        office.threads.join();
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
        self.office.threads.spawn(move || office.handle_workers(&born))?;
        let office = Arc::clone(&self.office);
        let first = births.recv().unwrap_or(Err(Error::PoolNotRunning));
        if first.is_err() {
            self.office.threads.join();
        }
        first?;
        self.office.threads.spawn(move || office.handle_results()).inspect_err(|_| self.terminate())
    }

    /// A copy in a child has neither threads nor workers.
    fn check_owner(&self) -> Result<()> {
        (self.owner == current::getpid()).then_some(()).ok_or(Error::PoolNotRunning)
    }

    /// Ends workers and threads and waits for them; does nothing the second time.
    pub(crate) fn terminate(&self) {
        if self.check_owner().is_ok() {
            self.office.terminate();
            self.office.threads.join();
        }
    }
}

impl Office {
    /// Waits for one worker after the other, and tells so.
    fn tell_of_waiting(&self, line: probe::Line) {
        let mut wait = Wait::new(line);
        let mut seen = Vec::new();
        while let Some(worker) =
            self.crew.list().into_iter().find(|worker| !seen.contains(&worker.child.pid()))
        {
            seen.push(worker.child.pid());
            if worker.child.is_running() {
                wait.for_process(worker.child.pid(), &worker.name);
                worker.child.wait_unreaped();
            }
        }
        wait.ends();
    }
}

/// The pools that a process has made.
pub(crate) type Pools = Vec<Weak<Inner>>;
