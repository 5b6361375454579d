//! The event log: numbers, times, encodes and writes.
//!
//! Nothing is ever dropped here. When the reader is slow the lines wait in memory, and
//! when too many wait, [`Log::is_full`] tells the run to stand still: its processes stay in
//! their stops and block on their full sockets, as they would on a full pipe.
//! What a limit leaves out is decided before, in [`crate::quota`].

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use protocol::event::At;
use protocol::{Body, Event, KernelEvent, Pid, SupervisorEvent};
use rustix::fs::{FileType, OFlags};

use crate::family::Record;

/// From here on the run stands still until the reader has read.
const FULL_BYTES: usize = 1 << 20;

/// A write while many events come; a single event is written at once.
const WINDOW: Duration = Duration::from_millis(3);

/// The log of one run, on standard output.
pub struct Log {
    begun: Instant,
    seq: u64,
    waiting: Vec<u8>,
    written: Instant,
    broken: bool,
}

impl Log {
    /// A log whose time begins with its first event.
    ///
    /// # Errors
    /// When standard output cannot be set up.
    pub fn begin() -> io::Result<Self> {
        let out = rustix::stdio::stdout();
        let kind = FileType::from_raw_mode(rustix::fs::fstat(out)?.st_mode);
        if matches!(kind, FileType::Fifo | FileType::Socket) {
            // The description is this process's own end, nobody shares the flag.
            rustix::fs::fcntl_setfl(out, rustix::fs::fcntl_getfl(out)? | OFlags::NONBLOCK)?;
        }
        let begun = Instant::now();
        let written = begun.checked_sub(WINDOW).unwrap_or(begun);
        Ok(Log { begun, seq: 0, waiting: Vec::with_capacity(1 << 16), written, broken: false })
    }

    /// Appends one event.
    pub fn write(&mut self, pid: Option<Pid>, at: Option<At>, body: Body) {
        self.seq += 1;
        if self.seq == 1 {
            self.begun = Instant::now();
        }
        let event = Event { seq: self.seq, t: self.elapsed_us(), pid, at, body };
        serde_json::to_writer(&mut self.waiting, &event)
            .expect("a Vec takes everything, and no key is other than text");
        self.waiting.push(b'\n');
    }

    /// Appends an event of the run as a whole, or of `pid`.
    pub fn supervisor(&mut self, pid: Option<Pid>, event: SupervisorEvent) {
        self.write(pid, None, Body::Supervisor(event));
    }

    /// Microseconds since the log began.
    pub fn elapsed_us(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }

    /// When the log began.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// How many events there are.
    pub fn len(&self) -> u64 {
        self.seq
    }

    /// Whether the reader is so slow that the run must stand still.
    pub fn is_full(&self) -> bool {
        self.waiting.len() >= FULL_BYTES && !self.broken
    }

    /// Whether lines wait.
    pub fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether the reader has closed its end: the server is dead.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// How long the waiting lines may still wait for company; zero: write now.
    pub fn patience(&self) -> Duration {
        match self.waiting.len() {
            0..8192 => WINDOW.saturating_sub(self.written.elapsed()),
            _ => Duration::ZERO,
        }
    }

    /// Writes what waits, as much as the reader takes without blocking.
    pub fn flush(&mut self) {
        while !self.waiting.is_empty() && !self.broken {
            match rustix::io::write(rustix::stdio::stdout(), &self.waiting) {
                Ok(count) => drop(self.waiting.drain(..count)),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => break,
                Err(_) => self.broken = true,
            }
        }
        self.written = Instant::now();
    }

    /// Writes all that is left, waiting for the reader.
    pub fn finish(&mut self) {
        self.flush();
        while self.has_waiting() && !self.broken {
            let out = rustix::stdio::stdout();
            let mut polled =
                [rustix::event::PollFd::from_borrowed_fd(out.as_fd(), rustix::event::PollFlags::OUT)];
            let _ = rustix::event::poll(&mut polled, None);
            self.flush();
        }
        let _ = io::stdout().flush();
    }
}

impl Record for Log {
    fn record(&mut self, pid: Pid, event: KernelEvent) {
        self.write(Some(pid), None, Body::Kernel(event));
    }
}
