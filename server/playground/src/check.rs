//! `check`: validates scenario folders.

use std::path::PathBuf;
use std::process::ExitCode;

use scenarios::manifest::Level;

use crate::cli::Check;
use crate::run::print_or_exit;
use crate::usage;

/// Says each fault on stderr with file, line and remedy; exit status 1 where one is an error.
pub fn check(arguments: &Check) -> ExitCode {
    let usual = PathBuf::from("scenarios");
    let dir = arguments.dir.as_ref().or(arguments.scenarios.as_ref()).unwrap_or(&usual);
    match scenarios::check(dir) {
        Err(error) => usage(format_args!(
            "{}: {error}; name a scenario's folder, or a folder of such folders",
            dir.display()
        )),
        Ok(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            match faults.iter().any(|fault| fault.level == Level::Error) {
                true => ExitCode::FAILURE,
                false => print_or_exit(&format!("{}: no errors\n", dir.display())),
            }
        }
    }
}
