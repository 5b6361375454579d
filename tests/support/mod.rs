//! What whole-program tests share: running a job, a server and a socket to it, the promises
//! of the log, the kernel's own witness. No test uses all of it.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod job;
pub mod oracle;
pub mod promises;
pub mod python;
pub mod server;
pub mod socket;

/// Whether a test of every scenario takes this one: all, unless `PLAYGROUND_ONLY` names some, by commas.
pub fn wanted(id: &str) -> bool {
    let only = std::env::var("PLAYGROUND_ONLY").unwrap_or_default();
    only.is_empty() || only.split(',').any(|one| one == id)
}
