//! `Lock`: one process at a time.

use std::panic::Location;

use super::Release;
use super::mutex::{Manner, Mutex, face_of_a_mutex};
use crate::error::Result;
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

    /// Releases it, whoever acquired it.
    ///
    /// # Errors
    /// [`ReleasedTooOften`](crate::Error::ReleasedTooOften) when nobody holds it; a robust one also when somebody else
    /// does.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }
}

face_of_a_mutex!(Lock);
