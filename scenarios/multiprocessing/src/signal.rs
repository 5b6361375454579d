//! Python's `signal`: what a process does when a signal comes.
//!
//! The kernel may deliver a signal between any two instructions, where hardly anything
//! is safe to do: the interrupted code may hold the lock of the allocator or of standard
//! output. So what runs then only notes the signal in a word of bits; **the handler itself
//! runs later, in the main thread, at the next call that sleeps or waits**, as Python's
//! runs at the next bytecode. There it may do anything: print, use a queue, or leave by
//! [`sys::exit`](crate::sys::exit).
//!
//! `sleep`, [`pause`], [`os::wait`], `join`, a queue's `get`, a lock's `acquire` and all
//! else that waits are interrupted, run the handler, and go on waiting for the rest of the time
//! (PEP 475). A program that computes and never waits keeps handlers waiting, as a long call into C does in Python.
//!
//! One thing is better here: a signal that comes just before [`time::sleep`](crate::time::sleep)
//! or [`pause`] is not slept through. Both let signals in and fall asleep in one step, `ppoll(2)`;
//! in CPython there is a moment between, as there is here for the other calls.
//!
//! Dispositions and handlers are inherited by `fork`; signals that wait for their handler are not.

use std::cell::Cell;
use std::io;
use std::mem::MaybeUninit;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::futex::timespec;
use crate::process::current::getpid;
use crate::{os, probe};

pub use libc::{
    SIGABRT, SIGALRM, SIGCHLD, SIGCONT, SIGFPE, SIGHUP, SIGILL, SIGINT, SIGKILL, SIGPIPE, SIGQUIT, SIGSEGV,
    SIGSTOP, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGWINCH,
};

/// Signals are numbered from 1 to this, `SIGRTMAX`.
const LAST: i32 = 64;

/// What to do when a signal comes.
#[derive(Clone, Default)]
pub enum Handler {
    /// `signal.SIG_DFL`: what the kernel does of its own accord, which ends most processes.
    #[default]
    Default,
    /// `signal.SIG_IGN`: nothing at all.
    Ignore,
    /// Call this with the signal's number. Python's handlers also get the stack frame.
    Call(Arc<dyn Fn(i32) + Send + Sync>),
}

/// `signal.SIG_DFL`.
pub const SIG_DFL: Handler = Handler::Default;
/// `signal.SIG_IGN`.
pub const SIG_IGN: Handler = Handler::Ignore;

impl<F: Fn(i32) + Send + Sync + 'static> From<F> for Handler {
    fn from(call: F) -> Self {
        Handler::Call(Arc::new(call))
    }
}

/// The handlers of this process by signal; index 0 is no signal.
static HANDLERS: Mutex<[Handler; LAST as usize + 1]> =
    Mutex::new([const { Handler::Default }; LAST as usize + 1]);

/// The signals with a handler, a bit each: those that a sleep must notice.
static HANDLED: AtomicU64 = AtomicU64::new(0);

/// The signals that have come and whose handler has not run yet.
static PENDING: AtomicU64 = AtomicU64::new(0);

fn bit(signum: i32) -> u64 {
    1 << (signum - 1)
}

fn handlers() -> MutexGuard<'static, [Handler; LAST as usize + 1]> {
    HANDLERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `signal.signal(signum, handler)`: from now on that signal is handled so; returns how it was.
///
/// `handler` is [`SIG_DFL`], [`SIG_IGN`], or a function of the signal's number.
///
/// # Errors
/// `EINVAL` for `SIGKILL` and `SIGSTOP`, which no process can catch or ignore, and for a
/// number that is no signal; [`Error::NotMainThread`] in any other thread than the main one.
#[track_caller]
pub fn signal(signum: i32, handler: impl Into<Handler>) -> Result<Handler> {
    probe::line_reached(Location::caller());
    if !in_main_thread() {
        return Err(Error::NotMainThread);
    }
    if !(1..=LAST).contains(&signum) {
        return Err(Error::Os { step: "sigaction", source: io::Error::from_raw_os_error(libc::EINVAL) });
    }
    let handler = handler.into();
    // The handler must be known before the first signal can come.
    let before = std::mem::replace(&mut handlers()[signum as usize], handler.clone());
    if let Err(error) = install(signum, &handler) {
        handlers()[signum as usize] = before;
        return Err(error);
    }
    match handler {
        Handler::Call(_) => HANDLED.fetch_or(bit(signum), Ordering::Relaxed),
        _ => HANDLED.fetch_and(!bit(signum), Ordering::Relaxed),
    };
    Ok(before)
}

/// `signal.getsignal(signum)`: how that signal is handled now, if it was set here.
pub fn getsignal(signum: i32) -> Handler {
    handlers().get(signum as usize).cloned().unwrap_or_default()
}

/// Tells the kernel. Without `SA_RESTART`, as in CPython: who sleeps must wake up to run the handler.
fn install(signum: i32, handler: &Handler) -> Result<()> {
    // SAFETY: all zeroes is a valid `sigaction`: default action, empty mask, no flags.
    let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = match handler {
        Handler::Default => libc::SIG_DFL,
        Handler::Ignore => libc::SIG_IGN,
        Handler::Call(_) => note as extern "C" fn(i32) as usize,
    };
    action.sa_flags = libc::SA_ONSTACK;
    // SAFETY: `action` is complete, and `note` does only what is safe at any moment.
    if unsafe { libc::sigaction(signum, &action, ptr::null_mut()) } != 0 {
        return Err(Error::last_os("sigaction"));
    }
    Ok(())
}

/// What really runs when the signal comes, between any two instructions: one atomic operation and,
/// in a thread that runs no handlers, the signal passed on to the main thread, whose sleep it must end.
extern "C" fn note(signum: i32) {
    PENDING.fetch_or(bit(signum), Ordering::Relaxed);
    if !in_main_thread() {
        // SAFETY: plain numbers; the main thread's number is the pid. `errno` is saved for the interrupted code.
        unsafe {
            let errno = *libc::__errno_location();
            libc::syscall(libc::SYS_tgkill, libc::getpid(), libc::getpid(), signum);
            *libc::__errno_location() = errno;
        }
    }
}

/// Whether this thread is the one that handlers run in. In a forked child that is the one that forked.
fn in_main_thread() -> bool {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::syscall(libc::SYS_gettid) == libc::c_long::from(libc::getpid()) }
}

/// Runs the handlers of all signals that have come, lower numbers first; says whether there were any.
///
/// A handler that unwinds leaves the others for the next time, as in CPython.
pub(crate) fn run_pending() {
    while deliver() {}
}

fn deliver() -> bool {
    let pending = PENDING.load(Ordering::Relaxed);
    if pending == 0 || !in_main_thread() {
        return false;
    }
    let signum = pending.trailing_zeros() as i32 + 1;
    PENDING.fetch_and(!bit(signum), Ordering::Relaxed);
    // Not under the lock: the handler may set another.
    let handler = getsignal(signum);
    if let Handler::Call(call) = handler {
        RUN.set(RUN.get() + 1);
        call(signum);
    }
    true
}

thread_local! {
    /// How many handlers this thread has run.
    static RUN: Cell<u64> = const { Cell::new(0) };
}

/// In a forked child: what came for the parent is the parent's.
pub(crate) fn forget_pending() {
    PENDING.store(0, Ordering::Relaxed);
}

/// Whether a sleep in this thread has to let handlers run.
pub(crate) fn any_handler() -> bool {
    HANDLED.load(Ordering::Relaxed) != 0 && in_main_thread()
}

/// Sleeps until the deadline, or for ever, and runs handlers in between.
pub(crate) fn sleep_until(deadline: Option<Instant>) {
    while nap(deadline) {
        run_pending();
    }
}

/// `signal.pause()`: sleeps until a handler has run.
///
/// A signal that came since the last call that sleeps counts; Python's `pause` would sleep on.
/// Without any handler only a signal that ends the process ends this.
#[track_caller]
pub fn pause() {
    probe::line_reached(Location::caller());
    let before = RUN.get();
    run_pending();
    while RUN.get() == before {
        nap(None);
        run_pending();
    }
}

/// Sleeps until the deadline or a signal; `false` when the deadline has passed.
///
/// Signals with a handler are blocked while it looks whether one has come, and let in by the
/// same call that falls asleep.
fn nap(deadline: Option<Instant>) -> bool {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        run_pending();
        return false;
    }
    let before = block(HANDLED.load(Ordering::Relaxed));
    if PENDING.load(Ordering::Relaxed) == 0 {
        doze(left, &before);
    }
    restore(&before);
    true
}

/// `ppoll(2)` on nothing.
fn doze(left: Option<Duration>, mask: &libc::sigset_t) {
    let left = left.map(timespec);
    let timeout = left.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: no descriptors; timeout and mask are null or locals that outlive the call.
    unsafe { libc::ppoll(ptr::null_mut(), 0, timeout, mask) };
}

/// Blocks these signals in this thread; returns the mask as it was.
fn block(signals: u64) -> libc::sigset_t {
    let (mut set, mut before) = (empty(), empty());
    // SAFETY: all sets are valid locals and the numbers are those of signals.
    unsafe {
        (1..=LAST).filter(|signum| signals & bit(*signum) != 0).for_each(|signum| {
            libc::sigaddset(&mut set, signum);
        });
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, &mut before);
    }
    before
}

fn restore(mask: &libc::sigset_t) {
    // SAFETY: the mask is one that the kernel gave.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, ptr::null_mut()) };
}

fn empty() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: `sigemptyset` makes all of it valid.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        set.assume_init()
    }
}

/// `signal.raise_signal(signum)`: sends a signal to this process; its handler has run when this returns.
///
/// # Errors
/// When there is no such signal.
#[track_caller]
pub fn raise_signal(signum: i32) -> Result<()> {
    os::kill(getpid(), signum)
}

/// `signal.Signals(signum)`: a signal's number, which knows its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signals(pub i32);

/// The names of all signals but the real-time ones.
const NAMES: &[(i32, &str)] = &[
    (libc::SIGHUP, "SIGHUP"),
    (libc::SIGINT, "SIGINT"),
    (libc::SIGQUIT, "SIGQUIT"),
    (libc::SIGILL, "SIGILL"),
    (libc::SIGTRAP, "SIGTRAP"),
    (libc::SIGABRT, "SIGABRT"),
    (libc::SIGBUS, "SIGBUS"),
    (libc::SIGFPE, "SIGFPE"),
    (libc::SIGKILL, "SIGKILL"),
    (libc::SIGUSR1, "SIGUSR1"),
    (libc::SIGSEGV, "SIGSEGV"),
    (libc::SIGUSR2, "SIGUSR2"),
    (libc::SIGPIPE, "SIGPIPE"),
    (libc::SIGALRM, "SIGALRM"),
    (libc::SIGTERM, "SIGTERM"),
    (libc::SIGSTKFLT, "SIGSTKFLT"),
    (libc::SIGCHLD, "SIGCHLD"),
    (libc::SIGCONT, "SIGCONT"),
    (libc::SIGSTOP, "SIGSTOP"),
    (libc::SIGTSTP, "SIGTSTP"),
    (libc::SIGTTIN, "SIGTTIN"),
    (libc::SIGTTOU, "SIGTTOU"),
    (libc::SIGURG, "SIGURG"),
    (libc::SIGXCPU, "SIGXCPU"),
    (libc::SIGXFSZ, "SIGXFSZ"),
    (libc::SIGVTALRM, "SIGVTALRM"),
    (libc::SIGPROF, "SIGPROF"),
    (libc::SIGWINCH, "SIGWINCH"),
    (libc::SIGIO, "SIGIO"),
    (libc::SIGPWR, "SIGPWR"),
    (libc::SIGSYS, "SIGSYS"),
];

impl Signals {
    /// `.name`, as `SIGTERM`; `SIG` and the number for those that have none.
    pub fn name(self) -> String {
        let known = NAMES.iter().find(|(signum, _)| *signum == self.0);
        known.map_or_else(|| format!("SIG{}", self.0), |(_, name)| (*name).to_owned())
    }

    /// `signal.Signals[name]`: the signal of that name.
    pub fn named(name: &str) -> Option<Signals> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(signum, _)| Signals(*signum))
    }
}
