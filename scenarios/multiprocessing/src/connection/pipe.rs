//! `Pipe`: two connected ends.

use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use protocol::event::SyncKind;

use super::{Connection, Dynamic, ReadOnly, WriteOnly};
use crate::error::{Error, Result};
use crate::reduction::DupFd;
use crate::sync::Subject;

/// Makes pairs of connected [`Connection`]s, as Python's `multiprocessing.Pipe`.
///
/// ```no_run
/// use multiprocessing::{Connection, Pipe, Process};
///
/// fn child(conn: Connection) -> multiprocessing::Result<()> {
///     conn.send(&(42, "hello"))
/// }
///
/// let (parent_conn, child_conn) = Pipe::duplex()?;
/// let mut p = Process::new(child, (child_conn,));
/// p.start()?;
/// let (number, text): (i32, String) = parent_conn.recv()?;
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// `start` drops what it was given, here the parent's copy of `child_conn`; in
/// Python one must remember to `close` it.
pub struct Pipe;

impl Pipe {
    /// Both ends send and receive: Python's `Pipe()`.
    ///
    /// # Errors
    /// When the kernel has no descriptor left.
    pub fn duplex() -> Result<(Connection, Connection)> {
        sockets()
    }

    /// The first end receives, the second sends: Python's `Pipe(duplex=False)`.
    ///
    /// # Errors
    /// As [`duplex`](Self::duplex).
    pub fn simplex() -> Result<(Connection<ReadOnly>, Connection<WriteOnly>)> {
        one_way()
    }

    /// Python's `Pipe(duplex)`, which way being decided at run time: without `duplex` the first end
    /// receives and the second sends, and the wrong way is an error instead of a program that does not compile.
    ///
    /// # Errors
    /// As [`duplex`](Self::duplex).
    pub fn with(duplex: bool) -> Result<(Connection<Dynamic>, Connection<Dynamic>)> {
        if duplex { sockets() } else { one_way() }
    }
}

fn sockets<A, B>() -> Result<(Connection<A>, Connection<B>)> {
    let mut fds = [0; 2];
    // SAFETY: the call fills the array of two.
    let code = unsafe {
        libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0, fds.as_mut_ptr())
    };
    ends("socketpair", code, fds)
}

fn one_way<A, B>() -> Result<(Connection<A>, Connection<B>)> {
    let mut fds = [0; 2];
    // SAFETY: the call fills the array of two.
    let code = unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) };
    ends("pipe2", code, fds)
}

/// Both ends of a new pipe.
fn ends<A, B>(step: &'static str, code: i32, fds: [RawFd; 2]) -> Result<(Connection<A>, Connection<B>)> {
    if code != 0 {
        return Err(Error::last_os(step));
    }
    // SAFETY: the kernel has just made these descriptors for us.
    let [a, b] = fds.map(|fd| DupFd::new(unsafe { OwnedFd::from_raw_fd(fd) }));
    let subject = Subject::of_class(SyncKind::Pipe, "Pipe")?;
    Ok((Connection::new(a, subject.clone()), Connection::new(b, subject)))
}
