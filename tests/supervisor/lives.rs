//! T1, T2, T3: every life is in the log as the kernel tells it, and causes come first.

use serde_json::{Value, json};

use crate::support::job::{Job, users};
use crate::support::oracle::{Oracle, assert_agree};
use crate::{as_everybody, completed, python, times};

#[test]
fn a_pool_by_each_start_method_is_what_the_kernel_says() {
    let turns = users().into_iter().cycle();
    for method in ["fork", "spawn", "forkserver"] {
        for (_, user) in (0..20).zip(turns.clone()) {
            let oracle = Oracle::listen();
            let log = completed(python("pool.py", &[method]), user);
            log.assert_causes();
            assert_eq!(log.said("joined").count(), 3);
            for ((_, joined), code) in log.said("joined").zip([0, 3, 9]) {
                assert_eq!(joined[1], code);
            }
            assert_agree(oracle, supervisor(&log), &log.0);
        }
    }
}

#[test]
fn forking_parents_killed_at_random_lose_no_child() {
    let turns = users().into_iter().cycle();
    for (seed, user) in (0..times(4, 40)).zip(turns) {
        let oracle = Oracle::listen();
        let log = completed(python("stress.py", &[&seed.to_string(), "150"]), user);
        log.assert_causes();
        assert_eq!(log.said("killed").count(), 150);
        assert_eq!(log.of("message.rejected").count(), 0, "{}", log.tail());
        assert_agree(oracle, supervisor(&log), &log.0);
    }
}

#[test]
fn whoever_is_killed_while_it_execs_has_an_exec_if_its_program_was_replaced_and_none_if_not() {
    for (seed, user) in users().into_iter().enumerate() {
        let log = completed(python("execs.py", &[&seed.to_string(), "150"]), user);
        log.assert_causes();
        let became_true = |event: &Value, pid: &Value| {
            let exec = log.before(&event["seq"], "process.exec", pid);
            exec.is_some_and(|exec| exec["exe"].as_str().unwrap().ends_with("/true"))
        };
        let told: Vec<_> = ["died", "died_later"].into_iter().flat_map(|name| log.said(name)).collect();
        assert_eq!(told.len(), 300);
        let wrong = told.iter().filter(|(event, died)| became_true(event, &died[0]) != died[1]);
        assert_eq!(wrong.collect::<Vec<_>>(), [] as [&(&Value, &Value); 0]);
        for replaced in [true, false] {
            assert!(told.iter().any(|(_, died)| died[1] == replaced), "no kill was early or late enough");
        }
    }
}

#[test]
fn who_sees_the_end_of_a_pipe_comes_after_the_exit() {
    as_everybody("eof.py", &[], |log| {
        log.assert_causes();
        assert_eq!(log.said("gone").count(), 100);
        for (event, pid) in log.said("gone") {
            let words = log.before(&event["seq"], "output", pid).unwrap();
            assert_eq!(words["text"], "last words");
        }
    });
}

#[test]
fn without_a_command_line_the_scenario_is_a_role_of_the_same_file() {
    for user in users() {
        let log = Job::new(Vec::new()).by(user).run();
        let exec = log.of("process.exec").next().unwrap();
        assert_eq!(exec["argv"], json!(["process-playground", "scenario", "test"]));
        assert_eq!(log.outcome(), "completed", "its exit code is its own affair");
    }
}

#[test]
fn a_program_that_cannot_be_started_is_a_failed_run_with_a_reason() {
    for user in users() {
        for (argv, reason) in [("/nonexistent", "No such file"), ("/etc/passwd", "Permission denied")] {
            let log = Job::new(vec![argv.to_owned()]).by(user).run();
            assert_eq!(log.outcome(), "failed");
            assert!(log.end()["reason"].as_str().unwrap().contains(reason), "{}", log.end());
        }
    }
}

fn supervisor(log: &crate::Log) -> i32 {
    log.0[0]["supervisor"].as_i64().unwrap() as i32
}
