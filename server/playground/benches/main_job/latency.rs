//! From the start message to the first event, and to the first line of output.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::measure::{PROGRAM, Times, ratio};
use crate::server::Server;

const ROUNDS: usize = 60;

/// Measures in turns: a run over the socket, the bare spawn of the same two programs.
pub fn report(server: &Server) {
    let (mut event, mut output, mut bare) = (Times::default(), Times::default(), Times::default());
    for _ in 0..ROUNDS {
        // Each round is a visitor of its own: a socket that just had its share of frames waits for the next.
        let mut socket = server.socket();
        let began = socket.start("processes", json!({}));
        let run = socket.run();
        socket.until("");
        event.add(began.elapsed());
        socket.until("output");
        output.add(began.elapsed());
        socket.stop(&run);
        bare.time(bare_spawn);
    }
    println!("\nstart message -> first event      {event}");
    println!("start message -> first output     {output}   goal: p50 <= 10 ms");
    println!("bare spawn of both programs       {bare}");
    println!("first event / bare spawn          {:.2}   goal: <= 2", ratio(&event, &bare));
}

/// The supervisor's and the scenario's program, started and ended one after the
/// other with nothing to do: what the kernel and the loader take.
fn bare_spawn() {
    for role in [&["supervise"][..], &["scenario"]] {
        let mut command = Command::new(PROGRAM);
        command.args(role).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("it starts");
    }
}
