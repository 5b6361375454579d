//! A pidfd for each process of the run: signals and questions that cannot reach a stranger.
//!
//! A pid is reused, a pidfd is not (`pidfd_open(2)`). The pidfd becomes ready to
//! report the end of a process, and hangs up when its status was read (Linux 6.9), which
//! the degraded observer waits for.

use std::collections::{HashMap, HashSet};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use protocol::Pid;
use rustix::io::Errno;
use rustix::process::{PidfdFlags, Signal};

use crate::family::Kernel;
use crate::proc;
use crate::ptrace;
use crate::status::{ExitStatus, Usage};

/// The pidfds of the processes that are not reaped.
#[derive(Default)]
pub struct Kin {
    pidfds: HashMap<Pid, OwnedFd>,
    /// Those for whom there was no descriptor.
    bare: HashSet<Pid>,
}

/// `struct pidfd_info`: between mask and exit code lie a cgroup id, pids and credentials.
#[repr(C)]
struct PidfdInfo {
    mask: u64,
    rest: [u32; 13],
    exit_code: i32,
}

/// What a new task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A process of its own.
    Process,
    /// A thread; a pidfd can only be had of a whole process.
    Thread,
    /// Dead and reaped: nobody can tell any more.
    Gone,
}

impl Kin {
    /// Opens a pidfd for a task, and learns by it what the task is. Without a descriptor it is
    /// asked whether the task is a thread of its maker's process, `of`.
    pub fn add(&mut self, tid: Pid, of: Option<Pid>) -> Kind {
        let Some(number) = rustix::process::Pid::from_raw(tid) else { return Kind::Gone };
        match rustix::process::pidfd_open(number, PidfdFlags::empty()) {
            Ok(fd) => {
                self.pidfds.insert(tid, fd);
                Kind::Process
            }
            Err(Errno::INVAL | Errno::NOENT) => Kind::Thread,
            Err(Errno::SRCH) => Kind::Gone,
            Err(_) if of.is_some_and(|of| proc::is_thread_of(tid, of)) => Kind::Thread,
            Err(_) => {
                self.bare.insert(tid);
                Kind::Process
            }
        }
    }

    /// Forgets a reaped process.
    pub fn remove(&mut self, pid: Pid) {
        self.pidfds.remove(&pid);
        self.bare.remove(&pid);
    }

    /// The pidfd of a process.
    pub fn get(&self, pid: Pid) -> Option<BorrowedFd<'_>> {
        self.pidfds.get(&pid).map(AsFd::as_fd)
    }

    /// How a process ended that its parent has reaped already (Linux 6.15).
    pub fn exit_status(&self, pid: Pid) -> Option<ExitStatus> {
        /// `_IOWR(0xFF, 11, struct pidfd_info)` of `linux/pidfd.h`, as of its first size of 64 bytes.
        const PIDFD_GET_INFO: libc::Ioctl = 0xc040_ff0b;
        const PIDFD_INFO_EXIT: u64 = 1 << 3;
        let mut info = PidfdInfo { mask: PIDFD_INFO_EXIT, rest: [0; 13], exit_code: 0 };
        let fd = self.pidfds.get(&pid)?.as_raw_fd();
        // SAFETY: the kernel fills at most the 64 bytes of the local.
        let done = unsafe { libc::ioctl(fd, PIDFD_GET_INFO, std::ptr::from_mut(&mut info)) } == 0;
        (done && info.mask & PIDFD_INFO_EXIT != 0).then(|| ExitStatus::from_wait(info.exit_code))
    }

    /// Sends a signal to a living process of the run, and to nobody else.
    ///
    /// Without a pidfd its number serves: a tracee keeps it until its tracer has taken its death.
    pub fn signal(&self, pid: Pid, signal: Signal) {
        // It may be gone already: then there is nobody to tell.
        let _ = match (self.pidfds.get(&pid), rustix::process::Pid::from_raw(pid)) {
            (Some(fd), _) => rustix::process::pidfd_send_signal(fd, signal),
            (None, Some(number)) if self.bare.contains(&pid) => rustix::process::kill_process(number, signal),
            _ => Ok(()),
        };
    }
}

impl Kernel for Kin {
    fn parent_of(&self, pid: Pid) -> Option<Pid> {
        proc::parent(pid)
    }

    fn is_reaped(&self, pid: Pid) -> bool {
        let Some(fd) = self.pidfds.get(&pid) else { return is_free(pid) };
        let nothing = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: signal 0 only asks; no information is passed.
        let asked = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd.as_raw_fd(), 0, nothing, 0) };
        asked < 0 && Errno::from_io_error(&std::io::Error::last_os_error()) == Some(Errno::SRCH)
    }

    fn death_of(&self, pid: Pid) -> Option<Usage> {
        ptrace::death_of(pid)
    }
}

/// Whether nobody has a number. Only that nobody has it is an answer; that one may not ask is none.
fn is_free(pid: Pid) -> bool {
    let number = rustix::process::Pid::from_raw(pid);
    number.is_none_or(|number| rustix::process::test_kill_process(number) == Err(Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_without_a_descriptor_is_signalled_and_reaped_all_the_same() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id() as Pid;
        let mut kin = Kin::default();
        kin.signal(pid, Signal::KILL);
        assert!(child.try_wait().unwrap().is_none(), "no member of the run");
        kin.bare.insert(pid);
        assert!(!kin.is_reaped(pid));
        kin.signal(pid, Signal::KILL);
        child.wait().unwrap();
        assert!(kin.is_reaped(pid));
    }

    #[test]
    fn a_reaped_process_is_gone_and_no_process() {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert_eq!(Kin::default().add(child.id() as Pid, None), Kind::Gone);
    }
}
