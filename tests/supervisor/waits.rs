//! T4, T8: every wait and every birth.

use serde_json::Value;

use crate::{Log, as_everybody};

#[test]
fn whoever_waited_knows_only_after_the_reaping_is_told() {
    as_everybody("waits.py", &[], |log| {
        log.assert_causes();
        assert_eq!(log.said("joined").count(), 30 + 10 + 10 + 20 + 10 + 2 + 10);
    });
}

#[test]
fn looking_at_a_zombie_leaves_it_a_zombie() {
    as_everybody("waits.py", &[], |log| {
        for (event, pid) in log.said("peeked") {
            let [zombie, reaped] =
                ["process.zombie", "process.reaped"].map(|kind| log.before(&event["seq"], kind, pid));
            let seq = |event: Option<&Value>| event.map_or(0, |event| event["seq"].as_u64().unwrap());
            assert!(seq(zombie) > seq(reaped), "{event}");
        }
        assert_eq!(log.said("peeked").count(), 10);
    });
}

#[test]
fn processes_come_about_in_every_way() {
    as_everybody("births.py", &[], |log| {
        let started: Vec<&str> =
            log.of("process.started").map(|event| event["how"].as_str().unwrap()).collect();
        assert_eq!(started[0], "spawn");
        assert_eq!(started[1], "vfork", "posix_spawn");
        assert_eq!(started[2], "vfork", "posix_spawn of nothing");
        assert!(log.of("process.exited").any(|event| event["code"] == 127), "{}", log.tail());
        assert!(exec_of(log, "/bin/true") && exec_of(log, "/bin/echo"));
        let (_, thread) = log.said("from_thread").next().unwrap();
        assert_eq!(thread[1], 0);
        assert!(log.of("output").any(|event| event["pid"] == thread[0] && event["text"] == "from a thread"));
        let (_, leader) = log.said("leader_first").next().unwrap();
        assert_eq!(leader[1], 13);
        let exit = log.of("process.exited").find(|event| event["pid"] == leader[0]).unwrap();
        assert_eq!(exit["code"], 13);
        let (survivor, _) = log.said("survivor").next().unwrap();
        assert!(survivor["seq"].as_u64() < exit["seq"].as_u64());
        assert_eq!(log.said("threads").count(), 1);
    });
}

#[test]
fn a_sibling_made_by_a_child_has_the_parent_of_both() {
    as_everybody("births.py", &[], |log| {
        let (_, pids) = log.said("sibling").next().unwrap();
        let parent = |pid: &Value| {
            log.of("process.started").filter(|event| event["pid"] == *pid).last().unwrap()["ppid"].clone()
        };
        assert_eq!(parent(&pids[0]), parent(&pids[1]));
        assert_eq!(parent(&pids[0]), log.of("process.started").next().unwrap()["pid"]);
    });
}

fn exec_of(log: &Log, name: &str) -> bool {
    log.of("process.exec")
        .any(|event| event["exe"].as_str().unwrap().ends_with(name.rsplit('/').next().unwrap()))
}
