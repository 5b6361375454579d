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

use std::io::{self, Write};
use std::sync::Arc;

use super::life::{self, Born};
use super::work::Work;
use super::{Birth, forkserver};
use crate::error::{Error, Result};
use crate::probe;
use crate::process::child::Child;
use crate::process::current::{self, Identity};

/// Forks a child that does `work`; returns in the parent only.
pub(super) fn start<'a>(
    identity: &Identity,
    birth: Birth,
    work: &mut Option<Box<dyn Work + 'a>>,
) -> Result<Arc<Child>> {
    let parent = super::parent();
    // In this order, because who holds a stream may ask for its process's name, but not the other way round.
    let mut stdout = io::stdout().lock();
    let stderr = io::stderr().lock();
    let server = forkserver::lock();
    let mut current = current::lock();
    // A line that waits in the buffer would be printed by both.
    let _ = stdout.flush();
    // SAFETY: the child uses only what the locks above and the C library's own handlers keep whole, and leaves by `_exit`.
    match unsafe { libc::fork() } {
        -1 => Err(Error::last_os("fork")),
        0 => {
            let tied_to = birth.tied.then_some(parent.pid());
            current.begin(identity.clone(), birth.role, parent);
            drop((current, server, stdout, stderr));
            let at = probe::on().then(|| probe::place(birth.line));
            let born = Born { name: &identity.name, role: birth.role, at, tied_to };
            life::live(born, || work.take().into_iter().for_each(|work| work.run()))
        }
        pid => Child::adopt(pid, identity),
    }
}
