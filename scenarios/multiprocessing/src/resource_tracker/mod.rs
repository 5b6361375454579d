//! The process that removes shared memory which nobody can remove any more: CPython's `resource_tracker`.
//!
//! A block of [`SharedMemory`](crate::SharedMemory) has a name, and what has a
//! name stays until somebody unlinks it, also when every process of the program
//! was killed. So with the first block a small process is spawned that waits for
//! the end of the family and then unlinks what is left.
//!
//! How does it know the end? Every process of the family has the write end of a
//! pipe, by inheritance. When the last of them is gone, however it went, the
//! kernel tells the reader. And what is left stands in a table in shared memory
//! ([`table`]), into which a name goes *before* the block is made.
//!
//! The tracker may be killed, too. It holds a robust lock in the table, so the
//! family can see that; whoever needs it next spawns another one, which gets
//! the same pipe and the same table, and the last to leave cleans up itself.
//! CPython's new tracker knows nothing of what the old one was told.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::process::child::{poll_in, poll_until};
use crate::reduction::DupFd;
use crate::shared::Shared;

mod server;
mod table;

pub(crate) use server::main;
use table::Table;

/// The first word of a tracker's command line, which says what CPython's says.
pub(crate) const FLAG: &str = "--multiprocessing.resource_tracker";

/// What a process of the family has of its tracker.
#[derive(Serialize, Deserialize)]
pub(crate) struct Tracker {
    table: Shared<Table>,
    /// Becomes readable when nobody has `family` any more; for the tracker, and for the next one.
    end: DupFd,
    /// Open as long as this process lives.
    family: DupFd,
}

static TRACKER: Mutex<Option<Tracker>> = Mutex::new(None);

/// The family's tracker, if it has one. Held across a fork, so that the child finds it whole.
pub(crate) fn lock() -> MutexGuard<'static, Option<Tracker>> {
    TRACKER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// In a child that is no copy: its family's tracker.
pub(crate) fn inherit(tracker: Option<Tracker>) {
    *lock() = tracker;
}

/// Has this name unlinked at the end of the family.
pub(crate) fn register(name: &str) -> Result<()> {
    let mut tracker = lock();
    if tracker.is_none() {
        *tracker = Some(Tracker::new()?);
        crate::process::exit::register();
    }
    let tracker = tracker.as_ref().expect("there is one now");
    tracker.ensure_running()?;
    tracker.table.enter(name)
}

/// The name is gone, or was never made.
pub(crate) fn unregister(name: &str) {
    if let Some(tracker) = &*lock() {
        tracker.table.strike(name);
    }
}

/// At the end of a process: makes sure that somebody cleans up after the family.
pub(crate) fn leave() {
    let Some(tracker) = lock().take() else { return };
    if tracker.table.is_watched() {
        let Tracker { table, end, family } = tracker;
        drop(family);
        // The process that made it does not leave it behind, if it is the last of the family.
        if table.launched_by_me() && is_over(&end) {
            table.bury();
        }
        return;
    }
    // Somebody killed the tracker. If this is the last process, it is up to it.
    let Tracker { table, end, family } = tracker;
    drop(family);
    if is_over(&end) {
        server::clean(&table);
    } else {
        // The others may be killed; a new one sees to it.
        let _ = server::launch(&table, &end);
    }
}

/// Whether every process of the family has left.
fn is_over(end: &DupFd) -> bool {
    poll_until(&mut [poll_in(end.as_raw_fd())], Some(Instant::now())).unwrap_or(false)
}

impl Tracker {
    fn new() -> Result<Tracker> {
        let mut fds = [0; 2];
        // SAFETY: the call fills the array of two.
        if unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
            return Err(Error::last_os("pipe2"));
        }
        // SAFETY: the kernel has just made these descriptors for us.
        let [end, family] = fds.map(|fd| DupFd::new(unsafe { OwnedFd::from_raw_fd(fd) }));
        let table = Shared::new(Table::new())?;
        table.prepare()?;
        Ok(Tracker { table, end, family })
    }

    /// Spawns a tracker if there is none or if it is dead.
    fn ensure_running(&self) -> Result<()> {
        if self.table.is_watched() { Ok(()) } else { server::launch(&self.table, &self.end) }
    }
}
