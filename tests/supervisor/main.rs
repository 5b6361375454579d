//! The supervisor against real processes: CPython programs in `programs/` that do what is hard to watch.
//!
//! Each test runs the real binary with a job on its standard input, as every user that is possible
//! here (root also as `nobody`), and each log must keep all promises besides what the test asks.
//! `PLAYGROUND_SOAK=1` runs the long forms.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod channels;
mod degraded;
mod ends;
mod hostile;
mod limits;
mod lives;
mod peers;
mod samples;
mod server;
mod stops;
mod waits;

use support::job::{Job, Log, User, users};
use support::python;

/// A job that runs one of the programs.
fn python(name: &str, args: &[&str]) -> Job {
    Job::new(python::program(name, args))
}

/// Runs a program as everybody, and gives each log to `check`.
fn as_everybody(name: &str, args: &[&str], check: impl Fn(&Log)) {
    for user in users() {
        check(&completed(python(name, args), user));
    }
}

/// The log of a job whose program must end well: a failed assertion in a program is a failure here.
fn completed(job: Job, user: User) -> Log {
    let log = job.by(user).run();
    assert_eq!(log.end()["reason"], "the program ended with exit code 0", "{}", log.tail());
    log
}

/// `few`, or `many` under `PLAYGROUND_SOAK`.
fn times(few: u32, many: u32) -> u32 {
    if std::env::var_os("PLAYGROUND_SOAK").is_some() { many } else { few }
}
