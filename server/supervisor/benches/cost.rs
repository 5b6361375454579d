//! What supervision costs, as ratios within one run: `cargo bench -p supervisor`.
//!
//! This file is the supervisor, the program that it watches, and who compares: its first
//! argument says which. Rounds of the things compared take turns, so that a machine that is busy
//! is busy for all of them. Figures are medians over rounds of medians; nothing is asserted.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const ROUNDS: usize = 7;

/// A way to run something, by what to call it; it gives nanoseconds.
type Kind = (&'static str, fn(&str) -> u128);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    match words.get(1).map(String::as_str) {
        Some("supervise") => supervisor::main(),
        Some("scenario") => workload(&words[2]),
        _ => compare(),
    }
}

/// What is watched.
fn workload(name: &str) -> ExitCode {
    match name {
        "churn" => churn(1500),
        "crowd" => crowd(1000),
        "hello" => println!("hello"),
        // SAFETY: waits for a signal.
        _ => drop(unsafe { libc::pause() }),
    }
    ExitCode::SUCCESS
}

/// fork, exit and wait, one after the other; prints the median in nanoseconds.
fn churn(count: usize) {
    let mut times: Vec<u128> = (0..count)
        .map(|_| {
            let begun = Instant::now();
            let pid = fork(|| {});
            wait(pid);
            begun.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    println!("{}", times[count / 2]);
}

/// So many children at once, then wait for each; prints the whole in nanoseconds.
fn crowd(count: usize) {
    let begun = Instant::now();
    let pids: Vec<i32> = (0..count).map(|_| fork(|| {})).collect();
    pids.into_iter().for_each(wait);
    println!("{}", begun.elapsed().as_nanos());
}

fn fork(body: fn()) -> i32 {
    // SAFETY: this process has one thread, and the child leaves by _exit.
    match unsafe { libc::fork() } {
        0 => {
            body();
            // SAFETY: ends the child without running what belongs to its parent.
            unsafe { libc::_exit(0) }
        }
        pid => pid,
    }
}

fn wait(pid: i32) {
    let mut status = 0;
    // SAFETY: the kernel fills the local.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
}

fn compare() -> ExitCode {
    for (name, title) in [("churn", "fork + exit + wait"), ("crowd", "1000 processes in one run")] {
        let kinds: [Kind; 5] = [
            ("untraced", untraced),
            ("supervised", |name| supervised(name, "exact")),
            ("supervised, degraded", |name| supervised(name, "degraded")),
            ("strace -f", |name| straced(name, &[])),
            ("strace -f --seccomp-bpf -e trace=none", |name| {
                straced(name, &["--seccomp-bpf", "-e", "trace=none"])
            }),
        ];
        report(title, &kinds, name);
    }
    let kinds: [Kind; 3] =
        [("two bare programs", bare), ("first event", first_event), ("first output", first_output)];
    report("from the start to", &kinds, "hello");
    at_rest();
    ExitCode::SUCCESS
}

fn report(title: &str, kinds: &[Kind], name: &str) {
    let mut times = vec![Vec::new(); kinds.len()];
    for _ in 0..ROUNDS {
        for (times, (_, run)) in times.iter_mut().zip(kinds) {
            times.push(run(name));
        }
    }
    println!("{title}");
    let base = median(&mut times[0]);
    for (times, (kind, _)) in times.iter_mut().zip(kinds) {
        let (time, best) = (median(times), times[0]);
        println!("  {kind:40} {:>9.1} µs (best {:>9.1})  x {:.2}", us(time), us(best), us(time) / us(base));
    }
}

fn us(nanos: u128) -> f64 {
    nanos as f64 / 1000.0
}

fn median(times: &mut [u128]) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

fn own() -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.stdout(Stdio::piped());
    command
}

fn number(mut child: Child) -> u128 {
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it prints");
    child.wait().expect("it is a child");
    line.trim().parse().expect("it prints a number")
}

fn untraced(name: &str) -> u128 {
    number(own().args(["scenario", name]).spawn().expect("this file can be executed"))
}

fn straced(name: &str, options: &[&str]) -> u128 {
    let exe = std::env::current_exe().expect("this file has a path");
    let mut command = Command::new("strace");
    command.arg("-f").args(options).args(["-o", "/dev/null"]).arg(exe).args(["scenario", name]);
    number(command.stdout(Stdio::piped()).spawn().expect("strace is installed"))
}

fn supervise(name: &str, observe: &str) -> Child {
    let limits = json!({"wall_ms": 60_000, "memory_mib": 4096, "processes": 2000, "output_process_kib": 64,
        "output_kib": 640, "events": 20_000, "grace_ms": 800});
    let job = json!({"run": "bench", "scenario": name, "runtime": "rust", "params": {}, "seed": 1,
        "limits": limits, "observe": observe});
    let mut child = own().arg("supervise").stdin(Stdio::piped()).spawn().expect("this file can be executed");
    writeln!(child.stdin.as_mut().expect("it is piped"), "{job}").expect("it reads");
    child
}

fn events(child: &mut Child) -> impl Iterator<Item = Value> + use<> {
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    lines.map(|line| serde_json::from_str(&line.expect("it is text")).expect("it is JSON"))
}

fn supervised(name: &str, observe: &str) -> u128 {
    let mut child = supervise(name, observe);
    let lines: Vec<Value> = events(&mut child).filter(|event| event["type"] == "output").collect();
    child.wait().expect("it is a child");
    lines[0]["text"].as_str().and_then(|text| text.parse().ok()).expect("it prints a number")
}

/// A program that starts another: the least that a supervised start can cost.
fn bare(name: &str) -> u128 {
    let begun = Instant::now();
    let outer = own().args(["scenario", name]).output().expect("this file can be executed");
    let inner = own().args(["scenario", name]).output().expect("this file can be executed");
    assert!(outer.status.success() && inner.status.success());
    begun.elapsed().as_nanos()
}

fn first_event(name: &str) -> u128 {
    until(name, |_| true)
}

fn first_output(name: &str) -> u128 {
    until(name, |event| event["type"] == "output")
}

fn until(name: &str, wanted: fn(&Value) -> bool) -> u128 {
    let begun = Instant::now();
    let mut child = supervise(name, "exact");
    let mut events = events(&mut child);
    let found = events.find(wanted).map(|_| begun.elapsed().as_nanos());
    events.for_each(drop);
    child.wait().expect("it is a child");
    found.expect("the event comes")
}

/// A run whose program only waits.
fn at_rest() {
    let mut child = supervise("idle", "exact");
    let pid = child.id();
    std::thread::sleep(Duration::from_millis(500));
    let (begun, cpu) = (Instant::now(), cpu_ns(pid));
    std::thread::sleep(Duration::from_secs(3));
    let share = (cpu_ns(pid) - cpu) as f64 / begun.elapsed().as_nanos() as f64;
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let pss = rollup.lines().find(|line| line.starts_with("Pss:")).unwrap_or("Pss: unknown");
    println!(
        "a run at rest\n  {:.3} % of a core, {}",
        share * 100.0,
        pss.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    drop(child.stdin.take());
    events(&mut child).for_each(drop);
    child.wait().expect("it is a child");
}

/// Processor time of a process with one thread, `proc_pid_schedstat(5)`.
fn cpu_ns(pid: u32) -> u64 {
    let line = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}
