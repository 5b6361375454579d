//! What whole-program tests share: the promises of the log, the kernel's own witness, a server and a socket to it.
//! No test uses all of it.

#![allow(dead_code)]

pub mod oracle;
pub mod promises;
pub mod server;
pub mod socket;
