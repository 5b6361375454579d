//! Bytes from process to process: who may put or take, who waits, who is woken.
//!
//! A channel has two ends, and each has a lock, so that a writer and a reader
//! never get into each other's way. What is in the channel is what the writers
//! have counted and the readers have not; each counts by one store, the last
//! thing it does. Before it looks at the other's counter, it goes by what it
//! saw there last, so that while there is enough of everything, nothing of the
//! other end is touched at all.
//!
//! Who cannot go on waits for the other end to move. It takes the *other* lock,
//! looks again, enlists at that end's gate, and sleeps there. Who moves an end
//! wakes all who are enlisted.
//!
//! **Order under the lock**, so that a kill at any instruction harms nobody:
//! 1. write or copy the item;
//! 2. wake the waiters: they look, and who finds nothing yet comes to this lock
//!    to enlist again, which the kernel passes on if its owner dies;
//! 3. tell the observer of a `put`, before anybody can see it;
//! 4. the one store that counts;
//! 5. tell the observer of a `get`, so that no two ever tell of one item.
//!
//! All are woken, not one: the one might be killed between its wake-up and its
//! look at the queue, and the others would sleep beside an item for ever. Only
//! in a *tended* channel, a pool's, one is woken or none: see `seat`.
//!
//! Who is observed holds both locks, so that what is told has one order.
//!
//! A process that is *stopped* (`SIGSTOP`) while it holds a lock is not dead:
//! the others wait until it is continued, or until their timeout is over. In
//! CPython it is the same.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::end::{End, Locked, Wait};
use super::rings::{Place, Rings};
use crate::error::{Error, Result};
use crate::shared::Shared;

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
    /// Whether it needs one order of puts and gets.
    const OBSERVES: bool = true;
    /// It must wait.
    fn waits(&mut self) {}
    /// It waits no longer, in vain.
    fn gives_up(&mut self) {}
    /// An item is about to be taken out; if this process is killed now, it is still in.
    fn takes(&mut self, _item: u64) {}
    /// An item goes in or has come out; `size` is how many are in the queue then, for which the other end is looked at.
    fn moves(&mut self, _item: u64, _size: impl FnOnce() -> u64, _bytes: &[u8]) {}
}

impl Watch for () {
    const OBSERVES: bool = false;
}

/// A first-in-first-out channel in shared memory.
#[derive(Serialize, Deserialize)]
pub(crate) struct Channel {
    ends: Shared<Ends>,
    rings: Rings,
    /// 0 is no limit.
    capacity: u64,
    /// Whether somebody learns of the death of each of its users, and then [`relieve`](Self::relieve)s it.
    tended: bool,
}

struct Ends {
    writers: End,
    readers: End,
    /// Nothing more will be put in.
    closed: AtomicBool,
}

impl Channel {
    /// An empty channel for `capacity` items; 0 is no limit but memory's.
    pub(crate) fn new(capacity: usize) -> Result<Channel> {
        Channel::of(capacity as u64, false)
    }

    /// An empty channel without limit whose maker tends it.
    pub(crate) fn tended() -> Result<Channel> {
        Channel::of(0, true)
    }

    fn of(capacity: u64, tended: bool) -> Result<Channel> {
        let ends = Ends { writers: End::new(), readers: End::new(), closed: AtomicBool::new(false) };
        let ends = Shared::new(ends)?;
        ends.writers.prepare()?;
        ends.readers.prepare()?;
        Ok(Channel { ends, rings: most_memory()?, capacity, tended })
    }

    /// Puts an item in; [`Error::Full`] when the limit is over, or at once when the channel is closed.
    pub(crate) fn put(&self, bytes: &[u8], id: u64, limit: Limit, watch: &mut impl Watch) -> Result<()> {
        self.put_below(self.capacity, bytes, id, limit, watch)
    }

    /// As `put`, but waits while there are `ahead` items or more.
    pub(crate) fn put_ahead(&self, bytes: &[u8], id: u64, ahead: u64) -> Result<()> {
        self.put_below(ahead, bytes, id, Limit::Never, &mut ())
    }

    /// Puts an item in when there are fewer than `capacity`; 0 is no limit but memory's.
    #[inline(never)]
    fn put_below(
        &self,
        capacity: u64,
        bytes: &[u8],
        id: u64,
        limit: Limit,
        watch: &mut impl Watch,
    ) -> Result<()> {
        let longest = self.rings.longest_item();
        if bytes.len() > longest {
            return Err(Error::TooLarge { bytes: bytes.len(), limit: longest });
        }
        let room = |end: &Locked<'_>| match self.is_closed() {
            true => None,
            false => self.room(capacity, end, bytes.len()),
        };
        let [writers, readers] = [&self.ends.writers, &self.ends.readers];
        let Some((mut end, room, _order)) = self.enter(writers, readers, limit, watch, room) else {
            return Err(Error::Full);
        };
        let next = self.rings.write(end.place(), room, id, bytes);
        match self.tended {
            true => end.wake_a_taker(),
            false => end.wake_waiters(),
        }
        watch.moves(id, || end.count + 1 - readers.count(), bytes);
        end.pass(next);
        Ok(())
    }

    /// Takes the oldest item out, into `bytes`; [`Error::Empty`] when the limit is over, or at once when the channel
    /// is closed and there will never be one.
    #[inline(never)]
    pub(crate) fn get(&self, bytes: &mut Vec<u8>, limit: Limit, watch: &mut impl Watch) -> Result<()> {
        let item = |end: &Locked<'_>| (end.seen().count > end.count).then(|| self.rings.find(end.place()));
        let [writers, readers] = [&self.ends.writers, &self.ends.readers];
        let Some((mut end, item, _order)) = self.enter(readers, writers, limit, watch, item) else {
            return Err(Error::Empty);
        };
        let next = self.rings.read(item, bytes);
        end.wake_waiters();
        watch.takes(item.id);
        end.pass(next);
        watch.moves(item.id, || writers.count() - end.count - 1, bytes);
        Ok(())
    }

    /// Nothing more will be put in: who waits for room learns it at once, who waits for an item when the last is taken.
    pub(crate) fn close(&self) {
        let Ends { writers, readers, closed } = &*self.ends;
        for (end, other) in [(writers, readers), (readers, writers)] {
            let end = end.lock(other, Limit::Never).expect("a lock without limit is got");
            closed.store(true, Ordering::Release);
            end.wake_waiters();
        }
    }

    /// Waits until there is an item; `false` when the channel is closed and there will never be one.
    pub(crate) fn wait_for_an_item(&self) -> bool {
        let Ends { writers, readers, .. } = &*self.ends;
        let mut wait = Wait::new(readers, writers, Limit::Never, self.tended);
        while self.len() == 0 {
            if self.is_closed() {
                return self.len() > 0;
            }
            wait.for_more_than(readers.count(), || self.is_closed(), || ());
        }
        true
    }

    /// Wakes everybody who waits for an item.
    pub(crate) fn wake_all(&self) {
        if let Some(end) = self.writers().lock(self.readers(), Limit::Never) {
            end.wake_waiters();
        }
    }

    /// Wakes somebody if there is an item, after a look at which none can be missed.
    pub(super) fn wake_for_the_left(&self) {
        if let Some(end) = self.writers().lock(self.readers(), Limit::Never)
            && end.count != self.readers().count()
        {
            end.wake_a_waiter();
        }
    }

    /// How many items are in it.
    pub(crate) fn len(&self) -> usize {
        // In this order, or there could be more taken than put.
        let taken = self.ends.readers.count();
        (self.ends.writers.count() - taken) as usize
    }

    /// Whether it holds as many items as it may.
    pub(crate) fn is_full(&self) -> bool {
        self.capacity > 0 && self.len() as u64 >= self.capacity
    }

    /// Where an item of so many bytes can go, if the channel then has no more than `capacity`.
    fn room(&self, capacity: u64, end: &Locked<'_>, bytes: usize) -> Option<Place> {
        let seen = end.seen();
        let len = end.count - seen.count;
        let below = capacity == 0 || len < capacity;
        below.then(|| self.rings.room(end.place(), seen.place, len == 0, bytes)).flatten()
    }

    /// The lock of `ours`, once `may` found that this end may move, and what it found. `None` when the limit is over
    /// first, or the channel closed and nothing found.
    fn enter<'a, T, W: Watch>(
        &'a self,
        ours: &'a End,
        theirs: &'a End,
        limit: Limit,
        watch: &mut W,
        may: impl Fn(&Locked<'_>) -> Option<T>,
    ) -> Option<(Locked<'a>, T, Option<Locked<'a>>)> {
        let mut wait = Wait::new(ours, theirs, limit, self.tended);
        loop {
            let Some((mut end, order)) = self.lock::<W>(ours, theirs, limit) else {
                watch.gives_up();
                return None;
            };
            let mut found = may(&end);
            if found.is_none() {
                end.look();
                found = may(&end);
            }
            if let Some(found) = found {
                return Some((end, found, order));
            }
            if self.is_closed() {
                return None;
            }
            let seen = end.seen().count;
            drop((end, order));
            if !wait.for_more_than(seen, || self.is_closed(), || watch.waits()) {
                watch.gives_up();
                return None;
            }
        }
    }

    /// The lock of `ours`, and for an observer the other one, too. Both are always taken in the same order.
    fn lock<'a, W: Watch>(
        &'a self,
        ours: &'a End,
        theirs: &'a End,
        limit: Limit,
    ) -> Option<(Locked<'a>, Option<Locked<'a>>)> {
        if !W::OBSERVES {
            return Some((ours.lock(theirs, limit)?, None));
        }
        let Ends { writers, readers, .. } = &*self.ends;
        let [first, second] = [readers.lock(writers, limit)?, writers.lock(readers, limit)?];
        Some(if std::ptr::eq(ours, readers) { (first, Some(second)) } else { (second, Some(first)) })
    }

    pub(super) fn writers(&self) -> &End {
        &self.ends.writers
    }

    pub(super) fn readers(&self) -> &End {
        &self.ends.readers
    }

    pub(super) fn is_closed(&self) -> bool {
        self.ends.closed.load(Ordering::Acquire)
    }
}

/// As much memory as the process may have, from [`MEMORY_BYTES`] down.
fn most_memory() -> Result<Rings> {
    let mut bytes = MEMORY_BYTES;
    loop {
        match Rings::new(bytes) {
            Err(_) if bytes > MEMORY_LEAST_BYTES => bytes /= 2,
            rings => return rings,
        }
    }
}
