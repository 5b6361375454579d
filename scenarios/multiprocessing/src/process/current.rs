//! Who this process is: its name, its number in the family, its children.

use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use protocol::event::Role;
use serde::{Deserialize, Serialize};

use super::child::{Child, is_readable};
use crate::pool::{self, Pools};
use crate::{probe, signal};

/// What a process is called and how it counts.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// As `Process-1:2`.
    pub(crate) name: String,
    /// The numbers in the name: one for each generation.
    pub(crate) path: Vec<u32>,
    /// Whether it may have no children and ends with its parent.
    pub(crate) daemon: bool,
}

/// This process's own state; a child gets a new one.
pub(crate) struct Current {
    identity: Identity,
    role: Role,
    parent: Option<ParentProcess>,
    created: u32,
    children: Vec<Arc<Child>>,
    pools: Pools,
    forks: Forks,
}

/// What `os.fork` made: what this process is called in the log because of it, and its own forks so far.
struct Forks {
    path: Vec<usize>,
    pids: Vec<i32>,
}

impl Forks {
    /// As `fork-1:2`, for the next or a former fork of this process.
    fn label(&self, number: usize) -> String {
        let numbers: Vec<String> = self.path.iter().chain([&number]).map(usize::to_string).collect();
        format!("fork-{}", numbers.join(":"))
    }
}

static CURRENT: Mutex<Current> = Mutex::new(Current {
    identity: Identity { name: String::new(), path: Vec::new(), daemon: false },
    role: Role::Main,
    parent: None,
    created: 0,
    children: Vec::new(),
    pools: Vec::new(),
    forks: Forks { path: Vec::new(), pids: Vec::new() },
});

/// Whether the bottom of the stack catches what `sys::exit` throws.
static UNWINDS_ON_EXIT: AtomicBool = AtomicBool::new(false);

pub(crate) fn unwinds_on_exit() -> bool {
    UNWINDS_ON_EXIT.load(Ordering::Relaxed)
}

pub(crate) fn set_unwinds_on_exit() {
    UNWINDS_ON_EXIT.store(true, Ordering::Relaxed);
}

/// Locks the state; held across a fork, so that the child finds it whole.
/// Who holds it asks nobody anything but the kernel.
pub(crate) fn lock() -> MutexGuard<'static, Current> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Current {
    /// In a child, first of all: forget the parent's life and begin one's own.
    pub(crate) fn begin(&mut self, identity: Identity, role: Role, parent: ParentProcess) {
        // The handles are the parent's; dropping them closes this process's copies of the descriptors.
        *self = Current {
            identity,
            role,
            parent: Some(parent),
            created: 0,
            children: Vec::new(),
            pools: Vec::new(),
            forks: Forks { path: Vec::new(), pids: Vec::new() },
        };
        signal::forget_pending();
    }

    /// In a child of `os.fork`, first of all: it is who its parent was, without its parent's children.
    /// Returns what the log calls it.
    pub(crate) fn split(&mut self) -> String {
        let number = self.forks.pids.len() + 1;
        let label = self.forks.label(number);
        self.forks.path.push(number);
        self.forks.pids.clear();
        self.children.clear();
        self.pools.clear();
        signal::forget_pending();
        label
    }

    /// In a parent, after `os.fork`.
    pub(crate) fn forked(&mut self, pid: i32) {
        self.forks.pids.push(pid);
    }

    pub(crate) fn name(&self) -> &str {
        if self.identity.name.is_empty() { "MainProcess" } else { &self.identity.name }
    }
}

/// What this process is called, if it is not the main one.
pub(crate) fn child_name() -> Option<String> {
    let current = lock();
    (current.role != Role::Main).then(|| current.name().to_owned())
}

/// The next object of `class` that this process makes.
pub(crate) fn new_identity(class: &str) -> Identity {
    let mut current = lock();
    current.created += 1;
    let mut path = current.identity.path.clone();
    path.push(current.created);
    let numbers: Vec<String> = path.iter().map(u32::to_string).collect();
    Identity { name: format!("{class}-{}", numbers.join(":")), path, daemon: current.identity.daemon }
}

/// Whether this process was started by another of the family.
pub(crate) fn is_child() -> bool {
    lock().parent.is_some()
}

/// Whether this process is the one with these numbers.
pub(crate) fn is_path(path: &[u32]) -> bool {
    lock().identity.path == path
}

pub(crate) fn is_daemon() -> bool {
    lock().identity.daemon
}

/// What the log calls a child that `os.fork` made.
pub(crate) fn label_of_fork(pid: i32) -> Option<String> {
    let current = lock();
    let index = current.forks.pids.iter().rposition(|one| *one == pid)?;
    Some(current.forks.label(index + 1))
}

pub(crate) fn add_child(child: Arc<Child>) {
    lock().children.push(child);
}

/// The children that nobody has waited for yet.
pub(crate) fn children() -> Vec<Arc<Child>> {
    lock().children.clone()
}

pub(crate) fn add_pool(pool: Weak<pool::Inner>) {
    let mut current = lock();
    current.pools.retain(|pool| pool.strong_count() > 0);
    current.pools.push(pool);
}

/// The pools that may still have workers.
pub(crate) fn pools() -> Pools {
    lock().pools.clone()
}

/// Reads the status of children that have ended, as CPython does at each `start`.
pub(crate) fn reap_finished() {
    lock().children.retain(|child| child.poll().is_none());
}

/// This process, from inside.
#[derive(Clone, Debug)]
pub struct CurrentProcess {
    name: String,
    daemon: bool,
}

impl CurrentProcess {
    /// As `MainProcess`, `Process-1`, `ForkPoolWorker-3`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Renames this process.
    #[track_caller]
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
        let mut current = lock();
        current.identity.name.clone_from(&self.name);
        // A fork of the main process is another process to whoever watches, though not to the program.
        let forked = !current.forks.path.is_empty() && current.role == Role::Main;
        let role = if forked { Role::Process } else { current.role };
        drop(current);
        probe::process_named(Some(std::panic::Location::caller()), &self.name, role);
    }

    /// This process's pid.
    pub fn pid(&self) -> i32 {
        getpid()
    }

    /// Whether it is daemonic.
    pub fn daemon(&self) -> bool {
        self.daemon
    }
}

/// The process in which this is called.
pub fn current_process() -> CurrentProcess {
    let current = lock();
    CurrentProcess { name: current.name().to_owned(), daemon: current.identity.daemon }
}

/// The process that started this one.
#[derive(Clone, Debug)]
pub struct ParentProcess {
    name: String,
    pid: i32,
    /// Readable when it has ended; only where the kernel's parent is another, a fork server.
    pidfd: Option<Arc<OwnedFd>>,
}

impl ParentProcess {
    pub(crate) fn new(name: String, pid: i32, pidfd: Option<OwnedFd>) -> ParentProcess {
        ParentProcess { name, pid, pidfd: pidfd.map(Arc::new) }
    }

    /// Its name when it started this one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its pid.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Whether it has not ended. (An orphan gets another parent from the kernel.)
    pub fn is_alive(&self) -> bool {
        match &self.pidfd {
            None => getppid() == self.pid,
            Some(pidfd) => !is_readable(pidfd.as_raw_fd()),
        }
    }
}

/// This process, as its children will know it.
pub(crate) fn as_parent() -> ParentProcess {
    ParentProcess::new(lock().name().to_owned(), getpid(), None)
}

/// The parent, or `None` in the main process.
pub fn parent_process() -> Option<ParentProcess> {
    lock().parent.clone()
}

/// The pids of this process's children that have not ended; reads the status of those that have.
pub fn active_children() -> Vec<i32> {
    reap_finished();
    children().iter().map(|child| child.pid()).collect()
}

/// `os.getpid()`.
pub fn getpid() -> i32 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::getpid() }
}

/// `os.getppid()`: the parent as the kernel knows it now.
pub fn getppid() -> i32 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::getppid() }
}
