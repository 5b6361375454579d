//! What it costs to start a process and to wait for it, by each start method, against CPython doing the same.
//!
//! `cargo bench -p multiprocessing --bench start_methods` prints, for each
//! method and size of the parent's memory, the rate of both (median of the
//! rounds) and the ratio. Rounds are interleaved and each measurement has a
//! process of its own, as in `vs_cpython`. One child is started before the
//! clock: the fork server is there, as it is in a program that uses it.
//! `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use multiprocessing::{Context, Method, Result, get_context};

/// What a process of this program finds its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// A start method, megabytes of memory in the parent, and how many starts: of CPython and of ours.
const WORKS: [(Method, usize, u32, u32); 7] = [
    (Method::Fork, 0, 150, 1500),
    (Method::ForkServer, 0, 20, 1000),
    (Method::Spawn, 0, 8, 400),
    (Method::Fork, 256, 20, 30),
    (Method::ForkServer, 256, 20, 1000),
    (Method::Spawn, 256, 8, 400),
    (Method::Fork, 64, 60, 200),
];

fn main() -> ExitCode {
    multiprocessing::freeze_support();
    match env::var(WORK_ENV) {
        Ok(work) => multiprocessing::run(|| start_join(&work).map(|seconds| println!("{seconds}"))),
        Err(_) => compare(),
    }
}

/// Does every kind of work on both sides and prints the ratios.
fn compare() -> ExitCode {
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    println!("{:<34} {:>12} {:>12} {:>8}", "start + join, processes/s", "CPython", "here", "ratio");
    for (method, heap_mb, theirs, ours) in WORKS {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            rates[0].push(f64::from(theirs) / peer(&format!("{method} {heap_mb} {theirs}")));
            rates[1].push(f64::from(ours) / here(&format!("{method} {heap_mb} {ours}")));
        }
        let [peer, ours] = rates.map(median);
        let title = format!("{method}, a parent of {heap_mb} MB");
        println!("{title:<34} {peer:>12.1} {ours:>12.0} {:>7.1}×", ours / peer);
    }
    ExitCode::SUCCESS
}

fn peer(work: &str) -> f64 {
    // A spawned child of CPython's imports the main module, so there must be a file.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/start_methods.py");
    seconds(Command::new("python3").arg(file).args(work.split(' ')))
}

fn here(work: &str) -> f64 {
    seconds(Command::new(env::current_exe().expect("this program has a file")).env(WORK_ENV, work))
}

/// What a side says its work took.
fn seconds(command: &mut Command) -> f64 {
    let output = command.output().expect("both sides can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of seconds")
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// One measurement of ours, in seconds.
fn start_join(work: &str) -> Result<f64> {
    let words: Vec<&str> = work.split(' ').collect();
    let ctx = get_context(words[0])?;
    let number = |word: &str| word.parse::<usize>().expect("a number");
    let heap = black_box(vec![1u8; number(words[1]) << 20]);
    one(ctx)?;
    let began = Instant::now();
    for _ in 0..number(words[2]) {
        one(ctx)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(black_box(heap).len(), number(words[1]) << 20);
    Ok(seconds)
}

fn one(ctx: Context) -> Result<()> {
    let mut p = ctx.process(|| (), ());
    p.start()?;
    p.join()
}
