//! `check`: validates scenario folders.

use std::process::ExitCode;

use crate::cli::Check;
use crate::run::print_or_exit;
use crate::usage;

/// Says each fault on stderr with file, line and remedy; exit status 1 where there is one.
pub fn check(arguments: &Check) -> ExitCode {
    let dir = &arguments.dir;
    match scenarios::check(dir) {
        Err(error) => usage(format_args!(
            "{}: {error}; name a scenario's folder, or a folder of such folders",
            dir.display()
        )),
        Ok(faults) if faults.is_empty() => print_or_exit(&format!("{}: no faults\n", dir.display())),
        Ok(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            ExitCode::FAILURE
        }
    }
}
