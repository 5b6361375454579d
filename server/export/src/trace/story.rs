//! The log folded into slices, moments and counts, each with the place of its lane in the family.
//!
//! Whoever is told to work, wait or hold and is not told the end of it does so until it dies, or until
//! the log ends. What is not of a process of the run is the supervisor's, whose lane is the last.

mod kernel;
mod program;

use std::borrow::Cow;

use protocol::event::{Body, Op, SupervisorEvent, SyncKind};
use protocol::{Event, Pid};
use serde_json::{Map, Value, json};

use super::flows::{Flow, Flows};
use crate::family::{Family, Present};

/// A while; a moment where it ends as it begins.
pub struct Slice<'a> {
    /// Whose.
    pub lane: usize,
    /// The event that began it; slices come in this order.
    pub seq: u64,
    /// ns; see `Fold::now`.
    pub start: u64,
    /// ns; none while it lasts.
    pub end: Option<u64>,
    /// What stands in it.
    pub name: Cow<'a, str>,
    /// What it is.
    pub category: &'static str,
    /// What else is known of it.
    pub args: Map<String, Value>,
    /// The arrow that begins or ends at it.
    pub flow: Option<Flow>,
    /// Whether it is the first of its lane, in which all others are: a life, or the run.
    pub is_whole_life: bool,
}

/// The value of a counter from a moment on.
pub struct Count {
    /// Whose.
    pub lane: usize,
    /// The event that told it.
    pub seq: u64,
    /// ns.
    pub t: u64,
    /// The counter.
    pub name: String,
    /// What is counted.
    pub unit: &'static str,
    /// The number.
    pub value: u64,
}

/// What happened.
pub struct Story<'a> {
    /// By beginning.
    pub slices: Vec<Slice<'a>>,
    /// By time.
    pub counts: Vec<Count>,
}

/// What can be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Run,
    Life,
    Zombie,
    Stopped,
    Task(u64),
    Queue(u64, Op),
    Wait(u64, SyncKind),
    Hold(u64, SyncKind),
}

struct Fold<'a, 'f> {
    family: &'f Family<'a>,
    /// ns. Events within one µs are a nanosecond or two apart, in their order: whoever reads the file sorts it,
    /// and an effect must not come before its cause.
    now: u64,
    /// The earliest time of what comes next, ns.
    next: u64,
    present: Present,
    story: Story<'a>,
    flows: Flows,
    /// What is open: by lane, what it is and where it stands among the slices.
    open: Vec<Vec<(Key, usize)>>,
    queues: Vec<(u64, &'a str)>,
}

/// Folds a log.
pub fn read<'a>(log: &'a [Event], family: &Family<'a>) -> Story<'a> {
    let mut fold = Fold {
        family,
        now: 0,
        next: 0,
        present: Present::default(),
        story: Story { slices: Vec::new(), counts: Vec::new() },
        flows: Flows::default(),
        open: vec![Vec::new(); family.lanes.len() + 1],
        queues: Vec::new(),
    };
    for event in log {
        fold.now = (event.t * 1_000).max(fold.next);
        fold.next = fold.now + 1;
        fold.present.take(event, family);
        fold.take(event);
    }
    (0..fold.open.len()).for_each(|lane| fold.close_all(lane));
    fold.story
}

impl<'a> Fold<'a, '_> {
    /// A log may lack its beginning: what is told of a process whose birth it lacks is left out.
    fn take(&mut self, event: &'a Event) {
        let known = event.pid.and_then(|pid| self.present.place(pid));
        match &event.body {
            Body::Supervisor(body) => self.supervisor(event, body),
            Body::Kernel(body) => known.into_iter().for_each(|lane| self.kernel(lane, event, body)),
            Body::Program(body) => known.into_iter().for_each(|lane| self.program(lane, event, body)),
        }
    }

    fn supervisor(&mut self, event: &'a Event, body: &'a SupervisorEvent) {
        let own = self.own();
        match body {
            SupervisorEvent::RunStarted(run) => {
                let name = format!("run of {}", run.scenario);
                let slice = self.slice(own, event, "run", name);
                slice.args.extend(args(json!({"params": run.params, "seed": run.seed, "run": run.run})));
                self.opened(own, Key::Run);
            }
            SupervisorEvent::RunTruncated(cut) => {
                let name = format!("{:?} cut: {} left out", cut.what, cut.dropped).to_lowercase();
                let lane = self.lane(event.pid);
                self.moment(lane, event, "limit", name);
            }
            SupervisorEvent::MessageRejected(message) => {
                let lane = self.lane(event.pid);
                self.moment(lane, event, "limit", "message rejected")
                    .args
                    .extend(args(json!({"reason": message.reason, "bytes": message.bytes})));
            }
            SupervisorEvent::RunFinished(run) => {
                self.tell(own, Key::Run, json!({"outcome": run.outcome, "reason": run.reason}));
                self.close(own, Key::Run);
            }
        }
    }

    /// The lane of the supervisor, which has the run.
    fn own(&self) -> usize {
        self.family.lanes.len()
    }

    /// The lane of a process now, or the supervisor's.
    fn lane(&self, pid: Option<Pid>) -> usize {
        pid.and_then(|pid| self.present.place(pid)).unwrap_or(self.own())
    }

    /// What to call a process; it may be none of the run.
    fn called(&self, pid: Pid) -> String {
        self.present.place(pid).map_or_else(|| pid.to_string(), |place| self.family.name(place))
    }

    /// Begins a slice, which is open until somebody closes it.
    fn slice(
        &mut self,
        lane: usize,
        event: &Event,
        category: &'static str,
        name: impl Into<Cow<'a, str>>,
    ) -> &mut Slice<'a> {
        let mut known = Map::new();
        if let Some(at) = &event.at {
            known.insert("at".into(), format!("{}:{}", at.file, at.line).into());
        }
        known.insert("seq".into(), event.seq.into());
        self.story.slices.push(Slice {
            lane,
            seq: event.seq,
            start: self.now,
            end: None,
            name: name.into(),
            category,
            args: known,
            flow: None,
            is_whole_life: false,
        });
        self.story.slices.last_mut().expect("it was put there")
    }

    /// A slice without length.
    fn moment(
        &mut self,
        lane: usize,
        event: &Event,
        category: &'static str,
        name: impl Into<Cow<'a, str>>,
    ) -> &mut Slice<'a> {
        let slice = self.slice(lane, event, category, name);
        slice.end = Some(slice.start);
        slice
    }

    /// The slice that was begun last can be closed by this key.
    fn opened(&mut self, lane: usize, key: Key) {
        let place = self.story.slices.len() - 1;
        self.story.slices[place].is_whole_life = matches!(key, Key::Run | Key::Life);
        self.open[lane].push((key, place));
    }

    /// Says more of what is open.
    fn tell(&mut self, lane: usize, key: Key, more: Value) {
        if let Some((_, place)) = self.open[lane].iter().rev().find(|(open, _)| *open == key) {
            self.story.slices[*place].args.extend(args(more));
        }
    }

    /// Ends what is open by this key, the innermost of them. Whether there was one.
    fn close(&mut self, lane: usize, key: Key) -> bool {
        let found = self.open[lane].iter().rposition(|(open, _)| *open == key);
        found.is_some_and(|found| {
            let (_, place) = self.open[lane].remove(found);
            self.story.slices[place].end = Some(self.now);
            true
        })
    }

    /// Ends whatever is open.
    fn close_all(&mut self, lane: usize) {
        for (_, place) in std::mem::take(&mut self.open[lane]) {
            self.story.slices[place].end = Some(self.now);
        }
    }

    /// What one event brings about in two places is a cause and its effect.
    fn then(&mut self) {
        self.now += 1;
        self.next += 1;
    }

    fn count(&mut self, lane: usize, event: &Event, name: String, unit: &'static str, value: u64) {
        self.story.counts.push(Count { lane, seq: event.seq, t: self.now, name, unit, value });
    }
}

/// The fields of an object.
fn args(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
