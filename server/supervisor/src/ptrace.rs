//! ptrace(2) with types: a stop can only be ended in a way that its kind allows.
//!
//! [`next`] takes one report out of `wait4(2)` and decodes it. A stop comes as a
//! [`Stopped`], which is the right to resume that tracee, once: the methods consume it,
//! and those that make sense for one kind of stop exist for that kind only.
//!
//! A tracee can be killed while it stands. It then leaves its stop at once and
//! stands in its exit stop, and a request that was meant for the former would be
//! taken for the latter. Therefore what is read of a stop is believed only when
//! `PTRACE_GETSIGINFO` says that the tracee still stands there, and so before it
//! is resumed. Own decoding, because the usual crates refuse real-time signals.

use std::io;
use std::ptr;

use libc::{c_int, c_long};
use protocol::Pid;

use crate::status::{ExitStatus, Usage};

/// What `wait4(2)` reports of one task.
#[derive(Debug)]
pub enum Report {
    /// It is dead; for the leader of a process: the process is a zombie.
    Ended(Pid, ExitStatus, Usage),
    /// It stands until it is resumed.
    Stopped(Stop),
}

/// A stop of a tracee by its kind.
#[derive(Debug)]
pub enum Stop {
    /// It made a process or a thread.
    Birth(Stopped<Birth>),
    /// It replaced its program.
    Exec(Stopped<Exec>),
    /// It is about to end, its descriptors still open.
    Exit(Stopped<Exit>),
    /// It is about to enter a system call at which the filter asks.
    Enter(Stopped<Enter>),
    /// It left the system call for which [`Stopped::until_leave`] was asked.
    Leave(Stopped<Leave>),
    /// A signal is about to be delivered.
    Signal(Stopped<Signal>),
    /// Its process is stopped by a signal.
    Group(Stopped<Group>),
    /// A stop without meaning of its own: a new tracee's first, or after `SIGCONT`.
    Plain(Stopped<Plain>),
    /// It was killed in the stop; another report is on its way.
    Gone(Pid),
}

impl Stop {
    /// The task that stands.
    pub fn tid(&self) -> Pid {
        match self {
            Stop::Birth(stop) => stop.tid,
            Stop::Exec(stop) => stop.tid,
            Stop::Exit(stop) => stop.tid,
            Stop::Enter(stop) => stop.tid,
            Stop::Leave(stop) => stop.tid,
            Stop::Signal(stop) => stop.tid,
            Stop::Group(stop) => stop.tid,
            Stop::Plain(stop) => stop.tid,
            Stop::Gone(tid) => *tid,
        }
    }
}

/// The right to resume a tracee, once.
#[derive(Debug)]
#[must_use = "a tracee that is not resumed stands for ever"]
pub struct Stopped<Kind> {
    /// The task.
    pub tid: Pid,
    /// What is known of the stop.
    pub kind: Kind,
    event: c_int,
}

/// `PTRACE_EVENT_FORK`, `_VFORK`, `_CLONE`.
#[derive(Clone, Copy, Debug)]
pub struct Birth {
    /// The new task.
    pub child: Pid,
    /// The kind of call.
    pub how: protocol::event::How,
}

/// `PTRACE_EVENT_EXEC`.
#[derive(Clone, Copy, Debug)]
pub struct Exec;

/// `PTRACE_EVENT_EXIT`.
#[derive(Clone, Copy, Debug)]
pub struct Exit {
    /// How it will end.
    pub status: ExitStatus,
}

/// `PTRACE_EVENT_SECCOMP`.
#[derive(Clone, Copy, Debug)]
pub struct Enter {
    /// The number of the system call.
    pub number: c_long,
    /// Its arguments.
    pub args: [u64; 6],
}

/// A system call exit stop.
#[derive(Clone, Copy, Debug)]
pub struct Leave {
    /// What the call returned; negative is an error.
    pub result: i64,
}

/// A signal delivery stop.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// Which.
    pub signal: c_int,
    /// `si_code`, `sigaction(2)`.
    pub code: c_int,
    /// `si_pid` where the signal has one, else 0.
    pub sender: Pid,
}

/// A group stop.
#[derive(Clone, Copy, Debug)]
pub struct Group;

/// A stop without meaning of its own.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

/// Attaches to a process and to everything that it will ever make.
///
/// # Errors
/// `EPERM` where the host forbids it (Yama, a container's filter, another tracer).
pub fn seize(pid: Pid) -> io::Result<()> {
    let options = libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEEXEC
        | libc::PTRACE_O_TRACEEXIT
        | libc::PTRACE_O_TRACESECCOMP
        | libc::PTRACE_O_TRACESYSGOOD
        | libc::PTRACE_O_EXITKILL;
    // SAFETY: PTRACE_SEIZE takes options in place of a pointer.
    check(unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid, 0usize, options as usize) })
}

/// The next report of any child or tracee; `None` when there is none at present.
///
/// # Errors
/// `ECHILD` when nobody is left.
pub fn next() -> io::Result<Option<Report>> {
    next_of(-1)
}

/// The next report of one task; of any, for -1.
///
/// # Errors
/// `ECHILD` when it is gone.
pub fn next_of(tid: Pid) -> io::Result<Option<Report>> {
    let mut status = 0;
    // SAFETY: all zeroes is a valid rusage.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers name locals that the kernel fills.
    let tid = unsafe { libc::wait4(tid, &mut status, libc::WNOHANG | libc::__WALL, &mut usage) };
    match tid {
        0 => Ok(None),
        1.. if libc::WIFSTOPPED(status) => Ok(Some(Report::Stopped(decode(tid, status)))),
        1.. => Ok(Some(Report::Ended(tid, ExitStatus::from_wait(status), Usage::from(&usage)))),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What a child or tracee used that is dead; its death is still to be taken by [`next_of`].
///
/// `waitid(2)` shows the stops of a tracee whatever it is asked for, so only its code tells a death.
pub fn death_of(pid: Pid) -> Option<Usage> {
    // SAFETY: all zeroes is a valid siginfo_t.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: all zeroes is a valid rusage.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT | libc::__WALL;
    let (info_at, usage_at) = (ptr::from_mut(&mut info), ptr::from_mut(&mut usage));
    // SAFETY: the kernel fills both locals; si_code stays 0 when nothing is to be taken. The C
    // library's function leaves the last argument out.
    let done = unsafe { libc::syscall(libc::SYS_waitid, libc::P_PID, pid, info_at, options, usage_at) };
    let dead = matches!(info.si_code, libc::CLD_EXITED | libc::CLD_KILLED | libc::CLD_DUMPED);
    (done == 0 && dead).then(|| Usage::from(&usage))
}

/// Reads the eight bytes at `address` of a standing tracee; `None` where there is nothing.
pub fn peek(tid: Pid, address: u64) -> Option<u64> {
    // SAFETY: glibc's wrapper returns the word; it needs errno cleared to tell -1 from an error.
    unsafe {
        *libc::__errno_location() = 0;
        let word = libc::ptrace(libc::PTRACE_PEEKDATA, tid, address as usize, 0usize);
        (*libc::__errno_location() == 0).then_some(word as u64)
    }
}

fn decode(tid: Pid, status: c_int) -> Stop {
    let (signal, event) = (libc::WSTOPSIG(status), status >> 16);
    read(tid, signal, event).unwrap_or(Stop::Gone(tid))
}

/// `None` when the tracee does not stand there any more.
fn read(tid: Pid, signal: c_int, event: c_int) -> Option<Stop> {
    use protocol::event::How;
    let birth = |how| {
        let child = message(tid)? as Pid;
        let stop = Stopped { tid, kind: Birth { child, how }, event };
        stop.still_stands().then_some(Stop::Birth(stop))
    };
    match event {
        libc::PTRACE_EVENT_FORK => birth(How::Fork),
        libc::PTRACE_EVENT_VFORK => birth(How::Vfork),
        libc::PTRACE_EVENT_CLONE => birth(How::Clone),
        libc::PTRACE_EVENT_EXEC => Some(Stop::Exec(Stopped { tid, kind: Exec, event })),
        libc::PTRACE_EVENT_EXIT => {
            let status = ExitStatus::from_wait(message(tid)? as c_int);
            Some(Stop::Exit(Stopped { tid, kind: Exit { status }, event }))
        }
        libc::PTRACE_EVENT_SECCOMP => {
            let info = syscall_info(tid)?;
            if info.op != libc::PTRACE_SYSCALL_INFO_SECCOMP {
                return None;
            }
            // SAFETY: op says which member of the union the kernel filled.
            let call = unsafe { info.u.seccomp };
            let kind = Enter { number: call.nr as c_long, args: call.args };
            Some(Stop::Enter(Stopped { tid, kind, event }))
        }
        libc::PTRACE_EVENT_STOP if signal != libc::SIGTRAP => {
            Some(Stop::Group(Stopped { tid, kind: Group, event }))
        }
        0 if signal == libc::SIGTRAP | 0x80 => leave(tid),
        0 => {
            let info = signal_info(tid)?;
            // SAFETY: reads bytes of a plain union; without a sender they are not used as one.
            let sender = unsafe { info.si_pid() };
            let kind = Signal { signal, code: info.si_code, sender };
            (!is_exit(&info)).then_some(Stop::Signal(Stopped { tid, kind, event }))
        }
        _ => Some(Stop::Plain(Stopped { tid, kind: Plain, event })),
    }
}

fn leave(tid: Pid) -> Option<Stop> {
    let info = syscall_info(tid)?;
    if info.op != libc::PTRACE_SYSCALL_INFO_EXIT {
        return None;
    }
    // SAFETY: op says which member of the union the kernel filled.
    let result = unsafe { info.u.exit.sval };
    Some(Stop::Leave(Stopped { tid, kind: Leave { result }, event: 0 }))
}

impl<Kind> Stopped<Kind> {
    /// Lets the tracee go on.
    pub fn resume(self) {
        self.restart(libc::PTRACE_CONT, 0);
    }

    /// Whether the tracee was not killed meanwhile.
    fn still_stands(&self) -> bool {
        signal_info(self.tid).is_some_and(|info| match self.event {
            0 => !is_exit(&info),
            event => info.si_code >> 8 == event,
        })
    }

    fn restart(self, request: libc::c_uint, signal: c_int) {
        if self.event != libc::PTRACE_EVENT_EXIT && !self.still_stands() {
            return;
        }
        // SAFETY: these requests take a number in place of each pointer. ESRCH means that the
        // tracee was killed since; its exit is reported by wait4 as any other.
        unsafe { libc::ptrace(request, self.tid, 0usize, signal as usize) };
    }
}

impl Stopped<Enter> {
    /// Lets the tracee into the system call; it stands again when it leaves it.
    pub fn until_leave(self) {
        self.restart(libc::PTRACE_SYSCALL, 0);
    }
}

impl Stopped<Signal> {
    /// Lets the tracee have its signal.
    pub fn deliver(self) {
        let signal = self.kind.signal;
        self.restart(libc::PTRACE_CONT, signal);
    }
}

impl Stopped<Group> {
    /// Leaves the tracee stopped, as it would be without a tracer, until `SIGCONT`.
    pub fn listen(self) {
        self.restart(libc::PTRACE_LISTEN, 0);
    }
}

/// Whether a tracee with this information stands in its exit stop.
fn is_exit(info: &libc::siginfo_t) -> bool {
    info.si_signo == libc::SIGTRAP && info.si_code == libc::SIGTRAP | (libc::PTRACE_EVENT_EXIT << 8)
}

fn signal_info(tid: Pid) -> Option<libc::siginfo_t> {
    // SAFETY: all zeroes is a valid siginfo_t.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel fills the local that the pointer names.
    let done = unsafe { libc::ptrace(libc::PTRACE_GETSIGINFO, tid, 0usize, ptr::from_mut(&mut info)) };
    (done == 0).then_some(info)
}

fn message(tid: Pid) -> Option<libc::c_ulong> {
    let mut message: libc::c_ulong = 0;
    // SAFETY: the kernel fills the local that the pointer names.
    let done = unsafe { libc::ptrace(libc::PTRACE_GETEVENTMSG, tid, 0usize, ptr::from_mut(&mut message)) };
    (done == 0).then_some(message)
}

fn syscall_info(tid: Pid) -> Option<libc::ptrace_syscall_info> {
    // SAFETY: all zeroes is a valid ptrace_syscall_info (op is PTRACE_SYSCALL_INFO_NONE).
    let mut info: libc::ptrace_syscall_info = unsafe { std::mem::zeroed() };
    let size = size_of_val(&info);
    // SAFETY: the kernel fills at most `size` bytes of the local that the pointer names.
    let filled = unsafe { libc::ptrace(libc::PTRACE_GET_SYSCALL_INFO, tid, size, ptr::from_mut(&mut info)) };
    (filled > 0).then_some(info)
}

fn check(result: c_long) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn whoever_stands_is_not_dead() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id() as Pid;
        seize(pid).unwrap();
        // SAFETY: this request takes no pointer.
        check(unsafe { libc::ptrace(libc::PTRACE_INTERRUPT, pid, 0usize, 0usize) }).unwrap();
        await_report(pid);
        assert_eq!(death_of(pid), None, "it stands, and nobody has taken that report yet");
        child.kill().unwrap();
        await_report(pid);
        while death_of(pid).is_none() {
            next_of(pid).unwrap();
            // SAFETY: this request takes numbers in place of pointers.
            unsafe { libc::ptrace(libc::PTRACE_CONT, pid, 0usize, 0usize) };
            await_report(pid);
        }
        assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGKILL));
        assert_eq!(death_of(pid), None, "nobody has that number any more");
    }

    /// Waits until there is a report, and leaves it there.
    fn await_report(pid: Pid) {
        // SAFETY: all zeroes is a valid siginfo_t.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        // SAFETY: the kernel fills the local.
        let done = unsafe { libc::waitid(libc::P_PID, pid as u32, &mut info, libc::WEXITED | libc::WNOWAIT) };
        assert_eq!(done, 0, "{}", io::Error::last_os_error());
    }
}
