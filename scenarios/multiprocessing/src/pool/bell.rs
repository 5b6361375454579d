//! An `eventfd(2)`: one thread rings, another polls.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::error::{Error, Result};

/// Rung by some, heard by one who polls its descriptor.
pub(super) struct Bell {
    fd: OwnedFd,
}

impl Bell {
    pub(super) fn new() -> Result<Bell> {
        // SAFETY: plain numbers; the call fails or returns a descriptor that nobody else owns.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(Error::last_os("eventfd"));
        }
        // SAFETY: as above.
        Ok(Bell { fd: unsafe { OwnedFd::from_raw_fd(fd) } })
    }

    /// Readable from a ring to the next [`quiet`](Self::quiet).
    pub(super) fn fd(&self) -> i32 {
        self.fd.as_raw_fd()
    }

    pub(super) fn ring(&self) {
        // SAFETY: the descriptor is open; adding 1 to its counter never blocks here.
        unsafe { libc::eventfd_write(self.fd(), 1) };
    }

    pub(super) fn quiet(&self) {
        let mut count = 0;
        // SAFETY: the descriptor is open; `count` is a local that the call fills.
        unsafe { libc::eventfd_read(self.fd(), &mut count) };
    }
}
