//! `Queue` against `ipc-channel`, Rust's best-known channel between processes, doing the same in turns.
//!
//! Its sender and receiver have one process each; a `Queue` would allow any number.

use std::env;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Instant;

use ipc_channel::ipc;
use multiprocessing::{Process, Queue, Result};

/// What a process of this program finds its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";
const ROUNDS: usize = 5;
/// How many messages: as many as take a good tenth of a second.
const COUNTS: [(&str, u64); 2] = [("ipc-channel", 200_000), ("Queue()", 2_000_000)];

fn main() -> ExitCode {
    let Ok(work) = env::var(WORK_ENV) else { return compare() };
    multiprocessing::run(|| {
        let (_, count) = COUNTS.into_iter().find(|(name, _)| *name == work).expect("one of the two");
        let seconds = if work == "Queue()" { queue(count) } else { ipc_channel(count) };
        seconds.map(|seconds| println!("{}", count as f64 / seconds))
    })
}

fn compare() -> ExitCode {
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((name, _), rates) in COUNTS.iter().zip(&mut rates) {
            rates.push(rate(name));
        }
    }
    let [peer, ours] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[ROUNDS / 2]
    });
    println!("1→1, messages/s: ipc-channel {peer:.0}, Queue() {ours:.0}, ratio {:.1}×", ours / peer);
    ExitCode::SUCCESS
}

fn rate(work: &str) -> f64 {
    let program = env::current_exe().expect("this program has a file");
    let output = Command::new(program).env(WORK_ENV, work).output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a rate")
}

fn queue(count: u64) -> Result<f64> {
    let q = Queue::new(0)?;
    let produce = || (0..count).try_for_each(|n| q.put(n));
    let consume = || (0..count).try_for_each(|_| q.get().map(|n| _ = black_box(n)));
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

fn ipc_channel(count: u64) -> Result<f64> {
    let (sender, receiver) = ipc::channel::<u64>().expect("a socket pair");
    let produce = || (0..count).for_each(|n| sender.send(n).expect("it is received"));
    let consume = || (0..count).for_each(|_| _ = black_box(receiver.recv().expect("it was sent")));
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

fn timed(mut processes: [Process<'_>; 2]) -> Result<f64> {
    let began = Instant::now();
    processes.iter_mut().try_for_each(|p| p.start())?;
    processes.iter().try_for_each(|p| p.join())?;
    assert!(processes.iter().all(|p| p.exitcode() == Some(0)));
    Ok(began.elapsed().as_secs_f64())
}
