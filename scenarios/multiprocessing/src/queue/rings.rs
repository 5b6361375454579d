//! The memory of a queue: items of any length, one behind the other, in rings.
//!
//! The region holds thirteen rings, each twice as long as the one before. A
//! queue begins in the first, which stays in the processor's cache. When a
//! writer finds no room, it goes on in the next ring and leaves a signpost for
//! the readers; when the queue is empty, back in the first one. So a queue is
//! as large as it must be, and small again when it can be.
//!
//! **Crash safety.** Nothing here decides what is in the queue: that is two
//! counters, of the items that were put and of those that were taken, each
//! changed by one store (`channel`). What is written or read before that store
//! is as if it had not been, if the process dies. That holds for the places,
//! too: each end of the queue keeps two, and an even counter goes with the
//! first, an odd one with the second, so that the one in force is never touched.

use std::sync::atomic::{AtomicU64, Ordering, fence};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::shared::Region;

/// The length of the first ring.
const FIRST_BYTES: u64 = 64 << 10;
/// An item begins with its length and its number, and at a multiple of this, so that its head is never torn.
const HEAD_BYTES: u64 = 16;
/// The length of a signpost.
const SIGNPOST: u64 = u64::MAX;
/// When an empty queue leaves a ring as long as this, its pages go back to the kernel.
const KEPT_BYTES: u64 = 4 << 20;

/// Where an item begins, or where the next one will.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// How many changes of ring came before.
    change: u64,
    ring: u64,
    /// Bytes since the ring was entered; those of earlier rounds are counted.
    at: u64,
}

/// The place of one end of the queue at an even and at an odd count.
#[derive(Default)]
pub(super) struct Places([[AtomicU64; 3]; 2]);

impl Places {
    /// The one that goes with `count`.
    pub(super) fn of(&self, count: u64) -> Place {
        let [change, ring, at] = &self.0[count as usize & 1];
        let load = |word: &AtomicU64| word.load(Ordering::Relaxed);
        Place { change: load(change), ring: load(ring), at: load(at) }
    }

    /// Prepares the one that goes with `count`, which is not yet in force.
    pub(super) fn prepare(&self, count: u64, place: Place) {
        let words = &self.0[count as usize & 1];
        // Who reads these words sees the counter that puts the other ones in force.
        fence(Ordering::Release);
        for (word, value) in words.iter().zip([place.change, place.ring, place.at]) {
            word.store(value, Ordering::Relaxed);
        }
    }
}

/// An item that was found: where its bytes begin, how many they are, its number.
#[derive(Clone, Copy)]
pub(super) struct Found {
    place: Place,
    len: u64,
    pub(super) id: u64,
}

/// The rings themselves.
#[derive(Serialize, Deserialize)]
pub(super) struct Rings {
    region: Region,
    /// How many rings there are.
    count: u64,
}

impl Rings {
    /// Rings of which the longest has `longest` bytes, a power of two times the first one's. Nothing is used until it
    /// is needed.
    pub(super) fn new(longest: usize) -> Result<Rings> {
        let count = u64::from((longest as u64 / FIRST_BYTES).max(1).ilog2()) + 1;
        Ok(Rings { region: Region::new(start(count) as usize)?, count })
    }

    /// The longest item there is room for in an empty queue.
    pub(super) fn longest_item(&self) -> usize {
        (len(self.count - 1) - 2 * HEAD_BYTES) as usize
    }

    /// Where an item of `bytes` can go that is put at `tail`, while readers are at `head`: there, or in another ring.
    /// `None` when there is no room.
    pub(super) fn room(&self, tail: Place, head: Place, empty: bool, bytes: usize) -> Option<Place> {
        let needed = needed(bytes as u64) + HEAD_BYTES;
        let fits = |ring: &u64| needed <= len(*ring);
        let used = if head.change == tail.change { tail.at - head.at } else { tail.at };
        let ring = match empty {
            true => (0..self.count).find(fits)?,
            false if used + needed <= len(tail.ring) => tail.ring,
            // Unread items lie in this ring and in shorter ones.
            false => (tail.ring + 1..self.count).find(fits)?,
        };
        let elsewhere = Place { change: tail.change + 1, ring, at: 0 };
        Some(if ring == tail.ring { tail } else { elsewhere })
    }

    /// Writes an item into its `room`, which readers do not see yet; returns the place behind it.
    #[inline]
    pub(super) fn write(&self, tail: Place, room: Place, id: u64, bytes: &[u8]) -> Place {
        if room.change != tail.change {
            if room.ring < tail.ring && len(tail.ring) >= KEPT_BYTES {
                // The queue is empty.
                self.region.clear();
            }
            self.write_head(tail, SIGNPOST, room.ring);
        }
        self.write_head(room, bytes.len() as u64, id);
        self.copy(room, bytes.len(), |memory, from, len| {
            // SAFETY: `copy` gives parts of the ring behind the head, all together as long as `bytes`, of which
            // `from` and `len` say which part; the lock of the writers makes this the only access to it, because
            // readers look only at what the counters give them.
            unsafe { memory.copy_from_nonoverlapping(bytes.as_ptr().add(from), len) };
        });
        Place { at: room.at + needed(bytes.len() as u64), ..room }
    }

    /// The item at `head`; there is one.
    #[inline]
    pub(super) fn find(&self, head: Place) -> Found {
        let (len, id) = self.read_head(head);
        if len != SIGNPOST {
            return Found { place: head, len, id };
        }
        let place = Place { change: head.change + 1, ring: id, at: 0 };
        let (len, id) = self.read_head(place);
        Found { place, len, id }
    }

    /// Copies an item out; returns the place behind it.
    #[inline]
    pub(super) fn read(&self, found: Found, bytes: &mut Vec<u8>) -> Place {
        let Found { place, len, .. } = found;
        bytes.clear();
        bytes.reserve(len as usize);
        let target = bytes.as_mut_ptr();
        self.copy(place, len as usize, |memory, from, len| {
            // SAFETY: as in `write`, with the lock of the readers; the vector has room for the whole item.
            unsafe { target.add(from).copy_from_nonoverlapping(memory, len) };
        });
        // SAFETY: so many bytes have just been written.
        unsafe { bytes.set_len(len as usize) };
        Place { at: place.at + needed(len), ..place }
    }

    /// Gives `copy` the memory behind the head at `place`, in one part or, around the ring's end, in two.
    fn copy(&self, place: Place, bytes: usize, mut copy: impl FnMut(*mut u8, usize, usize)) {
        let from = (place.at + HEAD_BYTES) & (len(place.ring) - 1);
        let first = bytes.min((len(place.ring) - from) as usize);
        copy(self.memory(place.ring, from), 0, first);
        if first < bytes {
            copy(self.memory(place.ring, 0), first, bytes - first);
        }
    }

    fn write_head(&self, place: Place, len: u64, id: u64) {
        // SAFETY: a head is never torn, so both words are inside the ring; aligned; see `write`.
        unsafe { self.head(place).write([len, id]) };
    }

    fn read_head(&self, place: Place) -> (u64, u64) {
        // SAFETY: as above; all bit patterns are valid.
        let [len, id] = unsafe { self.head(place).read() };
        (len, id)
    }

    fn head(&self, place: Place) -> *mut [u64; 2] {
        self.memory(place.ring, place.at & (len(place.ring) - 1)).cast()
    }

    fn memory(&self, ring: u64, offset: u64) -> *mut u8 {
        assert!(ring < self.count && offset < len(ring), "byte {offset} of ring {ring}");
        // SAFETY: the byte is inside the ring, and the ring inside the region.
        unsafe { self.region.base().as_ptr().add((start(ring) + offset) as usize) }
    }
}

/// The length of a ring.
fn len(ring: u64) -> u64 {
    FIRST_BYTES << ring
}

/// Where a ring begins in the region: behind all shorter ones.
fn start(ring: u64) -> u64 {
    (FIRST_BYTES << ring) - FIRST_BYTES
}

/// How many bytes an item takes, with its head.
fn needed(bytes: u64) -> u64 {
    HEAD_BYTES + bytes.next_multiple_of(HEAD_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue for one process.
    struct Lone {
        rings: Rings,
        put: (u64, Places),
        taken: (u64, Places),
    }

    impl Lone {
        fn new(longest: usize) -> Lone {
            let rings = Rings::new(longest).unwrap();
            Lone { rings, put: Default::default(), taken: Default::default() }
        }

        fn put(&mut self, bytes: &[u8]) -> bool {
            let (tail, head) = (self.put.1.of(self.put.0), self.taken.1.of(self.taken.0));
            let Some(room) = self.rings.room(tail, head, self.put.0 == self.taken.0, bytes.len()) else {
                return false;
            };
            let next = self.rings.write(tail, room, self.put.0, bytes);
            self.put.0 += 1;
            self.put.1.prepare(self.put.0, next);
            true
        }

        fn take(&mut self) -> Vec<u8> {
            assert!(self.taken.0 < self.put.0);
            let mut bytes = Vec::new();
            let found = self.rings.find(self.taken.1.of(self.taken.0));
            assert_eq!(found.id, self.taken.0);
            let next = self.rings.read(found, &mut bytes);
            self.taken.0 += 1;
            self.taken.1.prepare(self.taken.0, next);
            bytes
        }

        fn ring(&self) -> u64 {
            self.put.1.of(self.put.0).ring
        }
    }

    fn item(n: usize) -> Vec<u8> {
        (0..n).map(|byte| (byte * 7 + n) as u8).collect()
    }

    #[test]
    fn items_of_every_length_come_out_in_order_around_and_beyond_a_ring() {
        let mut queue = Lone::new(1 << 20);
        for round in 0..3 {
            for n in 0..900 {
                assert!(queue.put(&item(n)), "{round} {n}");
            }
            for n in 0..900 {
                assert!(queue.take() == item(n), "{round} {n}");
            }
        }
        for n in 0..20_000 {
            assert!(queue.put(&item(n % 50)) && queue.take() == item(n % 50));
        }
    }

    #[test]
    fn a_queue_grows_while_it_must_and_is_small_again_when_it_is_empty() {
        let mut queue = Lone::new(8 << 20);
        let long = item(10_000);
        let mut count = 0;
        while queue.put(&long) {
            count += 1;
        }
        assert!(count * long.len() > 8 << 20, "{count} items");
        assert_eq!(queue.ring(), 7);
        (0..count).for_each(|_| assert!(queue.take() == long));
        assert!(queue.put(&long) && queue.take() == long);
        assert_eq!(queue.ring(), 0);
    }

    #[test]
    fn the_longest_item_fits_into_an_empty_queue_again_and_again() {
        let mut queue = Lone::new(1 << 20);
        let longest = item(queue.rings.longest_item());
        for _ in 0..5 {
            assert!(queue.put(b"first") && queue.take() == b"first");
            assert!(queue.put(&longest) && !queue.put(&longest) && queue.take() == longest);
        }
    }

    #[test]
    fn what_was_written_and_not_counted_is_overwritten() {
        let mut queue = Lone::new(1 << 20);
        assert!(queue.put(b"alive"));
        let tail = queue.put.1.of(1);
        let dead = item(100_000);
        let room = queue.rings.room(tail, queue.taken.1.of(0), false, dead.len()).unwrap();
        let next = queue.rings.write(tail, room, 1, &dead);
        queue.put.1.prepare(2, next);
        assert!(queue.put(b"next"));
        assert_eq!((queue.take(), queue.take()), (b"alive".to_vec(), b"next".to_vec()));
    }
}
