//! `Pool(5)` against the pools of other libraries and languages, in turns: so many tasks at once that do nothing.
//!
//! Peers that cannot be had are said to be missing and why; the rest goes on.
//! The packages from the npm registry are installed beside their scripts, in
//! `benches/peers`, by the first run. `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use multiprocessing::{Pool, Result};

/// What a process of this program finds its number of tasks in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// Who, by which program and words, and how many tasks: as many as take a good tenth of a second.
const PEERS: [(&str, &[&str], u32); 7] = [
    ("this Pool, apply_async", &[], 200_000),
    ("CPython Pool, apply_async", &["python3", "pools.py", "pool"], 10_000),
    ("CPython ProcessPoolExecutor", &["python3", "pools.py", "process_pool_executor"], 4_000),
    ("loky", &["python3", "pools.py", "loky"], 3_000),
    ("joblib", &["python3", "pools.py", "joblib"], 3_000),
    ("Node workerpool, processes", &["node", "workerpool.js"], 5_000),
    ("Node piscina, threads", &["node", "piscina.js"], 10_000),
];

fn main() -> ExitCode {
    let Ok(work) = env::var(WORK_ENV) else { return compare() };
    multiprocessing::run(|| apply_async(work.parse().expect("a number")).map(|seconds| println!("{seconds}")))
}

fn apply_async(count: u64) -> Result<f64> {
    let same = |n: u64| n;
    let pool = Pool::new(5)?;
    pool.map(same, 0..50)?;
    let began = Instant::now();
    let results = (0..count).map(|n| pool.apply_async(same, (n,))).collect::<Result<Vec<_>>>()?;
    for (n, result) in (0..).zip(&results) {
        assert_eq!(result.get()?, n);
    }
    Ok(began.elapsed().as_secs_f64())
}

fn compare() -> ExitCode {
    install();
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let mut rates = PEERS.map(|_| Ok(Vec::new()));
    for _ in 0..rounds {
        for ((_, words, count), rates) in PEERS.iter().zip(&mut rates) {
            let Ok(list) = rates else { continue };
            match seconds(words, *count) {
                Ok(seconds) => list.push(f64::from(*count) / seconds),
                Err(reason) => *rates = Err(reason),
            }
        }
    }
    let rates = rates.map(|rates| rates.map(median));
    let ours = *rates[0].as_ref().expect("ours can be had");
    println!("{:<30} {:>12} {:>12}", "5 workers", "tasks/s", "this Pool is");
    for ((name, ..), rate) in PEERS.iter().zip(&rates) {
        match rate {
            Ok(rate) => println!("{name:<30} {rate:>12.0} {:>11.1}×", ours / rate),
            Err(reason) => println!("{name:<30} {reason}"),
        }
    }
    ExitCode::SUCCESS
}

/// The scripts of the peers.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}

/// Gets the npm packages, once. A failure shows when a peer does not run.
fn install() {
    if !folder().join("node_modules").exists() {
        let _ = Command::new("npm").arg("ci").current_dir(folder()).output();
    }
}

/// What a peer says its tasks took; or why there is none.
fn seconds(words: &[&str], count: u32) -> std::result::Result<f64, String> {
    let mut command = match words {
        [] => Command::new(env::current_exe().expect("this program has a file")),
        [program, words @ ..] => {
            let mut command = Command::new(program);
            command.args(words).arg(count.to_string());
            command
        }
    };
    let output = command.env(WORK_ENV, count.to_string()).current_dir(folder()).output();
    let output = output.map_err(|error| format!("cannot be started: {error}"))?;
    let last = |text: &[u8]| {
        String::from_utf8_lossy(text).lines().rfind(|line| !line.is_empty()).unwrap_or_default().to_owned()
    };
    if !output.status.success() {
        return Err(last(&output.stderr));
    }
    last(&output.stdout).trim().parse().map_err(|_| "said no number".to_owned())
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
