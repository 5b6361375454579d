//! What every process object has, whatever its class: `BaseProcess` of CPython.

use std::os::fd::BorrowedFd;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::child::Child;
use super::current::{self, Identity};
use crate::error::{Error, Result};
use crate::probe::{self, Line};

/// The state behind a [`Process`](super::Process) or a type of one's own.
///
/// [`BaseProcess::default`] is what Python's `__new__` makes: an object that
/// exists and cannot do anything. `init` (in [`CustomProcess`](super::CustomProcess))
/// is `super().__init__()`. Whoever forgets it gets from `start` what Python
/// gives: *'MyProcess' object has no attribute '_closed'*.
///
/// It is a `serde` value, so that a custom process with `serde` fields can be
/// sent to a child that is no copy of its parent.
#[derive(Default, Serialize, Deserialize)]
pub struct BaseProcess {
    inner: Option<Inner>,
    early_name: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Inner {
    identity: Identity,
    creator: i32,
    /// The process that made the object has it; a copy of the object has none.
    #[serde(skip)]
    child: Option<Arc<Child>>,
    closed: bool,
}

impl BaseProcess {
    /// An initialised object of a class.
    pub(crate) fn of_class(class: &str) -> BaseProcess {
        let mut base = BaseProcess::default();
        base.init(class);
        base
    }

    /// `__init__`: takes the next number, and from it a name.
    pub(crate) fn init(&mut self, class: &str) {
        let identity = current::new_identity(class);
        self.inner = Some(Inner { identity, creator: current::getpid(), child: None, closed: false });
    }

    /// The first half of `start`: whether it may, in the name of `class`, and who the child will be.
    pub(crate) fn before_start(&self, line: Line, class: &'static str) -> Result<Identity> {
        probe::line_reached(line);
        let inner = self.inner.as_ref().ok_or(Error::NotInitialised(class))?;
        if inner.closed {
            return Err(Error::ProcessClosed);
        }
        if inner.child.is_some() {
            return Err(Error::StartedTwice);
        }
        if inner.creator != current::getpid() {
            return Err(Error::NotCreator);
        }
        if current::is_daemon() {
            return Err(Error::DaemonicParent);
        }
        current::reap_finished();
        Ok(inner.identity.clone())
    }

    /// The second half of `start`: the child belongs to this object.
    pub(crate) fn started(&mut self, child: Arc<Child>) {
        current::add_child(Arc::clone(&child));
        if let Some(inner) = &mut self.inner {
            inner.child = Some(child);
        }
    }

    /// `join()`.
    pub(crate) fn join_at(&self, line: Line) -> Result<()> {
        probe::line_reached(line);
        self.own_child("join")?.join(Some(line), None)?;
        current::reap_finished();
        Ok(())
    }

    /// `join(timeout)`.
    pub(crate) fn join_timeout_at(&self, line: Line, timeout: Duration) -> Result<bool> {
        probe::line_reached(line);
        let ended = self.own_child("join")?.join(Some(line), Some(timeout))?;
        current::reap_finished();
        Ok(ended)
    }

    /// `close()`: lets go of what the object holds of its child.
    pub(crate) fn close(&mut self) -> Result<()> {
        let Some(inner) = &mut self.inner else { return Ok(()) };
        if inner.child.as_ref().is_some_and(|child| child.poll().is_none()) {
            return Err(Error::StillRunning);
        }
        inner.child = None;
        inner.closed = true;
        Ok(())
    }

    /// `sentinel`.
    pub(crate) fn sentinel(&self) -> Result<BorrowedFd<'_>> {
        Ok(self.own_child("watch")?.sentinel())
    }

    /// `terminate()`, `kill()`.
    pub(crate) fn signal_at(&self, line: Line, signal: i32, step: &'static str) -> Result<()> {
        probe::line_reached(line);
        let inner = self.inner.as_ref().ok_or(Error::NotStarted(step))?;
        if inner.closed {
            return Err(Error::ProcessClosed);
        }
        inner.child.as_ref().ok_or(Error::NotStarted(step))?.signal(signal)
    }

    /// The child, if it was started and is this process's own.
    fn own_child(&self, step: &'static str) -> Result<&Arc<Child>> {
        let inner = self.inner.as_ref().ok_or(Error::NotInitialised("Process"))?;
        if inner.closed {
            return Err(Error::ProcessClosed);
        }
        if inner.creator != current::getpid() {
            return Err(Error::NotChild(step));
        }
        inner.child.as_ref().ok_or(Error::NotStarted(step))
    }

    /// Whether this object is the process in which it is asked.
    fn is_current(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| current::is_path(&inner.identity.path))
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.is_current() || self.own_child("test").is_ok_and(|child| child.poll().is_none())
    }

    pub(crate) fn exitcode(&self) -> Option<i32> {
        self.own_child("ask").ok()?.poll()
    }

    pub(crate) fn pid(&self) -> Option<i32> {
        if self.is_current() {
            return Some(current::getpid());
        }
        Some(self.inner.as_ref()?.child.as_ref()?.pid())
    }

    pub(crate) fn name(&self) -> &str {
        match (&self.inner, &self.early_name) {
            (Some(inner), _) => &inner.identity.name,
            (None, Some(name)) => name,
            (None, None) => "",
        }
    }

    pub(crate) fn set_name(&mut self, name: String) {
        match &mut self.inner {
            Some(inner) => inner.identity.name = name,
            None => self.early_name = Some(name),
        }
    }

    pub(crate) fn is_daemon(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.identity.daemon)
    }

    pub(crate) fn set_daemon(&mut self, daemon: bool) {
        if let Some(inner) = &mut self.inner {
            inner.identity.daemon = daemon;
        }
    }

    /// Says that the base initialiser was forgotten, in the name of the class.
    pub(crate) fn check_initialised(&self, class: &'static str) -> Result<()> {
        self.inner.is_some().then_some(()).ok_or(Error::NotInitialised(class))
    }
}

/// The line of whoever called the caller.
#[track_caller]
pub(crate) fn caller() -> Line {
    Location::caller()
}
