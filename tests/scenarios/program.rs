//! The built program, under a name that every user can execute.
//!
//! The build folder may lie where others have no way in (a home folder). An open
//! descriptor has no such doors: `/proc/self/fd/N` of a child is the same file.

use std::fs::{self, File};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::LazyLock;

use rustix::io::{FdFlags, fcntl_setfd};

static PROGRAM: LazyLock<(OwnedFd, String)> = LazyLock::new(|| {
    let file = OwnedFd::from(File::open(env!("CARGO_BIN_EXE_process-playground")).expect("it is built"));
    fcntl_setfd(&file, FdFlags::empty()).expect("children inherit it");
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    (file, path)
});

/// What to execute.
pub fn path() -> &'static str {
    &PROGRAM.1
}

/// Whether a live process runs the program: a pid read a moment ago may be somebody else's by now.
pub fn is_run_by(pid: i32) -> bool {
    let identity = |path: String| fs::metadata(path).map(|file| (file.dev(), file.ino()));
    match (identity(format!("/proc/{pid}/exe")), identity(path().to_owned())) {
        (Ok(theirs), Ok(ours)) => theirs == ours,
        _ => false,
    }
}
