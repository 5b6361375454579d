//! Which way messages go through one end: a part of its type, so that misuse does not compile.
//!
//! Python finds out at run time: `OSError: connection is read-only`. So does whoever
//! decides at run time which way a pipe goes, [`Dynamic`].

use std::os::fd::RawFd;

use crate::error::{Error, Result};

/// Which way messages go.
pub trait Direction: sealed::Sealed + 'static {}

/// Messages can be received.
pub trait Readable: Direction {
    /// Whether this very end receives; only a [`Dynamic`] one may not.
    #[doc(hidden)]
    fn check_readable(_: RawFd) -> Result<()> {
        Ok(())
    }
}

/// Messages can be sent.
pub trait Writable: Direction {
    /// Whether this very end sends; only a [`Dynamic`] one may not.
    #[doc(hidden)]
    fn check_writable(_: RawFd) -> Result<()> {
        Ok(())
    }
}

/// Both ways.
pub enum Duplex {}

/// This end receives only.
pub enum ReadOnly {}

/// This end sends only.
pub enum WriteOnly {}

/// Whichever way the pipe was made, as in Python: the wrong one is an error.
pub enum Dynamic {}

impl Direction for Duplex {}
impl Direction for ReadOnly {}
impl Direction for WriteOnly {}
impl Readable for Duplex {}
impl Readable for ReadOnly {}
impl Writable for Duplex {}
impl Writable for WriteOnly {}
impl Direction for Dynamic {}

impl Readable for Dynamic {
    fn check_readable(fd: RawFd) -> Result<()> {
        if access_mode(fd)? == libc::O_WRONLY { Err(Error::WriteOnly) } else { Ok(()) }
    }
}

impl Writable for Dynamic {
    fn check_writable(fd: RawFd) -> Result<()> {
        if access_mode(fd)? == libc::O_RDONLY { Err(Error::ReadOnly) } else { Ok(()) }
    }
}

/// What an open file is for; the kernel knows, also of a descriptor that came from elsewhere.
fn access_mode(fd: RawFd) -> Result<i32> {
    // SAFETY: F_GETFL takes no argument and touches no memory.
    match unsafe { libc::fcntl(fd, libc::F_GETFL) } {
        -1 => Err(Error::last_os("fcntl")),
        flags => Ok(flags & libc::O_ACCMODE),
    }
}

mod sealed {
    /// Nobody else makes directions.
    pub trait Sealed {}
    impl Sealed for super::Duplex {}
    impl Sealed for super::ReadOnly {}
    impl Sealed for super::WriteOnly {}
    impl Sealed for super::Dynamic {}
}
