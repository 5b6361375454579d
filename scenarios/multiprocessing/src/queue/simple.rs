//! `SimpleQueue`: a queue with `put` and `get` and nothing else.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Queue;
use super::channel::Limit;
use crate::error::{Error, Result};
use crate::reduction;

/// A queue without limit, timeouts and length, as Python's `multiprocessing.SimpleQueue`.
///
/// ```no_run
/// use multiprocessing::{Process, SimpleQueue};
///
/// let q: SimpleQueue<u32> = SimpleQueue::new()?;
/// let mut p = Process::new(|| q.put(7), ());
/// p.start()?;
/// assert_eq!(q.get()?, 7);
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// CPython's is a pipe between two locks: `put` waits when 64 KiB lie in it,
/// and a process that is killed inside may leave a lock taken. This one is a
/// [`Queue`], with its memory and its crash safety.
pub struct SimpleQueue<T> {
    queue: Queue<T>,
    /// Whether this process has closed it.
    closed: Arc<AtomicBool>,
}

impl<T> Clone for SimpleQueue<T> {
    fn clone(&self) -> Self {
        SimpleQueue { queue: self.queue.clone(), closed: Arc::clone(&self.closed) }
    }
}

reduction::inherited!(SimpleQueue<T> { queue; closed = Arc::default() });

impl<T: Serialize + DeserializeOwned> SimpleQueue<T> {
    /// An empty queue called `SimpleQueue-1` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    #[track_caller]
    pub fn new() -> Result<SimpleQueue<T>> {
        let queue = Queue::of_class("SimpleQueue", 0, Location::caller())?;
        Ok(SimpleQueue { queue, closed: Arc::default() })
    }

    /// Puts an item in.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this process closed the queue; else as [`Queue::put`].
    #[track_caller]
    pub fn put(&self, item: T) -> Result<()> {
        self.open()?.put_within(&item, Limit::Never, Location::caller())
    }

    /// Takes the oldest item out; waits while there is none.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this process closed the queue; else as [`Queue::get`].
    #[track_caller]
    pub fn get(&self) -> Result<T> {
        self.open()?.get_within(Limit::Never, Location::caller())
    }

    /// Whether nothing is in it. By the time you know, others may have changed it.
    ///
    /// # Errors
    /// [`Closed`](Error::Closed) when this process closed the queue.
    pub fn empty(&self) -> Result<bool> {
        Ok(self.open()?.empty())
    }

    fn open(&self) -> Result<&Queue<T>> {
        if self.closed.load(Ordering::Relaxed) { Err(Error::Closed) } else { Ok(&self.queue) }
    }
}

impl<T> SimpleQueue<T> {
    /// This process uses it no more. Others may.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}
