//! Waiting for one of several things, CPython's `multiprocessing.connection.wait`.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::process::child::{poll_in, poll_until};

/// Waits until something can be read from at least one of these, or the time is over; `None` waits for ever.
/// Returns those that are ready: of processes' sentinels, the processes that have ended.
///
/// ```no_run
/// use multiprocessing::{Process, time::sleep, wait};
///
/// let mut ps = [3.0, 1.0].map(|seconds| Process::new(sleep, (seconds,)));
/// ps.iter_mut().try_for_each(|p| p.start())?;
/// let sentinels = [ps[0].sentinel()?, ps[1].sentinel()?];
/// assert_eq!(wait(&sentinels, None)?, [1]);
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Python returns the objects themselves; here it is their places in the list.
///
/// # Errors
/// What `poll(2)` says.
pub fn wait(objects: &[BorrowedFd<'_>], timeout: Option<Duration>) -> Result<Vec<usize>> {
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let mut fds: Vec<libc::pollfd> =
        objects.iter().map(|object| poll_in(object.as_fd().as_raw_fd())).collect();
    poll_until(&mut fds, deadline)?;
    Ok((0..fds.len()).filter(|place| fds[*place].revents != 0).collect())
}
