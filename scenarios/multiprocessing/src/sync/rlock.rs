//! `RLock`: one process at a time, which may acquire it again.

use std::panic::Location;

use super::Release;
use super::mutex::{Manner, Mutex, face_of_a_mutex};
use crate::error::Result;
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

    /// Releases it once.
    ///
    /// # Errors
    /// [`NotOwner`](crate::Error::NotOwner) when another thread holds it, or nobody.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }
}

face_of_a_mutex!(RLock);
