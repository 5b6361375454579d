//! Bytes from process to process: who may put or take, who waits, who is woken.
//!
//! One lock guards the [`Ledger`]. Who cannot go on enlists at a gate while it
//! still holds the lock, releases it and sleeps on the gate's futex; who makes
//! room or brings an item wakes all who are enlisted.
//!
//! **Order under the lock**, so that a kill at any instruction harms nobody:
//! 1. wake the waiters (they now queue up for the lock, and the kernel passes a
//!    dead owner's lock on);
//! 2. tell the observer of a `put`, before anybody can see it;
//! 3. the one store that changes the queue;
//! 4. tell the observer of a `get`, so that no two ever tell of one item.
//!
//! All are woken, not one: the one might be killed between its wake-up and its
//! look at the queue, and the others would sleep beside an item for ever.
//!
//! A process that is *stopped* (`SIGSTOP`) while it holds the lock is not dead:
//! the others wait until it is continued, or until their timeout is over. In
//! CPython it is the same.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::blocks::{Blocks, Ledger};
use crate::error::{Error, Result};
use crate::lock::{Guard, RobustLock};
use crate::shared::Shared;
use crate::{futex, spin};

/// How much memory a queue may use: 256 MiB of items at once.
pub const MEMORY_BYTES: usize = 256 << 20;
/// How little it is content with when the limits of the process forbid more.
const MEMORY_LEAST_BYTES: usize = 2 << 20;

/// How long to wait.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    /// For ever.
    Never,
    /// Until then.
    At(Instant),
    /// Not at all.
    AtOnce,
}

impl Limit {
    pub(crate) fn deadline(self) -> Option<Instant> {
        match self {
            Limit::Never | Limit::AtOnce => None,
            Limit::At(instant) => Some(instant),
        }
    }

    pub(crate) fn is_over(self) -> bool {
        match self {
            Limit::Never => false,
            Limit::AtOnce => true,
            Limit::At(instant) => instant <= Instant::now(),
        }
    }
}

/// Learns what happens, in the order in which it happens.
pub(crate) trait Watch {
    /// It must wait.
    fn waits(&mut self) {}
    /// It waits no longer, in vain.
    fn gives_up(&mut self) {}
    /// An item goes in or has come out; `size` is how many are in the queue then.
    fn moves(&mut self, _item: u64, _size: u64, _bytes: &[u8]) {}
}

impl Watch for () {}

/// A first-in-first-out channel in shared memory.
#[derive(Serialize, Deserialize)]
pub(crate) struct Channel {
    header: Shared<Header>,
    blocks: Blocks,
    /// 0 is no limit.
    capacity: u64,
}

struct Header {
    ledger: RobustLock<Ledger>,
    /// `Ledger::len` for those who look without the lock.
    len: AtomicU64,
    readers: Side,
    writers: Side,
}

/// Those who take, or those who put.
struct Side {
    /// Changes whenever the enlisted are woken; what they sleep on.
    turn: AtomicU32,
    /// Whether anybody enlisted since.
    enlisted: AtomicU32,
    /// The processor on which one of them was last seen, plus one.
    seen_on: AtomicU32,
}

impl Channel {
    /// An empty channel for `capacity` items; 0 is no limit but memory's.
    pub(crate) fn new(capacity: usize) -> Result<Channel> {
        let header = Shared::new(Header {
            ledger: RobustLock::new(Ledger::new()),
            len: AtomicU64::new(0),
            readers: Side::new(),
            writers: Side::new(),
        })?;
        header.ledger.prepare()?;
        Ok(Channel { header, blocks: most_memory()?, capacity: capacity as u64 })
    }

    /// Puts an item in; [`Error::Full`] when the limit is over, or at once when the channel is closed.
    pub(crate) fn put(&self, bytes: &[u8], id: u64, limit: Limit, watch: &mut impl Watch) -> Result<()> {
        self.put_below(self.capacity, bytes, id, limit, watch)
    }

    /// As `put`, but waits while there are `ahead` items or more.
    pub(crate) fn put_ahead(&self, bytes: &[u8], ahead: u64) -> Result<()> {
        self.put_below(ahead, bytes, 0, Limit::Never, &mut ())
    }

    /// Puts an item in when there are fewer than `capacity`; 0 is no limit but memory's.
    fn put_below(
        &self,
        capacity: u64,
        bytes: &[u8],
        id: u64,
        limit: Limit,
        watch: &mut impl Watch,
    ) -> Result<()> {
        let longest = self.blocks.longest_item();
        if bytes.len() > longest {
            return Err(Error::TooLarge { bytes: bytes.len(), limit: longest });
        }
        let header = &*self.header;
        let may = |ledger: &Ledger| {
            ledger.closed || (has_room(ledger, capacity) && self.blocks.fits(ledger, bytes.len()))
        };
        let looks = || header.len.load(Ordering::Relaxed) < capacity;
        let Some(mut ledger) = self.enter(&header.writers, &header.readers, limit, watch, may, looks) else {
            return Err(Error::Full);
        };
        if ledger.closed {
            return Err(Error::Full);
        }
        let staged = self.blocks.stage(&mut ledger, id, bytes);
        header.readers.wake();
        watch.moves(id, ledger.len + 1, bytes);
        self.blocks.commit(&mut ledger, staged);
        header.len.store(ledger.len, Ordering::Relaxed);
        Ok(())
    }

    /// Takes the oldest item out, into `bytes`; [`Error::Empty`] when the limit is over, or at once when the channel
    /// is closed and there will never be one.
    pub(crate) fn get(&self, bytes: &mut Vec<u8>, limit: Limit, watch: &mut impl Watch) -> Result<()> {
        let header = &*self.header;
        let may = |ledger: &Ledger| ledger.len > 0 || ledger.closed;
        let looks = || header.len.load(Ordering::Relaxed) > 0;
        let mut ledger =
            self.enter(&header.readers, &header.writers, limit, watch, may, looks).ok_or(Error::Empty)?;
        if ledger.len == 0 {
            return Err(Error::Empty);
        }
        let id = self.blocks.take(&mut ledger, bytes, || header.writers.wake());
        header.len.store(ledger.len, Ordering::Relaxed);
        watch.moves(id, ledger.len, bytes);
        Ok(())
    }

    /// Nothing more will be put in: who waits for room learns it at once, who waits for an item when the last is taken.
    pub(crate) fn close(&self) {
        let mut ledger = self.lock(Limit::Never).expect("a lock without limit is got");
        ledger.closed = true;
        self.header.readers.wake();
        self.header.writers.wake();
    }

    /// How many items are in it.
    pub(crate) fn len(&self) -> usize {
        self.lock(Limit::Never).map_or(0, |ledger| ledger.len as usize)
    }

    /// Whether it holds as many items as it may.
    pub(crate) fn is_full(&self) -> bool {
        self.lock(Limit::Never).is_some_and(|ledger| !has_room(&ledger, self.capacity))
    }

    /// The lock, once `may` holds; `None` when the limit is over first.
    ///
    /// `ours` is the side that wants in, `theirs` the one that can let it; `looks` is `may` guessed without the lock.
    fn enter(
        &self,
        ours: &Side,
        theirs: &Side,
        limit: Limit,
        watch: &mut impl Watch,
        may: impl Fn(&Ledger) -> bool,
        looks: impl Fn() -> bool,
    ) -> Option<Guard<'_, Ledger>> {
        let here = ours.arrive();
        let (mut looked, mut waits) = (false, false);
        loop {
            let Some(ledger) = self.lock(limit) else {
                watch.gives_up();
                return None;
            };
            if may(&ledger) {
                return Some(ledger);
            }
            if limit.is_over() {
                watch.gives_up();
                return None;
            }
            if !looked && theirs.is_awake() {
                looked = true;
                drop(ledger);
                match theirs.was_seen_on(here) {
                    true => spin::yield_now(),
                    false => spin::for_a_peer(&looks),
                }
                continue;
            }
            if !waits {
                waits = true;
                watch.waits();
            }
            let turn = ours.enlist();
            drop(ledger);
            futex::wait(&ours.turn, turn, limit.deadline());
            // Who woke us may have been put off this processor for it, with the lock in its hands.
            if !looks() {
                spin::yield_now();
            }
        }
    }

    fn lock(&self, limit: Limit) -> Option<Guard<'_, Ledger>> {
        let repair = |ledger: &mut Ledger| self.repair(ledger);
        match limit.deadline() {
            Some(deadline) => self.header.ledger.lock_until(deadline, repair),
            None => Some(self.header.ledger.lock(repair)),
        }
    }

    /// After a process died with the lock: what it left half done is undone or done, and everybody looks again.
    fn repair(&self, ledger: &mut Ledger) {
        self.blocks.repair(ledger);
        self.header.len.store(ledger.len, Ordering::Relaxed);
        self.header.readers.wake_anyway();
        self.header.writers.wake_anyway();
    }
}

impl Side {
    const fn new() -> Side {
        let (turn, enlisted, seen_on) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        Side { turn, enlisted, seen_on }
    }

    /// Notes on which processor this side is now; returns it.
    fn arrive(&self) -> u32 {
        let here = spin::processor() + 1;
        if self.seen_on.load(Ordering::Relaxed) != here {
            self.seen_on.store(here, Ordering::Relaxed);
        }
        here
    }

    /// Whether somebody of this side was ever here, and nobody of it is known to sleep.
    fn is_awake(&self) -> bool {
        self.seen_on.load(Ordering::Relaxed) != 0 && self.enlisted.load(Ordering::Relaxed) == 0
    }

    /// Whether this side shares the processor `here`, as far as is known.
    fn was_seen_on(&self, here: u32) -> bool {
        self.seen_on.load(Ordering::Relaxed) == here
    }

    /// Under the lock: asks to be woken. Returns the turn to sleep on.
    fn enlist(&self) -> u32 {
        self.enlisted.store(1, Ordering::Relaxed);
        self.turn.load(Ordering::Relaxed)
    }

    /// Under the lock: wakes the enlisted, if any. The mark goes last, lest a kill in between lose the wake-up.
    fn wake(&self) {
        if self.enlisted.load(Ordering::Relaxed) != 0 {
            self.wake_anyway();
        }
    }

    fn wake_anyway(&self) {
        self.turn.fetch_add(1, Ordering::Relaxed);
        futex::wake_all(&self.turn);
        self.enlisted.store(0, Ordering::Relaxed);
    }
}

fn has_room(ledger: &Ledger, capacity: u64) -> bool {
    capacity == 0 || ledger.len < capacity
}

/// As much address space as the process may have, from [`MEMORY_BYTES`] down.
fn most_memory() -> Result<Blocks> {
    let mut bytes = MEMORY_BYTES;
    loop {
        match Blocks::new(bytes) {
            Err(_) if bytes > MEMORY_LEAST_BYTES => bytes /= 2,
            blocks => return blocks,
        }
    }
}
