//! `new`: makes a scenario's folder that works.

use std::process::ExitCode;

use scenarios::NewError;

use crate::cli::New;
use crate::run::print_or_exit;
use crate::usage;

/// Makes the folder; says which files are in it and what can be done with them.
pub fn new(arguments: &New) -> ExitCode {
    let New { id, dir } = arguments;
    let files = match scenarios::new(id, dir) {
        Ok(files) => files,
        Err(error @ NewError::NoId(_)) => return usage(error),
        Err(error) => {
            eprintln!("process-playground: {error}");
            return ExitCode::FAILURE;
        }
    };
    let dir = dir.display();
    let list: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    let next = match files.iter().any(|file| file.ends_with("main.rs")) {
        true => format!("cargo run -- check {dir}\ncargo run -- run {id}\n"),
        false => format!("process-playground check {dir}\nprocess-playground run {id} --scenarios {dir}\n"),
    };
    print_or_exit(&format!("{list}\nNext:\n{next}"))
}
