//! Python's `os`, as far as it is about processes: `fork`, `wait`, `kill`, `_exit`.
//!
//! [`Process`](crate::Process) is built from these calls; here they are bare, as the
//! kernel has them and as Python's module of the same name shows them. They are safe
//! to call, which is not to say that they are without dangers: each function names its own.
//!
//! A forked child **goes on in the middle of the program**, with a copy of everything,
//! and unless it leaves by [`_exit`] it runs the rest of it: the rest of `main` when
//! the main process forked, the rest of the target when the child of a `Process` did.
//! At the end it looks after the children that it has itself made by then, and after nobody else's.
//!
//! In the log a forked child is called `fork-1`, `fork-2` … in the order in which its
//! parent made them, and `fork-1:2` if `fork-1` made it. That is for whoever watches:
//! to the program it is what its parent was, as in Python, where `current_process()`
//! does not notice. `current_process().set_name(…)` gives it a name of its own.

use std::panic::Location;

use protocol::event::{ProgramEvent, Role, SyncKind, SyncObject};

use crate::error::{Error, Result};
use crate::process::child::{self, interrupted};
use crate::process::{current, exit, panics};
use crate::start::fork::Locks;
use crate::{ids, probe, signal};

pub use crate::process::current::{getpid, getppid};

/// For [`waitpid`]: do not wait, only look.
pub const WNOHANG: i32 = libc::WNOHANG;
/// For [`waitpid`]: return also when the child was stopped by a signal.
pub const WUNTRACED: i32 = libc::WUNTRACED;
/// For [`waitpid`]: return also when the child was continued by `SIGCONT`.
pub const WCONTINUED: i32 = libc::WCONTINUED;

/// `os.fork()`: from here on there are two processes. Returns 0 in the child and its pid in the parent.
///
/// # Dangers
/// Only the calling thread lives on in the child. A lock that another thread held
/// stays locked there for ever, and a [`Pool`](crate::Pool) has no threads to hand out
/// its tasks: fork before there are threads. What is buffered and not yet written
/// (a `print!` without a newline) is copied too, and both processes write it.
/// Whatever `main` had on its stack is dropped in both processes.
///
/// # Errors
/// When the kernel refuses: too many processes, or no memory.
#[track_caller]
pub fn fork() -> Result<i32> {
    let line = Location::caller();
    probe::line_reached(line);
    ids::counters()?;
    panics::install();
    exit::register();
    // As for the child of a `Process`: locks that are held now are whole in the child, and its own to release.
    let mut locks = Locks::take();
    let parent = getpid();
    // SAFETY: the locks above and the C library's own handlers keep whole what the child finds; threads are
    // said to be the caller's danger, and a lock of theirs can hang the child but cannot break its memory.
    match unsafe { libc::fork() } {
        -1 => Err(Error::last_os("fork")),
        0 => {
            let label = locks.current.split();
            exit::inherit(parent);
            drop(locks);
            probe::process_named(Some(line), &label, Role::Process);
            Ok(0)
        }
        pid => {
            locks.current.forked(pid);
            Ok(pid)
        }
    }
}

/// `os.wait()`: waits until any child has ended; returns its pid and status.
///
/// # Dangers
/// It may take the status of a `Process`, whose `join` then has nothing to wait for.
///
/// # Errors
/// `ECHILD` when there is no child to wait for (`ChildProcessError`), also when
/// `SIGCHLD` is ignored: then the kernel buries children by itself and tells nobody how they ended.
#[track_caller]
pub fn wait() -> Result<(i32, i32)> {
    waitpid(-1, 0)
}

/// `os.waitpid(pid, options)`: waits until that child has ended; returns its pid and status.
///
/// `-1` is any child. With [`WNOHANG`] it does not wait and returns `(0, 0)` if nothing has happened.
/// A signal with a handler interrupts the wait for as long as the handler runs, PEP 475.
///
/// # Errors
/// As [`wait`].
#[track_caller]
pub fn waitpid(pid: i32, options: i32) -> Result<(i32, i32)> {
    let line = Location::caller();
    probe::line_reached(line);
    // Which child it will be is known only here, and only a wait that really waits is told.
    if pid <= 0 || options & WNOHANG != 0 || !probe::on() {
        return wait4(pid, options);
    }
    let ended = wait4(pid, options | WNOHANG)?;
    if ended.0 != 0 {
        return Ok(ended);
    }
    probe::send(Some(line), ProgramEvent::SyncWaiting(awaited(pid)));
    let ended = wait4(pid, options)?;
    probe::send(Some(line), ProgramEvent::SyncAcquired(awaited(pid)));
    Ok(ended)
}

fn wait4(pid: i32, options: i32) -> Result<(i32, i32)> {
    signal::run_pending();
    loop {
        let mut status = 0;
        // SAFETY: `status` is a local that the call fills.
        match unsafe { libc::waitpid(pid, &mut status, options) } {
            -1 if interrupted() => signal::run_pending(),
            -1 => return Err(Error::last_os("waitpid")),
            pid => return Ok((pid, status)),
        }
    }
}

/// What is waited for, in the words of the log.
fn awaited(pid: i32) -> SyncObject {
    let name = current::label_of_fork(pid).unwrap_or_else(|| format!("pid {pid}"));
    SyncObject { object: pid as u64, name, kind: SyncKind::Process }
}

/// `os.waitstatus_to_exitcode(status)`: the exit code, or minus the number of the signal that ended it.
pub fn waitstatus_to_exitcode(status: i32) -> i32 {
    child::exit_code(status)
}

/// `os.WIFSTOPPED(status)`: whether [`waitpid`] returned because a signal stopped the child.
pub fn wifstopped(status: i32) -> bool {
    libc::WIFSTOPPED(status)
}

/// `os.WIFCONTINUED(status)`: whether [`waitpid`] returned because `SIGCONT` continued the child.
pub fn wifcontinued(status: i32) -> bool {
    libc::WIFCONTINUED(status)
}

/// `os.kill(pid, sig)`: sends a signal; 0 sends none and only asks whether the process exists.
///
/// Sent to oneself, its handler has run when this returns.
///
/// # Dangers
/// A pid is a number and no handle: when the process has been waited for, the number
/// may be somebody else's. `0` and `-1` are groups and everybody.
///
/// # Errors
/// `ESRCH` when there is no such process (`ProcessLookupError`), `EPERM` when it is not
/// yours to signal (`PermissionError`), `EINVAL` when there is no such signal.
#[track_caller]
pub fn kill(pid: i32, sig: i32) -> Result<()> {
    probe::line_reached(Location::caller());
    // SAFETY: plain numbers.
    if unsafe { libc::kill(pid, sig) } != 0 {
        return Err(Error::last_os("kill"));
    }
    signal::run_pending();
    Ok(())
}

/// `os._exit(code)`: ends this process at once. Nothing is dropped, no buffer is written,
/// no child is waited for; the low eight bits of `code` reach the parent.
#[track_caller]
pub fn _exit(code: i32) -> ! {
    probe::line_reached(Location::caller());
    // SAFETY: ends this process; nothing of Rust runs after it.
    unsafe { libc::_exit(code) }
}
