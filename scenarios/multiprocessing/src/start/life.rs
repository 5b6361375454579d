//! A child's life, CPython's `_bootstrap`: run, look after one's own children, flush, `_exit`.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::panic::{self, AssertUnwindSafe};

use protocol::At;
use protocol::event::Role;

use crate::probe;
use crate::process::{current, exit};
use crate::sys::SystemExit;

/// Who a child is when its life begins.
pub(super) struct Born<'a> {
    pub(super) name: &'a str,
    pub(super) role: Role,
    /// The line of its parent that started it, if anybody watches.
    pub(super) at: Option<At>,
    /// The kernel's parent, if the child is to be killed when that ends.
    pub(super) tied_to: Option<i32>,
}

/// The whole life of a child whose state is already its own.
pub(super) fn live(born: Born<'_>, body: impl FnOnce()) -> ! {
    if let Some(parent) = born.tied_to {
        die_with(parent);
    }
    probe::child_named(born.at, born.name, born.role);
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

/// Has this process killed when the thread that made it is gone, `PR_SET_PDEATHSIG`.
fn die_with(parent: i32) {
    // SAFETY: plain numbers.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // It may have gone before the call.
    if current::getppid() != parent {
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(1) };
    }
}

/// Two processes that read one terminal would each get half; CPython gives the child an empty input too.
pub(crate) fn close_stdin() {
    if let Ok(null) = File::open("/dev/null") {
        // SAFETY: both descriptors are valid numbers; 0 is replaced and the file closes its own at the end.
        unsafe { libc::dup2(null.as_raw_fd(), libc::STDIN_FILENO) };
    }
}
