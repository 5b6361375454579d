//! This library against CPython's `multiprocessing`, doing the same in turns.
//!
//! How it is measured stands in `turns`. Where two processes hand over item by
//! item, a busy machine measures its scheduler: see that both processors are free.

mod turns;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use multiprocessing::{Pool, Process, Queue, Result};
use turns::Work;

/// The same work in Python.
const PEER: &str = include_str!("peer.py");

const WORKS: [Work; 9] = [
    Work::new("Queue(5) 1→1, messages/s", "queue 5 1 20000", "queue 5 1 500000"),
    Work { per_count: 4.0, ..Work::new("Queue(5) 4→4, messages/s", "queue 5 4 5000", "queue 5 4 50000") },
    Work::new("Queue() 1→1, messages/s", "queue 0 1 60000", "queue 0 1 1000000"),
    Work { per_count: 4.0, ..Work::new("Queue() 4→4, messages/s", "queue 0 4 15000", "queue 0 4 150000") },
    Work {
        pinned: true,
        ..Work::new("Queue(5) 1→1 on one core, messages/s", "queue 5 1 20000", "queue 5 1 200000")
    },
    Work {
        pinned: true,
        ..Work::new("Queue() 1→1 on one core, messages/s", "queue 0 1 60000", "queue 0 1 1000000")
    },
    Work::new("Pool(5).apply_async, tasks/s", "apply_async 5 10000", "apply_async 5 200000"),
    Work::new("Pool(5).apply, tasks/s", "apply 5 2000", "apply 5 10000"),
    Work::new("Process start+join, processes/s", "start_join 200", "start_join 2000"),
];

fn main() -> ExitCode {
    turns::main(PEER, &WORKS, do_work)
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
