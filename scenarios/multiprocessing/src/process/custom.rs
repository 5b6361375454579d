//! A process type of one's own: Python's `class MyProcess(Process)`.

use std::any;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::base::{BaseProcess, caller};
use super::target::Outcome;
use crate::context::{self, Context};
use crate::error::Result;
use crate::start::work::{Object, Portable, Work};
use crate::start::{self, Birth};

/// A type of one's own that says what the child does by its `run`.
///
/// ```no_run
/// use multiprocessing::{BaseProcess, CustomProcess};
///
/// #[derive(Default)]
/// struct MyProcess {
///     base: BaseProcess,              // class MyProcess(Process):
///     title: String,
/// }
///
/// impl MyProcess {
///     fn new(title: &str) -> MyProcess {      // def __init__(self, title):
///         let mut this = MyProcess::default();
///         this.init();                        //     super().__init__()
///         this.title = title.to_owned();      //     self.title = title
///         this
///     }
/// }
///
/// impl CustomProcess for MyProcess {
///     type Outcome = ();
///     fn base(&self) -> &BaseProcess { &self.base }
///     fn base_mut(&mut self) -> &mut BaseProcess { &mut self.base }
///     fn run(&mut self) {                     // def run(self):
///         println!("{} runs", self.title);
///     }
/// }
///
/// let mut p = MyProcess::new("小明");
/// p.start()?;
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// **Forgetting the base initialiser.** Without `this.init()` the object exists
/// and has all its fields, and `start` fails with the words of CPython 3.11:
/// *'MyProcess' object has no attribute '_closed'*. Nothing is forked.
pub trait CustomProcess {
    /// What `run` returns: `()`, or a `Result` whose error ends the child with exit code 1.
    type Outcome: Outcome;

    /// Where the type keeps its [`BaseProcess`].
    fn base(&self) -> &BaseProcess;

    /// The same, to change it.
    fn base_mut(&mut self) -> &mut BaseProcess;

    /// What the child does after `start`. Called directly, it runs in the present process.
    fn run(&mut self) -> Self::Outcome;

    /// `super().__init__()`: takes the next number; the name becomes `MyProcess-1`.
    fn init(&mut self) {
        self.base_mut().init(class_name::<Self>());
    }

    /// Starts the child process, which calls [`run`](Self::run) on its copy of the object.
    ///
    /// # Errors
    /// As [`Process::start`](super::Process::start), and when `init` was never called. Without a context only `fork`
    /// can start it; [`start_with`](Self::start_with) is for all methods.
    #[track_caller]
    fn start(&mut self) -> Result<()> {
        let line = caller();
        let identity = self.base().before_start(line, class_name::<Self>())?;
        let mut work: Option<Box<dyn Work + '_>> = Some(Box::new(Object(self)));
        let child = start::start(context::default_method(), &identity, Birth::of_process(line), &mut work)?;
        drop(work);
        self.base_mut().started(child);
        Ok(())
    }

    /// Starts the child process by the method of a context, which may be none that copies: the child then
    /// [`run`](Self::run)s what it reads of the object. In Python the class says which: `class MyProcess(ctx.Process)`.
    ///
    /// # Errors
    /// As [`start`](Self::start), and when a field cannot be sent.
    #[track_caller]
    fn start_with(&mut self, ctx: Context) -> Result<()>
    where
        Self: Sized + Serialize + Deserialize<'static>,
    {
        let line = caller();
        let identity = self.base().before_start(line, class_name::<Self>())?;
        let mut work: Option<Box<dyn Work + '_>> = Some(Box::new(Portable(self)));
        let child = start::start(ctx.get_start_method(), &identity, Birth::of_process(line), &mut work)?;
        drop(work);
        self.base_mut().started(child);
        Ok(())
    }

    /// Waits until the child has ended.
    ///
    /// # Errors
    /// As [`Process::join`](super::Process::join).
    #[track_caller]
    fn join(&self) -> Result<()> {
        let line = caller();
        self.base().check_initialised(class_name::<Self>())?;
        self.base().join_at(line)
    }

    /// Waits until the child has ended, but no longer than `timeout`; says whether it has.
    ///
    /// # Errors
    /// As [`Process::join`](super::Process::join).
    #[track_caller]
    fn join_timeout(&self, timeout: Duration) -> Result<bool> {
        let line = caller();
        self.base().check_initialised(class_name::<Self>())?;
        self.base().join_timeout_at(line, timeout)
    }

    /// Asks the child to end, by `SIGTERM`.
    ///
    /// # Errors
    /// Before `start`, and when the kernel refuses.
    #[track_caller]
    fn terminate(&self) -> Result<()> {
        self.base().signal_at(caller(), libc::SIGTERM, "terminate")
    }

    /// Ends the child without asking, by `SIGKILL`.
    ///
    /// # Errors
    /// As [`terminate`](Self::terminate).
    #[track_caller]
    fn kill(&self) -> Result<()> {
        self.base().signal_at(caller(), libc::SIGKILL, "kill")
    }

    /// Whether the child was started and has not ended.
    fn is_alive(&self) -> bool {
        self.base().is_alive()
    }

    /// The exit code: `None` before the child has ended, `-N` when signal N ended it.
    fn exitcode(&self) -> Option<i32> {
        self.base().exitcode()
    }

    /// The pid, once started.
    fn pid(&self) -> Option<i32> {
        self.base().pid()
    }

    /// The name.
    fn name(&self) -> &str {
        self.base().name()
    }

    /// `self.name = name`.
    fn set_name(&mut self, name: impl Into<String>) {
        self.base_mut().set_name(name.into());
    }

    /// Whether it is daemonic.
    fn daemon(&self) -> bool {
        self.base().is_daemon()
    }

    /// `self.daemon = True`: it may have no children and is terminated when its parent ends.
    fn set_daemon(&mut self, daemon: bool) {
        self.base_mut().set_daemon(daemon);
    }
}

/// The type's own name, without its path and parameters.
fn class_name<T: ?Sized>() -> &'static str {
    let full = any::type_name::<T>();
    let bare = full.split('<').next().unwrap_or(full);
    bare.rsplit("::").next().unwrap_or(bare)
}
