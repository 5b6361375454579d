//! What the kernel tells: lives, deaths and burials, signals, outputs, memory.

use protocol::event::{KernelEvent, Output, ProcessExited, ProcessSignaled, Sender};
use protocol::{Event, Pid};
use serde_json::json;

use super::{Fold, Key, args};
use crate::trace::flows::{About, Flow};

impl<'a> Fold<'a, '_> {
    /// Takes an event of the kernel's.
    pub(super) fn kernel(&mut self, lane: usize, event: &'a Event, body: &'a KernelEvent) {
        match body {
            KernelEvent::ProcessStarted(started) => self.born(lane, event, started.ppid),
            KernelEvent::ProcessExec(exec) => {
                self.moment(lane, event, "process", "exec")
                    .args
                    .extend(args(json!({"exe": exec.exe, "argv": exec.argv})));
            }
            KernelEvent::ProcessStopped(stopped) => {
                self.slice(lane, event, "signal", format!("stopped by {}", stopped.signal));
                self.opened(lane, Key::Stopped);
            }
            KernelEvent::ProcessContinued(_) => drop(self.close(lane, Key::Stopped)),
            KernelEvent::ProcessSignaled(signaled) => self.signaled(lane, event, signaled),
            KernelEvent::ProcessExited(exited) => self.exited(lane, event, exited),
            KernelEvent::ProcessZombie(used) => {
                let used =
                    json!({"user_us": used.user_us, "sys_us": used.sys_us, "max_rss_kib": used.max_rss_kib});
                self.tell(lane, Key::Zombie, used);
            }
            KernelEvent::ProcessReaped(reaped) => self.reaped(lane, event, reaped.by),
            KernelEvent::ProcessReparented(new) => {
                let name = format!("has a new parent: {}", self.called(new.ppid));
                self.moment(lane, event, "process", name);
            }
            KernelEvent::ProcessSampled(sample) => {
                self.count(lane, event, "memory".into(), "KiB", sample.rss_kib);
            }
            KernelEvent::Output(Output { stream, text }) => {
                self.moment(lane, event, "output", text.as_str())
                    .args
                    .extend(args(json!({"stream": stream})));
            }
        }
    }

    /// An arrow leads from the parent to the child's life.
    fn born(&mut self, lane: usize, event: &Event, parent: Pid) {
        let flow = self.flows.fresh();
        let above = self.lane(Some(parent));
        let name = self.family.name(lane);
        self.moment(above, event, "process", format!("starts {name}")).flow = Some(flow);
        self.then();
        let life = self.slice(lane, event, "process", name);
        life.flow = Some(flow.arrives());
        self.opened(lane, Key::Life);
    }

    fn signaled(&mut self, lane: usize, event: &Event, signaled: &ProcessSignaled) {
        let ProcessSignaled { signal, from } = signaled;
        let (words, sent) = match from {
            Sender::Pid(0) => ("the kernel".to_owned(), None),
            Sender::Pid(pid) => (self.called(*pid), self.sends(lane, event, *pid, signal)),
            Sender::Visitor(_) => ("the visitor".to_owned(), None),
        };
        let slice = self.moment(lane, event, "signal", format!("{signal} from {words}"));
        slice.flow = sent.map(Flow::arrives);
    }

    /// Where a process sends another one a signal, an arrow shows it.
    fn sends(&mut self, lane: usize, event: &Event, from: Pid, signal: &str) -> Option<Flow> {
        let sender = self.present.place(from).filter(|sender| *sender != lane)?;
        let flow = self.flows.fresh();
        let name = format!("sends {signal} to {}", self.family.name(lane));
        self.moment(sender, event, "signal", name).flow = Some(flow);
        self.then();
        Some(flow)
    }

    /// Life and all that was in it ends; the zombie begins, and from it an arrow to who reaps it.
    fn exited(&mut self, lane: usize, event: &Event, exited: &ProcessExited) {
        self.tell(lane, Key::Life, json!(exited));
        self.close_all(lane);
        let flow = self.flows.begin(About::Death(lane));
        let name = match exited {
            ProcessExited::Code { code } => format!("zombie, exit code {code}"),
            ProcessExited::Signal { signal } => format!("zombie, ended by {signal}"),
        };
        self.slice(lane, event, "process", name).flow = Some(flow);
        self.opened(lane, Key::Zombie);
        self.count(lane, event, "memory".into(), "KiB", 0);
    }

    fn reaped(&mut self, lane: usize, event: &Event, by: Pid) {
        self.close(lane, Key::Zombie);
        let flow = self.flows.end(About::Death(lane));
        let name = format!("reaps {}", self.family.name(lane));
        self.moment(self.lane(Some(by)), event, "process", name).flow = flow;
    }
}
