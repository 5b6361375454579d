//! Memory that is one and the same in several processes.
//!
//! `fork(2)` gives the child a copy of everything except mappings made with
//! `MAP_SHARED`: those pages belong to both, at the same address. Everything
//! two processes meet in (queues, values, counters) lives in such a mapping.
//!
//! A child that is not a fork has no mappings of its parent's. So the pages
//! belong to a file without a name, `memfd_create(2)`, whose descriptor can go
//! along ([`reduction`](crate::reduction)), and the child maps it for itself:
//! somewhere else, which is why nothing in shared memory may be a pointer.

use std::io;
use std::marker::PhantomData;
use std::ops::Deref;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::{self, NonNull};
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::heap;
use crate::reduction::DupFd;

/// Zeroed shared memory of some length. Pages cost nothing until they are touched.
pub(crate) struct Region {
    base: NonNull<u8>,
    bytes: usize,
    file: DupFd,
}

// SAFETY: a region is only an address range; who reads and writes it, and when, is the business of its users.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// Makes and maps `bytes`.
    pub(crate) fn new(bytes: usize) -> Result<Region> {
        let file = memory_file(bytes)?;
        Region::map(DupFd::new(file), bytes)
    }

    /// Maps the first `bytes` of a file; `MAP_NORESERVE` because most of a queue's range is never touched.
    fn map(file: DupFd, bytes: usize) -> Result<Region> {
        // SAFETY: a new mapping at an address of the kernel's choice touches no existing memory.
        let address = unsafe {
            libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_NORESERVE,
                file.as_raw_fd(),
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(Error::last_os("mmap"));
        }
        let base = NonNull::new(address.cast()).ok_or_else(|| Error::last_os("mmap"))?;
        Ok(Region { base, bytes, file })
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

/// A file of zeroes in memory that has no name.
pub(crate) fn memory_file(bytes: usize) -> Result<OwnedFd> {
    // SAFETY: the name is a C string; the call fails or returns a descriptor that nobody else owns.
    let fd = unsafe { libc::memfd_create(c"multiprocessing".as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(Error::last_os("memfd_create"));
    }
    // SAFETY: as above.
    let file = unsafe { OwnedFd::from_raw_fd(fd) };
    if bytes as u64 > longest_file() {
        // Asking for it would be answered with SIGXFSZ.
        return Err(Error::Os { step: "ftruncate", source: io::Error::from_raw_os_error(libc::EFBIG) });
    }
    // SAFETY: the descriptor is open.
    match unsafe { libc::ftruncate(fd, bytes as libc::off_t) } {
        0 => Ok(file),
        _ => Err(Error::last_os("ftruncate")),
    }
}

/// `RLIMIT_FSIZE`, which counts for files in memory, too.
fn longest_file() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: `limit` is a local that the call fills.
    unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) };
    limit.rlim_cur
}

/// Written as its file and its length; read by mapping that file.
impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        (&self.file, self.bytes).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (file, bytes) = Deserialize::deserialize(deserializer)?;
        Region::map(file, bytes).map_err(D::Error::custom)
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
/// the pages with the last mapping. So `T` must own nothing outside itself,
/// and point nowhere: each process may have it at another address.
pub(crate) struct Shared<T> {
    region: Arc<Region>,
    place: usize,
    value: PhantomData<T>,
}

// SAFETY: a `Shared<T>` hands out `&T` only, to several processes, which is what `Sync` of `T` allows for threads.
unsafe impl<T: Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Shared<T> {}

impl<T: Sync> Shared<T> {
    /// Moves `value` into shared memory.
    pub(crate) fn new(value: T) -> Result<Shared<T>> {
        const { assert!(align_of::<T>() <= heap::GRAIN_BYTES) };
        let (region, place) = heap::allocate(size_of::<T>())?;
        let shared: Shared<T> = Shared { region, place, value: PhantomData };
        // SAFETY: the memory is new, long enough for a `T`, and aligned.
        unsafe { shared.address().write(value) };
        Ok(shared)
    }
}

impl<T> Shared<T> {
    /// The file that it lies in.
    pub(crate) fn file(&self) -> RawFd {
        self.region.file.as_raw_fd()
    }

    /// What lies at the beginning of a file that another process of this program made for it alone.
    pub(crate) fn of_file(file: OwnedFd) -> Result<Shared<T>> {
        let region = Arc::new(Region::map(DupFd::new(file), size_of::<T>())?);
        Ok(Shared { region, place: 0, value: PhantomData })
    }

    fn address(&self) -> NonNull<T> {
        debug_assert!(self.place + size_of::<T>() <= self.region.bytes());
        // SAFETY: the place and a `T` behind it are inside the region, as `new` and `deserialize` make sure.
        unsafe { self.region.base().add(self.place) }.cast()
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `new` wrote a valid `T` there, here or in the process this came from, and nothing ever drops or moves it.
        unsafe { self.address().as_ref() }
    }
}

impl<T> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        (&*self.region, self.place).serialize(serializer)
    }
}

/// Files come along only to a child that reads what its parent, the same program, has written as the same type; so
/// in the file that is mapped here, at this place, is the `T` that `new` wrote there.
impl<'de, T> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (region, place): (Region, usize) = Deserialize::deserialize(deserializer)?;
        if region.bytes().checked_sub(place).is_none_or(|left| left < size_of::<T>()) {
            return Err(D::Error::custom("the shared memory is too short"));
        }
        Ok(Shared { region: Arc::new(region), place, value: PhantomData })
    }
}
