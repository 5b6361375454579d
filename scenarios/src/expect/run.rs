//! A log by process: who there was, what each printed, how each ended.

use std::collections::{HashMap, HashSet};

use protocol::event::{
    Body, KernelEvent, ProcessExited, ProgramEvent, Role, RunFinished, Stream, SupervisorEvent,
};
use protocol::{Event, Pid};

use crate::manifest::Exit;

/// What a process is called that never told its name.
const NAMELESS: &str = "?";

/// A log, by process.
pub struct Run<'a> {
    /// In the order of their birth.
    pub processes: Vec<Process<'a>>,
    /// Every event, with the index of the process that did it.
    pub events: Vec<(&'a Event, Option<usize>)>,
    /// The last event.
    pub finished: Option<&'a RunFinished>,
}

/// One process. A pid that the kernel used twice is two of them.
pub struct Process<'a> {
    /// As the kernel gives it.
    pub pid: Pid,
    /// The parent at birth.
    pub ppid: Pid,
    /// What it calls itself.
    pub name: &'a str,
    /// What it printed on standard output, line by line.
    pub stdout: Vec<&'a str>,
    /// The same for standard error.
    pub stderr: Vec<&'a str>,
    /// How it ended.
    pub exit: Option<Exit>,
    /// Born after the time of the run was up, while it was being ended: a pool may still replace a
    /// worker that the end has already reached.
    pub late: bool,
}

impl<'a> Run<'a> {
    /// Sorts the events by process. A resource tracker is none of the program's own and counts for nothing.
    pub fn new(log: &'a [Event]) -> Self {
        let trackers: HashSet<Pid> = log.iter().filter_map(tracker).collect();
        let mut run = Run { processes: Vec::new(), events: Vec::new(), finished: None };
        let mut current: HashMap<Pid, usize> = HashMap::new();
        let end = log.first().and_then(time_limit_us);
        for event in log {
            if let (Some(pid), Body::Kernel(KernelEvent::ProcessStarted(started))) = (event.pid, &event.body)
                && !trackers.contains(&pid)
            {
                current.insert(pid, run.processes.len());
                let late = end.is_some_and(|end| event.t >= end);
                run.processes.push(Process { late, ..Process::new(pid, started.ppid) });
            }
            let index = event.pid.and_then(|pid| current.get(&pid).copied());
            run.events.push((event, index));
            match (index, &event.body) {
                (Some(index), body) => run.processes[index].take(body),
                (None, Body::Supervisor(SupervisorEvent::RunFinished(end))) => run.finished = Some(end),
                (None, _) => {}
            }
        }
        run
    }

    /// The processes that a name or pattern means.
    pub fn named<'b>(&'b self, who: &'b str) -> impl Iterator<Item = &'b Process<'a>> {
        self.processes.iter().filter(move |process| means(who, process.name))
    }
}

impl<'a> Process<'a> {
    fn new(pid: Pid, ppid: Pid) -> Self {
        Process { pid, ppid, name: NAMELESS, stdout: Vec::new(), stderr: Vec::new(), exit: None, late: false }
    }

    fn take(&mut self, body: &'a Body) {
        match body {
            Body::Program(ProgramEvent::ProcessNamed(named)) => self.name = &named.name,
            Body::Kernel(KernelEvent::Output(output)) => match output.stream {
                Stream::Stdout => self.stdout.extend(output.text.lines()),
                Stream::Stderr => self.stderr.extend(output.text.lines()),
            },
            Body::Kernel(KernelEvent::ProcessExited(ProcessExited::Code { code })) => {
                self.exit = Some(Exit::Code(*code));
            }
            Body::Kernel(KernelEvent::ProcessExited(ProcessExited::Signal { signal })) => {
                self.exit = Some(Exit::Signal(signal.clone()));
            }
            _ => {}
        }
    }
}

/// When the time of a run is up, from its first event.
fn time_limit_us(event: &Event) -> Option<u64> {
    match &event.body {
        Body::Supervisor(SupervisorEvent::RunStarted(started)) => Some(started.limits.wall_ms * 1000),
        _ => None,
    }
}

/// The process that says by this event that it is a resource tracker.
fn tracker(event: &Event) -> Option<Pid> {
    match &event.body {
        Body::Program(ProgramEvent::ProcessNamed(named)) if named.role == Role::ResourceTracker => event.pid,
        _ => None,
    }
}

/// Whether a name fits a pattern, in which `*` stands for anything.
pub fn means(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| means(tail, &rest[at..]))
        }),
    }
}
