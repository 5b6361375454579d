//! `check`: validates scenario folders.

use std::process::ExitCode;

use crate::cli::Check;

/// Prints each fault with file, line and remedy; exit status 1 where there is one.
pub fn check(arguments: &Check) -> ExitCode {
    let faults = scenarios::check(&arguments.dir);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
