//! Memory that stays one and the same after a fork.
//!
//! `fork(2)` gives the child a copy of everything except mappings made with
//! `MAP_SHARED`: those pages belong to both. Everything two processes meet in
//! (queues, values, counters) lives in such a mapping, made before the fork.
//! The address is the same in every process that inherits it.

use std::ops::Deref;
use std::ptr::{self, NonNull};

use crate::error::{Error, Result};

/// Zeroed shared memory of some length. Pages cost nothing until they are touched.
pub(crate) struct Region {
    base: NonNull<u8>,
    bytes: usize,
}

// SAFETY: a region is only an address range; who reads and writes it, and when, is the business of its users.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// Maps `bytes`; `MAP_NORESERVE` because most of a queue's range is never touched.
    pub(crate) fn new(bytes: usize) -> Result<Region> {
        // SAFETY: a new anonymous mapping at an address of the kernel's choice touches no existing memory.
        let address = unsafe {
            libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(Error::last_os("mmap"));
        }
        let base = NonNull::new(address.cast()).ok_or_else(|| Error::last_os("mmap"))?;
        Ok(Region { base, bytes })
    }

    /// Where it begins; page-aligned.
    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// Its length.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gives the pages back to the kernel, for all processes; they read as zero again.
    pub(crate) fn clear(&self) {
        // SAFETY: the range is this mapping's own; the caller holds the lock that guards its content.
        unsafe { libc::madvise(self.base.as_ptr().cast(), self.bytes, libc::MADV_REMOVE) };
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the range was mapped by `new` and no reference into it outlives its owner; other processes keep their mapping.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.bytes) };
    }
}

/// One `T` in shared memory.
///
/// It is never dropped: another process may still use it, and the kernel frees
/// the pages with the last mapping. So `T` must own nothing outside itself.
pub(crate) struct Shared<T> {
    region: Region,
    value: NonNull<T>,
}

// SAFETY: a `Shared<T>` hands out `&T` only, to several processes, which is what `Sync` of `T` allows for threads.
unsafe impl<T: Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Shared<T> {}

impl<T: Sync> Shared<T> {
    /// Moves `value` into a mapping of its own.
    pub(crate) fn new(value: T) -> Result<Shared<T>> {
        let region = Region::new(size_of::<T>().max(1))?;
        let place = region.base().cast::<T>();
        // SAFETY: the mapping is new, at least as long as a `T`, and page-aligned.
        unsafe { place.write(value) };
        Ok(Shared { region, value: place })
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        debug_assert!(self.region.bytes() >= size_of::<T>());
        // SAFETY: `new` wrote a valid `T` there and nothing ever drops or moves it.
        unsafe { self.value.as_ref() }
    }
}
