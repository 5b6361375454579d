//! `Process`: a function that runs in a process of its own.
//!
//! `start` makes the child, by default as a fork: it has a copy of everything
//! the parent had, runs the target and ends; the parent goes on at once and may
//! `join`. The parts: [`Process`] and [`CustomProcess`] are two faces of one
//! [`BaseProcess`]; `child` is what the parent keeps of a child; `current` is
//! who this process is; `exit` is what happens to children when their parent
//! ends. How children are born and live is in [`start`].

use std::os::fd::BorrowedFd;
use std::panic::Location;
use std::time::Duration;

use crate::context;
use crate::error::{Error, Result};
use crate::start::work::{Closure, Work};
use crate::start::{self, Birth, Method};

mod base;
pub(crate) mod child;
pub(crate) mod current;
mod custom;
pub(crate) mod exit;
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
/// parent's memory, and never comes back from there. That is how `fork` works,
/// so a process with such a target can be started by `fork` only; one that a
/// [context](crate::get_context) makes can be started by its method.
///
/// Unlike Python's, the target is consumed by `start` or `run` and cannot run
/// twice. Dropping a `Process` neither waits nor kills, as in Python; the
/// children that are left are joined when the program ends.
pub struct Process<'a> {
    base: BaseProcess,
    work: Option<Box<dyn Work + 'a>>,
    /// Of the context that made it; else the default.
    method: Option<Method>,
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
        let work: Box<dyn Work + 'a> = Box::new(Closure { target, args });
        Process { base: BaseProcess::of_class("Process"), work: Some(work), method: None }
    }

    /// A process of a context.
    pub(crate) fn of_context(method: Method, class: &str, work: Box<dyn Work + 'a>) -> Process<'a> {
        Process { base: BaseProcess::of_class(class), work: Some(work), method: Some(method) }
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
    /// this process is daemonic, when what the child needs cannot go to it, or
    /// when the kernel refuses.
    #[track_caller]
    pub fn start(&mut self) -> Result<()> {
        let line = Location::caller();
        let identity = self.base.before_start(line, "Process")?;
        let method = self.method.unwrap_or_else(context::default_method);
        let child = start::start(method, &identity, Birth::of_process(line), &mut self.work)?;
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
        self.work.take().ok_or(Error::RunTwice)?.run();
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

    /// Lets go of the child, which must have ended. After that the object has a name and nothing else.
    ///
    /// # Errors
    /// When the child still runs.
    pub fn close(&mut self) -> Result<()> {
        self.base.close()
    }

    /// Becomes readable when the child has ended: for [`wait`](crate::wait), or `poll(2)` of one's own.
    ///
    /// # Errors
    /// Before `start`, and in any other process than the parent.
    pub fn sentinel(&self) -> Result<BorrowedFd<'_>> {
        self.base.sentinel()
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
