//! `Queue`: items that go from any process to any other, in order.
//!
//! [`Queue`] speaks of values and reports events; `channel` moves bytes between
//! processes; `end` knows who waits at one of its ends; `rings` is the shared
//! memory the bytes lie in; `seat` is how a pool's workers wait.
//!
//! Against CPython's: there `put` hands the item to a feeder thread that writes
//! it to a pipe, so that for a moment after `put` the queue may still look
//! empty, and a process cannot end before its feeder is done. Here the item is
//! in the queue when `put` returns, and a process that is killed in the middle
//! of a `put` or `get` takes at most that one item with it; CPython's may leave
//! a lock behind that nobody ever gets.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::event::{Op, ProgramEvent, QueueCreated, QueueItem, QueueOp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) mod channel;
mod end;
mod joinable;
mod rings;
pub(crate) mod seat;
mod simple;

use crate::error::Result;
use crate::probe::{self, Line};
use crate::{reduction, scratch};
pub use channel::MEMORY_BYTES;
use channel::{Channel, Limit, Watch};
pub use joinable::JoinableQueue;
pub use simple::SimpleQueue;

/// A first-in-first-out queue between processes, as Python's `multiprocessing.Queue`.
///
/// Make it before the processes that use it, and move a clone (or a reference)
/// into their targets: all clones are one queue. Items are serialised, so what
/// comes out is a copy of what went in.
///
/// ```no_run
/// use multiprocessing::{Process, Queue};
///
/// let q: Queue<String> = Queue::new(5)?;
/// let mut p = Process::new(|| q.put("1.png".to_owned()), ());
/// p.start()?;
/// assert_eq!(q.get()?, "1.png");
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
pub struct Queue<T> {
    channel: Arc<Channel>,
    id: u64,
    items: PhantomData<fn(T) -> T>,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Queue { channel: Arc::clone(&self.channel), id: self.id, items: PhantomData }
    }
}

reduction::inherited!(Queue<T> { channel, id, items });

impl<T: Serialize + DeserializeOwned> Queue<T> {
    /// A queue that holds up to `maxsize` items; 0 is no limit but memory's.
    ///
    /// The memory is [`MEMORY_BYTES`] long and costs nothing until used.
    /// When it is full, `put` waits as if the queue were full.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    #[track_caller]
    pub fn new(maxsize: usize) -> Result<Queue<T>> {
        Queue::of_class("Queue", maxsize, Location::caller())
    }

    /// A queue that is called as the next of its class.
    fn of_class(class: &str, maxsize: usize, line: Line) -> Result<Queue<T>> {
        let id = crate::ids::counters()?.queue();
        let channel = Arc::new(Channel::new(maxsize)?);
        if probe::on() {
            let name = format!("{class}-{id}");
            let created = QueueCreated { queue: id, name, capacity: maxsize as u64 };
            probe::send(Some(line), ProgramEvent::QueueCreated(created));
        }
        Ok(Queue { channel, id, items: PhantomData })
    }

    /// Puts an item in; waits while the queue is full.
    ///
    /// # Errors
    /// When the item cannot be serialised or is longer than the queue's memory.
    #[track_caller]
    pub fn put(&self, item: T) -> Result<()> {
        self.put_within(&item, Limit::Never, Location::caller())
    }

    /// Puts an item in; waits while the queue is full, but no longer than `timeout`.
    ///
    /// # Errors
    /// [`Full`](crate::Full) after the timeout; else as [`put`](Self::put).
    #[track_caller]
    pub fn put_timeout(&self, item: T, timeout: Duration) -> Result<()> {
        self.put_within(&item, Limit::after(timeout), Location::caller())
    }

    /// Puts an item in if there is room.
    ///
    /// # Errors
    /// [`Full`](crate::Full) if there is none; else as [`put`](Self::put).
    #[track_caller]
    pub fn put_nowait(&self, item: T) -> Result<()> {
        self.put_within(&item, Limit::AtOnce, Location::caller())
    }

    /// Takes the oldest item out; waits while there is none.
    ///
    /// # Errors
    /// When the item is no `T`, which only a queue shared by a lie can hold.
    #[track_caller]
    pub fn get(&self) -> Result<T> {
        self.get_within(Limit::Never, Location::caller())
    }

    /// Takes the oldest item out; waits while there is none, but no longer than `timeout`.
    ///
    /// # Errors
    /// [`Empty`](crate::Empty) after the timeout; else as [`get`](Self::get).
    #[track_caller]
    pub fn get_timeout(&self, timeout: Duration) -> Result<T> {
        self.get_within(Limit::after(timeout), Location::caller())
    }

    /// Takes the oldest item out if there is one.
    ///
    /// # Errors
    /// [`Empty`](crate::Empty) if there is none; else as [`get`](Self::get).
    #[track_caller]
    pub fn get_nowait(&self) -> Result<T> {
        self.get_within(Limit::AtOnce, Location::caller())
    }

    fn put_within(&self, item: &T, limit: Limit, line: Line) -> Result<()> {
        if !probe::on() {
            let mut bytes = scratch::lend();
            scratch::write(item, &mut bytes)?;
            return self.channel.put(&bytes, 0, limit, &mut ());
        }
        self.put_watched(item, limit, line, &mut ())
    }

    /// Puts an item in under the eyes of an observer, if there is one, and of another watch.
    #[inline(never)]
    fn put_watched(&self, item: &T, limit: Limit, line: Line, other: &mut impl Watch) -> Result<()> {
        let bytes = postcard::to_stdvec(item)?;
        if !probe::on() {
            return self.channel.put(&bytes, 0, limit, other);
        }
        let item_id = crate::ids::counters()?.item();
        let mut report =
            Report { queue: self.id, op: Op::Put, line, waits: false, value: probe::short(item) };
        self.channel.put(&bytes, item_id, limit, &mut Both(&mut report, other))
    }

    fn get_within(&self, limit: Limit, line: Line) -> Result<T> {
        let mut bytes = scratch::lend();
        match probe::on() {
            false => self.channel.get(&mut bytes, limit, &mut ())?,
            true => self.get_watched(&mut bytes, limit, line)?,
        }
        Ok(postcard::from_bytes(&bytes)?)
    }

    /// Takes the oldest item out under the eyes of an observer.
    #[inline(never)]
    fn get_watched(&self, bytes: &mut Vec<u8>, limit: Limit, line: Line) -> Result<()> {
        let mut report = Report { queue: self.id, op: Op::Get, line, waits: false, value: None };
        let show = |bytes: &[u8]| postcard::from_bytes::<T>(bytes).ok().and_then(|item| probe::short(&item));
        self.channel.get(bytes, limit, &mut Shown { report: &mut report, show })
    }
}

impl<T> Queue<T> {
    /// How many items are in it. By the time you know, others may have changed it.
    pub fn qsize(&self) -> usize {
        self.channel.len()
    }

    /// Whether nothing is in it, with the same caution as [`qsize`](Self::qsize).
    pub fn empty(&self) -> bool {
        self.qsize() == 0
    }

    /// Whether `put` would wait, with the same caution as [`qsize`](Self::qsize).
    pub fn full(&self) -> bool {
        self.channel.is_full()
    }
}

/// Tells the observer what a put or get does, under the queue's lock.
struct Report {
    queue: u64,
    op: Op,
    line: Line,
    waits: bool,
    value: Option<Value>,
}

impl Report {
    fn op(&self) -> QueueOp {
        QueueOp { queue: self.queue, op: self.op }
    }

    fn send(&self, event: ProgramEvent) {
        probe::send(Some(self.line), event);
    }

    fn moved(&mut self, item: u64, size: u64, bytes: usize, value: Option<Value>) {
        if self.waits {
            self.send(ProgramEvent::QueueUnblocked(self.op()));
        }
        let moved = QueueItem { queue: self.queue, item, size, bytes: bytes as u64, value };
        self.send(match self.op {
            Op::Put => ProgramEvent::QueuePut(moved),
            Op::Get => ProgramEvent::QueueGet(moved),
        });
    }
}

impl Watch for Report {
    fn waits(&mut self) {
        self.waits = true;
        self.send(ProgramEvent::QueueBlocked(self.op()));
    }

    fn gives_up(&mut self) {
        match self.waits {
            true => self.send(ProgramEvent::QueueTimeout(self.op())),
            false => probe::line_reached(self.line),
        }
    }

    fn moves(&mut self, item: u64, size: impl FnOnce() -> u64, bytes: &[u8]) {
        let value = self.value.take();
        self.moved(item, size(), bytes.len(), value);
    }
}

/// Two watches over one call.
struct Both<'a, A, B>(&'a mut A, &'a mut B);

impl<A: Watch, B: Watch> Watch for Both<'_, A, B> {
    fn waits(&mut self) {
        self.0.waits();
        self.1.waits();
    }

    fn gives_up(&mut self) {
        self.0.gives_up();
        self.1.gives_up();
    }

    fn moves(&mut self, item: u64, size: impl FnOnce() -> u64, bytes: &[u8]) {
        let size = size();
        self.0.moves(item, || size, bytes);
        self.1.moves(item, || size, bytes);
    }
}

/// A [`Report`] of a get, which learns the value only from the bytes.
struct Shown<'a, S> {
    report: &'a mut Report,
    show: S,
}

impl<S: Fn(&[u8]) -> Option<Value>> Watch for Shown<'_, S> {
    fn waits(&mut self) {
        self.report.waits();
    }

    fn gives_up(&mut self) {
        self.report.gives_up();
    }

    fn moves(&mut self, item: u64, size: impl FnOnce() -> u64, bytes: &[u8]) {
        let value = (self.show)(bytes);
        self.report.moved(item, size(), bytes.len(), value);
    }
}

impl Limit {
    /// Until `timeout` from now.
    pub(crate) fn after(timeout: Duration) -> Limit {
        Instant::now().checked_add(timeout).map_or(Limit::Never, Limit::At)
    }
}
