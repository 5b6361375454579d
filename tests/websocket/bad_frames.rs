//! Frames that cannot be used: each is answered with a code and a sentence, and the
//! socket can be used afterwards.

use serde_json::{Value, json};
use tungstenite::Message;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::server::Server;
use crate::support::socket::Socket;

/// Sends a frame; gives the error that answers it.
#[track_caller]
fn refused(socket: &mut Socket, message: Message, code: &str) -> Value {
    socket.send(message);
    let answer = socket.next().json;
    assert_eq!(answer["error"]["code"], code, "{answer}");
    assert!(answer["error"]["message"].as_str().is_some_and(|sentence| sentence.len() > 20), "{answer}");
    answer
}

#[track_caller]
fn refused_text(socket: &mut Socket, text: &str, code: &str) -> Value {
    refused(socket, Message::text(text), code)
}

#[test]
fn after_every_bad_frame_the_socket_is_as_good_as_before() {
    let server = Server::start(&["--time-limit", "1"]);
    let mut socket = Socket::open(&server);
    let error = refused_text(&mut socket, r#"{"id":1,"op":}"#, "malformed_json");
    assert!(
        error["error"]["message"].as_str().is_some_and(|text| text.starts_with("Line 1, column 14")),
        "{error}"
    );
    refused_text(&mut socket, "", "malformed_json");
    refused_text(&mut socket, "[]", "malformed_request");
    let error = refused_text(&mut socket, r#"{"id":8,"op":"begin"}"#, "unknown_op");
    assert_eq!(error["id"], 8);
    for op in ["begin", "start", "follow", "unfollow", "signal", "stop"] {
        assert!(error["error"]["message"].as_str().is_some_and(|text| text.contains(op)), "{error}");
    }
    let error = refused_text(&mut socket, r#"{"id":9,"op":"signal","run":1,"pid":"x"}"#, "malformed_request");
    let fields: Vec<&String> = error["error"]["fields"].as_object().expect("fields").keys().collect();
    assert_eq!(fields, ["pid", "run", "signal", "token"]);
    refused(&mut socket, Message::binary(b"{}".to_vec()), "binary_frame");
    refused(&mut socket, Message::text("x".repeat(16 * 1024 + 1)), "too_large");
    refused(&mut socket, Message::text("x".repeat(3_000_000)), "too_large");
    refused(&mut socket, piece(OpCode::Data(Data::Text), 100_000, false), "too_large");
    socket.send(piece(OpCode::Data(Data::Continue), 1, true));
    socket.start("processes", json!({}));
}

/// A part of a message.
fn piece(opcode: OpCode, length: usize, last: bool) -> Message {
    Message::Frame(Frame::message(vec![b'x'; length], opcode, last))
}

#[test]
fn bad_parameters_have_a_sentence_each_in_the_readers_language() {
    let server = Server::start(&[]);
    let request =
        json!({"op": "start", "scenario": "processes", "params": {"children": 0, "y": true}, "seed": -1});
    let answer = Socket::open_at(&server, "/ws?lang=zh").ask(request.clone());
    assert_eq!(answer["error"]["code"], "invalid_params");
    assert_eq!(answer["error"]["fields"]["seed"], "-1 不行，应为 0 到 9007199254740991 的整数");
    let mut request = request;
    request.as_object_mut().expect("an object").remove("seed");
    let answer = Socket::open(&server).ask(request);
    assert_eq!(answer["error"]["fields"]["children"], "0 is not a whole number from 1 to 8");
    assert!(answer["error"]["fields"]["y"].as_str().expect("told").starts_with("unknown parameter"));
}

#[test]
fn what_does_not_exist_is_told() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server);
    let unknown = "0123456789abcdef0123456789abcdef";
    let code = |answer: Value| answer["error"]["code"].as_str().expect("an error").to_owned();
    assert_eq!(code(socket.ask(json!({"op": "start", "scenario": "nothing"}))), "unknown_scenario");
    assert_eq!(code(socket.ask(json!({"op": "follow", "run": unknown}))), "unknown_run");
    assert_eq!(code(socket.ask(json!({"op": "stop", "run": unknown, "token": unknown}))), "unknown_run");
    let run = socket.start("processes", json!({}));
    assert_eq!(
        code(socket.ask(json!({"op": "follow", "run": run.id, "after": 100_000}))),
        "malformed_request"
    );
    assert_eq!(socket.ask(json!({"op": "unfollow", "run": unknown}))["ok"]["run"], unknown);
}

#[test]
fn one_clients_broken_bytes_end_its_socket_alone() {
    let server = Server::start(&[]);
    let mut other = Socket::open(&server);
    let run = other.start("processes", json!({}));
    let mut broken = Socket::open(&server);
    broken.send_raw(b"\x81\x05hello");
    let (frames, code, _) = broken.closed();
    assert_eq!(frames[0].json["error"]["code"], "protocol_error");
    assert_eq!(code, 1002);
    assert_eq!(other.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id);
}

#[test]
fn who_connects_and_says_nothing_is_sent_away() {
    let server = Server::start(&[]);
    let (frames, code, _) = Socket::open(&server).closed();
    assert_eq!(frames[0].json["error"]["code"], "hello_timeout");
    assert_eq!(code, 1008);
}
