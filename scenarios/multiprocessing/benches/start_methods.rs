//! What it costs to start a process and to wait for it, by each start method, against CPython doing the same.
//!
//! `cargo bench -p multiprocessing --bench start_methods` prints, for each
//! method and size of the parent's memory, the rate of both (median of the
//! rounds) and the ratio. Rounds are interleaved and each measurement has a
//! process of its own, as in `vs_cpython`. One child is started before the
//! clock: the fork server is there, as it is in a program that uses it.
//! The last rows are what the kernel takes for the least of it, so what no
//! library can be faster than: a small process that forks and waits, and one
//! that has a small server do so. `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::hint::black_box;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
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

/// How many of the kernel's own.
const BARE: u32 = 2000;

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
    for bare in ["bare fork", "bare server"] {
        let rates = (0..rounds).map(|_| f64::from(BARE) / here(&format!("{bare} {BARE}"))).collect();
        println!("{:<34} {:>12} {:>12.0}", format!("{bare}, nothing else"), "", median(rates));
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
    let number = |word: &str| word.parse::<usize>().expect("a number");
    match words[..] {
        ["bare", "fork", count] => return Ok(bare_forks(number(count))),
        ["bare", "server", count] => return Ok(bare_server(number(count))),
        _ => {}
    }
    let ctx = get_context(words[0])?;
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

fn bare_forks(count: usize) -> f64 {
    let began = Instant::now();
    (0..count).for_each(|_| fork_and_wait(|| ()));
    began.elapsed().as_secs_f64()
}

/// Asks by a byte; is told by one that the child is there, and by another how it ended.
fn bare_server(count: usize) -> f64 {
    let (mut here, mut there) = UnixStream::pair().expect("a socket pair");
    let mut byte = [0];
    // SAFETY: this process has one thread; the child ends below.
    if unsafe { libc::fork() } == 0 {
        drop(here);
        while there.read_exact(&mut byte).is_ok() {
            fork_and_wait(|| there.write_all(&byte).expect("it is read"));
            there.write_all(&byte).expect("it is read");
        }
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(0) };
    }
    drop(there);
    let began = Instant::now();
    for _ in 0..count {
        here.write_all(&byte).expect("the server lives");
        here.read_exact(&mut byte).and_then(|()| here.read_exact(&mut byte)).expect("it answers");
    }
    let seconds = began.elapsed().as_secs_f64();
    drop(here);
    // SAFETY: the one child; its status is not asked for.
    unsafe { libc::wait(std::ptr::null_mut()) };
    seconds
}

fn fork_and_wait(mut meanwhile: impl FnMut()) {
    // SAFETY: this process has one thread; the child does nothing but end, and is waited for by its pid.
    unsafe {
        match libc::fork() {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => libc::_exit(0),
            pid => {
                meanwhile();
                libc::waitpid(pid, std::ptr::null_mut(), 0);
            }
        }
    }
}
