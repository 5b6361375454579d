//! A small log, right and then wrong in one way at a time.

use protocol::Event;
use serde_json::{Value, json};

use super::*;
use crate::manifest;

const HEAD: &str = r#"
order = 1
title = { zh = "池", en = "Pool" }
summary = { zh = "池", en = "Pool" }
"#;

const CASE: &str = r#"
[[expect]]
name = "two workers"
processes = 3
[expect.exits]
MainProcess = ["0"]
"*" = ["0", "SIGTERM"]
[expect.lines]
MainProcess = ["done {pid Worker-*} {s} s", "over!!!"]
"Worker-*" = ["start {pid} {ppid}", "start {pid} {ppid}"]
[[expect.before]]
first = { type = "task.started" }
then = { type = "output", process = "MainProcess", text = "over!!!" }
[[expect.count]]
of = { type = "task.started", name = "a" }
is = 1
[[expect.overlap]]
from = { type = "task.started" }
to = { type = "task.finished" }
most = 2
reaches = 2
"#;

fn case(text: &str) -> Expect {
    let text = format!("{HEAD}{text}");
    let (manifest, faults) = manifest::read("test", &text);
    assert!(faults.is_empty(), "{faults:?}");
    manifest.expects.into_iter().next().unwrap()
}

fn right() -> Vec<Value> {
    let finished = json!({"type": "run.finished", "outcome": "completed", "reason": "", "duration_us": 1,
        "processes": {"started": 3, "exited": 3, "reaped": 3}, "events": 1});
    vec![
        json!({"pid": 10, "type": "process.started", "ppid": 1, "how": "spawn"}),
        json!({"pid": 10, "type": "process.named", "name": "MainProcess", "role": "main"}),
        json!({"pid": 11, "type": "process.started", "ppid": 10, "how": "fork"}),
        json!({"pid": 11, "type": "process.named", "name": "Worker-1", "role": "pool-worker"}),
        json!({"pid": 12, "type": "process.started", "ppid": 10, "how": "fork"}),
        json!({"pid": 12, "type": "process.named", "name": "Worker-2", "role": "pool-worker"}),
        json!({"pid": 12, "type": "task.started", "task": 1, "name": "a"}),
        json!({"pid": 12, "type": "output", "stream": "stdout", "text": "start 12 10"}),
        json!({"pid": 11, "type": "task.started", "task": 2, "name": "b"}),
        json!({"pid": 11, "type": "output", "stream": "stdout", "text": "start 11 10"}),
        json!({"pid": 12, "type": "task.finished", "task": 1, "name": "a", "value": 1}),
        json!({"pid": 11, "type": "task.finished", "task": 2, "name": "b", "value": 1}),
        json!({"pid": 10, "type": "output", "stream": "stdout", "text": "done 12 0.25 s"}),
        json!({"pid": 10, "type": "output", "stream": "stdout", "text": "over!!!"}),
        json!({"pid": 11, "type": "process.exited", "code": 0}),
        json!({"pid": 12, "type": "process.exited", "signal": "SIGTERM"}),
        json!({"pid": 10, "type": "process.exited", "code": 0}),
        finished,
    ]
}

fn verdict(expect: &Expect, events: Vec<Value>) -> Vec<String> {
    let number = |(seq, mut event): (usize, Value)| {
        event["seq"] = json!(seq + 1);
        event["t"] = json!(seq);
        serde_json::from_value::<Event>(event).unwrap()
    };
    check(expect, &events.into_iter().enumerate().map(number).collect::<Vec<_>>())
}

#[test]
fn a_log_as_promised_has_no_fault() {
    assert_eq!(verdict(&case(CASE), right()), Vec::<String>::new());
}

#[test]
fn each_deviation_is_told() {
    type Change = fn(&mut Vec<Value>);
    let changes: [(Change, &str); 11] = [
        (|log| log[7]["text"] = json!("start 11 10"), "Worker-* printed `start 11 10`, which nobody expects"),
        (|log| drop(log.remove(9)), "Worker-* did not print `start {pid} {ppid}`"),
        (
            |log| log[12]["text"] = json!("done 10 0.25 s"),
            "MainProcess did not print `done {pid Worker-*} {s} s`",
        ),
        (|log| log[12]["stream"] = json!("stderr"), "MainProcess complained: done 12 0.25 s"),
        (|log| log[15]["signal"] = json!("SIGKILL"), "Worker-2 (12) ended with Some(Signal(\"SIGKILL\"))"),
        (
            |log| log[16] = json!({"pid": 10, "type": "process.exited", "signal": "SIGTERM"}),
            "MainProcess (10) ended",
        ),
        (|log| log[17]["outcome"] = json!("stopped"), "the outcome is Stopped"),
        (|log| drop(log.pop()), "the log has no run.finished"),
        (|log| log[8]["name"] = json!("a"), "2 and not 1 times task.started name=\"a\""),
        (|log| log.swap(8, 13), "task.started (seq 14) comes not before output text=\"over!!!\""),
        (|log| log.swap(8, 10), "at most 1 and never 2 spans"),
    ];
    for (change, sentence) in changes {
        let mut log = right();
        change(&mut log);
        let wrong = verdict(&case(CASE), log);
        assert!(wrong.iter().any(|line| line.contains(sentence)), "{sentence}: {wrong:#?}");
    }
}

#[test]
fn who_is_born_while_the_run_is_being_ended_does_not_count() {
    let mut log = right();
    let started: Event =
        serde_json::from_str(include_str!("../../../server/protocol/samples.ndjson").lines().next().unwrap())
            .unwrap();
    let mut started = serde_json::to_value(started).unwrap();
    started["limits"]["wall_ms"] = json!(0);
    log.insert(0, started);
    assert!(verdict(&case(CASE), log.clone()).iter().any(|line| line.starts_with("0 processes and not 3")));
    log[0]["limits"]["wall_ms"] = json!(20_000);
    assert_eq!(verdict(&case(CASE), log), Vec::<String>::new());
}

#[test]
fn lines_may_repeat_or_stay_away_when_the_case_says_so() {
    let base = "[[expect]]\nname = \"any\"\nprocesses = 3\nexits = { \"*\" = [\"0\", \"SIGTERM\"] }\n\
                lines = { MainProcess = [\"done {*}\", \"over!!!\"] }\n";
    let repeats = format!("{base}repeats = {{ \"Worker-*\" = [\"start {{pid}} {{n}}\"] }}\n");
    assert_eq!(verdict(&case(&repeats), right()), Vec::<String>::new());
    let may = format!("{base}may = {{ \"Worker-*\" = [\"start {{*}}\", \"start {{*}}\", \"stop\"] }}\n");
    assert_eq!(verdict(&case(&may), right()), Vec::<String>::new());
    let may = format!("{base}may = {{ \"Worker-*\" = [\"start {{*}}\"] }}\n");
    assert_eq!(verdict(&case(&may), right()).len(), 1);
}

#[test]
fn a_line_that_fits_two_patterns_leaves_the_narrow_one_to_another() {
    let text = "[[expect]]\nname = \"both\"\nprocesses = 3\nexits = { \"*\" = [\"0\", \"SIGTERM\"] }\n\
                lines = { MainProcess = [\"{*}\", \"done {*}\"], \"Worker-*\" = [\"{*}\", \"start 12 10\"] }\n";
    assert_eq!(verdict(&case(text), right()), Vec::<String>::new());
}

/// A case with a question and what it should be answered with.
fn question(predict: &str, predicts: &str) -> Expect {
    let question = format!("[predict]\nquestion = {{ zh = \"？\", en = \"?\" }}\n{predict}\n");
    case(&(question + &CASE.replace("processes = 3", &format!("processes = 3\npredicts = {predicts}"))))
}

fn answer(predict: &str, predicts: &str) -> Vec<String> {
    let mut log = right();
    for (at, value) in [(13, json!(5)), (14, json!(7.0)), (15, json!("seven"))] {
        let (pid, name) = if value.is_string() { (10, "word") } else { (11, "m") };
        log.insert(at, json!({"pid": pid, "type": "variable.set", "name": name, "value": value}));
    }
    let case = question(predict, predicts);
    verdict(&case, log).into_iter().filter(|line| line.contains("the log")).collect()
}

#[test]
fn a_question_is_answered_by_the_log() {
    let options = |neither: &str| {
        format!(
            "[[predict.options]]\nvalue = \"a\"\ntitle = {{ zh = \"a\", en = \"a\" }}\n\
             first = {{ type = \"task.finished\", name = \"a\" }}\n\
             [[predict.options]]\nvalue = \"b\"\ntitle = {{ zh = \"b\", en = \"b\" }}\n\
             first = {{ type = \"task.finished\", name = \"{neither}\" }}\n\
             [[predict.options]]\nvalue = \"c\"\ntitle = {{ zh = \"c\", en = \"c\" }}\notherwise = true\n"
        )
    };
    let answers = [
        ("count = { type = \"process.started\" }".to_owned(), "3", "4"),
        ("count = { type = \"task.started\", process = \"Worker-*\", name = \"{*}\" }".to_owned(), "2", "0"),
        ("most = { from = { type = \"task.started\" }, to = { type = \"task.finished\" } }".into(), "2", "1"),
        ("variable = { name = \"m\" }".into(), "7", "5"),
        ("variable = { name = \"m\", process = \"Worker-1\" }".into(), "7", "5"),
        (options("b"), "\"a\"", "\"b\""),
        (options("c").replace("name = \"a\"", "name = \"d\""), "\"c\"", "\"a\""),
    ];
    for (predict, right, wrong) in answers {
        assert_eq!(answer(&predict, right), Vec::<String>::new(), "{predict}");
        let told = answer(&predict, wrong);
        assert_eq!(
            told,
            [format!("the log answers {} and not {wrong}", if right == "7" { "7.0" } else { right })]
        );
    }
    for unanswered in ["variable = { name = \"n\" }", "variable = { name = \"word\" }"] {
        assert_eq!(answer(unanswered, "7"), ["the log does not answer the question; the answer should be 7"]);
    }
}
