//! The sandbox: one layer a file, applied in a documented order; knows no scenario and no protocol.
//!
//! A half-made child calls [`Plan::enter`] between `fork` and `exec`. The order
//! matters, each layer needs something that the next takes away:
//!
//! 1. [`descriptors`]: everything above standard error closes at `exec`.
//! 2. [`rlimits`]: root may still raise a hard limit.
//! 3. [`user`]: from root to a user of its own; after this nothing needs privilege.
//! 4. [`no_new_privs`]: no set-user-ID program gives privilege back; the next two need it.
//! 5. [`landlock`]: signals cannot leave the run.
//! 6. [`seccomp`]: last, for it restricts what the others call.
//!
//! [`environment`] belongs to `exec` itself. Who tells of a failed layer: the
//! child, as the eight bytes of a [`Failure`].

use std::ffi::CString;

pub mod descriptors;
pub mod environment;
pub mod landlock;
pub mod no_new_privs;
pub mod rlimits;
pub mod seccomp;
pub mod user;

/// One layer; the names are those of `run.started`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Layer {
    /// [`environment`].
    CleanEnvironment,
    /// [`descriptors`].
    ClosedDescriptors,
    /// [`rlimits`].
    Rlimits,
    /// [`user`].
    UnprivilegedUser,
    /// [`no_new_privs`].
    NoNewPrivs,
    /// [`landlock`].
    LandlockSignals,
    /// [`seccomp`].
    Seccomp,
}

impl Layer {
    /// Every layer, in the order of application.
    pub const ALL: [Layer; 7] = [
        Layer::CleanEnvironment,
        Layer::ClosedDescriptors,
        Layer::Rlimits,
        Layer::UnprivilegedUser,
        Layer::NoNewPrivs,
        Layer::LandlockSignals,
        Layer::Seccomp,
    ];

    /// Its name in `run.started`.
    pub fn name(self) -> &'static str {
        match self {
            Layer::CleanEnvironment => "clean_environment",
            Layer::ClosedDescriptors => "closed_descriptors",
            Layer::Rlimits => "rlimits",
            Layer::UnprivilegedUser => "unprivileged_user",
            Layer::NoNewPrivs => "no_new_privs",
            Layer::LandlockSignals => "landlock_signals",
            Layer::Seccomp => "seccomp",
        }
    }
}

/// A layer that could not be applied, small enough to cross a pipe whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", self.layer.name(), std::io::Error::from_raw_os_error(self.errno))]
pub struct Failure {
    /// Which.
    pub layer: Layer,
    /// What the kernel said, `errno(3)`.
    pub errno: i32,
}

impl Failure {
    /// The failure of `layer` that the last system call reported.
    fn last(layer: Layer) -> Self {
        Failure { layer, errno: std::io::Error::last_os_error().raw_os_error().unwrap_or(0) }
    }

    /// The form that crosses a pipe.
    pub fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&(self.layer as u32).to_ne_bytes());
        bytes[4..].copy_from_slice(&self.errno.to_ne_bytes());
        bytes
    }

    /// Back from the pipe; `None` for bytes that [`Failure::to_bytes`] did not make.
    pub fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h] = bytes;
        let number = u32::from_ne_bytes([a, b, c, d]);
        let layer = Layer::ALL.into_iter().find(|layer| *layer as u32 == number)?;
        Some(Failure { layer, errno: i32::from_ne_bytes([e, f, g, h]) })
    }
}

/// Everything that a child needs to enter the sandbox, prepared before `fork`.
pub struct Plan {
    /// The user to become; `None` keeps the present one, which must not be root.
    pub user: Option<user::User>,
    /// What the kernel itself refuses.
    pub rlimits: rlimits::Rlimits,
    /// The compiled system call filters.
    pub filters: seccomp::Filters,
    /// What the program will find in its environment.
    pub environment: Vec<CString>,
}

impl Plan {
    /// Applies every layer to the calling process, and says which optional one is missing.
    ///
    /// # Errors
    /// The first layer without which nothing may run. Only [`landlock`] is optional:
    /// older kernels do not have it, and a user of one's own does the same.
    pub fn enter(&self) -> Result<Option<Failure>, Failure> {
        descriptors::apply()?;
        self.rlimits.apply()?;
        if let Some(user) = self.user {
            user.apply()?;
        }
        no_new_privs::apply()?;
        let missing = landlock::apply().err();
        self.filters.apply()?;
        Ok(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_survives_its_eight_bytes() {
        for layer in Layer::ALL {
            let failure = Failure { layer, errno: libc::EPERM };
            assert_eq!(Failure::from_bytes(failure.to_bytes()), Some(failure));
        }
        assert_eq!(Failure::from_bytes([0xff; 8]), None);
    }
}
