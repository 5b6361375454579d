//! `spawn`: the child is a new process of the same program.
//!
//! `posix_spawn(3)` makes a process that borrows the parent's memory for a
//! moment (`CLONE_VM | CLONE_VFORK`; the parent stands still) and executes this
//! program again from `/proc/self/exe`. So nothing is copied, however large the
//! parent is and whatever its threads do: of all three methods this is the one
//! without surprises, and the slowest, because a program has to be loaded.
//!
//! The child has nothing of its parent's memory. It is told by its command
//! line, as in CPython, that it is a child (`--multiprocessing-fork`) and which
//! open file its parcel is; [`freeze_support`](super::freeze_support) reads
//! that, in the first line of `main`. Environment, working directory, standard
//! streams and signal mask are inherited, as by every program; of the other
//! open files only those that go along with the arguments.

use std::env;
use std::ffi::{CString, OsString};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::parcel::{self, Delivered, Parcel};
use super::work::Work;
use super::{Birth, life, word};
use crate::error::{Error, Result};
use crate::process::child::Child;
use crate::process::current::Identity;
use crate::resource_tracker;

/// The first word of a spawned child's command line.
pub(super) const FLAG: &str = "--multiprocessing-fork";

/// This program, wherever its file is by now.
const PROGRAM: &std::ffi::CStr = c"/proc/self/exe";

/// Spawns a child that does `work`.
pub(super) fn start<'a>(
    identity: &Identity,
    birth: Birth,
    work: &mut Option<Box<dyn Work + 'a>>,
) -> Result<Arc<Child>> {
    let parcel = Parcel::pack(identity, birth, work)?;
    let file = parcel.to_file()?;
    let files: Vec<String> = parcel.files().map(|file| file.to_string()).collect();
    let words =
        [FLAG.to_owned(), format!("parcel={}", file.as_raw_fd()), format!("files={}", files.join(","))];
    let pid = execute(&words, std::iter::once(file.as_raw_fd()).chain(parcel.files()))?;
    Child::adopt(pid, identity)
}

/// Starts this program with these words and with no other open files than standard streams and `keep`.
pub(crate) fn execute(words: &[String], keep: impl Iterator<Item = RawFd>) -> Result<i32> {
    check_begun()?;
    let name = env::args_os().next().unwrap_or_else(|| OsString::from("multiprocessing")).into_vec();
    let words = words.iter().map(|word| word.clone().into_bytes());
    let argv: std::result::Result<Vec<CString>, _> =
        std::iter::once(name).chain(words).map(CString::new).collect();
    let argv = argv.map_err(|error| Error::Os { step: "posix_spawn", source: error.into() })?;
    let pointers: Vec<*mut libc::c_char> =
        argv.iter().map(|word| word.as_ptr().cast_mut()).chain([std::ptr::null_mut()]).collect();
    let mut actions = FileActions::new()?;
    keep.for_each(|file| actions.keep(file));
    let mut pid = 0;
    // SAFETY: the actions are initialised; the arguments end with a null pointer and outlive the call, which copies
    // nothing; `environ` is this process's environment, read as by every function that executes a program.
    let code = unsafe {
        libc::posix_spawn(
            &mut pid,
            PROGRAM.as_ptr(),
            &actions.0,
            std::ptr::null(),
            pointers.as_ptr(),
            environ,
        )
    };
    match code {
        0 => Ok(pid),
        code => Err(os_error("posix_spawn", code)),
    }
}

unsafe extern "C" {
    /// `environ(7)`.
    static environ: *const *mut libc::c_char;
}

/// What the child does between its birth and the new program.
struct FileActions(libc::posix_spawn_file_actions_t);

impl FileActions {
    fn new() -> Result<FileActions> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: the call initialises what the pointer names, or fails.
        match unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) } {
            // SAFETY: as above.
            0 => Ok(FileActions(unsafe { actions.assume_init() })),
            code => Err(os_error("posix_spawn_file_actions_init", code)),
        }
    }

    /// Leaves a file open in the new program: a copy to its own number does not close at `exec`.
    fn keep(&mut self, file: RawFd) {
        // SAFETY: the actions are initialised. Without memory for one more the child misses a file and says so.
        unsafe { libc::posix_spawn_file_actions_adddup2(&mut self.0, file, file) };
    }
}

impl Drop for FileActions {
    fn drop(&mut self) {
        // SAFETY: they are initialised and not used again.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.0) };
    }
}

fn os_error(step: &'static str, code: libc::c_int) -> Error {
    Error::Os { step, source: std::io::Error::from_raw_os_error(code) }
}

/// Whether this process has read what it is to do, if it was started to do something.
static BEGUN: AtomicBool = AtomicBool::new(false);

/// A child that is on its way through `main` must not start children of its own: they would, too, without end.
fn check_begun() -> Result<()> {
    let is_child = env::args().nth(1).is_some_and(|word| [FLAG, resource_tracker::FLAG].contains(&&*word));
    if is_child && !BEGUN.load(Ordering::Relaxed) {
        return Err(Error::Bootstrapping);
    }
    Ok(())
}

/// The child: what stands behind [`FLAG`] on its command line says what it is to do.
pub(super) fn main(words: impl Iterator<Item = String>) -> ! {
    BEGUN.store(true, Ordering::Relaxed);
    let words: Vec<String> = words.collect();
    let numbers = |name| word(&words, name).unwrap_or_default();
    let files = numbers("files").split(',').filter_map(inherited).collect();
    let Some(file) = inherited(&numbers("parcel")) else { misused(FLAG) };
    life::close_stdin();
    parcel::open(Delivered { bytes: parcel::read_file(file), files, server: None, parent: None })
}

/// A file, by its number, that the parent left open for this process, and for no program that this one will start.
pub(crate) fn inherited(number: &str) -> Option<OwnedFd> {
    let number = number.parse().ok()?;
    // SAFETY: fails for a number that is no open file; the parent names files that it left open for this process alone,
    // and nothing else here has begun.
    unsafe {
        (libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) == 0).then(|| OwnedFd::from_raw_fd(number))
    }
}

/// Ends a process that somebody else than this library has started as a child.
pub(crate) fn misused(flag: &str) -> ! {
    eprintln!("usage: only {} starts a program with {flag}", env!("CARGO_PKG_NAME"));
    std::process::exit(2)
}
