//! `forkserver`: the child is a copy of a small server that was spawned once.
//!
//! A fork is cheap if the process is small, and safe if it has one thread. So
//! the first process that wants a child this way spawns a server, which does
//! nothing but wait for requests ([`server`]) and fork. Each request brings the
//! child's parcel; the fork opens it as a spawned child does. So a child costs
//! a fork of the small server, however large its parent has become, and has
//! nothing of the parent's memory but what is in the parcel.
//!
//! For the kernel such a child is the server's: `getppid` says so, and the
//! server learns how it ended and passes that on. If the server dies, the exit
//! code of its children is 255, as in CPython; the next start makes a new one.
//!
//! The other end of the server's socket is inherited by the whole family:
//! forked children share it, and a child that the server makes gets it along.
//! When the last of them is gone, so is the server. The process that made it
//! does not leave it behind if nobody else needs it ([`stop`]); CPython's may
//! outlive its family by a moment.

use std::io;
use std::io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof, WouldBlock};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::parcel::Parcel;
use super::work::Work;
use super::{Birth, spawn};
use crate::error::{Error, Result};
use crate::process::child::{Child, pidfd_open, poll_in, poll_until};
use crate::process::current::{self, Identity};

mod server;
mod socket;

pub(super) use server::main;

/// The first word of a fork server's command line.
pub(super) const FLAG: &str = "--multiprocessing-forkserver";

/// What CPython says of a child when the server that had to tell its end is gone.
const UNKNOWN_CODE: i32 = 255;

/// How long a server may take to say good-bye. One that a signal has stopped never does.
const PATIENCE: Duration = Duration::from_secs(1);

/// A way to a fork server.
pub(crate) struct Server {
    pid: i32,
    /// The process that made it, and has to read its status.
    maker: i32,
    requests: OwnedFd,
    /// A process's own pid and pidfd, once it has asked for something. A fork finds its parent's.
    own: Option<(i32, OwnedFd)>,
}

static SERVER: Mutex<Option<Server>> = Mutex::new(None);

/// The way to the server, if there is one. Held across a fork, so that the child finds it whole.
pub(crate) fn lock() -> MutexGuard<'static, Option<Server>> {
    SERVER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is asked of the server; files go along.
#[derive(Serialize, Deserialize)]
enum Request {
    /// Make a child. Along go: where to answer, the parent's pidfd, the family's end of the server's socket, and the
    /// parcel's files; behind those a file with the parcel itself if it is too long to stand in the message. A child
    /// that is tied is killed when its parent has ended.
    Fork { tied: bool, parcel: Option<Vec<u8>> },
    /// End, if you have no children. Along goes: where to answer.
    Stop,
}

/// What it answers, and later tells.
#[derive(Serialize, Deserialize)]
enum Answer {
    /// The child's pid; its pidfd goes along.
    Started(i32),
    /// The kernel's reason not to fork.
    Refused(i32),
    /// The exit code; the last word about a child.
    Ended(i32),
    /// It has children and goes on.
    Stays,
}

/// Has the server make a child that does `work`.
pub(super) fn start<'a>(
    identity: &Identity,
    birth: Birth,
    work: &mut Option<Box<dyn Work + 'a>>,
) -> Result<Arc<Child>> {
    let mut parcel = Parcel::pack(identity, birth, work)?;
    let file = if parcel.bytes.len() > socket::TEXT_MAX_BYTES { Some(parcel.to_file()?) } else { None };
    let (told, theirs) = socket::pair()?;
    let text = file.is_none().then(|| std::mem::take(&mut parcel.bytes));
    let files: Vec<RawFd> = parcel.files().chain(file.iter().map(AsRawFd::as_raw_fd)).collect();
    ask(&Request::Fork { tied: birth.tied, parcel: text }, theirs.as_raw_fd(), &files)?;
    drop(theirs);
    match socket::receive(&told, 0)? {
        Some((Answer::Started(pid), mut files)) if files.len() == 1 => {
            Ok(Child::of_server(pid, identity, files.remove(0), told))
        }
        Some((Answer::Refused(errno), _)) => {
            Err(Error::Os { step: "fork", source: io::Error::from_raw_os_error(errno) })
        }
        // It was killed before it could answer.
        _ => Err(Error::Os { step: "fork server", source: UnexpectedEof.into() }),
    }
}

/// Sends a request, to a new server if there is none or if it is dead.
fn ask(request: &Request, answer_to: RawFd, files: &[RawFd]) -> Result<()> {
    let mut server = lock();
    if let Some(known) = &mut *server {
        match known.send(request, answer_to, files) {
            Err(Error::Os { source, .. }) if matches!(source.kind(), BrokenPipe | ConnectionReset) => {
                known.bury()
            }
            sent => return sent,
        }
    }
    server.insert(Server::launch()?).send(request, answer_to, files)
}

impl Server {
    /// Spawns a server.
    fn launch() -> Result<Server> {
        let (requests, theirs) = socket::pair()?;
        let words = [FLAG.to_owned(), format!("requests={}", theirs.as_raw_fd())];
        let pid = spawn::execute(&words, std::iter::once(theirs.as_raw_fd()))?;
        Ok(Server { pid, maker: current::getpid(), requests, own: None })
    }

    fn send(&mut self, request: &Request, answer_to: RawFd, files: &[RawFd]) -> Result<()> {
        let always = [answer_to, self.own()?, self.requests.as_raw_fd()];
        socket::send(&self.requests, request, &[&always, files].concat())
    }

    /// This process's pidfd.
    fn own(&mut self) -> Result<RawFd> {
        let pid = current::getpid();
        let own = match self.own.take().filter(|(known, _)| *known == pid) {
            Some((_, own)) => own,
            None => pidfd_open(pid)?,
        };
        Ok(self.own.insert((pid, own)).1.as_raw_fd())
    }

    /// Reads the status of one that has closed its socket, which is the last thing it does.
    fn bury(&self) {
        if self.maker == current::getpid() {
            // SAFETY: the status is not asked for; it is this process's child and nobody else waits for it.
            unsafe { libc::waitpid(self.pid, std::ptr::null_mut(), 0) };
        }
    }
}

/// In a child that a server has made: the way to that server.
pub(super) fn inherit(pid: i32, requests: OwnedFd) {
    *lock() = Some(Server { pid, maker: pid, requests, own: None });
}

/// At the end of the process that made the server: has it end, too, unless others need it.
pub(crate) fn stop() {
    let Some(server) = lock().take_if(|server| server.maker == current::getpid()) else { return };
    if matches!(server.say_goodbye(), Ok(true)) {
        server.bury();
    }
}

impl Server {
    /// Whether it ends.
    fn say_goodbye(&self) -> Result<bool> {
        let (told, theirs) = socket::pair()?;
        if socket::send(&self.requests, &Request::Stop, &[theirs.as_raw_fd()]).is_err() {
            return Ok(true);
        }
        drop(theirs);
        if !poll_until(&mut [poll_in(told.as_raw_fd())], Some(Instant::now() + PATIENCE))? {
            return Ok(false);
        }
        // It closes the socket by ending.
        Ok(socket::receive::<Answer>(&told, 0)?.is_none())
    }
}

/// The exit code that the server tells of a child; `None` if it has not ended, when asked not to wait.
pub(crate) fn exit_code(told: &OwnedFd, at_once: bool) -> Result<Option<i32>> {
    let flags = if at_once { libc::MSG_DONTWAIT } else { 0 };
    match socket::receive(told, flags) {
        Ok(Some((Answer::Ended(code), _))) => Ok(Some(code)),
        Err(Error::Os { source, .. }) if source.kind() == WouldBlock => Ok(None),
        _ => Ok(Some(UNKNOWN_CODE)),
    }
}
