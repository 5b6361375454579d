//! One process a run: watches a scenario's processes through the kernel and writes the event log.

use std::process::ExitCode;

/// The supervisor role: a [`protocol::Job`] on standard input, the event log on standard output.
pub fn main() -> ExitCode {
    ExitCode::FAILURE
}
