//! The witnesses themselves: do they notice what they are there to notice?

use std::process::Command;

use serde_json::{Value, json};

use crate::support::oracle::{self, Oracle};

/// A shell that has two children, one of which ends with code 3 and one by SIGKILL.
const FAMILY: &str = "sh -c 'exit 3' & echo $!; sh -c 'kill -KILL $$' & echo $!; wait";

/// What a log would say of that family, and what the kernel makes of it after the change.
fn disagreements(change: impl FnOnce(&mut Vec<Value>)) -> Vec<String> {
    let oracle = Oracle::listen();
    let child = Command::new("sh")
        .args(["-c", FAMILY])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a shell");
    let shell = child.id() as i32;
    let output = child.wait_with_output().expect("its end");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let pids: Vec<i32> = text.lines().map(|line| line.parse().expect("a pid")).collect();
    let mut log = vec![
        json!({"type": "run.started", "supervisor": shell}),
        json!({"type": "process.started", "pid": pids[0], "ppid": shell}),
        json!({"type": "process.started", "pid": pids[1], "ppid": shell}),
        json!({"type": "process.exec", "pid": pids[0]}),
        json!({"type": "process.exec", "pid": pids[1]}),
        json!({"type": "process.exited", "pid": pids[0], "code": 3}),
        json!({"type": "process.exited", "pid": pids[1], "signal": "SIGKILL"}),
    ];
    change(&mut log);
    oracle::disagreements(oracle, shell, &log)
}

/// Where there is no such witness, `Oracle::listen` tells so, or fails in CI.
#[test]
fn the_kernel_notices_what_a_log_leaves_out_or_gets_wrong() {
    if Oracle::listen().is_none() {
        return;
    }
    assert_eq!(disagreements(|_| {}), [""; 0]);
    assert_eq!(disagreements(|log| drop(log.remove(1))).len(), 1, "a process is missing");
    assert_eq!(disagreements(|log| log[2]["ppid"] = json!(1)).len(), 1, "another parent");
    assert_eq!(disagreements(|log| log[5]["code"] = json!(4)).len(), 1, "another exit code");
    assert_eq!(disagreements(|log| drop(log.remove(3))).len(), 1, "an exec is missing");
    assert_eq!(disagreements(|log| drop(log.pop())).len(), 1, "an exit is missing");
}
