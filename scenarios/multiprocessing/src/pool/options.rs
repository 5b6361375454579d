//! What can be said of a pool before it starts: the keyword arguments of Python's `Pool`.

use std::marker::PhantomData;
use std::panic::Location;

use super::Pool;
use super::crew::Terms;
use super::duty::{Initargs, Initializer};
use crate::context::{self, Context};
use crate::error::{Error, Result};
use crate::process::Target;
use crate::start::Method;
use crate::start::arguments::Arguments;

/// A pool that is not yet started.
///
/// ```no_run
/// use multiprocessing::Pool;
///
/// fn greet(name: &'static str) {
///     println!("a worker for {name}");
/// }
///
/// // Python: Pool(5, initializer=greet, initargs=("小明",), maxtasksperchild=2)
/// let pool = Pool::options().processes(5).initializer(greet, ("小明",)).maxtasksperchild(2).start()?;
/// # drop(pool);
/// # Ok::<(), multiprocessing::Error>(())
/// ```
#[derive(Default)]
#[must_use = "it becomes a pool by `start`"]
pub struct PoolOptions {
    processes: Option<usize>,
    method: Option<Method>,
    initializer: Option<Box<dyn Initializer>>,
    maxtasksperchild: Option<u64>,
    lost_tasks_fail: bool,
}

impl PoolOptions {
    /// How many workers; `os.cpu_count()` if it is not said.
    pub fn processes(mut self, processes: usize) -> Self {
        self.processes = Some(processes);
        self
    }

    /// Workers are started by this method instead of the default: Python's argument `context`.
    pub fn context(mut self, context: Context) -> Self {
        self.method = Some(context.get_start_method());
        self
    }

    /// Each worker calls `initializer` with `initargs` before its first task.
    ///
    /// It is a function or a closure that captures nothing, as a task is. Its
    /// arguments may be shared objects: only here they can be given to workers
    /// that are not forked.
    ///
    /// If it raises, the pool is broken: the message is printed, every task
    /// fails with it, and no more are taken. In CPython the worker is replaced,
    /// the next one raises too, and so on for ever.
    pub fn initializer<F, Args, K>(mut self, initializer: F, initargs: Args) -> Self
    where
        F: Target<Args> + Copy + Send + Sync + 'static,
        Args: Arguments<K> + Clone + Send + Sync + 'static,
        K: 'static,
    {
        let kinds = PhantomData;
        self.initializer = Some(Box::new(Initargs { initializer, initargs, kinds }));
        self
    }

    /// A worker that has done so many tasks ends, and a fresh one takes its place. A chunk of `map` counts as one.
    pub fn maxtasksperchild(mut self, tasks: u64) -> Self {
        self.maxtasksperchild = Some(tasks);
        self
    }

    /// The task of a worker that dies fails, instead of being waited for in vain.
    ///
    /// Python's `Pool` cannot do this: a killed worker is replaced, and nobody
    /// is told that its task is gone. `concurrent.futures` tells, in these words,
    /// but gives up the whole pool; here the others go on.
    pub fn lost_tasks_fail(mut self) -> Self {
        self.lost_tasks_fail = true;
        self
    }

    /// Starts the workers.
    ///
    /// # Errors
    /// When a number is 0, this process is daemonic, or the kernel refuses.
    #[track_caller]
    pub fn start(self) -> Result<Pool> {
        if self.maxtasksperchild == Some(0) {
            return Err(Error::NoTasksPerChild);
        }
        let terms = Terms {
            processes: self.processes.unwrap_or_else(cpu_count),
            method: self.method.unwrap_or_else(context::default_method),
            lost_tasks_fail: self.lost_tasks_fail,
            initializer: self.initializer,
            line: Location::caller(),
        };
        Pool::open(terms, self.maxtasksperchild)
    }
}

/// `os.cpu_count()`: the processors that are online, whether or not this process may use them.
fn cpu_count() -> usize {
    // SAFETY: plain numbers.
    let online = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    usize::try_from(online).unwrap_or(0).max(1)
}
