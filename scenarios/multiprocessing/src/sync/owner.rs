//! Which thread of which process: a number that no other one of the family ever has.
//!
//! `gettid(2)` would be a system call, and the kernel gives a dead thread's
//! number to another one. So each thread that takes a lock draws a number from
//! the family's counter and keeps it. A child has its parent's memory, but is
//! not its parent: `pthread_atfork(3)` makes it draw anew.

use std::cell::Cell;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many forks lie between the first process and this one.
static GENERATION: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The generation in which the number was drawn, and the number; 0 is none.
    static DRAWN: Cell<(u32, u64)> = const { Cell::new((0, 0)) };
}

/// The number of the thread that calls.
#[inline]
pub(super) fn me() -> u64 {
    let (generation, number) = DRAWN.get();
    if number != 0 && generation == GENERATION.load(Ordering::Relaxed) { number } else { draw() }
}

#[cold]
fn draw() -> u64 {
    static ONCE: Once = Once::new();
    // SAFETY: the handler only adds to an atomic, which is allowed in a child of a fork.
    ONCE.call_once(|| unsafe {
        libc::pthread_atfork(None, None, Some(forked));
    });
    let counters = crate::ids::counters().expect("the counters were mapped when the lock was made");
    let number = counters.thread();
    DRAWN.set((GENERATION.load(Ordering::Relaxed), number));
    number
}

unsafe extern "C" fn forked() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}
