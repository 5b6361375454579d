//! What whole-program tests share: running a job, the promises of the log, the kernel's own witness.

#![allow(dead_code)]

pub mod job;
pub mod oracle;
pub mod promises;
pub mod python;
