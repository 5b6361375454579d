//! That the adapter is not there where it should not be, and changes nothing where it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::stage::{bare, library, lines, sorted, told};
use crate::support::python;

/// Lines in which every address and every number of a process is the same word.
fn blurred(lines: Vec<String>) -> Vec<String> {
    let blur = |word: &str| match word.contains("0x") {
        true => "ADDRESS".to_owned(),
        false => word.to_owned(),
    };
    lines.iter().map(|line| line.split(' ').map(blur).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_program_sees_no_difference_not_even_in_its_tracebacks() {
    let log = told("plain.py", &[]);
    let alone = bare("plain.py", &[]);
    let words = |bytes: Vec<u8>| blurred(sorted(&String::from_utf8(bytes).unwrap()));
    assert_eq!(blurred(lines(&log, "stdout")), words(alone.stdout));
    assert_eq!(blurred(lines(&log, "stderr")), words(alone.stderr));
    assert_eq!(
        log.of("process.exited").filter(|event| event["code"] == 1).count(),
        2,
        "bad, and the program"
    );
}

/// Runs a line of Python in an environment with nothing but these variables.
fn run(line: &str, variables: &[(&str, &str)]) -> (String, String) {
    let words = python::text(line);
    let mut command = Command::new(&words[0]);
    let output = command.args(&words[1..]).env_clear().envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{output:?}");
    (text(output.stdout), text(output.stderr))
}

const LOADED: &str =
    "import sys, time; print([m for m in sys.modules if 'playground' in m], 'sleep' in repr(time.sleep))";

#[test]
fn where_nobody_listens_nothing_is_loaded() {
    let library = library();
    let path = ("PYTHONPATH", library.to_str().unwrap());
    assert_eq!(run(LOADED, &[path]), ("[] True\n".to_owned(), String::new()));
}

#[test]
fn an_observer_that_is_not_there_does_no_harm() {
    let library = library();
    let path = ("PYTHONPATH", library.to_str().unwrap());
    let program = "import multiprocessing as m; q = m.Queue(); q.put(1); print(q.get())";
    let ran = run(program, &[path, ("PLAYGROUND_EVENTS", "/nowhere/events")]);
    assert_eq!(ran, ("1\n".to_owned(), String::new()));
}

#[test]
fn a_hidden_sitecustomize_runs_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sitecustomize.py"), "print('theirs', __name__)\n").unwrap();
    let paths = [&library(), folder.path()].map(|path: &Path| path.to_str().unwrap().to_owned()).join(":");
    let (stdout, _) = run("print('program')", &[("PYTHONPATH", &paths), ("PLAYGROUND_EVENTS", "/nowhere")]);
    assert_eq!(stdout, "theirs sitecustomize\nprogram\n");
    let (stdout, _) = run("print('program')", &[("PYTHONPATH", &paths)]);
    assert_eq!(stdout, "theirs sitecustomize\nprogram\n");
}
