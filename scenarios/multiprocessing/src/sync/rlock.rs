//! `RLock`: one process at a time, which may acquire it again.

use std::panic::Location;

use super::held::{Release, acquirable};
use super::mutex::{Manner, Mutex};
use crate::error::Result;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;

/// A lock that its holder may acquire again, as Python's `multiprocessing.RLock`.
///
/// It is free when it has been released as often as it was acquired, and only
/// the thread that holds it can release it.
///
/// ```
/// use multiprocessing::RLock;
///
/// let lock = RLock::new()?;
/// lock.with(|| lock.with(|| println!("twice mine")));
/// assert_eq!(lock.release().unwrap_err().to_string(), "attempt to release recursive lock not owned by thread");
/// # Ok::<(), multiprocessing::Error>(())
/// ```
#[derive(Clone)]
pub struct RLock {
    pub(crate) mutex: Mutex,
}

reduction::inherited!(RLock { mutex });

impl RLock {
    /// A free lock called `RLock-1`, `RLock-2` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new() -> Result<RLock> {
        Ok(RLock { mutex: Mutex::new("RLock", Manner { recursive: true, robust: false })? })
    }

    /// A free lock that the kernel takes from the dead, as [`Lock::robust`](super::Lock::robust).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn robust() -> Result<RLock> {
        Ok(RLock { mutex: Mutex::new("RLock", Manner { recursive: true, robust: true })? })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.mutex.set_name(name);
        self
    }

    /// Releases it once.
    ///
    /// # Errors
    /// [`NotOwner`](crate::Error::NotOwner) when another thread holds it, or nobody.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }

    /// For the holder of a [`robust`](Self::robust) lock: whether the holder before it died with it.
    pub fn holder_died(&self) -> bool {
        self.mutex.holder_died()
    }

    fn take(&self, limit: Limit, line: Line) -> bool {
        self.mutex.take(limit, self.mutex.call(line))
    }
}

acquirable!(RLock, "it");

impl Release for RLock {
    fn release_at(&self, line: Line) -> Result<()> {
        self.mutex.give_back(self.mutex.call(line))
    }
}
