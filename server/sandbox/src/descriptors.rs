//! Closes every descriptor above standard error, at `exec`.
//!
//! They are marked close-on-exec instead of closed at once, because the child still
//! needs a few of them to report a failure and to find the program.

use crate::{Failure, Layer};

/// Marks all descriptors from 3 on close-on-exec, `close_range(2)` (Linux 5.11).
///
/// # Errors
/// What `close_range` or, on older kernels, reading `/proc/self/fd` reports.
pub fn apply() -> Result<(), Failure> {
    let flag = libc::CLOSE_RANGE_CLOEXEC as i32;
    // SAFETY: changes a flag of descriptors and touches no memory.
    if unsafe { libc::close_range(3, u32::MAX, flag) } == 0 {
        return Ok(());
    }
    one_by_one().map_err(|error| Failure {
        layer: Layer::ClosedDescriptors,
        errno: error.raw_os_error().unwrap_or(libc::EIO),
    })
}

fn one_by_one() -> std::io::Result<()> {
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let number = entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        if let Some(fd) = number.filter(|fd| *fd > 2) {
            // SAFETY: sets a flag of a descriptor; one that is gone by now reports EBADF, which is as good.
            unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
    Ok(())
}
