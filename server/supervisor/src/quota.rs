//! What programs may add to the log, and the words for what is left out.
//!
//! The kernel's events are never left out. A program's messages, what it wrote, and
//! samples count against the limit of events; what it wrote counts against two limits of bytes besides. A
//! count of what was left out is told when it begins, each time it has grown tenfold, and
//! at the end: of a process before its exit, of the run before `run.finished`.

use std::collections::HashMap;

use protocol::event::{
    MessageRejected, Output, ProcessSampled, ProgramMessage, RunTruncated, Stream, Truncated,
};
use protocol::{Body, KernelEvent, Limits, Pid, SupervisorEvent};

use crate::family::Record;
use crate::log::Log;

/// What is left of the limits.
pub struct Quota {
    limits: Limits,
    events: u64,
    samples: u64,
    bytes: u64,
    processes: HashMap<Pid, Written>,
    lost_events: Dropped,
    lost_output: Dropped,
}

#[derive(Default)]
struct Written {
    bytes: u64,
    lost: Dropped,
}

/// A growing count that is told now and then.
#[derive(Debug, Default)]
struct Dropped {
    count: u64,
    told: u64,
}

impl Dropped {
    /// Adds, and gives the count when it is time to tell it.
    fn add(&mut self, count: u64) -> Option<u64> {
        self.count += count;
        if self.told == 0 || self.count >= self.told.saturating_mul(10) { self.last() } else { None }
    }

    /// The count, unless it was told already.
    fn last(&mut self) -> Option<u64> {
        let news = self.count > self.told;
        self.told = self.count;
        news.then_some(self.count)
    }
}

impl Quota {
    /// All of what `limits` allow.
    pub fn new(limits: Limits) -> Self {
        Quota {
            limits,
            events: 0,
            samples: 0,
            bytes: 0,
            processes: HashMap::new(),
            lost_events: Dropped::default(),
            lost_output: Dropped::default(),
        }
    }

    /// A line that a process wrote, as much of it as the limits of bytes leave.
    pub fn output(&mut self, pid: Pid, stream: Stream, text: &str, log: &mut Log) {
        let (process_max, run_max) = (self.limits.output_process_kib * 1024, self.limits.output_kib * 1024);
        let written = self.processes.entry(pid).or_default();
        let room = process_max.saturating_sub(written.bytes).min(run_max.saturating_sub(self.bytes));
        let kept = &text[..text.floor_char_boundary(usize::try_from(room).unwrap_or(usize::MAX))];
        let lost = (text.len() - kept.len()) as u64;
        written.bytes += kept.len() as u64 + 1;
        self.bytes += kept.len() as u64 + 1;
        if kept.is_empty() && (lost > 0 || room == 0) {
            return self.lose_output(pid, lost + 1, log);
        }
        if self.admit(log) {
            log.record(pid, KernelEvent::Output(Output { stream, text: kept.to_owned() }));
        }
        if lost > 0 {
            self.lose_output(pid, lost, log);
        }
    }

    fn lose_output(&mut self, pid: Pid, bytes: u64, log: &mut Log) {
        let written = self.processes.entry(pid).or_default();
        let of_process = written.bytes >= self.limits.output_process_kib * 1024;
        let (lost, pid) =
            if of_process { (&mut written.lost, Some(pid)) } else { (&mut self.lost_output, None) };
        tell(pid, Truncated::Output, lost.add(bytes), log);
    }

    /// A message of a process.
    pub fn message(&mut self, pid: Pid, message: ProgramMessage, log: &mut Log) {
        if self.admit(log) {
            log.write(Some(pid), message.at, Body::Program(message.event));
        }
    }

    /// A datagram that was no message; of a process of the run, if there is a `pid`.
    pub fn rejected(&mut self, pid: Option<Pid>, reason: String, bytes: u64, log: &mut Log) {
        if self.admit(log) {
            let event = MessageRejected { reason, bytes };
            log.supervisor(pid, SupervisorEvent::MessageRejected(event));
        }
    }

    /// A sample of a process. Samples get a quarter of the events at most, so that watching
    /// a long run does not silence it.
    pub fn sampled(&mut self, pid: Pid, sample: ProcessSampled, log: &mut Log) {
        if self.samples < self.limits.events / 4 && self.admit(log) {
            self.samples += 1;
            log.record(pid, KernelEvent::ProcessSampled(sample));
        }
    }

    fn admit(&mut self, log: &mut Log) -> bool {
        let room = self.events < self.limits.events;
        match room {
            true => self.events += 1,
            false => tell(None, Truncated::Events, self.lost_events.add(1), log),
        }
        room
    }

    /// The last word on a process, before its exit is told.
    pub fn exits(&mut self, pid: Pid, log: &mut Log) {
        if let Some(mut written) = self.processes.remove(&pid) {
            tell(Some(pid), Truncated::Output, written.lost.last(), log);
        }
    }

    /// The last word on the run.
    pub fn finish(&mut self, log: &mut Log) {
        tell(None, Truncated::Output, self.lost_output.last(), log);
        tell(None, Truncated::Events, self.lost_events.last(), log);
    }
}

fn tell(pid: Option<Pid>, what: Truncated, dropped: Option<u64>, log: &mut Log) {
    if let Some(dropped) = dropped {
        log.supervisor(pid, SupervisorEvent::RunTruncated(RunTruncated { what, dropped }));
    }
}

#[cfg(test)]
mod tests {
    use super::Dropped;

    #[test]
    fn a_flood_is_told_a_few_times_and_its_last_count_is_right() {
        let mut dropped = Dropped::default();
        let told: Vec<u64> = (0..123_456).filter_map(|_| dropped.add(1)).collect();
        assert_eq!(told, [1, 10, 100, 1000, 10_000, 100_000]);
        assert_eq!(dropped.last(), Some(123_456));
        assert_eq!(dropped.last(), None);
    }
}
