//! Telling an observer what the kernel cannot see: names, lines, items, tasks.
//!
//! When the environment names an event socket ([`EVENTS_ENV`]), every call of
//! this library sends a datagram with what it does and the line it was called
//! from. The pid is not in it: the kernel adds the sender's to each datagram,
//! also through a socket inherited by `fork(2)`, so the one socket of the main
//! process serves its whole family. Without the variable, [`on`] is one load
//! of a static and nothing else happens.

use std::env;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::panic::Location;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use protocol::At;
use protocol::event::{
    EVENTS_ENV, LineReached, MESSAGE_MAX_BYTES, ProcessNamed, ProgramEvent, ProgramMessage, Role, VariableSet,
};
use serde::Serialize;
use serde_json::Value;

/// A place in the program that uses this library.
pub(crate) type Line = &'static Location<'static>;

/// Values whose JSON is longer than this are left out of events.
const VALUE_MAX_BYTES: usize = 200;

/// Variables whose JSON is longer than this are shown as an ellipsis; lists of results grow.
const VARIABLE_MAX_BYTES: usize = 2000;

/// Names and messages longer than this are cut off.
const TEXT_MAX_BYTES: usize = 1000;

const UNKNOWN: u8 = 0;
const OFF: u8 = 1;
const ON: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);
static SOCKET: OnceLock<OwnedFd> = OnceLock::new();

/// Whether anybody listens.
#[inline]
pub(crate) fn on() -> bool {
    match STATE.load(Ordering::Relaxed) {
        OFF => false,
        ON => true,
        _ => connect(),
    }
}

/// Looks for the socket, once a family of processes.
#[cold]
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
fn open(path: &Path) -> std::io::Result<OwnedFd> {
    let socket = UnixDatagram::unbound()?;
    socket.connect(path)?;
    Ok(socket.into())
}

/// Sends one event; waits while the observer's buffer is full.
pub(crate) fn send(at: Option<Line>, event: ProgramEvent) {
    send_at(at.map(place), event);
}

/// Sends one event about a line of another process.
pub(crate) fn send_at(at: Option<At>, event: ProgramEvent) {
    let Some(socket) = SOCKET.get() else { return };
    let Ok(message) = serde_json::to_vec(&ProgramMessage { at, event }) else { return };
    if message.len() > MESSAGE_MAX_BYTES {
        return;
    }
    loop {
        // SAFETY: the descriptor is owned by `SOCKET`; the buffer is `message`, which outlives the call.
        let sent = unsafe {
            libc::send(socket.as_raw_fd(), message.as_ptr().cast(), message.len(), libc::MSG_NOSIGNAL)
        };
        if sent >= 0 {
            return;
        }
        match std::io::Error::last_os_error().raw_os_error() {
            Some(libc::EINTR) => {}
            // The observer is gone: nobody is left to tell.
            _ => return STATE.store(OFF, Ordering::Relaxed),
        }
    }
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

/// Shows the value of a variable of this process to whoever watches.
///
/// Not in Python; a debugger would show the same.
#[track_caller]
pub fn variable<T: Serialize + ?Sized>(name: &str, value: &T) {
    if on() {
        let value = within(VARIABLE_MAX_BYTES, value).unwrap_or_else(|| Value::from("…"));
        let event = ProgramEvent::VariableSet(VariableSet { name: brief(name), value });
        send(Some(Location::caller()), event);
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
