//! The names that are to be unlinked, in memory that the whole family and its tracker share.

use std::sync::atomic::{AtomicI32, Ordering};

use crate::error::{Error, Result};
use crate::lock::{Guard, RobustLock};
use crate::process::current::getpid;

/// How many blocks of shared memory a family can have at once.
const NAMES_MAX: usize = 240;
/// The longest name of a file, `NAME_MAX`, and its length.
const NAME_BYTES: usize = 256;

/// What is shared.
pub(super) struct Table {
    /// The tracker has it as long as it lives.
    watch: RobustLock<()>,
    /// Who launches a tracker has it.
    launch: RobustLock<()>,
    names: RobustLock<[Name; NAMES_MAX]>,
    /// The latest tracker, and who launched it.
    tracker: AtomicI32,
    launcher: AtomicI32,
}

/// A name, or a free place. The length, which is written last, makes it a name.
#[derive(Clone, Copy)]
struct Name {
    len: u8,
    bytes: [u8; NAME_BYTES - 1],
}

impl Name {
    const NONE: Name = Name { len: 0, bytes: [0; NAME_BYTES - 1] };

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl Table {
    /// An empty one, to be put in its final place and then [`prepared`](Self::prepare).
    pub(super) fn new() -> Table {
        Table {
            watch: RobustLock::new(()),
            launch: RobustLock::new(()),
            names: RobustLock::new([Name::NONE; NAMES_MAX]),
            tracker: AtomicI32::new(0),
            launcher: AtomicI32::new(0),
        }
    }

    pub(super) fn prepare(&self) -> Result<()> {
        self.watch.prepare()?;
        self.launch.prepare()?;
        self.names.prepare()
    }

    /// Writes a name down.
    pub(super) fn enter(&self, name: &str) -> Result<()> {
        let errno = |code| Error::Os { step: "shm_open", source: std::io::Error::from_raw_os_error(code) };
        let len = u8::try_from(name.len()).map_err(|_| errno(libc::ENAMETOOLONG))?;
        let mut names = self.names.lock(|_| {});
        let free = names.iter_mut().find(|name| name.len == 0).ok_or_else(|| errno(libc::ENFILE))?;
        free.bytes[..name.len()].copy_from_slice(name.as_bytes());
        free.len = len;
        Ok(())
    }

    /// Strikes a name out, once: of two who wanted to make the same block, the other has it written down still.
    pub(super) fn strike(&self, name: &str) {
        let mut names = self.names.lock(|_| {});
        if let Some(entry) = names.iter_mut().find(|entry| entry.as_bytes() == name.as_bytes()) {
            entry.len = 0;
        }
    }

    /// All names, which are struck out with that.
    pub(super) fn take_all(&self) -> Vec<String> {
        let mut names = self.names.lock(|_| {});
        let taken = names.iter().filter(|name| name.len > 0);
        let taken = taken.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned()).collect();
        names.iter_mut().for_each(|name| name.len = 0);
        taken
    }

    /// In the tracker: from now to its end.
    pub(super) fn watch(&self) {
        self.watch.lock(|()| {}).keep();
    }

    /// Whether a tracker lives.
    pub(super) fn is_watched(&self) -> bool {
        self.watch.try_lock(|()| {}).is_none()
    }

    /// For one launch at a time.
    pub(super) fn launching(&self) -> Guard<'_, ()> {
        self.launch.lock(|()| {})
    }

    /// A tracker was launched by this process.
    pub(super) fn launched(&self, pid: i32) {
        self.tracker.store(pid, Ordering::Relaxed);
        self.launcher.store(getpid(), Ordering::Relaxed);
    }

    pub(super) fn launched_by_me(&self) -> bool {
        self.launcher.load(Ordering::Relaxed) == getpid()
    }

    /// Reads the status of the tracker, which has ended or is about to.
    pub(super) fn bury(&self) {
        // SAFETY: the status is not asked for; it is this process's child and nobody else waits for it.
        unsafe { libc::waitpid(self.tracker.load(Ordering::Relaxed), std::ptr::null_mut(), 0) };
    }
}
