//! A server of one's own, and plain HTTP to it.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Whoever waits longer than this for an event waits in vain.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    /// Where it keeps its runs unless it is told, until it is dropped.
    _recordings: TempDir,
    /// As `127.0.0.1:40123`.
    pub address: String,
}

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// As 200.
    pub status: u16,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// Without its transfer coding.
    pub body: String,
}

impl Server {
    /// Starts `process-playground serve` with these options on a free port and waits for its address.
    pub fn start(options: &[&str]) -> Self {
        Server::start_as(options, |_| {})
    }

    /// The same, where the program is started in another way.
    pub fn start_as(options: &[&str], change: impl FnOnce(&mut Command)) -> Self {
        let recordings = TempDir::new().expect("a directory");
        let mut command = Command::new(env!("CARGO_BIN_EXE_process-playground"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAYGROUND_")) {
            command.env_remove(name);
        }
        command.env("PLAYGROUND_RECORDINGS", recordings.path());
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options);
        change(&mut command);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("its address");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).to_owned();
        Server { child, _recordings: recordings, address }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it lives");
    }

    /// Its pid.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// All that it has to say, to its end; where its standard error is a pipe.
    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().expect("a pipe")
    }

    /// Waits for its end; its exit status, none where a signal ended it.
    pub fn wait(mut self) -> Option<i32> {
        self.child.wait().expect("its status").code()
    }

    /// A request without a body.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], "")
    }

    /// Any request.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a TCP socket");
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .expect("a request");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        Answer::parse(bytes)
    }

    /// Starts a run by HTTP: its id and its token.
    pub fn start_run(&self, body: Value) -> (String, String) {
        let answer = self.request("POST", "/api/runs", &[], &body.to_string());
        assert_eq!(answer.status, 201, "{answer:?}");
        let done = answer.json();
        let text = |name: &str| done[name].as_str().expect("a text").to_owned();
        (text("run"), text("token"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `wait` there is nothing to kill, and kill(2) is not called for a child that was awaited.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Answer {
    fn parse(bytes: Vec<u8>) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = std::str::from_utf8(&bytes[..end]).expect("ASCII");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let chunked = headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked");
        let body = if chunked && bytes.len() > end + 4 {
            unchunk(&bytes[end + 4..])
        } else {
            bytes[end + 4..].to_vec()
        };
        Answer {
            status: status.parse().expect("a number"),
            headers,
            body: String::from_utf8(body).expect("UTF-8"),
        }
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Fails unless it is a problem of that status and code (RFC 9457); gives its content.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.headers["content-type"].as_str()),
            (status, "application/problem+json")
        );
        let problem = self.json();
        assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|sentence| sentence.len() > 20), "{problem}");
        problem
    }
}

/// RFC 9112 section 7.1.
fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n").expect("a chunk's length");
        let length = std::str::from_utf8(&bytes[..end]).expect("ASCII");
        let length = usize::from_str_radix(length, 16).expect("hexadecimal");
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 2 + length + 2..];
    }
}
