//! No set-user-ID program gives privilege back, `PR_SET_NO_NEW_PRIVS(2const)`.

use crate::{Failure, Layer};

/// Sets the flag; it cannot be taken back and is inherited.
///
/// # Errors
/// Kernels before 3.5 do not know it.
pub fn apply() -> Result<(), Failure> {
    // SAFETY: a flag of the calling process; the unused arguments must be 0.
    match unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } {
        0 => Ok(()),
        _ => Err(Failure::last(Layer::NoNewPrivs)),
    }
}
