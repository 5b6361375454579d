//! This library against CPython's `multiprocessing`, doing the same in turns.
//!
//! `cargo bench -p multiprocessing` prints, for each kind of work, the rate of
//! both (median of the rounds) and the ratio. Rounds are interleaved, because
//! the speed of a shared machine drifts; only the ratio is worth quoting. Every
//! measurement runs in a process of its own, as CPython's does. There are no
//! timed assertions. `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Instant;

use multiprocessing::{Pool, Process, Queue, Result};

/// The same work in Python.
const PEER: &str = include_str!("peer.py");

/// What a process of this program finds the name and numbers of its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// Work that both sides know by this name and these numbers, the last of which is how often.
struct Work {
    title: &'static str,
    /// For CPython and for us: as many as take a good tenth of a second.
    peer: &'static str,
    ours: &'static str,
    /// What a second is divided by: messages per unit of the count.
    per_count: f64,
}

const WORKS: [Work; 7] = [
    Work {
        title: "Queue(5) 1→1, messages/s",
        peer: "queue 5 1 20000",
        ours: "queue 5 1 500000",
        per_count: 1.0,
    },
    Work {
        title: "Queue(5) 4→4, messages/s",
        peer: "queue 5 4 5000",
        ours: "queue 5 4 50000",
        per_count: 4.0,
    },
    Work {
        title: "Queue() 1→1, messages/s",
        peer: "queue 0 1 60000",
        ours: "queue 0 1 1000000",
        per_count: 1.0,
    },
    Work {
        title: "Queue() 4→4, messages/s",
        peer: "queue 0 4 15000",
        ours: "queue 0 4 150000",
        per_count: 4.0,
    },
    Work {
        title: "Pool(5).apply_async, tasks/s",
        peer: "apply_async 5 10000",
        ours: "apply_async 5 200000",
        per_count: 1.0,
    },
    Work { title: "Pool(5).apply, tasks/s", peer: "apply 5 2000", ours: "apply 5 10000", per_count: 1.0 },
    Work {
        title: "Process start+join, processes/s",
        peer: "start_join 200",
        ours: "start_join 2000",
        per_count: 1.0,
    },
];

fn main() -> ExitCode {
    match env::var(WORK_ENV) {
        Ok(work) => multiprocessing::run(|| do_work(&work).map(|seconds| println!("{seconds}"))),
        Err(_) => compare(),
    }
}

/// Runs every kind of work on both sides and prints the ratios.
fn compare() -> ExitCode {
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    // Cargo adds `--bench`; any other word chooses the works that have it in their title.
    let chosen: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    println!("{:<34} {:>12} {:>12} {:>8}", "", "CPython", "here", "ratio");
    for work in WORKS.iter().filter(|work| chosen.iter().all(|word| work.title.contains(word))) {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            rates[0].push(work.per_count * count(work.peer) / peer(work.peer));
            rates[1].push(work.per_count * count(work.ours) / ours(work.ours));
        }
        let [peer, ours] = rates.map(median);
        println!("{:<34} {peer:>12.0} {ours:>12.0} {:>7.1}×", work.title, ours / peer);
    }
    ExitCode::SUCCESS
}

fn peer(work: &str) -> f64 {
    seconds(Command::new("python3").arg("-c").arg(PEER).args(work.split(' ')))
}

fn ours(work: &str) -> f64 {
    seconds(Command::new(env::current_exe().expect("this program has a file")).env(WORK_ENV, work))
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

/// One measurement of ours, in seconds.
fn do_work(work: &str) -> Result<f64> {
    let words: Vec<&str> = work.split(' ').collect();
    let numbers: Vec<u64> = words[1..].iter().map(|word| word.parse().expect("a number")).collect();
    match (words[0], &numbers[..]) {
        ("queue", &[capacity, sides, count]) => queue(capacity as usize, sides, count),
        ("apply_async", &[workers, count]) => apply_async(workers as usize, count),
        ("apply", &[workers, count]) => apply(workers as usize, count),
        ("start_join", &[count]) => start_join(count),
        _ => panic!("no such work: {work}"),
    }
}

fn queue(capacity: usize, sides: u64, count: u64) -> Result<f64> {
    let q = Queue::new(capacity)?;
    let produce = || (0..count).try_for_each(|n| q.put(n));
    let consume = || (0..count).try_for_each(|_| q.get().map(|n| _ = black_box(n)));
    let mut processes: Vec<Process<'_>> = (0..sides).map(|_| Process::new(produce, ())).collect();
    processes.extend((0..sides).map(|_| Process::new(consume, ())));
    let began = Instant::now();
    processes.iter_mut().try_for_each(|p| p.start())?;
    processes.iter().try_for_each(|p| p.join())?;
    let seconds = began.elapsed().as_secs_f64();
    assert!(q.empty() && processes.iter().all(|p| p.exitcode() == Some(0)));
    Ok(seconds)
}

fn same(n: u64) -> u64 {
    n
}

fn apply_async(workers: usize, count: u64) -> Result<f64> {
    let pool = Pool::new(workers)?;
    pool.apply(same, (0,))?;
    let began = Instant::now();
    let results = (0..count).map(|n| pool.apply_async(same, (n,))).collect::<Result<Vec<_>>>()?;
    for (n, result) in (0..).zip(&results) {
        assert_eq!(result.get()?, n);
    }
    Ok(began.elapsed().as_secs_f64())
}

fn apply(workers: usize, count: u64) -> Result<f64> {
    let pool = Pool::new(workers)?;
    pool.apply(same, (0,))?;
    let began = Instant::now();
    for n in 0..count {
        assert_eq!(pool.apply(same, (n,))?, n);
    }
    Ok(began.elapsed().as_secs_f64())
}

fn start_join(count: u64) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..count {
        let mut p = Process::new(|| (), ());
        p.start()?;
        p.join()?;
    }
    Ok(began.elapsed().as_secs_f64())
}
