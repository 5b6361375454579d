//! The recipe of the README, as it stands there.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::folder::{Folder, command, playground};

/// The commands of the first block below a heading of the README, without their comments.
fn recipe(heading: &str) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let section = readme.split_once(&format!("\n## {heading}\n")).expect("the heading").1;
    let block = section.split("```").nth(1).expect("a block").trim_start_matches("sh\n");
    let words = |line: &str| line.split('#').next().unwrap().split_whitespace().map(str::to_owned).collect();
    block.lines().map(words).collect()
}

#[test]
fn it_works_word_by_word() {
    let commands = recipe("A scenario of your own");
    let names: Vec<&str> = commands.iter().map(|words| words[1].as_str()).collect();
    assert_eq!(names, ["new", "check", "run", "serve"]);
    let here = Folder::new();
    for words in &commands {
        assert_eq!(words[0], "process-playground");
        let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        if words[0] == "serve" {
            return assert!(served(&here, &words).contains("\"my-scenario\""));
        }
        let output = playground(here.path(), &words);
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{words:?}");
        if words[0] == "run" {
            assert!(stdout.contains("1 号向大家问好") && stdout.contains("run completed"), "{stdout}");
        }
    }
}

/// What `/api/scenarios` says while the command serves.
fn served(here: &Folder, words: &[&str]) -> String {
    let mut server = command(here.path(), &[words, &["--listen", "127.0.0.1:0"]].concat());
    let mut server = server.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/scenarios HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    kill_process(Pid::from_child(&server), Signal::TERM).unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0));
    answer
}
