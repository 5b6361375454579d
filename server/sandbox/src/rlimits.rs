//! What the kernel itself refuses, `setrlimit(2)`.
//!
//! These are the last line. The limits of a run that visitors learn of are counted
//! by its supervisor, because `RLIMIT_NPROC` counts a user and not a run, and the
//! others count one process.

use crate::{Failure, Layer};

/// One value for each limit; they are hard limits, so nobody can raise them again.
#[derive(Clone, Copy, Debug)]
pub struct Rlimits {
    /// `RLIMIT_FSIZE`: bytes of one file.
    pub file_bytes: u64,
    /// `RLIMIT_NOFILE`: descriptors of one process.
    pub descriptors: u64,
    /// `RLIMIT_DATA`: bytes of private memory of one process.
    pub data_bytes: u64,
    /// `RLIMIT_NPROC`: processes and threads of the user; only for a user of the run's own.
    pub user_tasks: Option<u64>,
}

impl Rlimits {
    /// Applies all; core dumps are off.
    ///
    /// # Errors
    /// What `setrlimit` reports.
    pub fn apply(&self) -> Result<(), Failure> {
        set(libc::RLIMIT_CORE, 0)?;
        set(libc::RLIMIT_FSIZE, self.file_bytes)?;
        set(libc::RLIMIT_NOFILE, self.descriptors)?;
        set(libc::RLIMIT_DATA, self.data_bytes)?;
        self.user_tasks.map_or(Ok(()), |tasks| set(libc::RLIMIT_NPROC, tasks))
    }
}

/// Lowers soft and hard limit to `value`; a hard limit that is lower already stays.
fn set(resource: libc::__rlimit_resource_t, value: u64) -> Result<(), Failure> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel fills the struct that the pointer names.
    if unsafe { libc::getrlimit(resource, &mut limit) } != 0 {
        return Err(Failure::last(Layer::Rlimits));
    }
    let value = value.min(limit.rlim_max);
    limit = libc::rlimit { rlim_cur: value, rlim_max: value };
    // SAFETY: the kernel only reads the struct.
    match unsafe { libc::setrlimit(resource, &limit) } {
        0 => Ok(()),
        _ => Err(Failure::last(Layer::Rlimits)),
    }
}
