//! The binary: command line, dispatch of the hidden roles, wiring.
//!
//! One file plays every role. A role is chosen here, before any thread starts:
//! `supervise` watches one run, `scenario ID` is the program that is watched.
//! Both are started by the playground itself and are in no `--help`.

use std::process::ExitCode;

use clap::Parser;

mod check;
mod cli;
mod here;
mod list;
mod pretty;
mod programs;
mod python;
mod run;
mod serve;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    match words.get(1).map(String::as_str) {
        Some("supervise") => supervisor::main(),
        Some("scenario") => scenarios::main(&words[2..]),
        _ => command(cli::Cli::parse()),
    }
}

fn command(cli: cli::Cli) -> ExitCode {
    match cli.command.unwrap_or(cli::Command::Serve(cli.serve)) {
        cli::Command::Serve(arguments) => serve::serve(arguments),
        cli::Command::Run(arguments) => run::run(arguments),
        cli::Command::List(arguments) => list::list(&arguments),
        cli::Command::Check(arguments) => check::check(&arguments),
    }
}

/// Wrong usage: says on stderr what is wrong and what would be right. Exit status 2.
fn usage(message: impl std::fmt::Display) -> ExitCode {
    eprintln!("process-playground: {message}");
    ExitCode::from(2)
}
