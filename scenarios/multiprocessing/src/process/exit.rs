//! The end of a process that has children: CPython's `_exit_function`.
//!
//! Pools are terminated, daemonic children are terminated, and then all
//! children are joined; a fork server, which nobody needs any more, ends, too. In the main process this runs when `main` returns or
//! `std::process::exit` is called, through `atexit(3)`; in a child when its
//! target is done. A process ended by a signal leaves its children behind.

use std::panic;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Once, Weak};

use super::current;
use crate::resource_tracker;
use crate::start::forkserver;

/// The process whose end runs [`run`] through `atexit`.
static REGISTERED: AtomicI32 = AtomicI32::new(0);

/// Makes sure that this process's main function is followed by [`run`]; a child does that itself, at the end of its life.
pub(crate) fn register() {
    if current::is_child() {
        return;
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        REGISTERED.store(current::getpid(), Ordering::Relaxed);
        // SAFETY: the handler is a plain function that lives as long as the program.
        unsafe { libc::atexit(at_exit) };
    });
}

/// In a child of `os.fork`, which ends as its parent would: the duty is its own if it was its parent's.
pub(crate) fn inherit(parent: i32) {
    let _ = REGISTERED.compare_exchange(parent, current::getpid(), Ordering::Relaxed, Ordering::Relaxed);
}

extern "C" fn at_exit() {
    // Children inherit the registration, but not the duty: they end by `_exit` or leave it alone.
    if REGISTERED.load(Ordering::Relaxed) == current::getpid() {
        let _ = panic::catch_unwind(run);
    }
}

/// Ends what depends on this process and waits for it.
pub(crate) fn run() {
    for pool in current::pools().iter().filter_map(Weak::upgrade) {
        pool.terminate();
    }
    let children = current::children();
    for child in children.iter().filter(|child| child.is_daemon()) {
        let _ = child.signal(libc::SIGTERM);
    }
    for child in children {
        let _ = child.join(None, None);
    }
    forkserver::stop();
    resource_tracker::leave();
}
