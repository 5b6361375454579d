//! T6, T7: exit codes, signals, orphans.

use crate::{Log, as_everybody, python};

#[test]
fn each_code_and_each_signal_is_told_as_the_parent_learns_it() {
    as_everybody("exits.py", &[], |log| {
        let ended: Vec<_> = log.said("ended").collect();
        assert_eq!(ended.len(), 256 + 64 - 4 - 4 - 2 + 1);
        for (event, end) in ended {
            let exit = log.before(&event["seq"], "process.exited", &end[0]).unwrap();
            match end[1].as_i64().unwrap() {
                code @ 0.. => assert_eq!(exit["code"], code),
                signal => assert_eq!(exit["signal"], name(-signal), "{exit}"),
            }
        }
        assert!(log.of("process.signaled").any(|event| event["signal"] == "SIGRTMIN+6"));
        assert_eq!(log.said("caught").count(), 1);
    });
}

fn name(signal: i64) -> String {
    let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
        "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];
    match signal {
        34 => "SIGRTMIN".into(),
        35.. => format!("SIGRTMIN+{}", signal - 34),
        _ => format!("SIG{}", names[signal as usize - 1]),
    }
}

#[test]
fn an_orphan_goes_to_the_supervisor() {
    as_everybody("orphans.py", &["orphan"], |log| {
        let supervisor = &log.0[0]["supervisor"];
        let (event, orphan) = log.said("orphan").next().unwrap();
        assert_eq!(orphan[1], *supervisor, "what the orphan sees itself");
        assert!(log.before(&event["seq"], "process.started", &orphan[0]).is_some());
        assert_eq!(reaped_by(log, &orphan[0]), *supervisor);
    });
}

#[test]
fn a_zombie_that_nobody_waited_for_is_buried_by_the_supervisor() {
    as_everybody("orphans.py", &["zombie"], |log| {
        let zombie = log.of("process.exited").find(|event| event["code"] == 6).unwrap();
        assert_eq!(reaped_by(log, &zombie["pid"]), log.0[0]["supervisor"]);
        let reparented = log.of("process.reparented").find(|event| event["pid"] == zombie["pid"]).unwrap();
        assert!(zombie["seq"].as_u64() < reparented["seq"].as_u64());
    });
}

#[test]
fn a_subreaper_inside_the_run_gets_its_orphans() {
    as_everybody("orphans.py", &["subreaper"], |log| {
        let first = &log.of("process.started").next().unwrap()["pid"];
        let (_, buried) = log.said("buried").next().unwrap();
        assert_eq!(buried[1], 4);
        assert_eq!(reaped_by(log, &buried[0]), *first);
        assert!(
            log.of("process.reparented").any(|event| event["pid"] == buried[0] && event["ppid"] == *first)
        );
    });
}

#[test]
fn a_daemon_that_left_its_session_ends_with_the_run() {
    for user in crate::users() {
        let job = python("orphans.py", &["daemon"]).limit("wall_ms", 1500).by(user);
        let log = job.run();
        let (_, daemon) = log.said("daemon").next().unwrap();
        let exit = log.of("process.exited").find(|event| event["pid"] == *daemon).unwrap();
        assert_eq!(exit["signal"], "SIGTERM");
        assert_eq!(log.outcome(), "time_limit");
    }
}

fn reaped_by(log: &Log, pid: &serde_json::Value) -> serde_json::Value {
    log.of("process.reaped").find(|event| event["pid"] == *pid).unwrap()["by"].clone()
}
