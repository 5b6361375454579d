//! Sleeping until another process changes a word in shared memory, `futex(2)`.
//!
//! The kernel compares and sleeps in one step, so a change between a look at
//! the word and the sleep is never missed. A sleeper that is killed is simply
//! gone from the kernel's list: nothing is left to repair, which is why this
//! and not `pthread_cond_wait(3)` is what everything here waits on.

use std::ptr;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use crate::signal;

/// Sleeps while `word` is `expected`, until woken, interrupted or `deadline`.
///
/// Returns `false` when the deadline has passed. `true` says nothing but "look
/// again". Signal handlers run here, so the caller holds no lock that one might want.
pub(crate) fn wait(word: &AtomicU32, expected: u32, deadline: Option<Instant>) -> bool {
    signal::run_pending();
    let mut timeout = None;
    if let Some(deadline) = deadline {
        match deadline.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => timeout = Some(timespec(left)),
            _ => return false,
        }
    }
    let timeout = timeout.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `word` is a live, aligned 32-bit word; `timeout` is null or points to a local that outlives the call.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, expected, timeout) };
    signal::run_pending();
    true
}

/// Wakes everybody who sleeps on `word`, in whatever process.
pub(crate) fn wake_all(word: &AtomicU32) {
    // SAFETY: `word` is a live, aligned 32-bit word; the kernel uses only its address.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, i32::MAX) };
}

/// Wakes whoever has slept longest on `word`, in whatever process; says whether anybody did.
pub(crate) fn wake_one(word: &AtomicU32) -> bool {
    // SAFETY: as above.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, 1) > 0 }
}

/// A length of time as the kernel reads it.
pub(crate) fn timespec(duration: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: libc::time_t::try_from(duration.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: libc::c_long::from(duration.subsec_nanos() as i32),
    }
}
