//! What a parent keeps of a child: its pid, something to wait on, its status.
//!
//! Of a child that the kernel knows as this process's own, a wait without limit
//! is `waitpid(2)`, as in CPython. A wait with a limit is `poll(2)` on the
//! pidfd, which becomes readable when the child ends; CPython uses a pipe whose
//! other end the child holds, which a grandchild can keep open.
//!
//! Of a child that a fork server has made, the kernel tells the server. The
//! server passes the exit code on through a socket, which is what is waited on.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use protocol::event::{ProgramEvent, SyncKind, SyncObject};

use super::current::Identity;
use crate::error::{Error, Result};
use crate::probe::{self, Line};
use crate::signal;
use crate::start::forkserver;

/// One child process of this process.
pub(crate) struct Child {
    pid: i32,
    /// What it was called when it was started.
    name: String,
    daemon: bool,
    pidfd: OwnedFd,
    /// Where a fork server tells its exit code, if one has made it.
    told: Option<OwnedFd>,
    /// The exit code as Python gives it. Whoever waits holds the lock, so that a status is read once.
    status: Mutex<Option<i32>>,
}

impl Child {
    /// Takes over a child of this process that was just made and that nobody has waited for. If it cannot be watched,
    /// it must not run.
    pub(crate) fn adopt(pid: i32, identity: &Identity) -> Result<Arc<Child>> {
        let pidfd = pidfd_open(pid).inspect_err(|_| {
            // SAFETY: `pid` is our child and not yet reaped, so it names no other process; the status is not asked for.
            unsafe {
                libc::kill(pid, libc::SIGKILL);
                libc::waitpid(pid, std::ptr::null_mut(), 0);
            }
        })?;
        Ok(Child::new(pid, identity, pidfd, None))
    }

    /// A child that a fork server has made; `told` is where it tells the exit code.
    pub(crate) fn of_server(pid: i32, identity: &Identity, pidfd: OwnedFd, told: OwnedFd) -> Arc<Child> {
        Child::new(pid, identity, pidfd, Some(told))
    }

    fn new(pid: i32, identity: &Identity, pidfd: OwnedFd, told: Option<OwnedFd>) -> Arc<Child> {
        let name = identity.name.clone();
        Arc::new(Child { pid, name, daemon: identity.daemon, pidfd, told, status: Mutex::new(None) })
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    pub(crate) fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// Readable when the child has ended.
    pub(crate) fn sentinel(&self) -> BorrowedFd<'_> {
        self.told.as_ref().unwrap_or(&self.pidfd).as_fd()
    }

    /// `join`: waits until the child has ended, or the time is over; says whether it has. Whoever watches learns that
    /// this process waits, if it must.
    pub(crate) fn join(&self, line: Option<Line>, timeout: Option<Duration>) -> Result<bool> {
        let waits = probe::on() && timeout != Some(Duration::ZERO) && self.poll().is_none();
        let tell = |event: fn(SyncObject) -> ProgramEvent| {
            if waits {
                let object = SyncObject {
                    object: self.pid as u64,
                    name: probe::brief(&self.name),
                    kind: SyncKind::Process,
                };
                probe::send(line, event(object));
            }
        };
        tell(ProgramEvent::SyncWaiting);
        let ended = match timeout {
            None => self.wait().map(|_| true),
            Some(timeout) => self.wait_timeout(timeout).map(|code| code.is_some()),
        };
        tell(if matches!(ended, Ok(true)) { ProgramEvent::SyncAcquired } else { ProgramEvent::SyncTimeout });
        ended
    }

    /// The exit code, if the child has ended.
    pub(crate) fn poll(&self) -> Option<i32> {
        match self.status.try_lock() {
            Ok(mut status) => self.reap(&mut status, libc::WNOHANG).ok().flatten(),
            // Another thread is waiting for it, so it has not ended.
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Poisoned(status)) => *status.into_inner(),
        }
    }

    /// Waits until the child has ended; returns its exit code, or nothing if somebody else has read its status.
    pub(crate) fn wait(&self) -> Result<Option<i32>> {
        let mut status = self.lock();
        self.reap(&mut status, 0)
    }

    /// Waits until the child has ended or the time is over.
    pub(crate) fn wait_timeout(&self, timeout: Duration) -> Result<Option<i32>> {
        let deadline = Instant::now().checked_add(timeout);
        if self.poll().is_none() && !self.ended_by(deadline)? {
            return Ok(None);
        }
        Ok(self.poll())
    }

    /// Sleeps until the child has ended; its status is left to whoever reaps it.
    pub(crate) fn wait_unreaped(&self) {
        // The descriptor is open and the list is short: nothing is left that could fail.
        let _ = self.ended_by(None);
    }

    /// Whether it has not ended; its status is left to whoever reaps it.
    pub(crate) fn is_running(&self) -> bool {
        !self.ended_by(Some(Instant::now())).unwrap_or(true)
    }

    /// `SIGTERM` or another signal; a child that has ended needs none.
    pub(crate) fn signal(&self, signal: i32) -> Result<()> {
        // SAFETY: no pointers but null; the pidfd names this child even after its pid is free again.
        let sent = unsafe {
            libc::syscall(
                libc::SYS_pidfd_send_signal,
                self.pidfd.as_raw_fd(),
                signal,
                std::ptr::null::<u8>(),
                0,
            )
        };
        let error = io::Error::last_os_error();
        if sent == 0 || error.raw_os_error() == Some(libc::ESRCH) {
            return Ok(());
        }
        Err(Error::Os { step: "pidfd_send_signal", source: error })
    }

    fn lock(&self) -> MutexGuard<'_, Option<i32>> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the child's status if it is to be had.
    ///
    /// It is not when `os::wait` took it or the kernel did, because `SIGCHLD` is ignored. CPython then
    /// takes the child for one that has not yet begun: `join` returns, and there is never an exit code.
    fn reap(&self, status: &mut Option<i32>, flags: i32) -> Result<Option<i32>> {
        while status.is_none() {
            if let Some(told) = &self.told {
                *status = forkserver::exit_code(told, flags & libc::WNOHANG != 0)?;
                return Ok(*status);
            }
            signal::run_pending();
            let mut word = 0;
            // SAFETY: `word` is a local that the call fills.
            match unsafe { libc::waitpid(self.pid, &mut word, flags) } {
                0 => return Ok(None),
                -1 if interrupted() => signal::run_pending(),
                -1 if failed_with(libc::ECHILD) => return Ok(None),
                -1 => return Err(Error::last_os("waitpid")),
                _ => *status = Some(exit_code(word)),
            }
        }
        Ok(*status)
    }

    /// Whether the child has ended before the deadline.
    fn ended_by(&self, deadline: Option<Instant>) -> Result<bool> {
        let mut fds = [poll_in(self.sentinel().as_raw_fd())];
        poll_until(&mut fds, deadline)
    }
}

/// A descriptor that becomes readable when the process ends, `pidfd_open(2)`.
pub(crate) fn pidfd_open(pid: i32) -> Result<OwnedFd> {
    // SAFETY: no pointers; the call fails or returns a descriptor that nobody else owns.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) } as i32;
    if fd < 0 {
        return Err(Error::last_os("pidfd_open"));
    }
    // SAFETY: as above.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Whether there is something to be read now.
pub(crate) fn is_readable(fd: i32) -> bool {
    poll_until(&mut [poll_in(fd)], Some(Instant::now())).unwrap_or(false)
}

/// Asks `poll(2)` about readability.
pub(crate) fn poll_in(fd: i32) -> libc::pollfd {
    libc::pollfd { fd, events: libc::POLLIN, revents: 0 }
}

/// `poll(2)` until something is ready (`true`) or the deadline has passed.
pub(crate) fn poll_until(fds: &mut [libc::pollfd], deadline: Option<Instant>) -> Result<bool> {
    loop {
        let timeout = deadline.map_or(-1, |deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
        });
        // SAFETY: the slice is as long as said and outlives the call.
        let ready = unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout) };
        match ready {
            0 if deadline.is_some_and(|deadline| deadline > Instant::now()) => {}
            -1 if interrupted() => signal::run_pending(),
            -1 => return Err(Error::last_os("poll")),
            ready => return Ok(ready > 0),
        }
    }
}

/// Whether the call that failed was interrupted by a signal.
pub(crate) fn interrupted() -> bool {
    failed_with(libc::EINTR)
}

fn failed_with(errno: i32) -> bool {
    io::Error::last_os_error().raw_os_error() == Some(errno)
}

/// As `os.waitstatus_to_exitcode`: the code, or minus the signal.
pub(crate) fn exit_code(status: i32) -> i32 {
    if libc::WIFSIGNALED(status) { -libc::WTERMSIG(status) } else { libc::WEXITSTATUS(status) }
}
