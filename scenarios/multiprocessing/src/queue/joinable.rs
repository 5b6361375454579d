//! `JoinableQueue`: a queue that knows whether all its items have been dealt with.
//!
//! An item is unfinished from the moment it is in the queue until somebody says
//! `task_done`. It is counted under the queue's lock, so that nobody can take
//! what is not yet counted.

use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use protocol::event::SyncKind;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Queue;
use super::channel::{Limit, Watch};
use crate::error::{Error, Result};
use crate::probe::Line;
use crate::reduction;
use crate::shared::Shared;
use crate::sync::{Gated, Repair, Subject, Tell};

/// A [`Queue`] with `task_done` and `join`, as Python's `multiprocessing.JoinableQueue`.
///
/// ```no_run
/// use multiprocessing::{JoinableQueue, Process};
///
/// let q: JoinableQueue<u32> = JoinableQueue::new(0)?;
/// let work = || while q.get().is_ok() { q.task_done().expect("one for each get"); };
/// let mut p = Process::new(work, ()).daemon(true);
/// p.start()?;
/// (0..3).try_for_each(|n| q.put(n))?;
/// q.join();
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// A worker that is killed after `get` never says `task_done`, and `join` waits
/// for ever, as in CPython.
pub struct JoinableQueue<T> {
    queue: Queue<T>,
    unfinished: Arc<Shared<Gated<Unfinished>>>,
    subject: Subject,
}

reduction::inherited!(JoinableQueue<T> { queue, unfinished, subject });

#[derive(Default)]
struct Unfinished(u64);

impl Repair for Unfinished {}

impl<T> Clone for JoinableQueue<T> {
    fn clone(&self) -> Self {
        let (queue, unfinished) = (self.queue.clone(), Arc::clone(&self.unfinished));
        JoinableQueue { queue, unfinished, subject: self.subject.clone() }
    }
}

/// All else is that of a queue, as Python's is a subclass.
impl<T> Deref for JoinableQueue<T> {
    type Target = Queue<T>;

    fn deref(&self) -> &Queue<T> {
        &self.queue
    }
}

impl<T: Serialize + DeserializeOwned> JoinableQueue<T> {
    /// A queue that holds up to `maxsize` items; 0 is no limit. Called `JoinableQueue-1` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    #[track_caller]
    pub fn new(maxsize: usize) -> Result<JoinableQueue<T>> {
        let queue = Queue::of_class("JoinableQueue", maxsize, Location::caller())?;
        let unfinished = Shared::new(Gated::new(Unfinished::default()))?;
        unfinished.prepare()?;
        let mut subject = Subject::of_class(SyncKind::Condition, "Condition")?;
        subject.set_name(format!("JoinableQueue-{}.join", queue.id));
        Ok(JoinableQueue { queue, unfinished: Arc::new(unfinished), subject })
    }

    /// As [`Queue::put`]; the item is unfinished from then on.
    ///
    /// # Errors
    /// As [`Queue::put`].
    #[track_caller]
    pub fn put(&self, item: T) -> Result<()> {
        self.put_counted(&item, Limit::Never, Location::caller())
    }

    /// As [`Queue::put_timeout`].
    ///
    /// # Errors
    /// As [`Queue::put_timeout`].
    #[track_caller]
    pub fn put_timeout(&self, item: T, timeout: Duration) -> Result<()> {
        self.put_counted(&item, Limit::after(timeout), Location::caller())
    }

    /// As [`Queue::put_nowait`].
    ///
    /// # Errors
    /// As [`Queue::put_nowait`].
    #[track_caller]
    pub fn put_nowait(&self, item: T) -> Result<()> {
        self.put_counted(&item, Limit::AtOnce, Location::caller())
    }

    fn put_counted(&self, item: &T, limit: Limit, line: Line) -> Result<()> {
        self.queue.put_watched(item, limit, line, &mut Count(&self.unfinished))
    }
}

impl<T> JoinableQueue<T> {
    /// Says that one item that was taken is dealt with.
    ///
    /// # Errors
    /// [`TooManyTasksDone`](Error::TooManyTasksDone) when every item was.
    #[track_caller]
    pub fn task_done(&self) -> Result<()> {
        let call = self.subject.call(Location::caller());
        let mut unfinished = self.unfinished.enter();
        match unfinished.0 {
            0 => return Err(Error::TooManyTasksDone),
            1 => {
                self.unfinished.wake(&unfinished);
                call.released();
            }
            _ => call.passes(),
        }
        unfinished.0 -= 1;
        Ok(())
    }

    /// Waits until every item that was put in is dealt with.
    #[track_caller]
    pub fn join(&self) {
        let call = self.subject.call(Location::caller());
        let mut unfinished = self.unfinished.enter();
        let mut waits = false;
        while unfinished.0 > 0 {
            if !waits {
                waits = true;
                call.waiting();
            }
            unfinished = self.unfinished.sleep(unfinished, None);
        }
        call.acquired();
    }
}

/// Counts an item as it goes in.
struct Count<'a>(&'a Gated<Unfinished>);

impl Watch for Count<'_> {
    fn moves(&mut self, _item: u64, _size: impl FnOnce() -> u64, _bytes: &[u8]) {
        self.0.enter().0 += 1;
    }
}
