//! Runs whose processes are killed, stopped and continued at random, in Rust and in Python, and what they leave.
//!
//! Here the supervisor lives, so the log is the kernel's in full, and nothing of the run may be left: no
//! process, no file in `/dev/shm`, none among everybody's temporary files. Files are looked for where a run
//! has a user of its own, which tells whose they are.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use protocol::event::Runtime;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use scenarios::Expect;
use serde_json::Value;

use crate::dice::Dice;
use crate::identity::Identity;
use crate::killing;
use crate::support::oracle::{self, Oracle};
use crate::support::promises;
use crate::watching::{Watched, told};

/// What comes to a process; a stop more often, since much else can happen while it lasts.
const TOUCHES: [Signal; 5] = [Signal::KILL, Signal::STOP, Signal::STOP, Signal::CONT, Signal::TERM];

/// The users that runs of a server of root's have, one each.
const OWN_USERS: std::ops::RangeInclusive<u32> = 61_184..=65_519;

/// Sends two to six signals, each when so many events have passed.
///
/// # Errors
/// All that was not as the contract promises, what was left, and where the log is kept.
pub fn with_touches(
    identity: Identity,
    runtime: Runtime,
    scenario: &str,
    case: &Expect,
    round: usize,
) -> Result<(), String> {
    let mut dice = Dice::new(0x70_0c4 + round as u64);
    let mut moments: BTreeSet<usize> = (0..2 + dice.below(5)).map(|_| 3 + dice.below(60)).collect();
    let what =
        format!("{scenario} in {runtime:?}, \"{}\", as {identity:?}, touches of seed {round}", case.name);
    let mut command = killing::command(identity, scenario, case);
    command.args(["--runtime", if runtime == Runtime::Python { "python" } else { "rust" }]);
    let (oracle, begin) = (Oracle::listen(), SystemTime::now());
    let mut run = Watched::start(command, None);
    let first = run.pid();
    let (mut alive, mut user, mut touched) = (Vec::new(), None, Vec::new());
    while let Some(event) = run.next().map_err(|fault| format!("{what}: {fault}"))? {
        follow(event, &mut alive, &mut user);
        let seq = event["seq"].as_u64().unwrap_or(0) as usize;
        if !alive.is_empty() && moments.first().is_some_and(|moment| seq >= *moment) {
            moments.pop_first();
            let (victim, signal) = (alive[dice.below(alive.len())], TOUCHES[dice.below(TOUCHES.len())]);
            touched.extend(touch(victim, user, signal).then_some((victim, signal)));
        }
    }
    let log = run.end();
    let mut faults = promises::check(&log);
    faults.extend(oracle::disagreements(oracle, first, &log));
    if log.last().is_some_and(|event| event["outcome"] == "crashed") {
        faults.push("the supervisor died, though nobody touched it".into());
    }
    faults.extend(
        user.into_iter().filter(|user| OWN_USERS.contains(user)).flat_map(|user| left_by(user, begin)),
    );
    told(&format!("{what}: {touched:?}"), faults, &log)
}

/// Who lives, and as whom.
fn follow(event: &Value, alive: &mut Vec<i32>, user: &mut Option<u32>) {
    let Some(pid) = event["pid"].as_i64().map(|pid| pid as i32) else { return };
    match event["type"].as_str() {
        Some("process.started") => alive.push(pid),
        Some("process.exec") => *user = user.or_else(|| user_of(pid)),
        Some("process.exited") => alive.retain(|one| *one != pid),
        _ => {}
    }
}

fn user_of(pid: i32) -> Option<u32> {
    fs::metadata(format!("/proc/{pid}")).ok().map(|it| it.uid()).filter(|user| *user != 0)
}

/// Sends a signal to a process of the run; whether it did. The descriptor pins the pid before we look whose it is.
fn touch(pid: i32, user: Option<u32>, signal: Signal) -> bool {
    let Some(process) = Pid::from_raw(pid) else { return false };
    let Ok(pinned) = pidfd_open(process, PidfdFlags::empty()) else { return false };
    user.is_some() && user_of(pid) == user && pidfd_send_signal(&pinned, signal).is_ok()
}

/// What the user of a run that is over still has where everybody's temporary things are. What is older was
/// left by a run of the same user before it, whose supervisor somebody killed.
fn left_by(user: u32, begin: SystemTime) -> Vec<String> {
    let folders = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let is_new = |it: &Metadata| it.modified().is_ok_and(|then| then >= begin);
    let is_theirs = |path: &Path| fs::symlink_metadata(path).is_ok_and(|it| it.uid() == user && is_new(&it));
    entries
        .map(|entry| entry.path())
        .filter(|path| is_theirs(path))
        .map(|path| format!("{} is left", path.display()))
        .collect()
}

/// Whether this host can run the Python twins, as the program itself says.
pub fn has_python(command: &mut Command) -> bool {
    let output = command.args(["list", "--format", "json"]).output().expect("it runs");
    let list: Value = serde_json::from_slice(&output.stdout).expect("a list as JSON");
    list[0]["runtimes"].as_array().is_some_and(|runtimes| runtimes.contains(&Value::from("python")))
}
