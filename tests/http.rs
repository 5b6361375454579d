//! The HTTP interface of the real program: pages, files, scenarios, runs, and everything
//! that can be asked wrongly.

use std::process::{Command, Output};

#[path = "support/mod.rs"]
mod support;

#[path = "http/discovery.rs"]
mod discovery;
#[path = "http/embed.rs"]
mod embed;
#[path = "http/exports.rs"]
mod exports;
#[path = "http/pages.rs"]
mod pages;
#[path = "http/recordings.rs"]
mod recordings;
#[path = "http/refusals.rs"]
mod refusals;
#[path = "http/runs.rs"]
mod runs;
#[path = "http/site.rs"]
mod site;

/// Runs the program on its command line.
fn playground(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_process-playground")).args(words).output().expect("it starts")
}
