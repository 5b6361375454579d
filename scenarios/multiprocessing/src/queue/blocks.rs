//! The memory of a queue: items of any length in chains of small blocks.
//!
//! A block holds 232 bytes and the number of the next block of its item; the
//! first block of an item also holds the number of the next item's first
//! block. So a small item touches four cache lines, a large one is as long as
//! it likes, nothing fragments, and freed blocks are used again first, while
//! they are still in the processor's cache.
//!
//! **Crash safety.** The list of items, from `head` on, is the truth, and one
//! store each makes an item part of it (`commit`) or not (`take`). Everything
//! else (length, tail, free list) can be counted again from it, which `repair`
//! does after a process died with the lock in its hands. `&mut Ledger` in the
//! signatures is the proof that the caller holds that lock.

use std::sync::atomic::{AtomicU32, Ordering, compiler_fence};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::shared::Region;

/// How many bytes of an item one block holds.
const PAYLOAD: usize = 232;
/// No block.
const NONE: u32 = u32::MAX;
/// When a queue runs empty after it had touched more blocks than this, its pages go back to the kernel.
const KEPT_BLOCKS: u32 = (4 << 20) / size_of::<Block>() as u32;

#[repr(C)]
struct Block {
    /// The next block of the same item, or the next free one.
    next: u32,
    /// In an item's first block: the next item's first block.
    next_item: u32,
    /// In an item's first block: its length.
    len: u64,
    /// In an item's first block: its number in the events.
    id: u64,
    payload: [u8; PAYLOAD],
}

/// Where everything is. Guarded by the queue's lock.
pub(super) struct Ledger {
    /// The first item's first block.
    head: AtomicU32,
    /// The last item's first block; meaningless while there is none.
    tail: u32,
    /// How many items there are.
    pub(super) len: u64,
    /// The first free block that was used before.
    free: u32,
    /// How many such there are.
    free_len: u32,
    /// Blocks from here on were never used.
    fresh: u32,
    /// Nothing more will be put in.
    pub(super) closed: bool,
}

impl Ledger {
    pub(super) fn new() -> Ledger {
        let head = AtomicU32::new(NONE);
        Ledger { head, tail: NONE, len: 0, free: NONE, free_len: 0, fresh: 0, closed: false }
    }
}

/// The blocks themselves.
#[derive(Serialize, Deserialize)]
pub(super) struct Blocks {
    region: Region,
    count: u32,
}

impl Blocks {
    /// Room for `bytes`, of which nothing is used until it is needed.
    pub(super) fn new(bytes: usize) -> Result<Blocks> {
        let region = Region::new(bytes)?;
        let count = u32::try_from(bytes / size_of::<Block>()).unwrap_or(NONE - 1).min(NONE - 1);
        Ok(Blocks { region, count })
    }

    /// The longest item there is room for in an empty queue.
    pub(super) fn longest_item(&self) -> usize {
        self.count as usize * PAYLOAD
    }

    /// Whether an item of `bytes` would fit now.
    pub(super) fn fits(&self, ledger: &Ledger, bytes: usize) -> bool {
        blocks_for(bytes) <= ledger.free_len as usize + (self.count - ledger.fresh) as usize
    }

    /// Copies an item into blocks that nobody sees yet. The caller has asked [`fits`](Self::fits).
    pub(super) fn stage(&self, ledger: &mut Ledger, id: u64, bytes: &[u8]) -> u32 {
        let first = self.allocate(ledger);
        self.with(first, |block| {
            block.next_item = NONE;
            block.len = bytes.len() as u64;
            block.id = id;
        });
        let mut at = first;
        let mut rest = bytes;
        loop {
            let (now, later) = rest.split_at(rest.len().min(PAYLOAD));
            let next = if later.is_empty() { NONE } else { self.allocate(ledger) };
            self.with(at, |block| {
                block.payload[..now.len()].copy_from_slice(now);
                block.next = next;
            });
            if later.is_empty() {
                return first;
            }
            (at, rest) = (next, later);
        }
    }

    /// Makes a staged item the last of the queue.
    pub(super) fn commit(&self, ledger: &mut Ledger, first: u32) {
        if ledger.head.load(Ordering::Relaxed) == NONE {
            publish(&ledger.head, first);
        } else {
            // SAFETY: `tail` is a block of this region, and the lock makes this the only access to it.
            let link = unsafe { AtomicU32::from_ptr(&raw mut (*self.block(ledger.tail)).next_item) };
            publish(link, first);
        }
        ledger.tail = first;
        ledger.len += 1;
    }

    /// Copies the first item out, takes it from the queue with `before` just before that, and returns its number.
    pub(super) fn take(&self, ledger: &mut Ledger, bytes: &mut Vec<u8>, before: impl FnOnce()) -> u64 {
        let first = ledger.head.load(Ordering::Relaxed);
        let (len, id, next_item) = self.with(first, |block| (block.len as usize, block.id, block.next_item));
        bytes.clear();
        bytes.reserve_exact(len);
        let mut last = first;
        loop {
            let part = (len - bytes.len()).min(PAYLOAD);
            let next = self.with(last, |block| {
                bytes.extend_from_slice(&block.payload[..part]);
                block.next
            });
            if bytes.len() == len {
                break;
            }
            last = next;
        }
        before();
        publish(&ledger.head, next_item);
        ledger.len -= 1;
        self.release(ledger, first, last, blocks_for(len));
        id
    }

    /// Counts everything again from the list of items.
    pub(super) fn repair(&self, ledger: &mut Ledger) {
        let used = self.recount(ledger);
        if ledger.len == 0 {
            return self.begin_anew(ledger);
        }
        (ledger.free, ledger.free_len) = (NONE, 0);
        for (block, _) in (0u32..).zip(&used).filter(|(_, used)| !**used) {
            self.link_free(ledger, block, block, 1);
        }
    }

    /// Finds the length and the tail; returns for each block that was ever used whether an item has it.
    fn recount(&self, ledger: &mut Ledger) -> Vec<bool> {
        let mut used = vec![false; ledger.fresh.min(self.count) as usize];
        let mut item = ledger.head.load(Ordering::Relaxed);
        (ledger.len, ledger.tail) = (0, NONE);
        while item != NONE {
            ledger.len += 1;
            ledger.tail = item;
            let (mut left, next_item) =
                self.with(item, |block| (blocks_for(block.len as usize), block.next_item));
            let mut at = item;
            while left > 0 {
                used[at as usize] = true;
                at = self.with(at, |block| block.next);
                left -= 1;
            }
            item = next_item;
        }
        used
    }

    /// Takes a block from the free ones. The caller has asked [`fits`](Self::fits).
    fn allocate(&self, ledger: &mut Ledger) -> u32 {
        let block = ledger.free;
        if block == NONE {
            ledger.fresh += 1;
            return ledger.fresh - 1;
        }
        ledger.free = self.with(block, |block| block.next);
        ledger.free_len -= 1;
        block
    }

    /// Gives an item's chain of `count` blocks back, and all memory with the last of many.
    fn release(&self, ledger: &mut Ledger, first: u32, last: u32, count: usize) {
        if ledger.len == 0 && ledger.fresh > KEPT_BLOCKS {
            return self.begin_anew(ledger);
        }
        self.link_free(ledger, first, last, count);
    }

    /// While there is no item: as if no block had ever been used.
    fn begin_anew(&self, ledger: &mut Ledger) {
        self.region.clear();
        (ledger.free, ledger.free_len, ledger.fresh) = (NONE, 0, 0);
    }

    /// Puts a chain of `count` blocks before the free ones.
    fn link_free(&self, ledger: &mut Ledger, first: u32, last: u32, count: usize) {
        self.with(last, |block| block.next = ledger.free);
        ledger.free = first;
        ledger.free_len += count as u32;
    }

    /// Reads or changes one block.
    fn with<R>(&self, index: u32, use_it: impl FnOnce(&mut Block) -> R) -> R {
        // SAFETY: the pointer is inside the region and aligned (see `block`); all bit patterns are valid blocks; the
        // caller holds the lock (it has the ledger), and nobody here asks for two blocks at once.
        use_it(unsafe { &mut *self.block(index) })
    }

    fn block(&self, index: u32) -> *mut Block {
        assert!(index < self.count, "block {index} of {}", self.count);
        // SAFETY: `index` is below the number of blocks that fit into the region, whose base is page-aligned.
        unsafe { self.region.base().as_ptr().cast::<Block>().add(index as usize) }
    }
}

/// How many blocks an item of `bytes` takes; an empty one takes one.
fn blocks_for(bytes: usize) -> usize {
    bytes.div_ceil(PAYLOAD).max(1)
}

/// The one store that changes what is in the queue: everything before it is written before, everything after it after,
/// for a process that may be killed in between.
fn publish(link: &AtomicU32, item: u32) {
    compiler_fence(Ordering::SeqCst);
    link.store(item, Ordering::Release);
    compiler_fence(Ordering::SeqCst);
}

const _: () = assert!(size_of::<Block>() == 256, "a block is four cache lines");

#[cfg(test)]
mod tests {
    use super::*;

    fn put(blocks: &Blocks, ledger: &mut Ledger, id: u64, bytes: &[u8]) {
        assert!(blocks.fits(ledger, bytes.len()));
        let first = blocks.stage(ledger, id, bytes);
        blocks.commit(ledger, first);
    }

    fn take(blocks: &Blocks, ledger: &mut Ledger) -> (u64, Vec<u8>) {
        let mut bytes = Vec::new();
        let id = blocks.take(ledger, &mut bytes, || {});
        (id, bytes)
    }

    #[test]
    fn items_of_every_length_come_out_in_order() {
        let blocks = Blocks::new(1 << 20).unwrap();
        let mut ledger = Ledger::new();
        let items: Vec<Vec<u8>> = (0..700).map(|len| (0..len).map(|byte| byte as u8).collect()).collect();
        for (id, item) in (1..).zip(&items) {
            put(&blocks, &mut ledger, id, item);
        }
        for (id, item) in (1..).zip(&items) {
            assert_eq!(take(&blocks, &mut ledger), (id, item.clone()));
        }
        assert_eq!(ledger.len, 0);
    }

    #[test]
    fn a_full_region_says_so_and_is_usable_again() {
        let blocks = Blocks::new(4 * 256).unwrap();
        let mut ledger = Ledger::new();
        let longest = vec![7; blocks.longest_item()];
        for id in 1..10 {
            put(&blocks, &mut ledger, id, &longest);
            assert!(!blocks.fits(&ledger, 0));
            assert_eq!(take(&blocks, &mut ledger), (id, longest.clone()));
        }
    }

    #[test]
    fn an_item_that_was_staged_by_a_dead_process_is_free_again() {
        let blocks = Blocks::new(8 * 256).unwrap();
        let mut ledger = Ledger::new();
        put(&blocks, &mut ledger, 1, b"alive");
        blocks.stage(&mut ledger, 2, &[0; 3 * PAYLOAD]);
        ledger.len = 99;
        blocks.repair(&mut ledger);
        assert_eq!((ledger.len, ledger.free_len), (1, 3));
        put(&blocks, &mut ledger, 3, b"next");
        assert_eq!(take(&blocks, &mut ledger), (1, b"alive".to_vec()));
        assert_eq!(take(&blocks, &mut ledger), (3, b"next".to_vec()));
    }

    #[test]
    fn repair_of_an_empty_queue_frees_a_huge_staged_item_once() {
        let blocks = Blocks::new(64 << 20).unwrap();
        let mut ledger = Ledger::new();
        blocks.stage(&mut ledger, 1, &vec![1; 5 << 20]);
        blocks.repair(&mut ledger);
        assert_eq!((ledger.len, ledger.free, ledger.free_len, ledger.fresh), (0, NONE, 0, 0));
        let items: Vec<Vec<u8>> = (0..40).map(|n| vec![n; 200 << 10]).collect();
        for (id, item) in (2..).zip(&items) {
            put(&blocks, &mut ledger, id, item);
        }
        for (id, item) in (2..).zip(&items) {
            assert!(take(&blocks, &mut ledger) == (id, item.clone()), "item {id}");
        }
    }

    #[test]
    fn a_half_freed_item_is_wholly_free_after_repair() {
        let blocks = Blocks::new(8 * 256).unwrap();
        let mut ledger = Ledger::new();
        put(&blocks, &mut ledger, 1, &[1; 2 * PAYLOAD]);
        put(&blocks, &mut ledger, 2, b"kept");
        let second = blocks.with(ledger.head.load(Ordering::Relaxed), |block| block.next_item);
        publish(&ledger.head, second);
        blocks.repair(&mut ledger);
        assert_eq!((ledger.len, ledger.free_len), (1, 2));
        assert_eq!(take(&blocks, &mut ledger), (2, b"kept".to_vec()));
    }
}
