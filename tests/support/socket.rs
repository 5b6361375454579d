//! A WebSocket to a server, as a page has one.

#![allow(dead_code)]

use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Error, HandshakeError, Message, WebSocket};

use super::server::{PATIENCE, Server};

/// An open socket. Whoever waits for a frame that does not come fails.
pub struct Socket {
    socket: WebSocket<TcpStream>,
    id: u64,
    /// Frames that came while an answer was awaited.
    early: VecDeque<Frame>,
}

/// A text frame, as it came and as JSON.
#[derive(Clone)]
pub struct Frame {
    /// As it came.
    pub text: String,
    /// The same, read.
    pub json: Value,
}

/// One's own run.
#[derive(Clone)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Its token.
    pub token: String,
}

/// The events of a run as they came by frames.
#[derive(Default)]
pub struct Log {
    /// As NDJSON, byte for byte.
    pub text: String,
    /// The same, read.
    pub events: Vec<Value>,
}

impl Socket {
    /// Connects.
    pub fn open(server: &Server) -> Self {
        Socket::open_at(server, "/ws")
    }

    /// Connects to an address with a query string.
    pub fn open_at(server: &Server, path: &str) -> Self {
        Socket::try_open(server, path, &[]).expect("a handshake")
    }

    /// Connects with headers besides; what goes wrong is the status that the server answers with.
    pub fn try_open(server: &Server, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let stream = TcpStream::connect(&server.address).expect("a connection");
        stream.set_nodelay(true).expect("a TCP socket");
        stream.set_read_timeout(Some(PATIENCE)).expect("a TCP socket");
        let mut request = format!("ws://{}{path}", server.address).into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Socket { socket, id: 0, early: VecDeque::new() }),
            Err(HandshakeError::Failure(Error::Http(answer))) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Sends any frame.
    pub fn send(&mut self, message: Message) {
        self.socket.send(message).expect("the server listens");
    }

    /// Sends a text to a server that need not listen: false where it takes no more.
    pub fn try_send(&mut self, text: &str) -> bool {
        self.socket.get_ref().set_nonblocking(true).expect("a TCP socket");
        self.socket.send(Message::text(text)).is_ok()
    }

    /// Sends a text to a server that may be gone: false where it is.
    pub fn sent(&mut self, text: &str) -> bool {
        self.socket.send(Message::text(text)).is_ok()
    }

    /// Sends bytes that are no frame.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        self.socket.get_mut().write_all(bytes).expect("the server listens");
    }

    /// Sends a request and waits for its answer.
    pub fn ask(&mut self, mut request: Value) -> Value {
        self.id += 1;
        request["id"] = self.id.into();
        self.send(Message::text(request.to_string()));
        loop {
            let frame = self.receive();
            if frame.json["id"] == self.id {
                return frame.json;
            }
            self.early.push_back(frame);
        }
    }

    /// Starts a run that must start.
    pub fn start(&mut self, scenario: &str, params: Value) -> Run {
        let answer = self.ask(json!({"op": "start", "scenario": scenario, "params": params, "seed": 7}));
        let text = |name: &str| answer["ok"][name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Run { id: text("run"), token: text("token") }
    }

    /// Follows a run that can be followed.
    pub fn follow(&mut self, run: &str, after: u64) {
        let answer = self.ask(json!({"op": "follow", "run": run, "after": after}));
        assert_eq!(answer["ok"]["run"], run, "{answer}");
    }

    /// Sends a request for one's own run.
    pub fn control(&mut self, run: &Run, mut request: Value) -> Value {
        request["run"] = run.id.clone().into();
        request["token"] = run.token.clone().into();
        self.ask(request)
    }

    /// The next frame.
    pub fn next(&mut self) -> Frame {
        self.early.pop_front().unwrap_or_else(|| self.receive())
    }

    /// The next frame, or nothing where the server is gone.
    pub fn try_next(&mut self) -> Option<Frame> {
        if let Some(frame) = self.early.pop_front() {
            return Some(frame);
        }
        loop {
            match self.socket.read().ok()? {
                Message::Text(text) => return Some(Frame::new(text.as_str())),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Collects events until the one that is wanted has come.
    #[track_caller]
    pub fn until(&mut self, log: &mut Log, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let new = log.add(&self.next());
            if let Some(event) = log.events[log.events.len() - new..].iter().find(|event| wanted(event)) {
                return event.clone();
            }
        }
    }

    /// Collects events until the run has ended.
    #[track_caller]
    pub fn read_to_end(&mut self, log: &mut Log) -> Value {
        self.until(log, |event| event["type"] == "run.finished")
    }

    /// Waits for the close frame: its code and reason. Other frames before it are given too.
    pub fn closed(&mut self) -> (Vec<Frame>, u16, String) {
        let mut frames: Vec<Frame> = self.early.drain(..).collect();
        loop {
            match self.socket.read().expect("a close frame") {
                Message::Close(Some(close)) => return (frames, close.code.into(), close.reason.to_string()),
                Message::Text(text) => frames.push(Frame::new(text.as_str())),
                _ => {}
            }
        }
    }

    fn receive(&mut self) -> Frame {
        loop {
            match self.socket.read().expect("a frame in time") {
                Message::Text(text) => return Frame::new(text.as_str()),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a text frame: {other:?}"),
            }
        }
    }
}

impl Frame {
    fn new(text: &str) -> Self {
        Frame { text: text.to_owned(), json: serde_json::from_str(text).expect("JSON") }
    }
}

impl Log {
    /// Takes the events of a frame, if it has any; how many.
    #[track_caller]
    pub fn add(&mut self, frame: &Frame) -> usize {
        assert!(frame.json.get("error").is_none(), "{}", frame.text);
        let Some(events) = frame.json["events"].as_array() else { return 0 };
        let (_, events_text) = frame.text.split_once("\"events\":[").expect("they begin so");
        // A newline cannot stand inside a JSON text, so the joint between two events is found again.
        let mut rest = events_text.strip_suffix("]}").expect("they end so");
        for event in events {
            let end = event_end(rest);
            self.text += &rest[..end];
            self.text.push('\n');
            assert_eq!(serde_json::from_str::<Value>(&rest[..end]).ok().as_ref(), Some(event));
            rest = rest[end..].strip_prefix(',').unwrap_or(&rest[end..]);
        }
        self.events.extend(events.iter().cloned());
        events.len()
    }
}

/// Where the first JSON value of a text ends.
fn event_end(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    values.next().expect("an event").expect("JSON");
    values.byte_offset()
}
