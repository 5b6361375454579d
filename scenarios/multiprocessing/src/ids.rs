//! Numbers that no two processes of one family give out twice.
//!
//! The counters lie in shared memory that the first process maps before it
//! starts its first child, so all its descendants count on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::event::SyncKind;

use crate::error::Result;
use crate::shared::Shared;

/// One counter for each kind of thing that events speak of.
#[derive(Default)]
pub(crate) struct Counters {
    queues: AtomicU64,
    items: AtomicU64,
    tasks: AtomicU64,
    locks: AtomicU64,
    semaphores: AtomicU64,
    events: AtomicU64,
    conditions: AtomicU64,
    barriers: AtomicU64,
    pipes: AtomicU64,
    shared: AtomicU64,
    threads: AtomicU64,
}

static COUNTERS: OnceLock<Shared<Counters>> = OnceLock::new();

/// The family's counters. Called before every start, so that children inherit them.
pub(crate) fn counters() -> Result<&'static Counters> {
    shared().map(|counters| &**counters)
}

/// The same as what goes to a child that is no copy.
pub(crate) fn shared() -> Result<&'static Shared<Counters>> {
    if let Some(counters) = COUNTERS.get() {
        return Ok(counters);
    }
    let fresh = Shared::new(Counters::default())?;
    Ok(COUNTERS.get_or_init(|| fresh))
}

/// In such a child: counts on where the family is.
pub(crate) fn inherit(counters: Shared<Counters>) {
    // Nothing has counted before, because what the parent wants is read first of all.
    let _ = COUNTERS.set(counters);
}

impl Counters {
    /// The number of a new queue.
    pub(crate) fn queue(&self) -> u64 {
        next(&self.queues)
    }

    /// The number of a new item in any queue.
    pub(crate) fn item(&self) -> u64 {
        next(&self.items)
    }

    /// The number of a new task in any pool.
    pub(crate) fn task(&self) -> u64 {
        next(&self.tasks)
    }

    /// The number of a new object that processes wait for, among those of its kind.
    pub(crate) fn object(&self, kind: SyncKind) -> u64 {
        next(match kind {
            SyncKind::Lock => &self.locks,
            SyncKind::Semaphore => &self.semaphores,
            SyncKind::Event => &self.events,
            SyncKind::Condition => &self.conditions,
            SyncKind::Barrier => &self.barriers,
            SyncKind::Pipe => &self.pipes,
            SyncKind::Process | SyncKind::Task => unreachable!("processes have pids, tasks have `task`"),
        })
    }

    /// The number of a new piece of shared memory that variables lie in.
    pub(crate) fn shared(&self) -> u64 {
        next(&self.shared)
    }

    /// The number of one more thread that takes locks.
    pub(crate) fn thread(&self) -> u64 {
        next(&self.threads)
    }
}

/// 1, 2, 3 …
fn next(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}
