//! Shared memory in small pieces: CPython's `heap`.
//!
//! A file for every lock and every number would soon be too many: a process may
//! have a thousand open. So small objects lie side by side in chunks of one
//! file each. A piece is never used twice; a chunk goes, with its file, when
//! the last object in it is gone from the process.
//!
//! How much of a chunk is used stands in the chunk itself, because after a
//! fork both processes go on in the same one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Result;
use crate::shared::Region;

/// Five hundred small objects.
const CHUNK_BYTES: usize = 64 << 10;
/// What does not fit into this has a file of its own.
const PIECE_MAX_BYTES: usize = 4 << 10;
/// Two cache lines, which processors fetch together: objects do not disturb each other.
pub(crate) const GRAIN_BYTES: usize = 128;

/// The chunk that new objects go to.
static CHUNK: Mutex<Option<Arc<Region>>> = Mutex::new(None);

/// Held across a fork, so that the child finds it whole.
pub(crate) fn lock() -> MutexGuard<'static, Option<Arc<Region>>> {
    CHUNK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Zeroed memory of so many bytes: a region, and where in it.
pub(crate) fn allocate(bytes: usize) -> Result<(Arc<Region>, usize)> {
    if bytes > PIECE_MAX_BYTES {
        return Ok((Arc::new(Region::new(bytes)?), 0));
    }
    let mut current = lock();
    if let Some(chunk) = &*current
        && let Some(place) = take(chunk, bytes)
    {
        return Ok((Arc::clone(chunk), place));
    }
    let chunk = current.insert(Arc::new(Region::new(CHUNK_BYTES)?));
    // The first piece is the count of what is used.
    take(chunk, size_of::<AtomicUsize>());
    let place = take(chunk, bytes).expect("a piece is shorter than an empty chunk");
    Ok((Arc::clone(chunk), place))
}

/// The next piece of a chunk, if there is room.
fn take(chunk: &Region, bytes: usize) -> Option<usize> {
    // SAFETY: a chunk begins with this word, which nothing else overlaps; zero is a valid one; the mapping is aligned
    // and outlives the call.
    let used = unsafe { AtomicUsize::from_ptr(chunk.base().as_ptr().cast()) };
    let grains = bytes.max(1).next_multiple_of(GRAIN_BYTES);
    let place = used.fetch_add(grains, Ordering::Relaxed);
    (place + grains <= CHUNK_BYTES).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_do_not_overlap_and_a_new_chunk_follows_a_full_one() {
        let pieces: Vec<_> = (0..2000).map(|n| (n % 300, allocate(n % 300).unwrap())).collect();
        let mut ends = std::collections::BTreeMap::new();
        for (bytes, (chunk, place)) in &pieces {
            let from = chunk.base().as_ptr().addr() + place;
            assert!(place + bytes <= chunk.bytes() && from.is_multiple_of(GRAIN_BYTES));
            ends.insert(from, from + bytes.max(&1));
        }
        assert_eq!(ends.len(), 2000);
        assert!(ends.values().zip(ends.keys().skip(1)).all(|(end, next)| end <= next));
    }

    #[test]
    fn what_is_large_has_a_file_of_its_own() {
        let (region, place) = allocate(PIECE_MAX_BYTES + 1).unwrap();
        assert_eq!((place, region.bytes()), (0, PIECE_MAX_BYTES + 1));
    }
}
