//! Who lives in a run, read from its log.
//!
//! Needed seldom: before a visitor's signal is passed on, and when a supervisor has
//! died and the server must find and bury what it left.

use std::collections::BTreeMap;

use protocol::event::ProcessCount;
use protocol::{Body, Event, KernelEvent, Pid, SupervisorEvent};

/// The processes of a run after the events read so far.
#[derive(Debug, Default, PartialEq)]
pub struct Census {
    /// Those that are not reaped yet.
    pub members: BTreeMap<Pid, Member>,
    /// How many there were of each.
    pub count: ProcessCount,
    /// The supervisor's pid, from `run.started`.
    pub supervisor: Option<Pid>,
    /// Events read.
    pub events: u64,
    /// `t` of the last of them, in microseconds.
    pub t: u64,
}

/// A process that is not reaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// How far its life has come.
    pub stage: Stage,
    /// Its parent now.
    pub parent: Pid,
    /// The most memory that a sample showed.
    pub rss_kib: u64,
}

/// How far the life of a process has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was started.
    Alive,
    /// It exited and its status was not asked for yet.
    Exited,
    /// Its status waits to be read.
    Zombie,
}

impl Census {
    /// Reads a log, one event a line.
    pub fn of(log: &str) -> Self {
        let mut census = Census::default();
        for line in log.lines() {
            census.events += 1;
            if is_of_interest(line)
                && let Ok(event) = serde_json::from_str::<Event>(line)
            {
                census.read(event);
            }
        }
        if let Some(Ok(last)) = log.lines().last().map(serde_json::from_str::<Event>) {
            census.t = last.t;
        }
        census
    }

    /// Whether a process of this pid is there and can get a signal.
    pub fn lives(&self, pid: Pid) -> bool {
        self.members.get(&pid).is_some_and(|member| member.stage == Stage::Alive)
    }

    fn read(&mut self, event: Event) {
        match (event.body, event.pid) {
            (Body::Supervisor(SupervisorEvent::RunStarted(head)), _) => {
                self.supervisor = Some(head.supervisor)
            }
            (Body::Kernel(body), Some(pid)) => self.read_of(pid, &body),
            _ => {}
        }
    }

    fn read_of(&mut self, pid: Pid, body: &KernelEvent) {
        match body {
            KernelEvent::ProcessStarted(started) => {
                self.count.started += 1;
                self.members.insert(pid, Member { stage: Stage::Alive, parent: started.ppid, rss_kib: 0 });
            }
            KernelEvent::ProcessExited(_) => {
                self.count.exited += 1;
                self.change(pid, |member| member.stage = Stage::Exited);
            }
            KernelEvent::ProcessZombie(_) => self.change(pid, |member| member.stage = Stage::Zombie),
            KernelEvent::ProcessReparented(event) => self.change(pid, |member| member.parent = event.ppid),
            KernelEvent::ProcessSampled(sample) => {
                self.change(pid, |member| member.rss_kib = member.rss_kib.max(sample.rss_kib))
            }
            KernelEvent::ProcessReaped(_) => {
                self.count.reaped += 1;
                self.members.remove(&pid);
            }
            _ => {}
        }
    }

    fn change(&mut self, pid: Pid, change: impl FnOnce(&mut Member)) {
        self.members.entry(pid).and_modify(change);
    }
}

/// A glance that spares most lines the reading.
fn is_of_interest(line: &str) -> bool {
    let kind = line.split_once("\"type\":\"").map(|(_, kind)| kind);
    kind.is_some_and(|kind| kind.starts_with("process.") || kind.starts_with("run.started"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_those_not_reaped() {
        let log = include_str!("../../protocol/samples.ndjson");
        let census = Census::of(log);
        assert_eq!(census.count, ProcessCount { started: 1, exited: 1, reaped: 1 });
        let events = log.lines().count() as u64;
        assert_eq!((census.supervisor, census.events, census.t), (Some(4698), events, events * 1000));
        assert!(census.members.is_empty());
        let first_thirty: String = log.split_inclusive('\n').take(30).collect();
        let member = Member { stage: Stage::Exited, parent: 4698, rss_kib: 2100 };
        assert_eq!(Census::of(&first_thirty).members, BTreeMap::from([(4713, member)]));
        let first_ten: String = log.split_inclusive('\n').take(10).collect();
        assert!(Census::of(&first_ten).lives(4713));
        assert!(!Census::of(&first_ten).lives(1));
    }
}
