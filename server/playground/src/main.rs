//! The binary: command line, dispatch of the hidden roles, wiring.
//!
//! One file plays every role. A role is chosen here, before any thread starts:
//! `supervise` watches one run, `scenario ID` is the program that is watched,
//! and a program that starts processes anew has them begin here, too.
//! They are started by the playground itself and are in no `--help`.

use std::process::ExitCode;

use clap::Parser;

mod check;
mod cli;
mod export_site;
mod footprint;
mod here;
mod kept;
mod list;
mod new;
mod pretty;
mod programs;
mod python;
mod replay;
mod run;
mod serve;

fn main() -> ExitCode {
    scenarios::freeze_support();
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
        cli::Command::Replay(arguments) => replay::replay(&arguments),
        cli::Command::List(arguments) => list::list(&arguments),
        cli::Command::Check(arguments) => check::check(&arguments),
        cli::Command::ExportSite(arguments) => export_site::export_site(&arguments),
        cli::Command::New(arguments) => new::new(&arguments),
    }
}

/// Wrong usage: says on stderr what is wrong and what would be right. Exit status 2.
fn usage(message: impl std::fmt::Display) -> ExitCode {
    eprintln!("process-playground: {message}");
    ExitCode::from(2)
}
