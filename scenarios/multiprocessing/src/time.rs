//! Python's `time`: `sleep`, which also says on which line the process sleeps, and the clocks.

use std::mem::MaybeUninit;
use std::panic::Location;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::{probe, signal};

/// Sleeps for `seconds`. Nothing, negative or not a number is no time at all.
///
/// A signal with a handler interrupts the sleep for as long as the handler runs.
#[track_caller]
pub fn sleep(seconds: f64) {
    probe::line_reached(Location::caller());
    let duration = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    if signal::any_handler() {
        signal::sleep_until(Instant::now().checked_add(duration));
    } else {
        thread::sleep(duration);
    }
}

/// `time.monotonic()`: seconds since some moment, never going back. Only differences mean anything.
pub fn monotonic() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// `time.process_time()`: the processor time in seconds that this process has used, all threads, sleep excluded.
pub fn process_time() -> f64 {
    let mut now = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the clock exists on every Linux, so the call fills all of `now`.
    let now = unsafe {
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, now.as_mut_ptr());
        now.assume_init()
    };
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
