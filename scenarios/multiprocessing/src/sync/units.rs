//! A counted number of units that processes take and put back: what every lock and semaphore is made of.
//!
//! One word says how many units are free and, in its two highest bits, whether
//! anybody waits and whether an observer listens. While there is nobody, taking
//! and putting back is one compare-and-swap, and not even a look at whether
//! somebody is to be told: the word is not what it would have to be. Waiting and waking happen under the internal lock, in an
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

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::subject::Tell;
use crate::error::{Error, Result};
use crate::lock::{Guard, RobustLock};
use crate::queue::channel::Limit;
use crate::{futex, probe};

/// Somebody waits; then no unit is free.
const WAITED_FOR: u64 = 1 << 63;
/// An observer listens, or did when the units were made: every call takes the lock.
const WATCHED: u64 = 1 << 62;

/// The most units there can be: CPython's `SEM_VALUE_MAX`.
pub(super) const UNITS_MAX: u32 = i32::MAX as u32;

/// Some units, in shared memory.
pub(super) struct Units {
    word: AtomicU64,
    /// Changes whenever the sleepers are woken; what they sleep on.
    turn: AtomicU32,
    guard: RobustLock<()>,
}

impl Units {
    /// So many free units, to be put in their final place and then [`prepared`](Self::prepare).
    pub(super) fn new(free: u32) -> Units {
        let watched = if probe::on() { WATCHED } else { 0 };
        Units {
            word: AtomicU64::new(watched | u64::from(free)),
            turn: AtomicU32::new(0),
            guard: RobustLock::new(()),
        }
    }

    pub(super) fn prepare(&self) -> Result<()> {
        self.guard.prepare()
    }

    /// How many are free.
    pub(super) fn free(&self) -> u32 {
        count(self.word.load(Ordering::Relaxed))
    }

    /// Takes a unit; waits for one until the limit is over. Says whether it got one.
    #[inline]
    pub(super) fn take(&self, limit: Limit, call: impl Tell) -> bool {
        self.take_at_once() || self.take_in_order(limit, call)
    }

    /// Takes a unit if one is free and nobody waits or watches.
    #[inline]
    pub(super) fn take_at_once(&self) -> bool {
        let take = |word: u64| (1..WATCHED).contains(&word).then(|| word - 1);
        self.word.try_update(Ordering::Acquire, Ordering::Relaxed, take).is_ok()
    }

    /// Puts a unit back, of which there may then be `most`.
    #[inline]
    pub(super) fn put(&self, most: u32, call: impl Tell) -> Result<()> {
        let put = |word: u64| (word < u64::from(most)).then(|| word + 1);
        match self.word.try_update(Ordering::Release, Ordering::Relaxed, put) {
            Ok(_) => Ok(()),
            Err(_) => self.put_in_order(most, call),
        }
    }

    #[inline(never)]
    fn take_in_order(&self, limit: Limit, call: impl Tell) -> bool {
        if limit.is_over() && self.free() == 0 && !probe::on() {
            return false;
        }
        let mut waits = false;
        while let Some(guard) = self.enter(limit) {
            if self.free() > 0 {
                call.acquired();
                if self.take_one() {
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

    #[inline(never)]
    fn put_in_order(&self, most: u32, call: impl Tell) -> Result<()> {
        let _guard = self.guard.lock(|()| self.wake());
        loop {
            let word = self.word.load(Ordering::Relaxed);
            if count(word) >= most {
                return Err(Error::ReleasedTooOften);
            }
            if word & WAITED_FOR != 0 {
                self.wake();
            }
            let put = (word & !WAITED_FOR) + 1;
            if self.word.compare_exchange(word, put, Ordering::Release, Ordering::Relaxed).is_ok() {
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

    /// Under the lock: takes a unit, unless somebody without it was faster.
    fn take_one(&self) -> bool {
        let take = |word: u64| (count(word) > 0).then(|| word - 1);
        self.word.try_update(Ordering::Acquire, Ordering::Relaxed, take).is_ok()
    }

    /// Under the lock: says that somebody waits, unless a unit is free.
    fn mark(&self) -> bool {
        let mark = |word: u64| (count(word) == 0).then_some(word | WAITED_FOR);
        self.word.try_update(Ordering::Relaxed, Ordering::Relaxed, mark).is_ok()
    }

    /// Under the lock: all who sleep look again.
    fn wake(&self) {
        self.turn.fetch_add(1, Ordering::Relaxed);
        futex::wake_all(&self.turn);
    }
}

/// The free units in a word.
fn count(word: u64) -> u32 {
    (word & u64::from(u32::MAX)) as u32
}
