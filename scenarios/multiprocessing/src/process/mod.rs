//! `Process`: a function that runs in a process of its own.
//!
//! `start` forks: the child has a copy of everything the parent had, runs the
//! target and ends; the parent goes on at once and may `join`. The parts:
//! [`Process`] and [`CustomProcess`] are two faces of one [`BaseProcess`];
//! `fork` makes the child and says how it lives and ends; `child` is what the
//! parent keeps of it; `current` is who this process is; `exit` is what happens
//! to children when their parent ends.

use std::panic::Location;
use std::time::Duration;

use protocol::event::Role;

use crate::error::{Error, Result};

mod base;
pub(crate) mod child;
pub(crate) mod current;
mod custom;
pub(crate) mod exit;
pub(crate) mod fork;
pub(crate) mod panics;
mod target;

pub use base::BaseProcess;
pub use current::{CurrentProcess, ParentProcess, active_children, current_process, parent_process};
pub use custom::CustomProcess;
pub use target::{Outcome, Target};

/// A process that runs a function, as Python's `multiprocessing.Process`.
///
/// ```no_run
/// use multiprocessing::Process;
///
/// fn sing(seconds: f64) {
///     println!("la la la, every {seconds} s");
/// }
///
/// let mut p = Process::new(sing, (1.0,)).name("singer");
/// p.start()?;
/// p.join()?;
/// assert_eq!(p.exitcode(), Some(0));
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// The target may borrow: the child runs inside `start`, on a copy of the
/// parent's memory, and never comes back from there.
///
/// Unlike Python's, the target is consumed by `start` or `run` and cannot run
/// twice. Dropping a `Process` neither waits nor kills, as in Python; the
/// children that are left are joined when the program ends.
pub struct Process<'a> {
    base: BaseProcess,
    target: Option<Box<dyn FnOnce() + 'a>>,
}

impl<'a> Process<'a> {
    /// A process that will call `target` with `args`, a tuple of up to four.
    ///
    /// Its name is `Process-1`, `Process-2` … in the order of creation, and
    /// `Process-1:1` for the first child of `Process-1`. It is daemonic if this
    /// process is.
    pub fn new<F, A>(target: F, args: A) -> Process<'a>
    where
        F: Target<A> + 'a,
        A: 'a,
    {
        let target = move || target.call(args);
        Process { base: BaseProcess::of_class("Process"), target: Some(Box::new(target)) }
    }

    /// Gives it a name of your own.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.set_name(name);
        self
    }

    /// Makes it daemonic: it may have no children and is terminated when its parent ends.
    #[must_use]
    pub fn daemon(mut self, daemon: bool) -> Self {
        self.base.set_daemon(daemon);
        self
    }

    /// Starts the child process.
    ///
    /// # Errors
    /// When it was started before, when another process made the object, when
    /// this process is daemonic, or when the kernel refuses to fork.
    #[track_caller]
    pub fn start(&mut self) -> Result<()> {
        let line = Location::caller();
        let identity = self.base.before_start(line, "Process")?;
        // The child takes its copy of the target; the parent's is dropped here, as CPython forgets it.
        let target = self.target.take();
        let birth = fork::Birth { line, role: Role::Process };
        let child = fork::spawn(&identity, birth, || target.into_iter().for_each(|target| target()))?;
        self.base.started(child);
        Ok(())
    }

    /// Runs the target here, in the present process; no process is made.
    ///
    /// # Errors
    /// When the target has already run or went to the child.
    #[track_caller]
    pub fn run(&mut self) -> Result<()> {
        crate::probe::line_reached(Location::caller());
        let target = self.target.take().ok_or(Error::RunTwice)?;
        target();
        Ok(())
    }

    /// Waits until the child has ended.
    ///
    /// # Errors
    /// Before `start`, and in any other process than the parent.
    #[track_caller]
    pub fn join(&self) -> Result<()> {
        self.base.join_at(Location::caller())
    }

    /// Waits until the child has ended, but no longer than `timeout`; says whether it has.
    ///
    /// Python's `join(timeout)` returns nothing and lets one ask `exitcode`.
    ///
    /// # Errors
    /// As [`join`](Self::join).
    #[track_caller]
    pub fn join_timeout(&self, timeout: Duration) -> Result<bool> {
        self.base.join_timeout_at(Location::caller(), timeout)
    }

    /// Asks the child to end, by `SIGTERM`. Its own children become orphans.
    ///
    /// # Errors
    /// Before `start`, and when the kernel refuses.
    #[track_caller]
    pub fn terminate(&self) -> Result<()> {
        self.base.signal_at(Location::caller(), libc::SIGTERM, "terminate")
    }

    /// Ends the child without asking, by `SIGKILL`.
    ///
    /// # Errors
    /// As [`terminate`](Self::terminate).
    #[track_caller]
    pub fn kill(&self) -> Result<()> {
        self.base.signal_at(Location::caller(), libc::SIGKILL, "kill")
    }

    /// Whether the child was started and has not ended.
    pub fn is_alive(&self) -> bool {
        self.base.is_alive()
    }

    /// The exit code: `None` before the child has ended, `-N` when signal N ended it.
    pub fn exitcode(&self) -> Option<i32> {
        self.base.exitcode()
    }

    /// The pid, once started.
    pub fn pid(&self) -> Option<i32> {
        self.base.pid()
    }

    /// The name.
    pub fn get_name(&self) -> &str {
        self.base.name()
    }

    /// Changes the name; the child learns it if it is not yet started.
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.base.set_name(name.into());
    }

    /// Whether it is daemonic.
    pub fn is_daemon(&self) -> bool {
        self.base.is_daemon()
    }
}
