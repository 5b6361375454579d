//! Looking again for a moment instead of going to sleep.
//!
//! A sleep and a wake cost some twenty microseconds, a look a few nanoseconds.
//! So it pays to look while the other side is running on another processor and
//! about to be done, and never otherwise.

use std::mem::MaybeUninit;
use std::sync::OnceLock;

/// How many looks a short critical section of another processor may last.
const LOOKS: u32 = 100;
/// How many looks a sleep and a wake across processors are worth.
const PEER_LOOKS: u32 = 500;

/// Asks `done` until it is true, for about a microsecond; once on a single processor.
pub(crate) fn briefly(mut done: impl FnMut() -> bool) {
    let looks = if processors() > 1 { LOOKS } else { 1 };
    for _ in 0..looks {
        if done() {
            return;
        }
        std::hint::spin_loop();
    }
}

/// How many processors this process may run on, asked once a family.
fn processors() -> i32 {
    static PROCESSORS: OnceLock<i32> = OnceLock::new();
    *PROCESSORS.get_or_init(|| {
        let mut set = MaybeUninit::<libc::cpu_set_t>::zeroed();
        // SAFETY: the call fills the set, which is as long as said and for which all zeroes is the empty one.
        unsafe {
            libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), set.as_mut_ptr());
            libc::CPU_COUNT(&set.assume_init())
        }
    })
}

/// Asks `done` until it is true, for about as long as a sleep and a wake would cost.
pub(crate) fn while_peer_runs(done: impl Fn() -> bool) {
    for _ in 0..PEER_LOOKS {
        if done() {
            return;
        }
        std::hint::spin_loop();
    }
}

/// The number of the processor this thread runs on; a guess as soon as it is made.
pub(crate) fn processor() -> u32 {
    // SAFETY: no arguments, no memory; without the system call it returns -1.
    u32::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(0)
}
