//! Runs in which processes are killed at random, the supervisor among them.
//!
//! Each run is started by `process-playground run`, which, as the server does,
//! writes the end of a log whose supervisor is no more.

use std::collections::BTreeSet;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use scenarios::Expect;
use serde_json::Value;

use crate::dice::Dice;
use crate::identity::Identity;
use crate::program;
use crate::support::oracle::{self, Oracle};
use crate::support::promises;
use crate::watching::{Watched, told};

/// A run ends here even when nobody is left to end it.
const LIMIT: &str = "2";

/// Kills one to three processes, each when so many events have passed.
///
/// # Errors
/// All that was not as the contract promises, and where the log is kept.
pub fn with_kills(identity: Identity, scenario: &str, case: &Expect, round: usize) -> Result<(), String> {
    let mut dice = Dice::new(round as u64);
    let mut moments: BTreeSet<usize> = (0..=dice.below(3)).map(|_| 1 + dice.below(60)).collect();
    let oracle = Oracle::listen();
    let mut run = Watched::start(command(identity, scenario, case), None);
    let first = run.pid();
    let mut alive = Vec::new();
    let mut killed = Vec::new();
    let what = format!("{scenario}, \"{}\", as {identity:?}, kills of seed {round}", case.name);
    while let Some(event) = run.next().map_err(|fault| format!("{what}: {fault}"))? {
        follow(event, &mut alive);
        if moments.first().is_some_and(|moment| event["seq"].as_u64() >= Some(*moment as u64))
            && !alive.is_empty()
        {
            moments.pop_first();
            let victim = alive.swap_remove(dice.below(alive.len()));
            killed.extend(kill(victim).then_some(victim));
        }
    }
    let log = run.end();
    let mut faults = promises::check(&log);
    faults.extend(oracle::disagreements(oracle, first, &log));
    let supervisor = log.first().and_then(|event| event["supervisor"].as_i64());
    let crashed = log.last().is_some_and(|event| event["outcome"] == "crashed");
    if crashed && !killed.iter().any(|pid| Some(i64::from(*pid)) == supervisor) {
        faults.push("the supervisor died, though nobody killed it".into());
    }
    told(&format!("{what}, killed {killed:?}"), faults, &log)
}

/// The run of a case that has to end soon.
pub fn command(identity: Identity, scenario: &str, case: &Expect) -> std::process::Command {
    let mut command = identity.command();
    command.args(["run", scenario, "--format", "ndjson", "--time-limit", LIMIT]);
    command.args(["--seed", &case.seed.to_string()]);
    for (name, value) in &case.params {
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        command.args(["--set", &format!("{name}={word}")]);
    }
    command
}

/// Who lives, as far as the log says.
fn follow(event: &Value, alive: &mut Vec<i32>) {
    let pid = |key: &str| event[key].as_i64().map(|pid| pid as i32);
    match event["type"].as_str() {
        Some("run.started") => alive.extend(pid("supervisor")),
        Some("process.started") => alive.extend(pid("pid")),
        Some("process.exited") => alive.retain(|one| Some(*one) != pid("pid")),
        _ => {}
    }
}

/// Kills a process of ours; whether there was one. The descriptor pins the pid before we look whose it is.
fn kill(pid: i32) -> bool {
    let Some(process) = Pid::from_raw(pid) else { return false };
    let Ok(pinned) = pidfd_open(process, PidfdFlags::empty()) else { return false };
    program::is_run_by(pid) && pidfd_send_signal(&pinned, Signal::KILL).is_ok()
}
