//! What a program tells of itself: tasks, items, waits, locks, values.

use std::borrow::Cow;

use protocol::Event;
use protocol::event::{Op, ProgramEvent, QueueItem, QueueOp, SyncKind, SyncObject};
use serde_json::{Value, json};

use super::{Fold, Key, args};
use crate::trace::flows::{About, Flow};

impl<'a> Fold<'a, '_> {
    /// Takes an event of a program's.
    pub(super) fn program(&mut self, lane: usize, event: &'a Event, body: &'a ProgramEvent) {
        match body {
            ProgramEvent::ProcessNamed(_) | ProgramEvent::LineReached(_) => {}
            ProgramEvent::TaskSubmitted(task) => {
                let flow = self.flows.begin(About::Task(task.task));
                self.said(lane, event, "task", format!("submits {}", task.name), Some(flow));
            }
            ProgramEvent::TaskStarted(task) => {
                let flow = self.flows.pass(About::Task(task.task));
                self.slice(lane, event, "task", task.name.as_str()).flow = Some(flow);
                self.opened(lane, Key::Task(task.task));
            }
            ProgramEvent::TaskFinished(task) => self.ends_task(lane, task.task, json!({"value": task.value})),
            ProgramEvent::TaskFailed(task) => self.ends_task(lane, task.task, json!({"error": task.error})),
            ProgramEvent::TaskCallback(task) => {
                let flow = self.flows.end(About::Task(task.task));
                self.said(lane, event, "task", format!("callback of {}", task.name), flow);
            }
            ProgramEvent::QueueCreated(queue) => {
                self.queues.push((queue.queue, &queue.name));
                self.said(lane, event, "queue", format!("makes {}", queue.name), None);
                self.count(self.own(), event, queue.name.clone(), "items", 0);
            }
            ProgramEvent::QueuePut(item) => {
                let flow = self.flows.begin(About::Item(item.queue, item.item));
                self.item(lane, event, "puts", item, Some(flow));
            }
            ProgramEvent::QueueGet(item) => {
                let flow = self.flows.end(About::Item(item.queue, item.item));
                self.item(lane, event, "gets", item, flow);
            }
            ProgramEvent::QueueBlocked(wait) => {
                let name = format!("waits in {} of {}", op(wait.op), self.queue(wait.queue));
                self.slice(lane, event, "wait", name);
                self.opened(lane, Key::Queue(wait.queue, wait.op));
            }
            ProgramEvent::QueueUnblocked(wait) => self.waited(lane, wait),
            ProgramEvent::QueueTimeout(wait) => {
                self.waited(lane, wait);
                let name = format!("gives up waiting in {}", op(wait.op));
                self.said(lane, event, "queue", name, None);
            }
            ProgramEvent::PipeSent(sent) => {
                let flow = self.flows.begin(About::Message(sent.pipe, sent.item));
                self.said(lane, event, "pipe", format!("sends {} bytes", sent.bytes), Some(flow));
            }
            ProgramEvent::PipeReceived(got) => {
                let flow = self.flows.end(About::Message(got.pipe, got.item));
                self.said(lane, event, "pipe", format!("receives {} bytes", got.bytes), flow);
            }
            ProgramEvent::SyncWaiting(wait) => {
                self.slice(lane, event, "wait", format!("waits for {}", wait.name));
                self.opened(lane, Key::Wait(wait.object, wait.kind));
            }
            ProgramEvent::SyncAcquired(got) => self.acquired(lane, event, got),
            ProgramEvent::SyncReleased(gave) => self.released(lane, event, gave),
            ProgramEvent::SyncTimeout(wait) => {
                self.close(lane, Key::Wait(wait.object, wait.kind));
                self.said(lane, event, "sync", format!("waited in vain for {}", wait.name), None);
            }
            ProgramEvent::VariableSet(set) => {
                let name = format!("{} = {}", set.name, set.value);
                self.said(lane, event, "variable", name, None);
            }
            ProgramEvent::Progress(progress) => {
                self.said(lane, event, "progress", format!("{} of {}", progress.done, progress.total), None);
            }
        }
    }

    fn said(
        &mut self,
        lane: usize,
        event: &Event,
        category: &'static str,
        name: impl Into<Cow<'a, str>>,
        flow: Option<Flow>,
    ) {
        self.moment(lane, event, category, name).flow = flow;
    }

    fn ends_task(&mut self, lane: usize, task: u64, came_of_it: Value) {
        self.tell(lane, Key::Task(task), came_of_it);
        self.close(lane, Key::Task(task));
    }

    fn item(&mut self, lane: usize, event: &Event, does: &str, item: &QueueItem, flow: Option<Flow>) {
        let what = item.value.as_ref().map_or_else(|| format!("{} bytes", item.bytes), ToString::to_string);
        let slice = self.moment(lane, event, "queue", format!("{does} {what}"));
        slice.flow = flow;
        slice.args.extend(args(json!({"item": item.item, "bytes": item.bytes, "size": item.size})));
        let name = self.queue(item.queue).into_owned();
        self.count(self.own(), event, name, "items", item.size);
    }

    fn queue(&self, number: u64) -> Cow<'a, str> {
        let known = self.queues.iter().find(|(queue, _)| *queue == number);
        known.map_or_else(|| format!("queue {number}").into(), |(_, name)| (*name).into())
    }

    fn waited(&mut self, lane: usize, wait: &QueueOp) {
        self.close(lane, Key::Queue(wait.queue, wait.op));
    }

    /// Only locks and semaphores are held.
    fn acquired(&mut self, lane: usize, event: &'a Event, got: &'a SyncObject) {
        self.close(lane, Key::Wait(got.object, got.kind));
        if matches!(got.kind, SyncKind::Lock | SyncKind::Semaphore) {
            self.slice(lane, event, "sync", format!("holds {}", got.name));
            self.opened(lane, Key::Hold(got.object, got.kind));
        }
    }

    /// Whoever gives back what another one has, gives back for it.
    fn released(&mut self, lane: usize, event: &'a Event, gave: &'a SyncObject) {
        let key = Key::Hold(gave.object, gave.kind);
        if !self.close(lane, key) {
            let holder = self.open.iter().position(|open| open.iter().any(|(open, _)| *open == key));
            if let Some(holder) = holder {
                self.close(holder, key);
            }
            self.said(lane, event, "sync", format!("releases {}", gave.name), None);
        }
    }
}

fn op(op: Op) -> &'static str {
    match op {
        Op::Put => "put",
        Op::Get => "get",
    }
}
