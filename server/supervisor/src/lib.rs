//! One process a run: watches a scenario's processes through the kernel and writes the event log.
//!
//! The supervisor has one thread, for `ptrace(2)` belongs to a thread. It is the tracer, the
//! subreaper and the only reader of what the processes of its run write and say. When it runs
//! as root it stays root and the program becomes somebody else, so the
//! program can neither signal it nor look into it; when it does not, Landlock keeps
//! the program from doing so.
//!
//! From the outside in: [`run`] is the loop; [`observer`] gives reports their meaning, [`births`] new tasks theirs, [`execs`]
//! new programs theirs, and [`ending`] brings a run to its end; [`family`] knows the processes, without system calls;
//! [`ptrace`], [`kin`], [`channels`], [`proc`], [`poller`], [`descriptors`] are the kernel's sides of it;
//! [`log`], [`quota`], [`lines`] make the log. Running a program at all is [`start`] and [`child`].
//! [`degraded`] stands in where the host forbids tracing.
//! [`rundir`] and [`leftovers`] remove what a run leaves behind.
//! Scenarios, the server and the page are unknown here.

use std::process::ExitCode;

mod births;
mod channels;
mod child;
mod commands;
mod degraded;
mod descriptors;
mod ending;
mod execs;
mod family;
mod hearing;
mod kin;
mod leftovers;
mod lines;
mod log;
mod observer;
mod parked;
mod poller;
mod proc;
mod ptrace;
mod quota;
mod run;
mod rundir;
mod sampler;
mod signals;
mod start;
mod status;
mod waiting;
mod watched;

pub use sandbox::environment::PATH;
pub use start::finds;

/// The supervisor role: a [`protocol::Job`] on standard input, the event log on standard output.
///
/// Exit status 0: the run completed; 1: it did not, and `run.finished` says why; 2: there was no job.
pub fn main() -> ExitCode {
    let mut commands = commands::Commands::default();
    let job = match commands.job() {
        Ok(job) => job,
        Err(error) => {
            eprintln!("process-playground: no job on standard input: {error}");
            return ExitCode::from(2);
        }
    };
    let log = match log::Log::begin() {
        Ok(log) => log,
        Err(error) => {
            eprintln!("process-playground: standard output: {error}");
            return ExitCode::FAILURE;
        }
    };
    match start::prepare(&job) {
        Ok(prepared) => prepared.begin(job, commands, log).conduct(),
        Err(error) => abandon(job, log, &error),
    }
}

/// A run that never began has a first and a last event, too.
fn abandon(job: protocol::Job, mut log: log::Log, error: &start::Error) -> ExitCode {
    start::abandon(&job, &mut log);
    let nobody = family::Family::new(std::process::id() as protocol::Pid);
    let ending = ending::Ending::failed(error.to_string());
    run::finish(&mut log, &mut quota::Quota::new(job.limits), &nobody, ending)
}
