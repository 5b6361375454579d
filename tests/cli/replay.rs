//! `replay`: a recording in the terminal.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::command::{Ended, playground, run};

/// The recorded run of a scenario.
fn recording(scenario: &str) -> String {
    format!("{}/../../scenarios/{scenario}/recording.ndjson", env!("CARGO_MANIFEST_DIR"))
}

/// Plays these lines from standard input.
fn from_input(lines: &[&str]) -> Ended {
    let arguments = ["replay", "-", "--speed", "1000"];
    let mut child = playground(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    Ended::new(&arguments, child.wait_with_output().expect("its status"))
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn a_recording_is_told_as_the_run_was() {
    let ended = run(&["replay", &recording("pool"), "--speed", "50"]);
    for word in ["MainProcess", "ForkPoolWorker-1", "听音乐", "| over!!!", "run completed"] {
        assert!(ended.results().contains(word), "no {word} in\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\x1b'), "no colour where no terminal reads");
}

/// Files that playgrounds have kept, old ones too.
#[test]
fn a_file_of_the_servers_is_played_and_a_damaged_one_is_not() {
    let sample =
        |name: &str| format!("{}/../recordings/tests/samples/{name}.recording", env!("CARGO_MANIFEST_DIR"));
    let kept = sample("8efa4ffe3dfe44c255cf5188266a9282");
    let ended = run(&["replay", &kept, "--speed", "1000"]);
    assert!(ended.stdout.contains("run of ") && ended.stdout.contains("run completed"), "{}", ended.stdout);
    run(&["replay", &sample("00000000000000000000000000000001")])
        .refused(2, &["no run in it any more", "deleted"]);
    run(&["replay", &sample("newer")]).refused(2, &["version 2", "reads version 1"]);
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.recording");
    let mut bytes = std::fs::read(&kept).expect("a recording");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(&broken, bytes).expect("written");
    run(&["replay", broken.to_str().expect("UTF-8")]).refused(2, &["checksum"]);
}

#[test]
fn it_takes_its_time_and_less_at_a_greater_speed() {
    // The recorded run took 1.7 s.
    let took = |speed: &str| {
        let begin = Instant::now();
        run(&["replay", &recording("pool"), "--speed", speed]).results();
        begin.elapsed()
    };
    let (slow, fast) = (took("4"), took("1000"));
    assert!(slow >= Duration::from_millis(400), "{slow:?}");
    assert!(fast < slow, "{fast:?}");
}

#[test]
fn a_log_that_was_just_made_can_be_piped_in() {
    let log = run(&["run", "exit-codes", "--format", "ndjson"]);
    let ended = from_input(&lines(log.results()));
    assert!(ended.results().contains("run completed"), "{}", ended.stdout);
}

/// The exit status is that of the run.
#[test]
fn a_run_that_did_not_complete_is_status_1() {
    let ended = run(&["replay", &recording("processes"), "--speed", "1000"]);
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(1), ""));
    assert!(ended.stdout.contains("ended by the time limit"), "{}", ended.stdout);
}

#[test]
fn a_recording_that_is_cut_off_is_played_as_far_as_it_goes() {
    let text = std::fs::read_to_string(recording("pool")).expect("a recording");
    let ended = from_input(&lines(&text)[..20]);
    assert_eq!(ended.status, Some(1));
    assert!(ended.stdout.contains("submitted task"), "{}", ended.stdout);
    assert!(ended.stderr.contains("ends after event 20, before the run did"), "{}", ended.stderr);
}

#[test]
fn a_bad_line_is_named_with_its_reason() {
    let text = std::fs::read_to_string(recording("pool")).expect("a recording");
    let begin = &lines(&text)[..3];
    for (line, reason) in [
        (r#"{"seq":4,"t":9,"#, "line 4: is no JSON"),
        (r#"{"seq":4,"t":9}"#, "line 4: is no event"),
        (r#"{"seq":4,"t":9,"type":"process.danced"}"#, "is no event \"process.danced\""),
    ] {
        let ended = from_input(&[begin, &[line]].concat());
        assert_eq!(ended.status, Some(1));
        assert!(ended.stderr.contains(reason), "{line}: {}", ended.stderr);
        assert!(ended.stdout.contains("run of pool"), "what came before is played");
    }
    let newer = lines(&text)[0].replace("\"version\":1", "\"version\":99");
    assert!(from_input(&[&newer]).stderr.contains("versions up to 1"));
    let gap = from_input(&[begin[0], begin[2]]);
    assert!(gap.stderr.contains("event 3 follows event 1: some are missing"), "{}", gap.stderr);
}

/// A recording may come from anybody; none of its letters may act on the terminal.
#[test]
fn no_text_of_a_log_commands_the_terminal() {
    let text = std::fs::read_to_string(recording("pool")).expect("a recording");
    let evil = r#"{"seq":3,"t":30,"pid":7986,"type":"output","stream":"stdout","text":"a\u001b]52;c;eA==\u0007\u009b2Jb"}"#;
    let ended = from_input(&[&lines(&text)[..2], &[evil]].concat());
    assert!(ended.stdout.contains("| a␛]52;c;eA==␇"), "{}", ended.stdout);
    assert!(!ended.stdout.chars().any(|c| c.is_control() && c != '\n'), "{:?}", ended.stdout);
}

#[test]
fn what_is_no_recording_is_wrong_usage() {
    run(&["replay", "/nothing/here"]).refused(2, &["/nothing/here", "No such file"]);
    run(&["replay", env!("CARGO_MANIFEST_DIR")]).refused(2, &["is a folder"]);
    run(&["replay", &recording("pool"), "--speed", "0"]).refused(2, &["--speed", "above 0"]);
    run(&["replay"]).refused(2, &["FILE"]);
}
