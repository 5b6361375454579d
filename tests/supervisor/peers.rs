//! T4: what can be learned of a death without waiting for it, by a peer or by another thread.

use serde_json::Value;

use crate::{Log, as_everybody};

#[test]
fn whoever_finds_a_number_free_finds_its_reaping_told() {
    as_everybody("peers.py", &[], |log| {
        // Reaped by its parent's wait, by the kernel, by the supervisor.
        for (name, count) in [("free", 20), ("auto", 40), ("orphan", 20)] {
            assert_told(log, name, count, "process.reaped");
        }
    });
}

#[test]
fn who_is_told_that_there_is_no_child_lost_it_to_a_wait_that_is_told() {
    as_everybody("peers.py", &[], |log| assert_told(log, "rival", 40, "process.reaped"));
}

#[test]
fn a_pidfd_is_readable_when_the_zombie_is_told() {
    as_everybody("peers.py", &[], |log| assert_told(log, "readable", 20, "process.zombie"));
}

#[test]
fn an_orphan_sees_another_parent_when_that_is_told() {
    as_everybody("peers.py", &[], |log| assert_told(log, "adopted", 20, "process.reparented"));
}

/// Whoever said this `count` times, said it when the event was in the log.
fn assert_told(log: &Log, name: &str, count: usize, kind: &str) {
    for (event, pid) in log.said(name) {
        let seq = |event: Option<&Value>| event.map_or(0, |event| event["seq"].as_u64().unwrap());
        let [begin, told] =
            ["process.started", kind].map(|kind| seq(log.before(&event["seq"], kind, &pid[0])));
        assert!(0 < begin && begin < told, "{event} comes before {kind}");
    }
    assert_eq!(log.said(name).count(), count, "{name}");
}
