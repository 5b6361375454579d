//! Locks, events, pipes and shared numbers against CPython's, doing the same in turns.
//!
//! How it is measured stands in `turns`. The first rows are calls that nobody
//! else contends for: what each costs. In the others processes wait for each
//! other, and the scheduler has its share.

mod turns;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use multiprocessing::{
    Array, Barrier, Condition, Connection, Event, Lock, Pipe, Process, RLock, Result, Semaphore, Value,
};
use turns::Work;

/// The same work in Python.
const PEER: &str = include_str!("sync_peer.py");

const WORKS: [Work; 12] = [
    Work::new("Lock, acquire and release, alone, /s", "lock 0 300000", "lock 0 10000000"),
    Work::new("Lock.robust, acquire and release, alone, /s", "lock 0 300000", "robust 0 5000000"),
    Work::new("RLock, acquire and release, alone, /s", "rlock 0 300000", "rlock 0 10000000"),
    Work::new("Semaphore, acquire and release, alone, /s", "semaphore 0 300000", "semaphore 0 10000000"),
    Work::new("Event.is_set, /s", "is_set 0 100000", "is_set 0 5000000"),
    Work::new("Value, += 1 under its lock, alone, /s", "value 0 100000", "value 0 3000000"),
    Work::new("Array, a[i] = n, alone, /s", "array 0 100000", "array 0 3000000"),
    Work {
        per_count: 4.0,
        ..Work::new("Lock, 4 processes count, /s", "contended 4 20000", "contended 4 200000")
    },
    Work::new("Event, there and back, /s", "event 0 3000", "event 0 10000"),
    Work::new("Condition, there and back, /s", "condition 0 3000", "condition 0 10000"),
    Work::new("Barrier(4), rounds/s", "barrier 4 1000", "barrier 4 3000"),
    Work::new("Pipe, there and back, /s", "pipe 0 5000", "pipe 0 10000"),
];

fn main() -> ExitCode {
    turns::main(PEER, &WORKS, do_work)
}

/// One measurement of ours, in seconds.
fn do_work(work: &str) -> Result<f64> {
    let words: Vec<&str> = work.split(' ').collect();
    let numbers: Vec<u32> = words[1..].iter().map(|word| word.parse().expect("a number")).collect();
    let (sides, count) = (numbers[0], numbers[1]);
    match words[0] {
        "lock" => lock(&Lock::new()?, count),
        "robust" => lock(&Lock::robust()?, count),
        "rlock" => rlock(count),
        "semaphore" => semaphore(count),
        "is_set" => is_set(count),
        "value" => value(count),
        "array" => array(count),
        "contended" => contended(sides, count),
        "event" => event(count),
        "condition" => condition(count),
        "barrier" => barrier(sides, count),
        "pipe" => pipe(count),
        _ => panic!("no such work: {work}"),
    }
}

/// So many times the same in this process.
fn times(count: u32, mut body: impl FnMut(u32)) -> Result<f64> {
    let began = Instant::now();
    (0..count).for_each(&mut body);
    Ok(began.elapsed().as_secs_f64())
}

fn lock(lock: &Lock, count: u32) -> Result<f64> {
    times(count, |_| {
        lock.acquire();
        lock.release().expect("this process has it");
    })
}

fn rlock(count: u32) -> Result<f64> {
    let lock = RLock::new()?;
    times(count, |_| {
        lock.acquire();
        lock.release().expect("this process has it");
    })
}

fn semaphore(count: u32) -> Result<f64> {
    let units = Semaphore::new(3)?;
    times(count, |_| {
        units.acquire();
        units.release().expect("it is not bounded");
    })
}

fn is_set(count: u32) -> Result<f64> {
    let event = Event::new()?;
    times(count, |_| assert!(!black_box(&event).is_set()))
}

fn value(count: u32) -> Result<f64> {
    let n = Value::new(0u32)?;
    let seconds = times(count, |_| n.get_lock().with(|| n.set(n.get() + 1)));
    assert_eq!(n.get(), count);
    seconds
}

fn array(count: u32) -> Result<f64> {
    let a = Array::<u32>::zeroed(16)?;
    times(count, |n| a.set(n as usize % 16, n))
}

/// The time that `processes` need together.
fn together(mut processes: Vec<Process<'_>>) -> Result<f64> {
    let began = Instant::now();
    processes.iter_mut().try_for_each(|p| p.start())?;
    processes.iter().try_for_each(|p| p.join())?;
    let seconds = began.elapsed().as_secs_f64();
    assert!(processes.iter().all(|p| p.exitcode() == Some(0)));
    Ok(seconds)
}

fn contended(sides: u32, count: u32) -> Result<f64> {
    let (lock, q) = (Lock::new()?, Value::new(0u32)?);
    let work = || (0..count).for_each(|_| lock.with(|| q.set(q.get() + 1)));
    let seconds = together((0..sides).map(|_| Process::new(work, ())).collect());
    assert_eq!(q.get(), sides * count);
    seconds
}

fn event(count: u32) -> Result<f64> {
    let [there, back] = [Event::new()?, Event::new()?];
    let play = |mine: &Event, other: &Event, serves: bool| {
        for _ in 0..count {
            if serves {
                other.set();
            }
            mine.wait();
            mine.clear();
            if !serves {
                other.set();
            }
        }
    };
    together(vec![
        Process::new(|| play(&there, &back, false), ()),
        Process::new(|| play(&back, &there, true), ()),
    ])
}

fn condition(count: u32) -> Result<f64> {
    let (cond, turn) = (Condition::new()?, Value::new(0u32)?);
    let play = |mine: u32| {
        (0..count).try_for_each(|_| {
            cond.with(|| {
                cond.wait_for(|| turn.get() == mine)?;
                turn.set(1 - mine);
                cond.notify(1)
            })
        })
    };
    together((0..2).map(|n| Process::new(play, (n,))).collect())
}

fn barrier(sides: u32, count: u32) -> Result<f64> {
    let line = Barrier::new(sides)?;
    let run = || (0..count).try_for_each(|_| line.wait().map(drop));
    together((0..sides).map(|_| Process::new(run, ())).collect())
}

fn pipe(count: u32) -> Result<f64> {
    let (here, there) = Pipe::duplex()?;
    let echo = |conn: Connection| (0..count).try_for_each(|_| conn.send(&conn.recv::<u32>()?));
    let ask = |conn: Connection| {
        (0..count).try_for_each(|n| {
            conn.send(&n)?;
            conn.recv::<u32>().map(|answer| assert_eq!(answer, n))
        })
    };
    together(vec![Process::new(echo, (there,)), Process::new(ask, (here,))])
}
