//! A server of one's own, and a socket to it.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::measure::PROGRAM;

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it on a free port and waits for its address.
    pub fn start() -> Server {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--recordings", "none"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
        let line =
            lines.find_map(|line| line.ok().filter(|line| line.contains("http://"))).expect("an address");
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split('/').next())
            .expect("an address")
            .to_owned();
        Server { child, address }
    }

    /// Its pid.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// An open WebSocket.
    pub fn socket(&self) -> Socket {
        let stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_nodelay(true).expect("a TCP socket");
        let (socket, _) =
            tungstenite::client(format!("ws://{}/ws", self.address), stream).expect("a WebSocket");
        Socket { socket, id: 0, unread: VecDeque::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

/// An open WebSocket to the server.
pub struct Socket {
    socket: WebSocket<TcpStream>,
    id: u64,
    /// Events that came in one frame with others.
    unread: VecDeque<Value>,
}

/// One's own run.
pub struct Run {
    id: String,
    token: String,
}

impl Socket {
    /// Sends a start message; gives the moment it was sent.
    pub fn start(&mut self, scenario: &str, params: Value) -> Instant {
        self.id += 1;
        let request =
            json!({"id": self.id, "op": "start", "scenario": scenario, "params": params, "seed": 7});
        let began = Instant::now();
        self.send(&request);
        began
    }

    /// The answer to the start message.
    pub fn run(&mut self) -> Run {
        loop {
            let frame = self.next();
            assert!(frame.get("error").is_none(), "{frame}");
            if let (Some(id), Some(token)) = (frame["ok"]["run"].as_str(), frame["ok"]["token"].as_str()) {
                return Run { id: id.to_owned(), token: token.to_owned() };
            }
        }
    }

    /// The next event of that kind, or the next of any kind (`""`); those before it are dropped.
    pub fn until(&mut self, kind: &str) -> Value {
        loop {
            while let Some(event) = self.unread.pop_front() {
                if kind.is_empty() || event["type"] == kind {
                    return event;
                }
            }
            self.next();
        }
    }

    /// Ends the run and waits until it is over.
    pub fn stop(&mut self, run: &Run) {
        self.id += 1;
        self.send(&json!({"id": self.id, "op": "stop", "run": run.id, "token": run.token}));
        self.until("run.finished");
    }

    fn send(&mut self, request: &Value) {
        self.socket.send(Message::text(request.to_string())).expect("sent");
    }

    /// The next frame; its events are kept to be read.
    fn next(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().expect("a frame") {
                let mut frame: Value = serde_json::from_str(&text).expect("JSON");
                if let Some(events) = frame["events"].as_array_mut() {
                    self.unread.extend(events.drain(..));
                }
                return frame;
            }
        }
    }
}
