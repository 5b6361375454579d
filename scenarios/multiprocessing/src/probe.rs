//! Telling an observer what the kernel cannot see: names, lines, items, tasks.
//!
//! When the environment names an event socket ([`EVENTS_ENV`]), every call of
//! this library sends a datagram with what it does and the line it was called
//! from. The pid is not in it: the kernel adds the sender's to each datagram,
//! also through a socket inherited by `fork(2)`, so the one socket of the main
//! process serves its whole family. Without the variable, [`on`] is one load
//! of a static and nothing else happens; and what only an observer needs is
//! kept apart from the short ways (`inline(never)`), lest it make them longer.
//! `cargo bench --bench reporting` compares with a build that has none of it.

use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::panic::Location;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::{env, io};

use protocol::At;
use protocol::event::{
    EVENTS_ENV, LineReached, MESSAGE_MAX_BYTES, ProcessNamed, ProgramEvent, ProgramMessage, Role, VariableSet,
};
use serde::Serialize;
use serde_json::Value;

use crate::process::child::poll_until;
use crate::spin;

/// A place in the program that uses this library.
pub(crate) type Line = &'static Location<'static>;

/// Values whose JSON is longer than this are left out of events.
const VALUE_MAX_BYTES: usize = 200;

/// Variables whose JSON is longer than this are shown as an ellipsis; lists of results grow.
const VARIABLE_MAX_BYTES: usize = 2000;

/// Names and messages longer than this are cut off.
const TEXT_MAX_BYTES: usize = 1000;

const OFF: u8 = 0;
const ON: u8 = 1;
const UNKNOWN: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);
static SOCKET: OnceLock<OwnedFd> = OnceLock::new();

/// Whether anybody listens.
#[inline]
pub(crate) fn on() -> bool {
    if cfg!(feature = "silent") {
        return false;
    }
    // One comparison and a branch that is not taken: all that a program pays of which nobody hears.
    STATE.load(Ordering::Relaxed) != OFF && listens()
}

/// Whether the observer is there; it is looked for once a family of processes.
#[cold]
fn listens() -> bool {
    STATE.load(Ordering::Relaxed) == ON || connect()
}

/// Looks for the socket.
fn connect() -> bool {
    let socket = env::var_os(EVENTS_ENV).and_then(|path| match open(Path::new(&path)) {
        Ok(socket) => Some(socket),
        Err(error) => {
            eprintln!("multiprocessing: {EVENTS_ENV}={}: {error}; nothing is reported", path.display());
            None
        }
    });
    let state = match socket {
        Some(socket) => {
            SOCKET.get_or_init(|| socket);
            ON
        }
        None => OFF,
    };
    STATE.store(state, Ordering::Relaxed);
    state == ON
}

/// A connected datagram socket; the standard library sets `SOCK_CLOEXEC`.
fn open(path: &Path) -> io::Result<OwnedFd> {
    let socket = UnixDatagram::unbound()?;
    socket.connect(path)?;
    Ok(socket.into())
}

/// Sends one event; waits while the observer's buffer is full or the kernel short of memory.
pub(crate) fn send(at: Option<Line>, event: ProgramEvent) {
    send_at(at.map(place), event);
}

/// Sends one event about a line of another process.
pub(crate) fn send_at(at: Option<At>, event: ProgramEvent) {
    let Some(socket) = SOCKET.get() else { return };
    let Ok(message) = serde_json::to_vec(&ProgramMessage { at, event }) else { return };
    debug_assert!(message.len() <= MESSAGE_MAX_BYTES, "every text in an event is cut to fit");
    while let Err(error) = send_once(socket, &message) {
        match Refusal::of(error.raw_os_error()) {
            Refusal::Interrupted => {}
            Refusal::Shortage => wait_for_room(socket),
            Refusal::TooLong => return,
            Refusal::Gone => return STATE.store(OFF, Ordering::Relaxed),
        }
    }
}

fn send_once(socket: &OwnedFd, message: &[u8]) -> io::Result<()> {
    // SAFETY: the descriptor is open; the buffer is `message`, which outlives the call.
    let sent =
        unsafe { libc::send(socket.as_raw_fd(), message.as_ptr().cast(), message.len(), libc::MSG_NOSIGNAL) };
    if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Why `send(2)` did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// A signal came first.
    Interrupted,
    /// No room or no memory now; there will be.
    Shortage,
    /// This message never fits.
    TooLong,
    /// There is no observer, or no way to it, and there will be none: nobody is left to tell.
    Gone,
}

impl Refusal {
    /// By the errors of send(2) and unix(7).
    fn of(errno: Option<i32>) -> Refusal {
        match errno {
            Some(libc::EINTR) => Refusal::Interrupted,
            // `EAGAIN` if somebody who shares the socket made it non-blocking.
            Some(libc::EAGAIN | libc::ENOBUFS | libc::ENOMEM) => Refusal::Shortage,
            Some(libc::EMSGSIZE) => Refusal::TooLong,
            // `ECONNREFUSED`, `ENOTCONN`, `EPIPE`: the observer closed its end. `EBADF`, `ENOTSOCK`: the program
            // closed this one. The others (`EPERM`, `EACCES` …) are the system's last word, too.
            _ => Refusal::Gone,
        }
    }
}

/// Sleeps until the socket can be written to, or the observer has gone, which the next attempt finds out.
fn wait_for_room(socket: &OwnedFd) {
    let mut fds = [libc::pollfd { fd: socket.as_raw_fd(), events: libc::POLLOUT, revents: 0 }];
    // It fails only for want of memory, and then the next attempt is the wait.
    let _ = poll_until(&mut fds, None);
    // A socket with room is no cure for a kernel without memory: let others run, who may free some.
    spin::yield_now();
}

/// Says that this process stands on `line`.
pub(crate) fn line_reached(line: Line) {
    if on() {
        send(Some(line), ProgramEvent::LineReached(LineReached {}));
    }
}

/// Says what this process is called.
pub(crate) fn process_named(line: Option<Line>, name: &str, role: Role) {
    if on() {
        send(line, ProgramEvent::ProcessNamed(ProcessNamed { name: brief(name), role }));
    }
}

/// Says what this child is called and which line of its parent started it.
pub(crate) fn child_named(at: Option<At>, name: &str, role: Role) {
    if on() {
        send_at(at, ProgramEvent::ProcessNamed(ProcessNamed { name: brief(name), role }));
    }
}

/// Shows the value of a variable of this process to whoever watches.
///
/// Not in Python; a debugger would show the same.
#[track_caller]
pub fn variable<T: Serialize + ?Sized>(name: &str, value: &T) {
    variable_set(Location::caller(), name, value, None);
}

/// Shows the new value of a variable in a piece of shared memory.
pub(crate) fn shared_variable<T: Serialize + ?Sized>(line: Line, name: &str, value: &T, shared: u64) {
    variable_set(line, name, value, Some(shared));
}

fn variable_set<T: Serialize + ?Sized>(line: Line, name: &str, value: &T, shared: Option<u64>) {
    if on() {
        let value = within(VARIABLE_MAX_BYTES, value).unwrap_or_else(|| Value::from("…"));
        send(Some(line), ProgramEvent::VariableSet(VariableSet { name: brief(name), value, shared }));
    }
}

/// The value as JSON, if that is short.
pub(crate) fn short<T: Serialize + ?Sized>(value: &T) -> Option<Value> {
    within(VALUE_MAX_BYTES, value)
}

fn within<T: Serialize + ?Sized>(bytes: usize, value: &T) -> Option<Value> {
    let value = serde_json::to_value(value).ok()?;
    (serde_json::to_string(&value).ok()?.len() <= bytes).then_some(value)
}

/// A name or message, cut off where it is too long to be told.
pub(crate) fn brief(text: &str) -> String {
    let end = text.floor_char_boundary(TEXT_MAX_BYTES);
    if end == text.len() { text.to_owned() } else { format!("{}…", &text[..end]) }
}

/// The line as the log names it: by the file's name inside the scenario's folder.
pub(crate) fn place(line: Line) -> At {
    let file = Path::new(line.file()).file_name().map_or_else(String::new, |name| name.display().to_string());
    At { file, line: line.line() }
}

#[cfg(test)]
mod tests {
    use protocol::event::TaskCallback;

    use super::*;

    #[test]
    fn only_an_observer_that_is_gone_ends_the_telling() {
        for errno in [libc::EAGAIN, libc::ENOBUFS, libc::ENOMEM] {
            assert_eq!(Refusal::of(Some(errno)), Refusal::Shortage);
        }
        assert_eq!(Refusal::of(Some(libc::EINTR)), Refusal::Interrupted);
        assert_eq!(Refusal::of(Some(libc::EMSGSIZE)), Refusal::TooLong);
        for errno in [libc::ECONNREFUSED, libc::ENOTCONN, libc::EBADF, libc::EPIPE, libc::ENOTSOCK] {
            assert_eq!(Refusal::of(Some(errno)), Refusal::Gone);
        }
    }

    #[test]
    fn a_closed_observer_is_gone_and_nobody_waits_for_it() {
        let (here, there) = UnixDatagram::pair().unwrap();
        drop(there);
        let here = OwnedFd::from(here);
        wait_for_room(&here);
        let error = send_once(&here, b"x").unwrap_err();
        assert_eq!(Refusal::of(error.raw_os_error()), Refusal::Gone);
    }

    #[test]
    fn who_waits_for_room_goes_on_when_the_observer_reads() {
        let (here, there) = UnixDatagram::pair().unwrap();
        here.set_nonblocking(true).unwrap();
        let here = OwnedFd::from(here);
        let mut sent = 0;
        let error = loop {
            match send_once(&here, b"x") {
                Ok(()) => sent += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(Refusal::of(error.raw_os_error()), Refusal::Shortage);
        let reader = std::thread::spawn(move || {
            (0..=sent).for_each(|_| assert_eq!(there.recv(&mut [0; 8]).unwrap(), 1));
        });
        while send_once(&here, b"x").is_err() {
            wait_for_room(&here);
        }
        reader.join().unwrap();
    }

    #[test]
    fn the_longest_texts_fit_into_a_message_whatever_their_characters() {
        for long in ["\u{1}".repeat(20_000), "\"".repeat(20_000), "乐".repeat(20_000), "🎵".repeat(20_000)]
        {
            let (name, error, value) =
                (brief(&long), Some(brief(&long)), Some(Value::from("v".repeat(VALUE_MAX_BYTES))));
            let event = ProgramEvent::TaskCallback(TaskCallback { task: u64::MAX, name, value, error });
            // A file's name has at most 255 bytes.
            let at = Some(At { file: long.chars().take(255).collect(), line: u32::MAX });
            let message = serde_json::to_vec(&ProgramMessage { at, event }).unwrap();
            assert!(message.len() <= MESSAGE_MAX_BYTES, "{} bytes", message.len());
            assert!(brief(&long).ends_with('…'));
        }
    }
}
