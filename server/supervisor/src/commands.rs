//! The server's end of the line: one job, then commands, one JSON text a line.

use std::io;

use protocol::{Command, Job};
use rustix::io::Errno;

/// Standard input, line by line.
#[derive(Default)]
pub struct Commands {
    begun: Vec<u8>,
    closed: bool,
}

impl Commands {
    /// Waits for the job.
    ///
    /// # Errors
    /// When the first line is no job, or there is none.
    pub fn job(&mut self) -> io::Result<Job> {
        loop {
            if let Some(line) = self.line() {
                return Ok(serde_json::from_slice(&line)?);
            }
            if self.closed {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "standard input has no job"));
            }
            self.read();
        }
    }

    /// Takes what lies there; to be called when standard input is readable.
    pub fn read(&mut self) {
        let mut buffer = [0; 4096];
        match rustix::io::read(rustix::stdio::stdin(), &mut buffer) {
            Ok(0) => self.closed = true,
            Ok(count) => self.begun.extend_from_slice(&buffer[..count]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => self.closed = true,
        }
    }

    /// Whether the server is gone.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The next command. A line that is none is told on standard error and passed over.
    pub fn next(&mut self) -> Option<Command> {
        loop {
            match serde_json::from_slice(&self.line()?) {
                Ok(command) => return Some(command),
                Err(error) => eprintln!("process-playground: not a command: {error}"),
            }
        }
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        let end = self.begun.iter().position(|byte| *byte == b'\n')?;
        let rest = self.begun.split_off(end + 1);
        Some(std::mem::replace(&mut self.begun, rest))
    }
}
