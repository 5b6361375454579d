//! `Pipe` and `Connection`: messages between two ends.
//!
//! A pipe lies in the kernel, not in shared memory: `socketpair(2)` when both
//! ends send, `pipe(2)` when one does. So the kernel knows who still has an end
//! open, and a receiver learns when there will never be another message. That
//! needs every copy of the other end to be closed, also the one that a child
//! inherited and the one that the parent kept: the classic mistake, and the same
//! as in Python.
//!
//! `pipe` makes the ends; [`Connection`] speaks of values and reports events;
//! `direction` says which way; `stream` moves bytes.

use std::marker::PhantomData;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::event::{PipeItem, ProgramEvent};
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod direction;
mod pipe;
mod stream;

pub use direction::{Direction, Duplex, Dynamic, ReadOnly, Readable, Writable, WriteOnly};
pub use pipe::Pipe;

use crate::error::{Error, Result};
use crate::probe::{self, Line};
use crate::process::child::poll_until;
use crate::queue::channel::Limit;
use crate::reduction::{self, DupFd};
use crate::sync::{Call, Subject, Tell};
use stream::Head;

/// One end of a [`Pipe`], as Python's `multiprocessing.connection.Connection`.
///
/// A message is any value that can be serialised; the receiver says what it
/// expects. Who may do what is in the type: a `Connection<ReadOnly>` has no
/// `send`. Clones are the same end in the same process, and `close` closes it
/// for all of them; a child that inherits one has a copy of its own.
pub struct Connection<D = Duplex> {
    handle: Arc<Mutex<Option<DupFd>>>,
    subject: Subject,
    direction: PhantomData<fn(D) -> D>,
}

impl<D> Clone for Connection<D> {
    fn clone(&self) -> Self {
        Connection { handle: Arc::clone(&self.handle), subject: self.subject.clone(), direction: PhantomData }
    }
}

impl<D> Connection<D> {
    fn new(fd: DupFd, subject: Subject) -> Connection<D> {
        Connection { handle: Arc::new(Mutex::new(Some(fd))), subject, direction: PhantomData }
    }

    /// Gives the pipe a name of your own; do so with both ends, before they are given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.subject.set_name(name);
        self
    }

    /// Closes this end in this process.
    pub fn close(&self) {
        self.handle.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Whether this process has closed it.
    pub fn closed(&self) -> bool {
        self.handle().is_err()
    }

    /// Its open file, to [`wait`](crate::wait) for several at once; it stays open as long as somebody has this.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this process closed it.
    pub fn file(&self) -> Result<Arc<OwnedFd>> {
        self.handle().map(|fd| fd.shared())
    }

    /// The number of its descriptor.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this process closed it.
    pub fn fileno(&self) -> Result<RawFd> {
        self.handle().map(|fd| fd.as_raw_fd())
    }

    fn handle(&self) -> Result<DupFd> {
        let handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        handle.clone().ok_or(Error::Closed)
    }

    /// Waits until the kernel says that `events` are possible; tells so, if it takes a wait.
    fn ready(&self, fd: &DupFd, events: i16, limit: Limit, call: Call) -> Result<Readiness> {
        let mut fds = [libc::pollfd { fd: fd.as_raw_fd(), events, revents: 0 }];
        if !poll_until(&mut fds, Some(std::time::Instant::now()))? {
            if limit.is_over() {
                call.gives_up(false);
                return Ok(Readiness::No);
            }
            call.waiting();
            if !poll_until(&mut fds, limit.deadline())? {
                call.gives_up(true);
                return Ok(Readiness::No);
            }
            call.acquired();
        }
        let hung_up = fds[0].revents & events == 0;
        Ok(if hung_up { Readiness::HungUp } else { Readiness::Yes })
    }

    fn item(&self, head: &Head) -> PipeItem {
        PipeItem { pipe: self.subject.object(), item: head.item, bytes: head.bytes }
    }
}

/// What `poll(2)` said.
#[derive(PartialEq, Eq)]
enum Readiness {
    Yes,
    No,
    /// The other end is gone; trying says how.
    HungUp,
}

impl<D: Writable> Connection<D> {
    /// Sends a value; waits while the pipe is full.
    ///
    /// # Errors
    /// [`BrokenPipe`](Error::BrokenPipe) when every other end is closed, [`Closed`](Error::Closed) when this one is,
    /// [`ReadOnly`](Error::ReadOnly) for a [`Dynamic`] end that only receives.
    #[track_caller]
    pub fn send<T: Serialize + ?Sized>(&self, value: &T) -> Result<()> {
        self.send_message(&postcard::to_stdvec(value)?, Location::caller())
    }

    /// Sends bytes as they are; [`recv_bytes`](Connection::recv_bytes) gets them.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[track_caller]
    pub fn send_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.send_message(bytes, Location::caller())
    }

    fn send_message(&self, bytes: &[u8], line: Line) -> Result<()> {
        let fd = self.handle()?;
        D::check_writable(fd.as_raw_fd())?;
        if !probe::on() {
            return stream::write_message(&fd, &Head::of(bytes, 0), bytes, || Ok(()));
        }
        let call = self.subject.call(line);
        let head = Head::of(bytes, crate::ids::counters()?.item());
        // Told before the receiver can have it.
        if self.ready(&fd, libc::POLLOUT, Limit::Never, call)? == Readiness::Yes {
            probe::send(Some(line), ProgramEvent::PipeSent(self.item(&head)));
        }
        stream::write_message(&fd, &head, bytes, || {
            self.ready(&fd, libc::POLLOUT, Limit::Never, call).map(drop)
        })
    }
}

impl<D: Readable> Connection<D> {
    /// Receives a value; waits while there is none.
    ///
    /// # Errors
    /// [`EndOfFile`](Error::EndOfFile) when nothing is left and every other end is closed, [`Closed`](Error::Closed)
    /// when this one is, [`Serialisation`](Error::Serialisation) when the message is no `T`,
    /// [`WriteOnly`](Error::WriteOnly) for a [`Dynamic`] end that only sends.
    #[track_caller]
    pub fn recv<T: DeserializeOwned>(&self) -> Result<T> {
        let bytes = self.recv_message(u64::MAX, Location::caller())?;
        Ok(postcard::from_bytes(&bytes)?)
    }

    /// Receives a message as bytes.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    #[track_caller]
    pub fn recv_bytes(&self) -> Result<Vec<u8>> {
        self.recv_message(u64::MAX, Location::caller())
    }

    /// Receives a message of at most so many bytes: Python's `recv_bytes(maxlength)`.
    ///
    /// # Errors
    /// [`MessageTooLong`](Error::MessageTooLong) for a longer one, after which this end is closed, because nobody knows
    /// where the next message begins; else as [`recv`](Self::recv).
    #[track_caller]
    pub fn recv_bytes_within(&self, maxlength: usize) -> Result<Vec<u8>> {
        self.recv_message(maxlength as u64, Location::caller())
    }

    /// Whether `recv` would not wait: there is a message, or there will never be one.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this end is closed.
    #[track_caller]
    pub fn poll(&self) -> Result<bool> {
        self.poll_within(Limit::AtOnce, Location::caller())
    }

    /// As [`poll`](Self::poll), but waits for it up to `timeout`.
    ///
    /// # Errors
    /// As [`poll`](Self::poll).
    #[track_caller]
    pub fn poll_timeout(&self, timeout: Duration) -> Result<bool> {
        self.poll_within(Limit::after(timeout), Location::caller())
    }

    fn poll_within(&self, limit: Limit, line: Line) -> Result<bool> {
        let fd = self.handle()?;
        D::check_readable(fd.as_raw_fd())?;
        Ok(self.ready(&fd, libc::POLLIN, limit, self.subject.call(line))? != Readiness::No)
    }

    fn recv_message(&self, most: u64, line: Line) -> Result<Vec<u8>> {
        let fd = self.handle()?;
        D::check_readable(fd.as_raw_fd())?;
        if probe::on() {
            self.ready(&fd, libc::POLLIN, Limit::Never, self.subject.call(line))?;
        }
        let head = stream::read_head(&fd)?;
        if head.bytes > most {
            self.close();
            return Err(Error::MessageTooLong);
        }
        let bytes = stream::read_body(&fd, &head)?;
        if probe::on() {
            probe::send(Some(line), ProgramEvent::PipeReceived(self.item(&head)));
        }
        Ok(bytes)
    }
}

/// A new process gets a descriptor of its own for the same end.
impl<D> Serialize for Connection<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        reduction::assert_spawning("Connection")?;
        (self.handle().map_err(S::Error::custom)?, &self.subject).serialize(serializer)
    }
}

impl<'de, D> Deserialize<'de> for Connection<D> {
    fn deserialize<R: Deserializer<'de>>(deserializer: R) -> std::result::Result<Self, R::Error> {
        let (fd, subject) = Deserialize::deserialize(deserializer)?;
        Ok(Connection::new(fd, subject))
    }
}
