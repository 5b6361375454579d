//! Signals and abstract sockets end at the border of the run, `landlock(7)` scopes (Linux 6.12).
//!
//! `kill(supervisor)` and `kill(-1)` reach nobody outside, and a process inside
//! cannot trace one outside. The supervisor stays outside and may do both. Files
//! are not restricted by this layer.

use landlock::{CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope};

use crate::{Failure, Layer};

/// Enters a new domain that is scoped for signals and abstract sockets.
///
/// # Errors
/// `EOPNOTSUPP` where the kernel does not have it, or has it switched off.
pub fn apply() -> Result<(), Failure> {
    let refused = Failure { layer: Layer::LandlockSignals, errno: libc::EOPNOTSUPP };
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .scope(Scope::Signal | Scope::AbstractUnixSocket)
        .and_then(|ruleset| ruleset.create())
        .and_then(|ruleset| ruleset.restrict_self())
        .map_err(|_| refused)?;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Ok(()),
        _ => Err(refused),
    }
}
