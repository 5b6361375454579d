//! `SharedMemory`: bytes that any process can open by name, `shm_overview(7)`.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::resource_tracker;

/// A block of memory with a name, as Python's `multiprocessing.shared_memory.SharedMemory`.
///
/// ```no_run
/// use multiprocessing::SharedMemory;
///
/// let a = SharedMemory::create(10)?;
/// a.write(0, b"hello");
/// let b = SharedMemory::attach(a.name())?;
/// assert_eq!(b.read(0, 5), b"hello");
/// b.close();
/// a.close();
/// a.unlink()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Whatever is not unlinked when the last process of the family has ended, or
/// was killed, is unlinked by the resource tracker: a small process that is
/// spawned with the first block, as CPython's. So a program that makes one
/// begins with [`run`](crate::run) or [`freeze_support`](crate::freeze_support).
///
/// Nothing guards it: two processes that write the same bytes at once leave a
/// mixture. Take a [`Lock`](crate::Lock).
#[derive(Clone)]
pub struct SharedMemory {
    name: String,
    mapping: Arc<Mapping>,
}

/// The block in this process's address space.
struct Mapping {
    base: ptr::NonNull<u8>,
    bytes: usize,
    closed: std::sync::atomic::AtomicBool,
}

// SAFETY: a mapping is an address range that is used by atomics only.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl SharedMemory {
    /// A new block of `size` zeros under a name that nobody has, as `psm_4f1a09c2`.
    ///
    /// # Errors
    /// [`NoSize`](Error::NoSize) for 0, else when the kernel has no memory to share.
    pub fn create(size: usize) -> Result<SharedMemory> {
        loop {
            match SharedMemory::create_named(&random_name()?, size) {
                Err(Error::FileExists(_)) => {}
                made => return made,
            }
        }
    }

    /// A new block of `size` zeros under this name.
    ///
    /// # Errors
    /// [`FileExists`](Error::FileExists) when there is one of this name; else as [`create`](Self::create).
    pub fn create_named(name: &str, size: usize) -> Result<SharedMemory> {
        if size == 0 {
            return Err(Error::NoSize);
        }
        if open(name, libc::O_RDONLY).is_ok() {
            return Err(Error::FileExists(name.to_owned()));
        }
        // Before there is anything to leave behind.
        resource_tracker::register(name)?;
        SharedMemory::make(name, size).inspect_err(|_| resource_tracker::unregister(name))
    }

    fn make(name: &str, size: usize) -> Result<SharedMemory> {
        let fd = open(name, libc::O_CREAT | libc::O_EXCL | libc::O_RDWR)?;
        let made = File::from(fd).set_len(size as u64);
        let made = made.map_err(|source| Error::Os { step: "ftruncate", source });
        made.and_then(|()| SharedMemory::attach(name)).inspect_err(|_| {
            let _ = unlink(name);
        })
    }

    /// The block of this name, which some process made.
    ///
    /// # Errors
    /// [`FileNotFound`](Error::FileNotFound) when there is none.
    pub fn attach(name: &str) -> Result<SharedMemory> {
        let fd = open(name, libc::O_RDWR)?;
        let mapping = Arc::new(Mapping::new(&fd)?);
        Ok(SharedMemory { name: name.to_owned(), mapping })
    }

    /// Its name, without the slash that the kernel wants before it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its length in bytes.
    pub fn size(&self) -> usize {
        self.mapping.bytes
    }

    /// The bytes themselves; empty after [`close`](Self::close). Others may change them at any time.
    pub fn buf(&self) -> &[AtomicU8] {
        self.mapping.bytes()
    }

    /// A copy of `len` bytes from `start` on: Python's `bytes(shm.buf[start:start + len])`.
    ///
    /// # Panics
    /// Beyond the end, and after [`close`](Self::close).
    pub fn read(&self, start: usize, len: usize) -> Vec<u8> {
        self.buf()[start..start + len].iter().map(|byte| byte.load(Ordering::Relaxed)).collect()
    }

    /// Writes bytes from `start` on: Python's `shm.buf[start:start + len(bytes)] = bytes`.
    ///
    /// # Panics
    /// As [`read`](Self::read).
    pub fn write(&self, start: usize, bytes: &[u8]) {
        let place = &self.buf()[start..start + bytes.len()];
        place.iter().zip(bytes).for_each(|(place, byte)| place.store(*byte, Ordering::Relaxed));
    }

    /// This object, and its clones in this process, use it no more; the block stays.
    pub fn close(&self) {
        self.mapping.closed.store(true, Ordering::Relaxed);
    }

    /// Takes the name away; the memory is free when the last process has closed it or ended.
    ///
    /// # Errors
    /// [`FileNotFound`](Error::FileNotFound) when it has no name any more.
    pub fn unlink(&self) -> Result<()> {
        unlink(&self.name)?;
        resource_tracker::unregister(&self.name);
        Ok(())
    }
}

impl Mapping {
    fn new(fd: &OwnedFd) -> Result<Mapping> {
        let file = File::from(fd.try_clone().map_err(|source| Error::Os { step: "dup", source })?);
        let bytes = file.metadata().map_err(|source| Error::Os { step: "fstat", source })?.len() as usize;
        // SAFETY: a new mapping at an address of the kernel's choice touches no existing memory.
        let base = unsafe {
            let access = libc::PROT_READ | libc::PROT_WRITE;
            libc::mmap(ptr::null_mut(), bytes.max(1), access, libc::MAP_SHARED, fd.as_raw_fd(), 0)
        };
        if base == libc::MAP_FAILED {
            return Err(Error::last_os("mmap"));
        }
        let base = ptr::NonNull::new(base.cast()).ok_or_else(|| Error::last_os("mmap"))?;
        Ok(Mapping { base, bytes, closed: false.into() })
    }

    fn bytes(&self) -> &[AtomicU8] {
        let open = if self.closed.load(Ordering::Relaxed) { 0 } else { self.bytes };
        // SAFETY: the mapping is that long and lives as long as `self`; every use of it is atomic.
        unsafe { slice::from_raw_parts(self.base.as_ptr().cast(), open) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range was mapped by `new`, and no reference into it outlives `self`.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.bytes.max(1)) };
    }
}

/// Travels as its name, at any time; whoever reads it attaches.
impl Serialize for SharedMemory {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.name.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SharedMemory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        SharedMemory::attach(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// `shm_open(3)` for this user only.
fn open(name: &str, flags: i32) -> Result<OwnedFd> {
    let path = path(name)?;
    // SAFETY: `path` ends with a zero byte and outlives the call.
    let fd = unsafe { libc::shm_open(path.as_ptr(), flags | libc::O_CLOEXEC, 0o600) };
    if fd < 0 {
        return Err(failed("shm_open", name));
    }
    // SAFETY: the kernel has just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// `shm_unlink(3)`.
pub(crate) fn unlink(name: &str) -> Result<()> {
    let path = path(name)?;
    // SAFETY: `path` ends with a zero byte and outlives the call.
    match unsafe { libc::shm_unlink(path.as_ptr()) } {
        0 => Ok(()),
        _ => Err(failed("shm_unlink", name)),
    }
}

fn path(name: &str) -> Result<CString> {
    let invalid = |_| Error::Os { step: "shm_open", source: io::Error::from_raw_os_error(libc::EINVAL) };
    CString::new(format!("/{name}")).map_err(invalid)
}

fn failed(step: &'static str, name: &str) -> Error {
    let source = io::Error::last_os_error();
    match source.raw_os_error() {
        Some(libc::EEXIST) => Error::FileExists(name.to_owned()),
        Some(libc::ENOENT) => Error::FileNotFound(name.to_owned()),
        _ => Error::Os { step, source },
    }
}

/// As `psm_4f1a09c2`.
fn random_name() -> Result<String> {
    let mut bytes = [0u8; 4];
    // SAFETY: the buffer is as long as said.
    if unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) } != bytes.len() as isize {
        return Err(Error::last_os("getrandom"));
    }
    Ok(format!("psm_{:08x}", u32::from_le_bytes(bytes)))
}
