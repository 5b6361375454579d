//! The tracker itself: it waits for the end of its family and unlinks what is left.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use protocol::event::Role;

use super::FLAG;
use super::table::Table;
use crate::error::{Error, Result};
use crate::process::child::{poll_in, poll_until};
use crate::reduction::DupFd;
use crate::shared::Shared;
use crate::start::{life, spawn, word};
use crate::{probe, shared_memory};

/// Spawns a tracker, unless another process is quicker; it watches when this returns.
pub(super) fn launch(table: &Shared<Table>, end: &DupFd) -> Result<()> {
    let _launching = table.launching();
    if table.is_watched() {
        return Ok(());
    }
    if table.launched_by_me() {
        table.bury();
    }
    let (ready, theirs) = pipe()?;
    let files = [table.file(), end.as_raw_fd(), theirs.as_raw_fd()];
    let words = [
        FLAG.to_owned(),
        format!("table={}", files[0]),
        format!("end={}", files[1]),
        format!("ready={}", files[2]),
    ];
    table.launched(spawn::execute(&words, files.into_iter())?);
    drop(theirs);
    // It closes its end when it watches, or dies.
    let _ = File::from(ready).read(&mut [0]);
    Ok(())
}

fn pipe() -> Result<(OwnedFd, OwnedFd)> {
    let mut fds = [0; 2];
    // SAFETY: the call fills the array of two.
    if unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(Error::last_os("pipe2"));
    }
    // SAFETY: the kernel has just made these descriptors for us.
    let [read, write] = fds.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    Ok((read, write))
}

/// The tracker's whole life.
pub(crate) fn main(words: impl Iterator<Item = String>) -> ! {
    let words: Vec<String> = words.collect();
    let file = |name| word(&words, name).as_deref().and_then(spawn::inherited);
    let (Some(table), Some(end), Some(ready)) = (file("table"), file("end"), file("ready")) else {
        spawn::misused(FLAG)
    };
    // SAFETY: signals for the family are not for it: it ends when the family has, and not before.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGTERM, libc::SIG_IGN);
    }
    probe::process_named(None, "resource_tracker", Role::ResourceTracker);
    life::close_stdin();
    let watched = Shared::of_file(table).and_then(|table: Shared<Table>| {
        table.watch();
        drop(ready);
        poll_until(&mut [poll_in(end.as_raw_fd())], None)?;
        clean(&table);
        Ok(())
    });
    std::process::exit(i32::from(watched.is_err()))
}

/// Unlinks everything in the table, in CPython's words.
pub(super) fn clean(table: &Table) {
    let leaked = table.take_all().iter().filter(|name| shared_memory::unlink(name).is_ok()).count();
    if leaked > 0 {
        eprintln!(
            "resource_tracker: There appear to be {leaked} leaked shared_memory objects to clean up at shutdown"
        );
    }
}
