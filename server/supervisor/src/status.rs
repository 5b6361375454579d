//! How a process ended and what it used, as `wait4(2)` tells it.

use libc::c_int;
use protocol::event::{ProcessExited, ProcessZombie};

use crate::signals;

/// How a process or thread ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// By `exit(3)`, 0 to 255.
    Code(c_int),
    /// By a signal.
    Signal(c_int),
}

impl ExitStatus {
    /// From the status word of `wait4(2)`.
    pub fn from_wait(status: c_int) -> Self {
        match libc::WIFSIGNALED(status) {
            true => ExitStatus::Signal(libc::WTERMSIG(status)),
            false => ExitStatus::Code(libc::WEXITSTATUS(status)),
        }
    }
}

impl From<ExitStatus> for ProcessExited {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Code(code) => ProcessExited::Code { code },
            ExitStatus::Signal(signal) => ProcessExited::Signal { signal: signals::name(signal) },
        }
    }
}

/// What a process used in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in user mode, microseconds.
    pub user_us: u64,
    /// Processor time in the kernel, microseconds.
    pub sys_us: u64,
    /// The most memory it had at once. A child begins with its parent's value, and `vfork`
    /// keeps it over `exec`: that is how the kernel counts.
    pub max_rss_kib: u64,
}

impl From<&libc::rusage> for Usage {
    fn from(usage: &libc::rusage) -> Self {
        let micros = |time: libc::timeval| time.tv_sec as u64 * 1_000_000 + time.tv_usec as u64;
        Usage {
            user_us: micros(usage.ru_utime),
            sys_us: micros(usage.ru_stime),
            max_rss_kib: usage.ru_maxrss as u64,
        }
    }
}

impl From<Usage> for ProcessZombie {
    fn from(Usage { user_us, sys_us, max_rss_kib }: Usage) -> Self {
        ProcessZombie { user_us, sys_us, max_rss_kib }
    }
}
