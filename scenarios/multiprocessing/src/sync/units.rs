//! A counted number of units that processes take and put back: what every lock and semaphore is made of.
//!
//! One word says how many units are free and, in its highest bit, whether
//! anybody waits. While nobody waits, taking and putting back is one
//! compare-and-swap. Waiting and waking happen under the internal lock, in an
//! order that survives a kill at any instruction:
//!
//! - who waits sets the bit under the lock, looks whose *turn* it is, releases the
//!   lock and sleeps until the turn changes;
//! - who puts back changes the turn and wakes the sleepers first (they queue up
//!   for the lock, and the kernel passes a dead owner's lock on) and puts back
//!   last. Killed before that, it has put nothing back, and the sleepers lie
//!   down again. Without the turn, who is about to sleep could miss the wake-up:
//!   the word is still as it was.
//!
//! While an observer listens, every call takes the lock, so that the log has
//! them in their true order. Taking is told before it happens and putting back
//! after it: a process that is killed in between may stand in the log as the
//! holder of what it did not get, but nothing is held by whom the log does not name.

use std::sync::atomic::{AtomicU32, Ordering};

use super::subject::Call;
use crate::error::{Error, Result};
use crate::lock::{Guard, RobustLock};
use crate::queue::channel::Limit;
use crate::{futex, probe};

/// Somebody waits; then no unit is free.
const WAITED_FOR: u32 = 1 << 31;

/// The most units there can be: CPython's `SEM_VALUE_MAX`.
pub(super) const UNITS_MAX: u32 = i32::MAX as u32;

/// Some units, in shared memory.
pub(super) struct Units {
    word: AtomicU32,
    /// Changes whenever the sleepers are woken; what they sleep on.
    turn: AtomicU32,
    guard: RobustLock<()>,
}

impl Units {
    /// So many free units, to be put in their final place and then [`prepared`](Self::prepare).
    pub(super) fn new(free: u32) -> Units {
        Units { word: AtomicU32::new(free), turn: AtomicU32::new(0), guard: RobustLock::new(()) }
    }

    pub(super) fn prepare(&self) -> Result<()> {
        self.guard.prepare()
    }

    /// How many are free.
    pub(super) fn free(&self) -> u32 {
        self.word.load(Ordering::Relaxed) & !WAITED_FOR
    }

    /// Takes a unit; waits for one until the limit is over. Says whether it got one.
    pub(super) fn take(&self, limit: Limit, call: Call) -> bool {
        if probe::on() {
            return self.take_in_order(limit, call);
        }
        self.take_at_once() || (!limit.is_over() && self.take_in_order(limit, call))
    }

    /// Takes a unit if one is free, and tells nobody.
    pub(super) fn take_at_once(&self) -> bool {
        let take = |word: u32| (word & !WAITED_FOR).checked_sub(1);
        self.word.try_update(Ordering::Acquire, Ordering::Relaxed, take).is_ok()
    }

    /// Puts a unit back, of which there may then be `most`.
    pub(super) fn put(&self, most: u32, call: Call) -> Result<()> {
        if !probe::on() {
            let put = |word: u32| (word < most).then(|| word + 1);
            if self.word.try_update(Ordering::Release, Ordering::Relaxed, put).is_ok() {
                return Ok(());
            }
        }
        self.put_in_order(most, call)
    }

    fn take_in_order(&self, limit: Limit, call: Call) -> bool {
        let mut waits = false;
        while let Some(guard) = self.enter(limit) {
            if self.free() > 0 {
                call.acquired();
                if self.take_at_once() {
                    return true;
                }
            }
            if limit.is_over() {
                break;
            }
            if !waits {
                waits = true;
                call.waiting();
            }
            let marked = self.mark();
            let turn = self.turn.load(Ordering::Relaxed);
            drop(guard);
            if marked {
                futex::wait(&self.turn, turn, limit.deadline());
            }
        }
        call.gives_up(waits);
        false
    }

    fn put_in_order(&self, most: u32, call: Call) -> Result<()> {
        let _guard = self.guard.lock(|()| self.wake());
        loop {
            let word = self.word.load(Ordering::Relaxed);
            let free = word & !WAITED_FOR;
            if free >= most {
                return Err(Error::ReleasedTooOften);
            }
            if word & WAITED_FOR != 0 {
                self.wake();
            }
            if self.word.compare_exchange(word, free + 1, Ordering::Release, Ordering::Relaxed).is_ok() {
                call.released();
                return Ok(());
            }
        }
    }

    fn enter(&self, limit: Limit) -> Option<Guard<'_, ()>> {
        match limit.deadline() {
            Some(deadline) => self.guard.lock_until(deadline, |()| self.wake()),
            None => Some(self.guard.lock(|()| self.wake())),
        }
    }

    /// Under the lock: says that somebody waits, unless a unit is free.
    fn mark(&self) -> bool {
        let marked = self.word.compare_exchange(0, WAITED_FOR, Ordering::Relaxed, Ordering::Relaxed);
        marked.is_ok() || marked == Err(WAITED_FOR)
    }

    /// Under the lock: all who sleep look again.
    fn wake(&self) {
        self.turn.fetch_add(1, Ordering::Relaxed);
        futex::wake_all(&self.turn);
    }
}
