//! The server: a process that waits, forks on request, and tells how its children ended.
//!
//! It has one thread and almost no memory, and keeps it so: a request is a few
//! bytes, and the parcel is opened by the child. It sleeps in `poll(2)` until
//! there is a request, a child has ended (`signalfd(2)`), or the parent of a
//! child that must not outlive it has (a pidfd).

use std::io::{self, Write};
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;

use protocol::event::Role;

use super::socket;
use super::{Answer, Request};
use crate::error::{Error, Result};
use crate::process::child::{exit_code, pidfd_open, poll_in, poll_until};
use crate::process::current::getpid;
use crate::process::panics;
use crate::start::parcel::{self, Delivered};
use crate::start::{life, spawn, word};
use crate::{probe, reduction};

/// The server's whole life. It ends with its family, or when it is asked to and has no children.
pub(in crate::start) fn main(words: impl Iterator<Item = String>) -> ! {
    let words: Vec<String> = words.collect();
    let Some(requests) = word(&words, "requests").and_then(|number| spawn::inherited(&number)) else {
        spawn::misused(super::FLAG)
    };
    probe::process_named(None, "forkserver", Role::ForkServer);
    life::close_stdin();
    prepare_for_children();
    let served = Server::new(requests).and_then(Server::serve);
    if let Err(error) = served {
        eprintln!("forkserver: {error}");
        std::process::exit(1);
    }
    std::process::exit(0)
}

/// What every child would have to do first is done once, here; a fork finds it done.
fn prepare_for_children() {
    panics::install();
    // Has thread-local variables and standard output set up.
    drop(reduction::carry(Vec::new()));
    let _ = io::stdout().flush();
}

struct Server {
    pid: i32,
    requests: OwnedFd,
    /// Readable when a child has ended.
    signals: OwnedFd,
    children: Vec<Charge>,
}

/// A child that has not ended.
struct Charge {
    pid: i32,
    /// Where its parent wants to be told.
    told: OwnedFd,
    /// Its parent's pidfd, if it must not outlive that.
    tied_to: Option<OwnedFd>,
}

impl Server {
    fn new(requests: OwnedFd) -> Result<Server> {
        // An interrupt at the terminal is for the family; it is the children's again after the fork. And a family that
        // does not care how its children end, and had the kernel bury them, still wants to be told by the server.
        // SAFETY: both calls change this process alone.
        unsafe {
            libc::signal(libc::SIGINT, libc::SIG_IGN);
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
        }
        Ok(Server { pid: getpid(), requests, signals: child_signals()?, children: Vec::new() })
    }

    fn serve(mut self) -> Result<()> {
        loop {
            let mut fds = vec![poll_in(self.requests.as_raw_fd()), poll_in(self.signals.as_raw_fd())];
            let parents =
                self.children.iter().map(|child| child.tied_to.as_ref().map_or(-1, AsRawFd::as_raw_fd));
            fds.extend(parents.map(poll_in));
            poll_until(&mut fds, None)?;
            let ready: Vec<bool> = fds.iter().map(|fd| fd.revents != 0).collect();
            for (child, _) in self.children.iter_mut().zip(&ready[2..]).filter(|(_, ready)| **ready) {
                child.outlives_its_parent();
            }
            if ready[1] {
                self.bury();
            }
            if ready[0] && !self.answer()? {
                return Ok(());
            }
        }
    }

    /// Tells of all children that have ended.
    fn bury(&mut self) {
        let mut signal = MaybeUninit::<libc::signalfd_siginfo>::uninit();
        let bytes = size_of::<libc::signalfd_siginfo>();
        // SAFETY: the buffer is a local of that size. What it says is not read: signals of several children are one.
        unsafe { libc::read(self.signals.as_raw_fd(), signal.as_mut_ptr().cast(), bytes) };
        let mut status = 0;
        while !self.children.is_empty() {
            // SAFETY: `status` is a local that the call fills.
            let pid = unsafe { libc::waitpid(-1, &mut status, libc::WNOHANG) };
            let Some(place) = self.children.iter().position(|child| child.pid == pid) else { return };
            let child = self.children.swap_remove(place);
            // Whoever wanted to know may be gone.
            let _ = socket::send(&child.told, &Answer::Ended(exit_code(status)), &[]);
        }
    }

    /// Answers one request; `false` when the server is to end.
    fn answer(&mut self) -> Result<bool> {
        let Some((request, mut files)) = socket::receive(&self.requests, 0)? else { return Ok(false) };
        if files.is_empty() {
            return Ok(true);
        }
        let told = files.remove(0);
        match request {
            Request::Stop if self.children.is_empty() => return Ok(false),
            Request::Stop => drop(socket::send(&told, &Answer::Stays, &[])),
            Request::Fork { tied, parcel } if files.len() >= 2 => self.fork(told, tied, parcel, files),
            Request::Fork { .. } => {}
        }
        Ok(true)
    }

    /// Makes a child, in which this does not return.
    fn fork(&mut self, told: OwnedFd, tied: bool, parcel: Option<Vec<u8>>, mut files: Vec<OwnedFd>) {
        let parent = files.remove(0);
        // SAFETY: this process has one thread, so the child may do anything.
        match unsafe { libc::fork() } {
            -1 => {
                let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EAGAIN);
                let _ = socket::send(&told, &Answer::Refused(errno), &[]);
            }
            0 => {
                drop(told);
                self.become_child(parent, parcel, files)
            }
            pid => match pidfd_open(pid) {
                Ok(pidfd) => {
                    let _ = socket::send(&told, &Answer::Started(pid), &[pidfd.as_raw_fd()]);
                    self.children.push(Charge { pid, told, tied_to: tied.then_some(parent) });
                }
                Err(_) => {
                    let errno = io::Error::last_os_error().raw_os_error().unwrap_or(libc::EMFILE);
                    bury(pid);
                    let _ = socket::send(&told, &Answer::Refused(errno), &[]);
                }
            },
        }
    }

    /// In the child: lets go of what is the server's, and lives as the parcel says.
    fn become_child(&mut self, parent: OwnedFd, parcel: Option<Vec<u8>>, mut files: Vec<OwnedFd>) -> ! {
        let server = self.pid;
        self.children.clear();
        for own in [&self.requests, &self.signals] {
            // SAFETY: the child never returns to the server's loop, which is the only user of the two.
            unsafe { libc::close(own.as_raw_fd()) };
        }
        ordinary_signals();
        super::inherit(server, files.remove(0));
        let missing = || Error::Os { step: "fork server", source: io::ErrorKind::UnexpectedEof.into() };
        let bytes = match parcel {
            Some(bytes) => Ok(bytes),
            None => files.pop().ok_or_else(missing).and_then(parcel::read_file),
        };
        parcel::open(Delivered { bytes, files, server: Some(server), parent: Some(parent) })
    }
}

impl Charge {
    /// Kills it, once; its end is told like any other.
    fn outlives_its_parent(&mut self) {
        self.tied_to = None;
        // SAFETY: it is this process's child and its status was not read, so the pid names no other process.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
    }
}

/// The set of the one signal that a child's end sends.
fn child_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call initialises the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGCHLD);
        set.assume_init()
    }
}

/// A descriptor that becomes readable when a child has ended.
fn child_signals() -> Result<OwnedFd> {
    let set = child_signal();
    // SAFETY: the set is a local; the call returns a descriptor that nobody else owns, or fails.
    unsafe {
        libc::sigprocmask(libc::SIG_BLOCK, &set, ptr::null_mut());
        let fd = libc::signalfd(-1, &set, libc::SFD_CLOEXEC);
        if fd < 0 { Err(Error::last_os("signalfd")) } else { Ok(OwnedFd::from_raw_fd(fd)) }
    }
}

/// Ends a child that nobody could wait for, since there is no descriptor of it.
fn bury(pid: i32) {
    // SAFETY: our own child, and its status has not been read; no pointer is kept.
    unsafe {
        libc::kill(pid, libc::SIGKILL);
        libc::waitpid(pid, ptr::null_mut(), 0);
    }
}

/// In a child: signals as they were before the server began.
fn ordinary_signals() {
    let set = child_signal();
    // SAFETY: the set is a local; both calls change this process alone.
    unsafe {
        libc::sigprocmask(libc::SIG_UNBLOCK, &set, ptr::null_mut());
        libc::signal(libc::SIGINT, libc::SIG_DFL);
    }
}
