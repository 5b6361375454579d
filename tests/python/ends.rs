//! What is left of processes that were killed, whose names outlive them: nothing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::stage::{METHODS, job, text};
use crate::support::job::{Running, User, users};
use crate::support::python::NOBODY;

/// The shared memory and the semaphores that a run's program has, as it prints their names.
fn held(run: &mut Running) -> Vec<PathBuf> {
    let output = run.until(|event| event["type"] == "output");
    let names = text(&output, "text");
    let names = names.strip_prefix("held ").unwrap_or_else(|| panic!("it held nothing: {names}"));
    names.split(' ').map(|name| Path::new("/dev/shm").join(name)).collect()
}

/// Ends a run that takes no notice of being asked.
fn kill(mut run: Running) {
    run.tell(&json!({"op": "stop", "reason": "a test"}));
    let log = run.abandon();
    assert_eq!(log.outcome(), "stopped", "{}", log.tail());
}

fn assert_there(files: &[PathBuf], there: bool) {
    for file in files {
        assert_eq!(file.exists(), there, "{}", file.display());
    }
}

#[test]
fn names_in_shared_memory_go_with_a_run_that_is_killed() {
    for user in users() {
        for method in METHODS {
            let mut run = job("held.py", &[method]).by(user).start();
            let files = held(&mut run);
            assert_there(&files, true);
            kill(run);
            assert_there(&files, false);
        }
    }
}

/// A file that no run made, of the user that the runs have.
struct Strangers(PathBuf);

impl Strangers {
    fn new(name: &str, user: User) -> Self {
        let path = Path::new("/dev/shm").join(name);
        fs::write(&path, "theirs").unwrap();
        if user == User::Nobody {
            std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        Strangers(path)
    }
}

impl Drop for Strangers {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_run_removes_what_it_made_and_nothing_of_others_that_have_its_user() {
    for user in users() {
        let [mut one, mut other] = ["spawn", "fork"].map(|method| job("held.py", &[method]).by(user).start());
        let [ones, others] = [&mut one, &mut other].map(held);
        // Unused, called as multiprocessing calls its own, and younger than both runs.
        let memory = Strangers::new(&format!("psm_{}", std::process::id()), user);
        let semaphore = Strangers::new(&format!("sem.mp-{}", std::process::id()), user);
        kill(one);
        assert_there(&ones, false);
        assert_there(&others, true);
        kill(other);
        assert_there(&others, false);
        assert_there(&[memory.0.clone(), semaphore.0.clone()], true);
    }
}

#[test]
fn names_that_nobody_used_any_more_or_not_yet_go_too() {
    for user in users() {
        let mut run = job("names.py", &[]).by(user).start();
        let files = held(&mut run);
        assert_eq!(files.len(), 4);
        assert_there(&files, true);
        let log = run.finish();
        assert_eq!(log.outcome(), "completed", "{}", log.tail());
        assert_there(&files, false);
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
