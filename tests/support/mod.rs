//! What whole-program tests share: running a job, the promises of the log, the kernel's own witness.

pub mod oracle;
pub mod promises;
pub mod server;
pub mod socket;
