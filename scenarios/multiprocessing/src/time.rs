//! Python's `time.sleep`, which also says on which line the process sleeps.

use std::panic::Location;
use std::thread;
use std::time::Duration;

use crate::probe;

/// Sleeps for `seconds`. Nothing, negative or not a number is no time at all.
#[track_caller]
pub fn sleep(seconds: f64) {
    probe::line_reached(Location::caller());
    thread::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default());
}
