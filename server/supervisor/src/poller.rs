//! Everything the supervisor waits for, in one place: epoll(7) and a signalfd(2).

use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use protocol::Pid;
use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};

/// What became ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// A signal came: mostly SIGCHLD, that a child or tracee has something to report.
    Signal,
    /// The server wrote, or is gone.
    Command,
    /// A program wrote or said something.
    Channel,
    /// The log can be written again.
    Log,
    /// A pidfd, of this process.
    Process(Pid),
}

/// The descriptors that are waited for.
pub struct Poller {
    epoll: OwnedFd,
    /// Ready when [`Poller::signals`] has something to take.
    pub signals: OwnedFd,
    ready: Vec<epoll::Event>,
}

impl Poller {
    /// Blocks the supervisor's signals, so that they come here.
    ///
    /// # Errors
    /// When the descriptors cannot be made.
    pub fn open() -> io::Result<Self> {
        let signals = signalfd()?;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let poller = Poller { epoll, signals, ready: Vec::with_capacity(64) };
        poller.add(&poller.signals, Ready::Signal, EventFlags::IN)?;
        Ok(poller)
    }

    /// Waits for a descriptor from now on.
    ///
    /// # Errors
    /// `EPERM` for a regular file, which is always ready.
    pub fn add(&self, fd: impl AsFd, ready: Ready, flags: EventFlags) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, EventData::new_u64(ready.into()), flags)?)
    }

    /// Waits for a descriptor no more.
    pub fn remove(&self, fd: impl AsFd) {
        // One that was never added needs no removal.
        let _ = epoll::delete(&self.epoll, fd);
    }

    /// Waits until something is ready or the time is over; `None` waits for ever.
    ///
    /// # Errors
    /// When `epoll_wait(2)` fails other than by a signal.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Vec<Ready>> {
        let timeout = timeout
            .map(|time| Timespec { tv_sec: time.as_secs() as i64, tv_nsec: i64::from(time.subsec_nanos()) });
        self.ready.clear();
        let buffer = rustix::buffer::spare_capacity(&mut self.ready);
        match epoll::wait(&self.epoll, buffer, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.ready.iter().map(|event| Ready::from(event.data.u64())).collect())
    }

    /// Takes the signals that came; whether one of them asks the supervisor to end.
    pub fn signals(&mut self) -> bool {
        // SAFETY: all zeroes is a valid signalfd_siginfo.
        let mut info: [libc::signalfd_siginfo; 8] = unsafe { std::mem::zeroed() };
        let mut asked = false;
        loop {
            // SAFETY: the kernel fills at most the bytes of the local.
            let read =
                unsafe { libc::read(self.signals.as_raw_fd(), info.as_mut_ptr().cast(), size_of_val(&info)) };
            let count = usize::try_from(read).unwrap_or(0) / size_of::<libc::signalfd_siginfo>();
            asked |= info[..count].iter().any(|info| info.ssi_signo != libc::SIGCHLD as u32);
            if count < info.len() {
                return asked;
            }
        }
    }
}

fn signalfd() -> io::Result<OwnedFd> {
    // SAFETY: the set is a local that sigemptyset initialises before it is used.
    let fd = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        for signal in [libc::SIGCHLD, libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
            libc::sigaddset(&mut set, signal);
        }
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK)
    };
    match fd {
        ..0 => Err(io::Error::last_os_error()),
        // SAFETY: a new descriptor that nobody else owns.
        _ => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
    }
}

const PROCESS: u64 = 1 << 32;

impl From<Ready> for u64 {
    fn from(ready: Ready) -> u64 {
        match ready {
            Ready::Signal => 0,
            Ready::Command => 1,
            Ready::Channel => 2,
            Ready::Log => 3,
            Ready::Process(pid) => PROCESS | u64::from(pid.unsigned_abs()),
        }
    }
}

impl From<u64> for Ready {
    fn from(word: u64) -> Ready {
        match word {
            0 => Ready::Signal,
            1 => Ready::Command,
            2 => Ready::Channel,
            3 => Ready::Log,
            _ => Ready::Process((word & !PROCESS) as Pid),
        }
    }
}
