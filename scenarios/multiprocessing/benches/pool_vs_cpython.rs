//! `Pool` against CPython's, doing the same in turns.
//!
//! How it is measured stands in `turns`, which prints how many a second: of a
//! round trip of 2 µs there are 500,000, and that is how its rows are to be
//! read. Memory is told as how many workers there are to a gigabyte (PSS).

mod turns;

use std::fs;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::{Pool, Result, active_children};
use turns::Work;

/// The same work in Python.
const PEER: &str = include_str!("pool_peer.py");

const WORKS: [Work; 10] = [
    Work::new("Pool(5).apply_async, tasks/s", "apply_async 5 10000", "apply_async 5 200000"),
    Work::new("Pool(5).imap_unordered, tasks/s", "imap_unordered 5 10000", "imap_unordered 5 200000"),
    Work::new("Pool(5).imap, tasks/s", "imap 5 10000", "imap 5 200000"),
    Work::new("Pool(5).map, chunks of 1, tasks/s", "map_one 5 10000", "map_one 5 200000"),
    Work::new("Pool(5).map, default chunks, items/s", "map_default 5 300000", "map_default 5 3000000"),
    Work::new("Pool(5).apply, median trip, 1/s", "apply_p50 5 2000", "apply_p50 5 20000"),
    Work::new("Pool(5).apply, 99 % of trips, 1/s", "apply_p99 5 2000", "apply_p99 5 20000"),
    Work::new("Pool(5).apply from idle, median trip, 1/s", "idle_p50 5 50", "idle_p50 5 50"),
    Work::new("Pool(5), first result, 1/s", "first 5 20", "first 5 50"),
    Work::new("Pool(5), workers/GB", "memory 5 1", "memory 5 1"),
];

fn main() -> ExitCode {
    turns::main(PEER, &WORKS, do_work)
}

/// One measurement of ours, in seconds.
fn do_work(work: &str) -> Result<f64> {
    let words: Vec<&str> = work.split(' ').collect();
    let numbers: Vec<usize> = words[1..].iter().map(|word| word.parse().expect("a number")).collect();
    let (workers, count) = (numbers[0], numbers[1]);
    let (all, half) = (count as f64, count / 2);
    Ok(match words[0] {
        "apply_async" => timed(workers, |pool| apply_async(pool, count))?,
        "imap_unordered" => timed(workers, |pool| {
            assert_eq!(pool.imap_unordered(same, 0..count)?.filter_map(Result::ok).count(), count);
            Ok(())
        })?,
        "imap" => timed(workers, |pool| {
            assert!(pool.imap(same, 0..count)?.filter_map(Result::ok).eq(0..count));
            Ok(())
        })?,
        "map_one" => timed(workers, |pool| {
            pool.chunksize(1).map(same, 0..count).map(|list| assert_eq!(list.len(), count))
        })?,
        "map_default" => {
            timed(workers, |pool| pool.map(same, 0..count).map(|list| assert_eq!(list.len(), count)))?
        }
        "apply_p50" => round_trips(workers, count, Duration::ZERO)?[half] * all,
        "apply_p99" => round_trips(workers, count, Duration::ZERO)?[count * 99 / 100] * all,
        "idle_p50" => round_trips(workers, count, Duration::from_millis(5))?[half] * all,
        "first" => first_results(workers, count)?[half] * all,
        "memory" => memory(workers)? * all,
        _ => panic!("no such work: {work}"),
    })
}

fn same(n: usize) -> usize {
    n
}

fn timed(workers: usize, body: impl FnOnce(&Pool) -> Result<()>) -> Result<f64> {
    let pool = Pool::new(workers)?;
    pool.map(same, 0..workers)?;
    let began = Instant::now();
    body(&pool)?;
    Ok(began.elapsed().as_secs_f64())
}

fn apply_async(pool: &Pool, count: usize) -> Result<()> {
    let results = (0..count).map(|n| pool.apply_async(same, (n,))).collect::<Result<Vec<_>>>()?;
    results.iter().enumerate().try_for_each(|(n, result)| result.get().map(|got| assert_eq!(got, n)))
}

/// How long each took, the shortest first.
fn round_trips(workers: usize, count: usize, pause: Duration) -> Result<Vec<f64>> {
    let pool = Pool::new(workers)?;
    pool.map(same, 0..workers)?;
    sorted((0..count).map(|n| {
        if !pause.is_zero() {
            thread::sleep(pause);
        }
        let began = Instant::now();
        assert_eq!(pool.apply(same, (n,))?, n);
        Ok(began.elapsed().as_secs_f64())
    }))
}

fn first_results(workers: usize, count: usize) -> Result<Vec<f64>> {
    sorted((0..count).map(|n| {
        let began = Instant::now();
        let pool = Pool::new(workers)?;
        assert_eq!(pool.apply(same, (n,))?, n);
        Ok(began.elapsed().as_secs_f64())
    }))
}

fn sorted(times: impl Iterator<Item = Result<f64>>) -> Result<Vec<f64>> {
    let mut times = times.collect::<Result<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// Gigabytes a worker.
fn memory(workers: usize) -> Result<f64> {
    let pool = Pool::new(workers)?;
    pool.chunksize(1).map(same, 0..1000)?;
    Ok(worker_pids().iter().map(|pid| pss(*pid)).sum::<f64>() / 1e9 / workers as f64)
}

/// The children of this process, of whatever thread.
fn worker_pids() -> Vec<i32> {
    assert!(active_children().is_empty(), "workers are the pool's");
    let threads = fs::read_dir("/proc/self/task").expect("proc is mounted");
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn pss(pid: i32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("the worker lives");
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).expect("the kernel says it");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
}
