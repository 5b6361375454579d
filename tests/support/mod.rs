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
