//! `fork`: the child is a copy of its parent, as it was at that moment.
//!
//! `fork(2)` returns twice, once in the parent and once in a process that has
//! all the parent's variables with their present values, its open files, its
//! event socket. So the target may borrow and capture whatever it likes, and
//! nothing has to be written down. The pages are copied only when one of the
//! two writes to them, but the tables that name the pages are copied at once:
//! a parent of 256 MB takes ten milliseconds to fork.
//!
//! **Danger.** Only the thread that calls `fork` exists in the child, but every
//! lock is copied as it was. One that another thread held stays locked for ever
//! in the child. The locks that this library's children need (standard output
//! and error, the library's own state) are therefore taken before and are the
//! child's to release; the C library does the same for its allocator. For locks
//! of the program nobody does: in a program with threads of its own, spawn.

use std::io::{self, StderrLock, StdoutLock, Write};
use std::sync::{Arc, MutexGuard};

use super::Birth;
use super::forkserver::{self, Server};
use super::life::{self, Born};
use super::work::Work;
use crate::error::{Error, Result};
use crate::process::child::Child;
use crate::process::current::{self, Current, Identity};
use crate::resource_tracker::{self, Tracker};
use crate::shared::Region;
use crate::{heap, probe};

/// Forks a child that does `work`; returns in the parent only.
pub(super) fn start<'a>(
    identity: &Identity,
    birth: Birth,
    work: &mut Option<Box<dyn Work + 'a>>,
) -> Result<Arc<Child>> {
    let parent = super::parent();
    let mut locks = Locks::take();
    // A line that waits in the buffer would be printed by both.
    let _ = locks.stdout.flush();
    // SAFETY: the child uses only what the locks above and the C library's own handlers keep whole, and leaves by `_exit`.
    match unsafe { libc::fork() } {
        -1 => Err(Error::last_os("fork")),
        0 => {
            let tied_to = birth.tied.then_some(parent.pid());
            locks.current.begin(identity.clone(), birth.role, parent);
            drop(locks);
            life::close_stdin();
            let at = probe::on().then(|| probe::place(birth.line));
            let born = Born { name: &identity.name, role: birth.role, at, tied_to };
            life::live(born, || work.take().into_iter().for_each(|work| work.run()))
        }
        pid => Child::adopt(pid, identity),
    }
}

/// Every lock that a child may need, held across a fork so that the child finds what they guard whole.
pub(crate) struct Locks {
    pub(crate) current: MutexGuard<'static, Current>,
    _heap: MutexGuard<'static, Option<Arc<Region>>>,
    _server: MutexGuard<'static, Option<Server>>,
    _tracker: MutexGuard<'static, Option<Tracker>>,
    _stderr: StderrLock<'static>,
    pub(crate) stdout: StdoutLock<'static>,
}

impl Locks {
    /// Takes them in this order: who holds a stream may ask for its process's name, but not the other way round.
    pub(crate) fn take() -> Locks {
        let stdout = io::stdout().lock();
        let _stderr = io::stderr().lock();
        let _server = forkserver::lock();
        let _tracker = resource_tracker::lock();
        let _heap = heap::lock();
        Locks { current: current::lock(), _heap, _server, _tracker, _stderr, stdout }
    }
}
