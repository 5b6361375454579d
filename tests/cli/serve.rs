//! `serve`: where it listens, what it says, how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::command::{playground, run};

/// A server that has told its address. It does not outlive its test, whatever becomes of that.
struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serving(mut command: std::process::Command) -> Serving {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
    let line = lines.by_ref().map(|line| line.expect("UTF-8")).find(|line| line.contains("http://"));
    let line = line.expect("the address on standard output");
    let after = line.split("http://").nth(1).expect("after the scheme");
    let address = after.split('/').next().expect("before the path").to_owned();
    Serving { child, address }
}

fn status_line(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().expect("a status line").to_owned()
}

#[test]
fn it_prints_the_address_serves_and_ends_well_on_sigterm_and_sigint() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = serving(playground(&["serve", "--listen", "127.0.0.1:0"]));
        assert_eq!(status_line(&server.address, "/healthz"), "HTTP/1.1 200 OK");
        kill_process(Pid::from_child(&server.child), signal).expect("it lives");
        assert_eq!(server.child.wait().expect("its status").code(), Some(0), "{signal:?}");
    }
}

#[test]
fn serve_is_what_it_does_unless_told_and_the_environment_sets_it_up() {
    let mut command = playground(&[]);
    command.env("PLAYGROUND_LISTEN", "127.0.0.1:0");
    let mut server = serving(command);
    assert_eq!(status_line(&server.address, "/healthz"), "HTTP/1.1 200 OK");
    assert!(!server.address.ends_with(":8080"), "the environment names the address");
    kill_process(Pid::from_child(&server.child), Signal::TERM).expect("it lives");
    server.child.wait().expect("its status");
}

#[test]
fn a_port_in_use_is_named_with_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    run(&["serve", "--listen", &address]).refused(1, &[&address, "--listen"]);
}
