//! Looking again for a moment instead of going to sleep.
//!
//! A sleep and a wake cost some twenty microseconds, a look a few nanoseconds.
//! So it pays to look while the other side is running on another processor and
//! about to be done. When it shares this processor it cannot run while we look:
//! then the one thing that helps is to let it.

use std::hint;
use std::sync::LazyLock;

/// How many looks a short critical section of another processor may last.
const LOCK_LOOKS: u32 = 60;
/// How often to let others run who may be in the owner's way, before sleeping: to sleep, be handed the lock and wake
/// costs more than that.
const LOCK_YIELDS: u32 = 4;
/// How many looks a sleep and a wake across processors are worth: 20 µs at 25 ns each.
const PEER_LOOKS: u32 = 800;
/// How many looks it takes somebody who is awake to answer.
const ANSWER_LOOKS: u32 = 100;

/// Asks `done` again until it is true, while the owner, last seen on processor `owner`, may be about to be done.
pub(crate) fn for_a_lock(owner: Option<u32>, mut done: impl FnMut() -> bool) {
    // It cannot be about to be done on a processor that is busy with us.
    let looks = if owner == Some(processor()) { 0 } else { LOCK_LOOKS };
    for _ in 0..looks {
        hint::spin_loop();
        if done() {
            return;
        }
    }
    for _ in 0..LOCK_YIELDS {
        yield_now();
        if done() {
            return;
        }
    }
}

/// Asks `done` until it is true, while the other side, last seen on processor `peer`, may be about to be done, for about
/// as long as a sleep and a wake would cost.
///
/// When it was last seen on this very processor, it is let run first. That alone is no good, or two processes that
/// began on one processor would take turns there for ever, with another one free: it is by being kept waiting that
/// they are moved apart.
pub(crate) fn for_a_peer(peer: Option<u32>, done: impl Fn() -> bool) {
    if peer == Some(processor()) && !done() {
        yield_now();
    }
    look(if has_several_processors() { PEER_LOOKS } else { 1 }, &done);
}

/// Asks `done` for as long as somebody who is awake takes to answer. If there is no answer by then, it may be that who
/// was woken for it was put in line behind us: it is let run, and answers at once.
pub(crate) fn for_an_answer(done: impl Fn() -> bool) {
    if !look(ANSWER_LOOKS, done) {
        yield_now();
    }
}

/// Asks so often, and says whether it is done.
fn look(times: u32, done: impl Fn() -> bool) -> bool {
    for _ in 0..times {
        if done() {
            return true;
        }
        hint::spin_loop();
    }
    false
}

/// Whether this process may run on more than one processor, as it was when it was first asked.
fn has_several_processors() -> bool {
    static ANSWER: LazyLock<bool> = LazyLock::new(|| {
        // SAFETY: zeroes are a valid, empty set; the call fills the local, of which it is told the size.
        unsafe {
            let mut set = std::mem::zeroed::<libc::cpu_set_t>();
            libc::sched_getaffinity(0, size_of_val(&set), &mut set);
            libc::CPU_COUNT(&set) != 1
        }
    });
    *ANSWER
}

/// Lets whoever else wants this processor have it.
pub(crate) fn yield_now() {
    // SAFETY: no arguments, no memory.
    unsafe { libc::sched_yield() };
}

/// The number of the processor this thread runs on; a guess as soon as it is made.
pub(crate) fn processor() -> u32 {
    // SAFETY: no arguments, no memory; without the system call it returns -1.
    u32::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(0)
}
