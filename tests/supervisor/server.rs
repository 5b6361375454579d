//! T12, T18: the server dies, the supervisor dies, the reader is slow.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{PidfdFlags, pidfd_open};
use serde_json::json;

use crate::support::job::{Running, assert_nobody_left, kill, members};
use crate::{Job, python, users};

fn idle() -> Running {
    let mut run = python("idle.py", &["deaf"]).start();
    for _ in 0..3 {
        run.until(|event| event["type"] == "variable.set" && event["name"] == "ready");
    }
    run
}

#[test]
fn everybody_dies_with_the_supervisor() {
    for user in users() {
        let mut run = python("orphans.py", &["daemon"]).by(user).start();
        run.until(|event| event["name"] == "daemon");
        let supervisor = run.supervisor();
        assert!(!members(supervisor).is_empty());
        kill(supervisor, "KILL");
        run.abandon();
        // The kernel kills them; a process that is being killed is gone when its environment is.
        let end = Instant::now() + Duration::from_secs(1);
        while !members(supervisor).is_empty() && Instant::now() < end {
            std::thread::yield_now();
        }
        assert_nobody_left(supervisor);
        let _ =
            std::fs::remove_dir_all(std::env::temp_dir().join(format!("process-playground-{supervisor}")));
    }
}

#[test]
fn a_dead_server_ends_the_run() {
    let mut run = idle();
    run.close_input();
    let log = run.finish();
    assert_eq!((log.outcome(), &log.end()["reason"]), ("stopped", &json!("the server is gone")));
}

#[test]
fn a_command_that_comes_with_the_job_is_obeyed() {
    let stop = json!({"op": "stop", "reason": "at once"});
    let log = Job::new(["/bin/sleep", "60"].map(str::to_owned).to_vec()).and_then(stop).run();
    assert_eq!((log.outcome(), &log.end()["reason"]), ("stopped", &json!("at once")));
}

#[test]
fn a_log_that_nobody_reads_any_more_ends_the_run() {
    idle().break_log();
    let mut talking =
        Job::new(["/bin/sh", "-c", "while :; do echo words; done"].map(str::to_owned).to_vec()).start();
    talking.until(|event| event["type"] == "output");
    talking.break_log();
}

#[test]
fn a_supervisor_that_is_asked_to_end_ends_its_run() {
    let run = idle();
    kill(run.supervisor(), "TERM");
    let log = run.finish();
    assert_eq!(log.outcome(), "stopped");
}

#[test]
fn a_killed_first_process_leaves_a_whole_log() {
    let mut run = python("idle.py", &[]).start();
    let ready = run.until(|event| event["name"] == "ready");
    kill(run.supervisor(), "0");
    kill(ready["pid"].as_i64().unwrap() as i32, "KILL");
    run.tell(&json!({"op": "stop", "reason": "done"}));
    run.finish();
}

#[test]
fn a_slow_reader_slows_the_run_and_loses_nothing() {
    let log = unread().finish();
    assert_eq!(log.end()["processes"]["reaped"], 401);
    assert_eq!(log.texts().len(), 400);
    assert_eq!(log.of("run.truncated").count(), 0);
}

#[test]
fn a_supervisor_whose_reader_is_slow_can_be_asked_to_end() {
    let run = unread();
    let members = members(run.supervisor());
    let first = rustix::process::Pid::from_raw(members[0]).unwrap();
    let first = pidfd_open(first, PidfdFlags::empty()).unwrap();
    kill(run.supervisor(), "TERM");
    let patience = Timespec { tv_sec: 20, tv_nsec: 0 };
    let ended = poll(&mut [PollFd::new(&first, PollFlags::IN)], Some(&patience)).unwrap();
    assert_eq!(ended, 1, "it waits for the reader");
    assert_eq!(run.finish().outcome(), "stopped");
}

/// A run that writes more than fits anywhere, with its supervisor standing still.
fn unread() -> Running {
    let script = "i=0; while [ $i -lt 400 ]; do i=$((i+1)); /bin/true; printf '%08000d\\n' $i; done";
    let run = Job::new(["/bin/sh", "-c", script].map(str::to_owned).to_vec()).start();
    // The pipe and the supervisor's memory fill; then its processes wait.
    std::thread::sleep(Duration::from_secs(2));
    run
}
