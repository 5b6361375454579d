//! Programs that nobody wrote for the playground: other uses of `multiprocessing`, other
//! ways to make processes, other languages.

use serde_json::{Value, json};

use crate::folder::{Folder, count, lines};

/// Runs a Python program and expects these lines in any order, and this many processes.
#[track_caller]
fn python(program: &str, expected: &[&str], processes: usize) -> Vec<Value> {
    let folder = Folder::new().with("stranger", &[("scenario.toml", ""), ("main.py", program)]);
    let log = folder.run("stranger", &[]);
    let mut printed = lines(&log);
    printed.sort_unstable();
    assert_eq!(printed, expected, "{}", log.iter().map(|event| format!("{event}\n")).collect::<String>());
    assert_eq!(count(&log, "process.started"), processes);
    assert_eq!(log.last().unwrap()["outcome"], "completed");
    log
}

#[test]
fn an_executor_of_concurrent_futures() {
    let program = include_str!("programs/executor.py");
    python(program, &["[1, 4, 9]", "worker done", "worker done", "worker done"], 3);
}

#[test]
fn a_manager_and_its_server_process() {
    python(include_str!("programs/manager.py"), &["{'a': 1, 'b': 2}"], 4);
}

#[test]
fn processes_of_processes_and_their_queues() {
    python(include_str!("programs/nested.py"), &["grandchild 0", "grandchild 1", "sum 1"], 4);
}

#[test]
fn threads_that_fork() {
    python(include_str!("programs/threads.py"), &["child 0", "child 1", "child 2", "codes [0, 1, 2]"], 4);
}

#[test]
fn forks_without_any_library() {
    python(include_str!("programs/forks.py"), &["exit 7", "pipe: hello", "signal 9"], 4);
}

#[test]
fn other_programs_as_children() {
    python(include_str!("programs/subprocesses.py"), &["HELLO", "ok 3"], 4);
}

#[test]
fn spawned_and_served_processes() {
    for method in ["spawn", "forkserver"] {
        let program = include_str!("programs/methods.py").replace("METHOD", method);
        let folder = Folder::new().with("stranger", &[("scenario.toml", ""), ("main.py", &program)]);
        let log = folder.run("stranger", &[]);
        let mut printed = lines(&log);
        printed.sort_unstable();
        assert_eq!(printed, ["got 25", "main imported", "main imported"], "{method}");
        assert_eq!(log.last().unwrap()["outcome"], "completed");
    }
}

#[test]
fn a_program_that_dies_of_an_error_is_a_completed_run() {
    let log = python("import multiprocessing\nprint('before')\n1 / 0\n", &["before"], 1);
    let exit = log.iter().find(|event| event["type"] == "process.exited").unwrap();
    assert_eq!(exit["code"], 1);
    let complaint = log.iter().filter(|event| event["stream"] == "stderr").map(|event| &event["text"]);
    assert!(complaint.into_iter().any(|text| text.as_str().unwrap().contains("ZeroDivisionError")));
}

/// A shell script, its parameter, its seed, a file beside it and what it says by itself.
#[test]
fn a_program_in_another_language() {
    let toml = "[program]\nargv = [\"./main.sh\", \"-x\", \"./data.txt\"]\nsource = \"main.sh\"\n\
        [[params]]\nname = \"greeting\"\ntype = \"text\"\nmax_chars = 9\ndefault = \"hello\"\n\
        title = { zh = \"问候\", en = \"Greeting\" }\nhelp = { zh = \"试试\", en = \"Try\" }\n";
    let script = include_str!("programs/main.sh");
    let folder =
        Folder::new().with("shell", &[("scenario.toml", toml), ("main.sh", script), ("data.txt", "data\n")]);
    let log = folder.run("shell", &["--set", "greeting=good day", "--seed", "7"]);
    assert_eq!(
        (&log[0]["runtime"], &log[0]["params"]),
        (&json!("program"), &json!({"greeting": "good day"}))
    );
    let mut printed = lines(&log);
    printed.sort_unstable();
    assert_eq!(printed, ["-x data", "child", "{\"greeting\":\"good day\"} 7"]);
    assert_eq!(count(&log, "process.started"), 3, "the shell, its child and cat");
    let output = crate::folder::playground(
        folder.path(),
        &["run", "shell", "--runtime", "rust", "--scenarios", folder.word()],
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("shell has no such program; here it runs with: program"), "{told}");
}
