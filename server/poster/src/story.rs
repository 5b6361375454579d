//! What happened, by process: the log folded into lanes and what lies on them.
//!
//! A pid that the kernel used twice is two lanes. Whoever is told to wait, to work or to be stopped and is not
//! told the end of it does so until it dies, or until the log ends.

use std::collections::HashMap;

use protocol::event::{
    Body, KernelEvent, Op, ProcessExited, ProgramEvent, QueueItem, Stream, SupervisorEvent, SyncKind,
};
use protocol::{Event, Pid};

use crate::LANES_MAX;

/// A run, ready to be drawn.
#[derive(Debug, Default)]
pub struct Story<'a> {
    /// Parents above their children, siblings in order of birth.
    pub lanes: Vec<Lane<'a>>,
    /// Items of queues and messages of pipes, from lane to lane.
    pub ways: Vec<Way>,
    /// The end of what is known, µs.
    pub end: u64,
    /// Whether the run has ended.
    pub is_over: bool,
}

/// How many there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Processes.
    pub processes: usize,
    /// Processes that are not shown.
    pub hidden: usize,
    /// The length of the run, or of what is known of it, µs.
    pub end_us: u64,
}

/// One process.
#[derive(Debug)]
pub struct Lane<'a> {
    /// As the kernel gives it.
    pub pid: Pid,
    /// What it calls itself; empty if it never did.
    pub name: &'a str,
    /// Its place in the order of birth, which is its colour.
    pub number: usize,
    /// Generations below the first process.
    pub depth: usize,
    /// The lane of the parent at birth.
    pub parent: Option<usize>,
    /// µs.
    pub start: u64,
    /// When and how it ended.
    pub exit: Option<(u64, Exit<'a>)>,
    /// When its status was read.
    pub reaped: Option<u64>,
    /// What it did or waited for, by start.
    pub spans: Vec<Span<'a>>,
    /// What it printed on standard output, and when.
    pub lines: Vec<(u64, &'a str)>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit<'a> {
    /// By itself.
    Code(i32),
    /// By a signal.
    Signal(&'a str),
}

/// A while of a process.
#[derive(Debug)]
pub struct Span<'a> {
    /// What fills it.
    pub kind: Kind<'a>,
    /// µs.
    pub start: u64,
    /// µs; none while it lasts.
    pub end: Option<u64>,
}

/// What fills a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'a> {
    /// A task of a pool, by number and name.
    Task(u64, &'a str),
    /// Waits for a queue.
    Queue(u64, Op),
    /// Waits for a lock or the like.
    Sync(u64, SyncKind),
    /// A signal stopped it.
    Stopped,
}

/// The way of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The lane that it left, and when.
    pub from: (usize, u64),
    /// The lane that it reached, and when.
    pub to: (usize, u64),
}

/// A queue or a pipe, and an item in it.
type Item = (bool, u64, u64);

#[derive(Default)]
struct Fold<'a> {
    story: Story<'a>,
    /// The lane of each pid now.
    lane_of: HashMap<Pid, usize>,
    underway: HashMap<Item, (usize, u64)>,
}

impl<'a> Story<'a> {
    /// Of a log, or of the beginning of one.
    pub fn of(log: &'a [Event]) -> Self {
        let mut fold = Fold::default();
        for event in log {
            fold.story.end = event.t;
            fold.take(event);
        }
        let mut story = fold.story;
        story.order_by_family();
        story
    }

    /// How many there are.
    pub fn tally(&self) -> Tally {
        let processes = self.lanes.len();
        Tally { processes, hidden: processes.saturating_sub(LANES_MAX), end_us: self.end }
    }

    /// Puts each lane below its parent's, after what descends from elder siblings.
    fn order_by_family(&mut self) {
        let mut places = vec![0; self.lanes.len()];
        let mut order = Vec::with_capacity(places.len());
        let mut waiting: Vec<usize> = self.born_of(None);
        while let Some(lane) = waiting.pop() {
            places[lane] = order.len();
            order.push(lane);
            waiting.extend(self.born_of(Some(lane)));
        }
        let mut lanes: Vec<Option<Lane<'a>>> = self.lanes.drain(..).map(Some).collect();
        self.lanes = order.iter().filter_map(|lane| lanes[*lane].take()).collect();
        self.lanes.iter_mut().for_each(|lane| lane.parent = lane.parent.map(|parent| places[parent]));
        for Way { from, to } in &mut self.ways {
            (from.0, to.0) = (places[from.0], places[to.0]);
        }
    }

    /// The children of a lane, the youngest first.
    fn born_of(&self, parent: Option<usize>) -> Vec<usize> {
        let lanes = self.lanes.iter().enumerate().rev();
        lanes.filter(|(_, lane)| lane.parent == parent).map(|(place, _)| place).collect()
    }
}

impl<'a> Fold<'a> {
    fn take(&mut self, event: &'a Event) {
        match &event.body {
            Body::Supervisor(SupervisorEvent::RunFinished(_)) => self.story.is_over = true,
            Body::Supervisor(_) => {}
            Body::Kernel(body) => self.kernel(event, body),
            Body::Program(body) => self.program(event, body),
        }
    }

    fn kernel(&mut self, event: &'a Event, body: &'a KernelEvent) {
        let (Some(pid), t) = (event.pid, event.t) else { return };
        if let KernelEvent::ProcessStarted(started) = body {
            return self.begin(pid, started.ppid, t);
        }
        let Some(lane) = self.lane(pid) else { return };
        match body {
            KernelEvent::ProcessExited(exited) => lane.exited(t, exited),
            KernelEvent::ProcessReaped(_) => lane.reaped = Some(t),
            KernelEvent::ProcessStopped(_) => lane.begin(Kind::Stopped, t),
            KernelEvent::ProcessContinued(_) => lane.end(Kind::Stopped, t),
            KernelEvent::Output(output) if output.stream == Stream::Stdout => {
                lane.lines.push((t, output.text.trim_end()));
            }
            _ => {}
        }
    }

    fn program(&mut self, event: &'a Event, body: &'a ProgramEvent) {
        let (Some(pid), t) = (event.pid, event.t) else { return };
        match body {
            ProgramEvent::QueuePut(QueueItem { queue, item, .. }) => {
                self.leaves((true, *queue, *item), pid, t)
            }
            ProgramEvent::QueueGet(QueueItem { queue, item, .. }) => {
                self.reaches((true, *queue, *item), pid, t)
            }
            ProgramEvent::PipeSent(sent) => self.leaves((false, sent.pipe, sent.item), pid, t),
            ProgramEvent::PipeReceived(got) => self.reaches((false, got.pipe, got.item), pid, t),
            _ => self.lane(pid).into_iter().for_each(|lane| lane.program(t, body)),
        }
    }

    fn begin(&mut self, pid: Pid, ppid: Pid, t: u64) {
        let parent = self.lane_of.get(&ppid).copied();
        let depth = parent.map_or(0, |parent| self.story.lanes[parent].depth + 1);
        self.lane_of.insert(pid, self.story.lanes.len());
        self.story.lanes.push(Lane {
            pid,
            name: "",
            number: self.story.lanes.len(),
            depth,
            parent,
            start: t,
            exit: None,
            reaped: None,
            spans: Vec::new(),
            lines: Vec::new(),
        });
    }

    fn lane(&mut self, pid: Pid) -> Option<&mut Lane<'a>> {
        let lane = *self.lane_of.get(&pid)?;
        self.story.lanes.get_mut(lane)
    }

    fn leaves(&mut self, item: Item, pid: Pid, t: u64) {
        if let Some(lane) = self.lane_of.get(&pid) {
            self.underway.insert(item, (*lane, t));
        }
    }

    fn reaches(&mut self, item: Item, pid: Pid, t: u64) {
        if let (Some(to), Some(from)) = (self.lane_of.get(&pid), self.underway.remove(&item)) {
            self.story.ways.push(Way { from, to: (*to, t) });
        }
    }
}

impl<'a> Lane<'a> {
    fn program(&mut self, t: u64, body: &'a ProgramEvent) {
        match body {
            ProgramEvent::ProcessNamed(named) => self.name = &named.name,
            ProgramEvent::TaskStarted(task) => self.begin(Kind::Task(task.task, &task.name), t),
            ProgramEvent::TaskFinished(task) => self.end(Kind::Task(task.task, &task.name), t),
            ProgramEvent::TaskFailed(task) => self.end(Kind::Task(task.task, &task.name), t),
            ProgramEvent::QueueBlocked(wait) => self.begin(Kind::Queue(wait.queue, wait.op), t),
            ProgramEvent::QueueUnblocked(wait) | ProgramEvent::QueueTimeout(wait) => {
                self.end(Kind::Queue(wait.queue, wait.op), t);
            }
            ProgramEvent::SyncWaiting(wait) => self.begin(Kind::Sync(wait.object, wait.kind), t),
            ProgramEvent::SyncAcquired(wait) | ProgramEvent::SyncTimeout(wait) => {
                self.end(Kind::Sync(wait.object, wait.kind), t);
            }
            _ => {}
        }
    }

    fn begin(&mut self, kind: Kind<'a>, start: u64) {
        self.spans.push(Span { kind, start, end: None });
    }

    fn end(&mut self, kind: Kind<'a>, t: u64) {
        let open = self.spans.iter_mut().rev().find(|span| span.end.is_none() && span.kind == kind);
        open.into_iter().for_each(|span| span.end = Some(t));
    }

    fn exited(&mut self, t: u64, exited: &'a ProcessExited) {
        let exit = match exited {
            ProcessExited::Code { code } => Exit::Code(*code),
            ProcessExited::Signal { signal } => Exit::Signal(signal),
        };
        self.exit = Some((t, exit));
        self.spans.iter_mut().filter(|span| span.end.is_none()).for_each(|span| span.end = Some(t));
    }
}
