//! How many processes the supervisor's descriptors suffice for.
//!
//! Each process needs a pidfd until it is reaped, and some files of `/proc` while it lives; a
//! process without a pidfd could be mistaken for another. So the supervisor takes as many
//! descriptors as it may have, and ends a run that would need more.

use std::io;

use crate::watched;

/// For what the supervisor itself has open, and for a file of `/proc` now and then.
const OWN: u64 = 32;

/// The descriptors of one supervisor.
#[derive(Clone, Copy, Debug)]
pub struct Descriptors {
    /// How many it may have open, `RLIMIT_NOFILE` of `getrlimit(2)`.
    pub most: u64,
}

impl Descriptors {
    /// Raises the supervisor's soft limit to the hard one. Where that fails the soft one counts.
    ///
    /// # Errors
    /// When the limit cannot be asked for.
    pub fn raise() -> io::Result<Self> {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the kernel fills the local.
        if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let wanted = libc::rlimit { rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max };
        // SAFETY: the kernel only reads the local.
        let raised = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &wanted) } == 0;
        Ok(Descriptors { most: if raised { limit.rlim_max } else { limit.rlim_cur } })
    }

    /// Whether they suffice for so many processes that are not reaped, `alive` of which live.
    pub fn suffice(self, unreaped: u64, alive: u64) -> bool {
        unreaped + watched::FILES * alive + OWN <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zombies_need_descriptors_too() {
        let descriptors = Descriptors { most: 64 };
        assert!(descriptors.suffice(6, 6));
        assert!(!descriptors.suffice(7, 7));
        assert!(descriptors.suffice(28, 1));
        assert!(!descriptors.suffice(29, 1));
    }
}
