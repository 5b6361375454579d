//! The command line: every command, every flag, every way to get it wrong.
//!
//! Diagnostics go to standard error, results to standard output. Exit status:
//! 0 the run completed, 1 it did not, 2 wrong usage. A message names the thing
//! that is wrong and the remedy.

#[path = "support/command.rs"]
mod command;

#[path = "cli/check.rs"]
mod check;
#[path = "cli/export_site.rs"]
mod export_site;
#[path = "cli/list.rs"]
mod list;
#[path = "cli/python.rs"]
mod python;
#[path = "cli/replay.rs"]
mod replay;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/serve.rs"]
mod serve;
#[path = "cli/usage.rs"]
mod usage;
