//! T14 in part: without ptrace the observer says so and keeps the promises it can keep.

use crate::{python, users};

#[test]
fn without_ptrace_the_run_is_watched_as_well_as_it_can_be() {
    for user in users() {
        let log = crate::completed(python("pool.py", &["fork"]).observe("degraded"), user);
        assert_eq!(log.0[0]["observer"], "degraded");
        assert!(log.0[0]["lost"].as_str().unwrap().contains("processes"));
        assert!(log.of("process.started").count() >= 6, "the first and its pool");
    }
}

#[test]
fn without_ptrace_a_stop_reaches_everybody_too() {
    for user in users() {
        let mut run = python("idle.py", &["deaf"]).observe("degraded").by(user).start();
        run.until(|event| event["name"] == "ready");
        run.tell(&serde_json::json!({"op": "stop", "reason": "enough"}));
        let log = run.finish();
        assert_eq!(log.outcome(), "stopped");
    }
}

#[test]
fn concurrent_output_costs_the_place_and_not_the_lines() {
    let job = python("writes.py", &["interleaved"]).observe("concurrent-output");
    let log = crate::completed(job, crate::User::Same);
    assert_eq!(log.texts().len(), 700);
    assert!(log.0[0]["lost"].as_str().unwrap().contains("output"));
}
