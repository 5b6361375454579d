//! One line a process: who it is, whose child, when it lived, how it ended, what it used.

use protocol::Event;
use protocol::event::{Body, KernelEvent, ProcessExited, ProcessStarted, ProcessZombie, ProgramEvent, Role};
use serde::Serialize;

use super::csv::{Csv, number, words};
use crate::family::{Family, Present};

const COLUMNS: [&str; 19] = [
    "born",
    "pid",
    "name",
    "role",
    "parent_pid",
    "parent_name",
    "how",
    "generation",
    "exe",
    "started_us",
    "exited_us",
    "exit_code",
    "exit_signal",
    "reaped_us",
    "reaped_by",
    "user_us",
    "sys_us",
    "max_rss_kib",
    "output_lines",
];

/// What only the events say of a process.
#[derive(Default)]
struct More<'a> {
    started: Option<&'a ProcessStarted>,
    role: Option<Role>,
    exe: &'a str,
    exited: Option<&'a ProcessExited>,
    reaped: Option<(u64, protocol::Pid)>,
    used: Option<&'a ProcessZombie>,
    lines: u64,
}

/// The processes of a run, in the order of the tree.
pub fn processes(log: &[Event]) -> String {
    let family = Family::of(log);
    let more = gather(log, &family);
    let mut csv = Csv::new(&COLUMNS);
    for (place, more) in more.iter().enumerate() {
        csv.line(&cells(&family, place, more));
    }
    csv.finish()
}

fn gather<'a>(log: &'a [Event], family: &Family<'a>) -> Vec<More<'a>> {
    let mut all: Vec<More<'a>> = family.lanes.iter().map(|_| More::default()).collect();
    let mut present = Present::default();
    for event in log {
        present.take(event, family);
        let Some(place) = event.pid.and_then(|pid| present.place(pid)) else { continue };
        all[place].take(event);
    }
    all
}

impl<'a> More<'a> {
    fn take(&mut self, event: &'a Event) {
        match &event.body {
            Body::Kernel(KernelEvent::ProcessStarted(started)) => self.started = Some(started),
            Body::Kernel(KernelEvent::ProcessExec(exec)) => self.exe = &exec.exe,
            Body::Kernel(KernelEvent::ProcessExited(exited)) => self.exited = Some(exited),
            Body::Kernel(KernelEvent::ProcessZombie(used)) => self.used = Some(used),
            Body::Kernel(KernelEvent::ProcessReaped(reaped)) => self.reaped = Some((event.t, reaped.by)),
            Body::Kernel(KernelEvent::Output(_)) => self.lines += 1,
            Body::Program(ProgramEvent::ProcessNamed(named)) => self.role = Some(named.role),
            _ => {}
        }
    }
}

fn cells(family: &Family<'_>, place: usize, more: &More<'_>) -> [Option<String>; COLUMNS.len()] {
    let lane = &family.lanes[place];
    let (code, signal) = match more.exited {
        Some(ProcessExited::Code { code }) => (Some(*code), None),
        Some(ProcessExited::Signal { signal }) => (None, Some(signal.as_str())),
        None => (None, None),
    };
    let parent = more.started.map(|started| started.ppid);
    let is_first = family.run.is_some_and(|run| Some(run.supervisor) == parent);
    let parent_name = lane.parent.map(|parent| family.lanes[parent].name);
    [
        number(Some(lane.number + 1)),
        number(Some(lane.pid)),
        words(lane.name),
        word(more.role),
        number(parent),
        words(parent_name.unwrap_or(if is_first { "supervisor" } else { "" })),
        word(more.started.map(|started| started.how)),
        number(Some(lane.depth)),
        words(more.exe),
        number(Some(lane.start)),
        number(lane.exit.map(|(t, _)| t)),
        number(code),
        words(signal.unwrap_or_default()),
        number(more.reaped.map(|(t, _)| t)),
        number(more.reaped.map(|(_, by)| by)),
        number(more.used.map(|used| used.user_us)),
        number(more.used.map(|used| used.sys_us)),
        number(more.used.map(|used| used.max_rss_kib)),
        number(Some(more.lines)),
    ]
}

/// As the log spells it.
fn word(value: Option<impl Serialize>) -> Option<String> {
    value.and_then(|value| Some(serde_json::to_value(value).ok()?.as_str()?.to_owned()))
}
