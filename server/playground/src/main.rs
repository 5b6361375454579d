//! The binary: command line, dispatch of the hidden roles, wiring.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    match words.get(1).map(String::as_str) {
        Some("supervise") => supervisor::main(),
        Some("scenario") => scenarios::main(&words[2..]),
        _ => ExitCode::from(2),
    }
}
