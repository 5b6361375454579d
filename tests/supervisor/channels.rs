//! T9, T10: what processes write and say, in order, and too much of it.

use serde_json::{Value, json};

use crate::support::job::is_root;
use crate::{as_everybody, completed, python, users};

#[test]
fn eleven_hundred_writes_and_words_keep_their_order() {
    as_everybody("writes.py", &["interleaved"], |log| {
        let spoken = log.0.iter().filter_map(|event| match event["type"].as_str().unwrap() {
            "output" => Some(event["text"].as_str().unwrap().to_owned()),
            "variable.set" => Some(format!("{}={}", event["name"].as_str().unwrap(), event["value"])),
            _ => None,
        });
        let first =
            (0..300).flat_map(|number| [format!("o{number}"), format!("e={number}"), format!("e{number}")]);
        let second = (0..100).flat_map(|number| [format!("H{number}"), format!("h={number}")]);
        assert_eq!(spoken.collect::<Vec<_>>(), first.chain(second).collect::<Vec<_>>());
    });
}

#[test]
fn a_million_bytes_at_once_from_three_processes_arrive_whole_and_unmixed() {
    as_everybody("writes.py", &["big"], |log| {
        for exit in log.of("process.exited").filter(|event| event["pid"] != log.0[1]["pid"]) {
            let lines: Vec<&Value> = log.of("output").filter(|event| event["pid"] == exit["pid"]).collect();
            assert_eq!(lines.len(), 10_000);
            let line = exit["code"].to_string().repeat(99);
            assert!(lines.iter().all(|event| event["text"] == line.as_str()));
        }
    });
}

#[test]
fn pieces_become_lines_and_a_line_without_end_is_not_lost() {
    as_everybody("writes.py", &["partial"], |log| {
        let mut texts = log.texts();
        texts.sort_unstable();
        assert_eq!(texts, ["no newline", "nor here", "one writes that", "other writes this"]);
    });
}

#[test]
fn standard_output_may_be_closed() {
    as_everybody("writes.py", &["closed"], |log| assert_eq!(log.said("closed").count(), 1));
}

#[test]
fn fifty_processes_talk_at_once_and_nobody_is_lost() {
    as_everybody("flood.py", &["many"], |log| {
        assert_eq!(log.said("n").count(), 5000);
        for exit in log.of("process.exited").filter(|event| event["pid"] != log.0[1]["pid"]) {
            let said = log.said("n").filter(|(event, _)| event["pid"] == exit["pid"]);
            assert!(said.map(|(_, value)| value.as_u64().unwrap()).eq(0..100));
        }
    });
}

#[test]
fn nonsense_becomes_events_that_say_so() {
    for user in users() {
        let log = completed(python("flood.py", &["nonsense"]), user);
        let rejected: Vec<&Value> = log.of("message.rejected").collect();
        assert_eq!(rejected.len(), 9, "{}", log.tail());
        assert!(rejected.iter().all(|event| event["pid"] == log.0[1]["pid"]));
        assert!(rejected[8]["bytes"].as_u64().unwrap() > 20_000, "the true length: {}", rejected[8]);
        assert_eq!(log.of("process.started").count(), 1, "a program cannot say what the kernel says");
        assert!(log.texts().contains(&"with a descriptor"));
        assert_eq!(log.said("after").count(), 1);
    }
}

#[test]
fn passed_descriptors_are_closed_at_once() {
    let mut run = python("flood.py", &["rights"]).start();
    run.until(|event| event["value"] == "rights");
    if is_root() {
        let open = std::fs::read_dir(format!("/proc/{}/fd", run.supervisor())).unwrap().count();
        assert!(open < 50, "{open} descriptors");
    } else {
        eprintln!("NOT counted: only root may look into a supervisor");
    }
    run.tell(&json!({"op": "stop", "reason": "seen"}));
    assert_eq!(run.finish().said("fd").count(), 100);
}

#[test]
fn what_is_over_the_limits_is_cut_and_counted_and_blocks_nobody() {
    for user in users() {
        let job = python("flood.py", &["output"]).limit("output_process_kib", 64).limit("output_kib", 640);
        let log = completed(job, user);
        let kept: usize = log.texts().iter().map(|text| text.len() + 1).sum();
        assert!(kept <= 640 * 1024 && kept > 630 * 1024, "{kept}");
        let lost: u64 = last_dropped(&log.0);
        assert_eq!(kept as u64 + lost, 12 * 3000 * 31);
        assert_eq!(log.said("after").count(), 1, "messages have a limit of their own");
    }
}

#[test]
fn too_many_events_silence_the_program_and_not_the_kernel() {
    for user in users() {
        let log = completed(python("flood.py", &["many"]).limit("events", 1000), user);
        assert!(log.said("n").count() <= 1000);
        let dropped = log.of("run.truncated").last().unwrap();
        assert_eq!(dropped["what"], "events");
        let samples = log.of("process.sampled").count();
        assert!(dropped["dropped"].as_u64().unwrap() as usize + log.said("n").count() + samples >= 5000);
        assert!(log.of("run.truncated").count() < 10, "told a few times");
        assert_eq!(log.of("process.reaped").count(), 51);
    }
}

/// The sum of the last count of each process and of the run.
fn last_dropped(log: &[Value]) -> u64 {
    let mut last = std::collections::HashMap::new();
    for event in log.iter().filter(|event| event["type"] == "run.truncated") {
        // A process may come again under the same number: its count begins anew.
        last.entry(event["pid"].to_string())
            .or_insert_with(Vec::new)
            .push(event["dropped"].as_u64().unwrap());
    }
    last.values().map(|counts| counts.last().unwrap()).sum()
}
