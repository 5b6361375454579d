//! Where a program stands: what it finds there beside the library, and how it is begun.
//!
//! A program's `use super::…` looks here. It finds `PARAMS`, [`random`], [`seconds`], and
//! [`Global`] for a variable outside of any function, as Python has them.

mod global;
mod random;

use std::panic::{self, PanicHookInfo};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, process};

use serde::de::DeserializeOwned;

pub use global::Global;
pub use random::random;

use crate::Program;

/// Runs the program as `MainProcess`, and then what CPython does at the end of a script.
pub fn perform(program: &Program) -> ExitCode {
    panic::set_hook(Box::new(complain));
    multiprocessing::run(program.begin)
}

/// In a process that the program has started anew: the same, for what that process is to do.
pub fn freeze_support() {
    if multiprocessing::is_forking() {
        panic::set_hook(Box::new(complain));
    }
    multiprocessing::freeze_support();
}

/// The parameters in the environment; those that are not there have their defaults.
/// Ends the process with code 2 if they are no parameters of this program.
pub fn params<T: DeserializeOwned>() -> T {
    let text = env::var(protocol::job::PARAMS_ENV).unwrap_or_else(|_| "{}".into());
    serde_json::from_str(&text).unwrap_or_else(|error| {
        eprintln!("{}={text}: {error}", protocol::job::PARAMS_ENV);
        process::exit(2)
    })
}

/// A parameter in seconds as a [`Duration`]; what is none is no time at all.
pub fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// The last line of a Python traceback: where in the program, and what. An error that `main`
/// or a target returned is told by the library, not by a line of the program.
fn complain(info: &PanicHookInfo<'_>) {
    let what = info.payload_as_str().unwrap_or("a panic without words");
    match info.location().map(|place| (Path::new(place.file()).file_name(), place.line())) {
        Some((Some(file), line)) if file == crate::manifest::RUST => eprintln!("main.rs:{line}: {what}"),
        _ => eprintln!("Error: {what}"),
    }
}
