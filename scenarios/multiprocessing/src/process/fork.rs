//! Making a child, and the child's whole life.
//!
//! Only the thread that calls `fork(2)` exists in the child, but every lock is
//! copied as it was. So the locks that the child needs (standard output and
//! error, this library's state) are taken before and are the child's to release;
//! the C library does the same for its allocator.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use protocol::event::Role;

use super::child::Child;
use super::current::{self, Identity};
use super::{exit, panics};
use crate::error::{Error, Result};
use crate::sys::SystemExit;
use crate::{ids, probe};

/// Where and as what a child is born.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    /// The line that started it.
    pub(crate) line: probe::Line,
    /// What it is in the program.
    pub(crate) role: Role,
}

/// Forks a child that runs `body` and ends; returns in the parent only.
pub(crate) fn spawn(identity: &Identity, birth: Birth, body: impl FnOnce()) -> Result<Arc<Child>> {
    ids::counters()?;
    panics::install();
    exit::register();
    let parent_pid = current::getpid();

    // In this order, because who holds a stream may ask for its process's name, but not the other way round.
    let mut stdout = io::stdout().lock();
    let stderr = io::stderr().lock();
    let mut current = current::lock();
    // A line that waits in the buffer would be printed by both.
    let _ = stdout.flush();
    // SAFETY: the child uses only what the locks above and the C library's own handlers keep whole, and leaves by `_exit`.
    match unsafe { libc::fork() } {
        -1 => Err(Error::last_os("fork")),
        0 => {
            current.begin(identity.clone(), birth.role, parent_pid);
            drop((current, stdout, stderr));
            live(identity, birth, body)
        }
        pid => adopt(pid, identity.daemon),
    }
}

/// The parent's side: a child it could not wait for must not run.
fn adopt(pid: i32, daemon: bool) -> Result<Arc<Child>> {
    Child::new(pid, daemon).map(Arc::new).inspect_err(|_| {
        // SAFETY: `pid` is our child and not yet reaped, so it names no other process; the status is not asked for.
        unsafe {
            libc::kill(pid, libc::SIGKILL);
            libc::waitpid(pid, std::ptr::null_mut(), 0);
        }
    })
}

/// The child's life, CPython's `_bootstrap`: run, look after one's own children, flush, `_exit`.
fn live(identity: &Identity, birth: Birth, body: impl FnOnce()) -> ! {
    probe::process_named(Some(birth.line), &identity.name, birth.role);
    close_stdin();
    current::set_unwinds_on_exit();
    let code = outcome(body);
    outcome(exit::run);
    let _ = io::stdout().flush();
    // SAFETY: ends this process at once; nothing of Rust runs after it.
    unsafe { libc::_exit(code) }
}

/// Runs `body` and says what exit code its end means: 0, that of `sys::exit`, or 1 for a panic.
pub(crate) fn outcome(body: impl FnOnce()) -> i32 {
    let Err(thrown) = panic::catch_unwind(AssertUnwindSafe(body)) else { return 0 };
    thrown.downcast_ref::<SystemExit>().map_or(1, SystemExit::settle)
}

/// Two processes that read one terminal would each get half; CPython gives the child an empty input too.
fn close_stdin() {
    if let Ok(null) = File::open("/dev/null") {
        // SAFETY: both descriptors are valid numbers; 0 is replaced and the file closes its own at the end.
        unsafe { libc::dup2(null.as_raw_fd(), libc::STDIN_FILENO) };
    }
}
