//! `Lock`: one process at a time.

use std::panic::Location;

use super::held::{Release, acquirable};
use super::mutex::{Manner, Mutex};
use crate::error::Result;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;

/// A lock that one process at a time holds, as Python's `multiprocessing.Lock`.
///
/// Make it before the processes that use it and give each a clone (or a
/// reference): all clones are one lock.
///
/// ```no_run
/// use multiprocessing::{Lock, Process};
///
/// let lock = Lock::new()?;
/// let mut p = Process::new(|| lock.with(|| println!("nobody else prints now")), ());
/// p.start()?;
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Any process may release it. Who acquires it twice waits for itself for
/// ever; [`RLock`](super::RLock) is for that. When its holder is killed it
/// stays taken for ever, as CPython's; [`Lock::robust`] does not.
#[derive(Clone)]
pub struct Lock {
    pub(super) mutex: Mutex,
}

reduction::inherited!(Lock { mutex });

impl Lock {
    /// A free lock called `Lock-1`, `Lock-2` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new() -> Result<Lock> {
        Ok(Lock { mutex: Mutex::new("Lock", Manner { recursive: false, robust: false })? })
    }

    /// A free lock that the kernel takes from the dead: the next one gets it and can ask
    /// [`holder_died`](Self::holder_died). Python has none.
    ///
    /// Only its holder can release it. Handlers of signals that come while a process waits for it run when it has it.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn robust() -> Result<Lock> {
        Ok(Lock { mutex: Mutex::new("Lock", Manner { recursive: false, robust: true })? })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.mutex.set_name(name);
        self
    }

    /// Releases it, whoever acquired it.
    ///
    /// # Errors
    /// [`ReleasedTooOften`](crate::Error::ReleasedTooOften) when nobody holds it; a robust one also when somebody else
    /// does.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }

    /// For the holder of a [`robust`](Self::robust) lock: whether the holder before it died with it, so that what
    /// the lock guards may be half done.
    pub fn holder_died(&self) -> bool {
        self.mutex.holder_died()
    }

    fn take(&self, limit: Limit, line: Line) -> bool {
        self.mutex.take(limit, self.mutex.call(line))
    }
}

acquirable!(Lock, "it");

impl Release for Lock {
    fn release_at(&self, line: Line) -> Result<()> {
        self.mutex.give_back(self.mutex.call(line))
    }
}
