//! Messages as bytes in a stream: a head with length and number, then the body.
//!
//! A head and a short body go in one `write(2)`, which for up to `PIPE_BUF`
//! bytes is all or nothing: several processes may then send into one pipe. A
//! longer message is written in parts, and a sender that is killed meanwhile
//! leaves the beginning of a message behind; the receiver finds out when every
//! other end is closed.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, FromRawFd};

use crate::error::{Error, Result};
use crate::reduction::DupFd;
use crate::signal;

/// How long a head is.
const HEAD_BYTES: usize = 16;

/// What can be written in one go, and without waiting once `poll(2)` says that a pipe is writable: `PIPE_BUF`.
const PART_BYTES: usize = libc::PIPE_BUF;

/// What stands before each message.
pub(super) struct Head {
    /// The length of the body.
    pub(super) bytes: u64,
    /// Its number in the events, or 0.
    pub(super) item: u64,
}

impl Head {
    pub(super) fn of(body: &[u8], item: u64) -> Head {
        Head { bytes: body.len() as u64, item }
    }
}

/// Writes a message; asks `wait` before each part but the first.
pub(super) fn write_message(
    fd: &DupFd,
    head: &Head,
    body: &[u8],
    wait: impl Fn() -> Result<()>,
) -> Result<()> {
    let mut message = Vec::with_capacity(HEAD_BYTES + body.len());
    message.extend_from_slice(&head.bytes.to_le_bytes());
    message.extend_from_slice(&head.item.to_le_bytes());
    message.extend_from_slice(body);
    for (n, part) in message.chunks(PART_BYTES).enumerate() {
        if n > 0 {
            wait()?;
        }
        write_fully(fd, part)?;
    }
    Ok(())
}

/// Reads the head of the next message.
pub(super) fn read_head(fd: &DupFd) -> Result<Head> {
    let mut head = [0; HEAD_BYTES];
    match read_fully(fd, &mut head)? {
        0 => return Err(Error::EndOfFile),
        HEAD_BYTES => {}
        _ => return Err(Error::EndOfFileInMessage),
    }
    let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|n| head[at + n]));
    Ok(Head { bytes: word(0), item: word(8) })
}

/// Reads the body after its head.
pub(super) fn read_body(fd: &DupFd, head: &Head) -> Result<Vec<u8>> {
    let mut body = vec![0; usize::try_from(head.bytes).map_err(|_| Error::MessageTooLong)?];
    if read_fully(fd, &mut body)? < body.len() {
        return Err(Error::EndOfFileInMessage);
    }
    Ok(body)
}

/// Reads until the buffer is full or the file is at its end; says how much.
fn read_fully(fd: &DupFd, buffer: &mut [u8]) -> Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match again("read", || file(fd).read(&mut buffer[done..]))? {
            0 => break,
            more => done += more,
        }
    }
    Ok(done)
}

fn write_fully(fd: &DupFd, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        let written = again("write", || file(fd).write(bytes))?;
        bytes = &bytes[written..];
    }
    Ok(())
}

/// Tries again when a signal has interrupted it, PEP 475.
fn again(step: &'static str, mut call: impl FnMut() -> io::Result<usize>) -> Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => signal::run_pending(),
            done => return done.map_err(|error| failed(step, error)),
        }
    }
}

/// The descriptor as a file that does not own it.
fn file(fd: &DupFd) -> ManuallyDrop<File> {
    // SAFETY: the descriptor is open as long as `fd` is borrowed, and `ManuallyDrop` keeps the file from closing it.
    ManuallyDrop::new(unsafe { File::from_raw_fd(fd.as_raw_fd()) })
}

/// The error of a read or write on a pipe.
fn failed(step: &'static str, error: io::Error) -> Error {
    match error.raw_os_error() {
        Some(libc::EPIPE) => Error::BrokenPipe,
        _ => Error::Os { step, source: error },
    }
}
