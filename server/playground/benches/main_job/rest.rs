//! What a run costs that does nothing: its processes sleep, somebody looks on.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::server::Server;

const WATCHED: Duration = Duration::from_secs(5);

/// Processor time and memory of server and supervisor while a run sleeps; the server is
/// a new one, for one that has shown others keeps what they wrote.
pub fn report() {
    let server = Server::start();
    let before = pss_kib(server.pid());
    let mut socket = server.socket();
    socket.start("processes", json!({"listen_period": 5.0, "eat_period": 5.0}));
    let run = socket.run();
    let started = socket.until("run.started");
    socket.until("output");
    let supervisor = started["supervisor"].as_u64().expect("a pid") as u32;
    let pids = [server.pid(), supervisor];
    let (began, used) = (Instant::now(), processor_us(&pids));
    sleep(WATCHED);
    let share = (processor_us(&pids) - used) as f64 / began.elapsed().as_micros() as f64;
    let (with, watcher) = (pss_kib(server.pid()), pss_kib(supervisor));
    println!("\nrun at rest, processor            {:.2} % of one   goal: < 1 %", share * 100.0);
    println!(
        "run at rest, memory (PSS)         server {with} KiB ({before} before), supervisor {watcher} KiB"
    );
    println!(
        "together                          {:.1} MB   goal: < 8 MB",
        (with + watcher) as f64 * 1.024 / 1000.0
    );
    socket.stop(&run);
}

/// Memory of a process, shared pages counted in proportion: `smaps_rollup`, `proc_pid_smaps(5)`.
fn pss_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("a live process of our own");
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).expect("its proportional set size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Processor time of all threads so far: the first field of `schedstat`, in nanoseconds.
fn processor_us(pids: &[u32]) -> u64 {
    let threads =
        pids.iter().flat_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).expect("it lives").flatten());
    let spent = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    spent.filter_map(|line| line.split(' ').next()?.parse::<u64>().ok()).sum::<u64>() / 1000
}
