//! What the library's reporting costs when nobody listens: the same work with it, and compiled without it.
//!
//! `cargo bench -p multiprocessing --bench reporting` prints, for each kind of
//! work, how much longer it takes with. Without a listener a report is a load
//! and a branch, far less than the machine's moods; so the two builds take
//! turns many times in short spells, and the fastest of each are compared:
//! first what passes from process to process, then calls that wait for nobody,
//! of which a nanosecond is a percent or ten. The build without
//! is made by this program, with the feature `silent`, in a folder of its own.
//! `MULTIPROCESSING_ROUNDS` sets the number of rounds (60).

use std::env;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use multiprocessing::{Event, Lock, Pool, Process, Queue, Result, Value};

/// What a process of this program finds its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// How often each work is done in a spell.
const TIMES: u64 = 200_000;

/// Does it so often.
type Spell = fn() -> Result<()>;

const WORKS: [(&str, Spell); 8] = [
    ("Queue(5), process to process", || across(5)),
    ("Queue(), process to process", || across(0)),
    ("Pool(5).apply_async, a tenth", tasks),
    ("Queue(5), put and get", || queue(5)),
    ("Queue(), put and get", || queue(0)),
    ("Lock, acquire and release", lock),
    ("Event.is_set", event),
    ("Value, += 1 under its lock", value),
];

fn main() -> ExitCode {
    let Ok(work) = env::var(WORK_ENV) else { return compare() };
    multiprocessing::run(|| {
        let (_, body) = WORKS.into_iter().find(|(name, _)| *name == work).expect("one of them");
        let began = Instant::now();
        body().map(|()| println!("{}", began.elapsed().as_secs_f64()))
    })
}

fn queue(capacity: usize) -> Result<()> {
    let q = Queue::new(capacity)?;
    (0..TIMES).try_for_each(|n| {
        q.put(n)?;
        q.get().map(|n: u64| _ = black_box(n))
    })
}

/// What one process puts, another takes.
fn across(capacity: usize) -> Result<()> {
    let q = Queue::new(capacity)?;
    let there = q.clone();
    let mut producer = Process::new(move || (0..TIMES).try_for_each(|n| there.put(n)), ());
    producer.start()?;
    (0..TIMES).try_for_each(|_| q.get().map(|n: u64| _ = black_box(n)))?;
    producer.join().map(|_| ())
}

/// A task is much more than a put: a tenth of them is enough.
fn tasks() -> Result<()> {
    let pool = Pool::new(5)?;
    let results: Result<Vec<_>> = (0..TIMES / 10).map(|n| pool.apply_async(|n: u64| n, (n,))).collect();
    results?.into_iter().try_for_each(|result| result.get().map(|n| _ = black_box(n)))
}

fn lock() -> Result<()> {
    let lock = Lock::new()?;
    (0..TIMES).try_for_each(|_| {
        lock.acquire();
        lock.release()
    })
}

fn event() -> Result<()> {
    let event = Event::new()?;
    (0..TIMES).for_each(|_| _ = black_box(event.is_set()));
    Ok(())
}

fn value() -> Result<()> {
    let value = Value::new(0i64)?;
    (0..TIMES).for_each(|_| _ = black_box(value.update(|n| n + 1)));
    Ok(())
}

fn compare() -> ExitCode {
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(60);
    let programs = [env::current_exe().expect("this program has a file"), silent()];
    println!("{:<30} {:>12} {:>12} {:>8}", "ns a time, fastest", "without", "with", "cost");
    for (name, _) in WORKS {
        let mut fastest = [f64::INFINITY; 2];
        for _ in 0..rounds {
            for (program, fastest) in programs.iter().zip(&mut fastest) {
                *fastest = fastest.min(seconds(program, name));
            }
        }
        let [with, without] = fastest.map(|seconds| seconds / TIMES as f64 * 1e9);
        println!("{name:<30} {without:>12.2} {with:>12.2} {:>7.2}%", (with / without - 1.0) * 100.0);
    }
    ExitCode::SUCCESS
}

fn seconds(program: &Path, work: &str) -> f64 {
    let output = Command::new(program).env(WORK_ENV, work).output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of seconds")
}

/// This program without reporting.
fn silent() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("silent");
    let words =
        ["bench", "--bench", "reporting", "--features", "silent", "--no-run", "--message-format=json"];
    let mut cargo = Command::new(env!("CARGO"));
    let cargo = cargo.args(words).arg("--target-dir").arg(&folder).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let executables = lines.lines().filter_map(|line| line.split_once(r#""executable":""#));
    let last = executables.filter_map(|(_, rest)| rest.split_once('"')).next_back().expect("cargo names it");
    PathBuf::from(last.0)
}
