//! The same work on CPython and here, in turns.
//!
//! `cargo bench -p multiprocessing` prints, for each kind of work, the rate of
//! both (median of the rounds) and the ratio. Rounds are interleaved, because
//! the speed of a shared machine drifts; only the ratio is worth quoting. Every
//! measurement runs in a process of its own, as CPython's does. There are no
//! timed assertions. `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::ffi::OsStr;
use std::process::{Command, ExitCode};

use multiprocessing::Result;

/// What a process of this program finds the name and numbers of its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// Work that both sides know by this name and these numbers, the last of which is how often.
pub struct Work {
    /// What to call it.
    pub title: &'static str,
    /// For CPython: as many as take a good tenth of a second.
    pub peer: &'static str,
    /// For us, likewise.
    pub ours: &'static str,
    /// What a second is divided by: messages per unit of the count.
    pub per_count: f64,
    /// Whether all of its processes share one processor.
    pub pinned: bool,
}

impl Work {
    /// One message for each unit of the count.
    pub const fn new(title: &'static str, peer: &'static str, ours: &'static str) -> Work {
        Work { title, peer, ours, per_count: 1.0, pinned: false }
    }

    /// A command for it, `taskset(1)` if it is to be pinned.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        if !self.pinned {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        command
    }
}

/// Compares, or does the one work that the environment names.
pub fn main(peer: &str, works: &[Work], do_work: fn(&str) -> Result<f64>) -> ExitCode {
    match env::var(WORK_ENV) {
        Ok(work) => multiprocessing::run(|| do_work(&work).map(|seconds| println!("{seconds}"))),
        Err(_) => compare(peer, works),
    }
}

/// Runs every kind of work on both sides and prints the ratios.
fn compare(script: &str, works: &[Work]) -> ExitCode {
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    // Cargo adds `--bench`; any other word chooses the works that have it in their title.
    let chosen: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    println!("{:<44} {:>12} {:>12} {:>8}", "", "CPython", "here", "ratio");
    for work in works.iter().filter(|work| chosen.iter().all(|word| work.title.contains(word))) {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            rates[0].push(work.per_count * count(work.peer) / peer(script, work));
            rates[1].push(work.per_count * count(work.ours) / ours(work));
        }
        let [peer, ours] = rates.map(median);
        println!("{:<44} {peer:>12.0} {ours:>12.0} {:>7.1}×", work.title, ours / peer);
    }
    ExitCode::SUCCESS
}

fn peer(script: &str, work: &Work) -> f64 {
    seconds(work.command("python3").arg("-c").arg(script).args(work.peer.split(' ')))
}

fn ours(work: &Work) -> f64 {
    seconds(work.command(env::current_exe().expect("this program has a file")).env(WORK_ENV, work.ours))
}

/// What a side says its work took.
fn seconds(command: &mut Command) -> f64 {
    let output = command.output().expect("both sides can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of seconds")
}

fn count(work: &str) -> f64 {
    work.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("works end in a count")
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
