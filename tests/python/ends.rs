//! What is left of processes that were killed, whose names outlive them: nothing.

use std::path::Path;

use serde_json::json;

use crate::stage::{METHODS, job, text};
use crate::support::job::{Log, User, is_root, users};

/// Of the shared memory and the semaphores that a run's program had, as it printed their names. Memory only
/// of a run that has a user of its own; else it may be another run's that goes on.
fn assert_nothing_left(log: &Log, has_own_user: bool) {
    let held = log
        .texts()
        .into_iter()
        .find_map(|text| text.strip_prefix("held "))
        .unwrap_or_else(|| panic!("it held nothing: {}", log.tail()));
    for name in held.split(' ').skip(usize::from(!has_own_user)) {
        assert!(!Path::new("/dev/shm").join(name).exists(), "{name} stays behind");
    }
}

#[test]
fn names_in_shared_memory_go_with_a_run_that_is_killed() {
    for user in users() {
        for method in METHODS {
            let mut run = job("held.py", &[method]).by(user).start();
            run.until(|event| event["type"] == "output");
            run.tell(&json!({"op": "stop", "reason": "a test"}));
            let log = run.abandon();
            assert_eq!(log.outcome(), "stopped", "{}", log.tail());
            assert_nothing_left(&log, is_root() && user == User::Same);
        }
    }
}

#[test]
fn any_process_can_be_killed_at_any_time() {
    for method in METHODS {
        for turn in 0..4 {
            let mut run = job("queues.py", &[method]).limit("wall_ms", 4000).start();
            // Somebody else each time: who speaks as the n-th.
            let mut words = 0;
            let victim = run.until(|event| {
                words += usize::from(event["type"].as_str().unwrap().starts_with("queue."));
                words > turn * 8
            });
            run.tell(&json!({"op": "signal", "pid": victim["pid"], "signal": "SIGKILL"}));
            let log = run.abandon();
            let faults = crate::support::promises::check(&log.0);
            assert!(faults.is_empty(), "{method} {turn}: {faults:#?}\n{}", log.tail());
            assert!(["completed", "time_limit"].contains(&&*text(log.end(), "outcome")), "{method} {turn}");
        }
    }
}
