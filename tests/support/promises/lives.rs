//! The life of each process: started, exited, zombie, reaped, in this order and each once.

use std::collections::HashMap;

use serde_json::Value;

use super::{Faults, require};

/// Where a process stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Phase {
    Alive,
    Exited,
    Zombie,
}

struct Life {
    parent: i64,
    phase: Phase,
    stopped: bool,
}

/// The processes of a run as the log tells of them.
#[derive(Default)]
pub(crate) struct Lives {
    supervisor: i64,
    degraded: bool,
    /// Who buries the run when its supervisor has died: the server, one process for all.
    heir: Option<i64>,
    crashed: bool,
    present: HashMap<i64, Life>,
    started: u64,
    exited: u64,
    reaped: u64,
}

impl Lives {
    /// The supervisor dies in this run, so somebody outside it may inherit its processes.
    pub(crate) fn expect_heir(&mut self) {
        self.crashed = true;
    }

    /// Takes what `run.started` says.
    pub(crate) fn begin(&mut self, event: &Value) {
        self.supervisor = event["supervisor"].as_i64().unwrap_or(-1);
        self.degraded = event["observer"] == "degraded";
    }

    /// One event of a process.
    pub(crate) fn event(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        match kind {
            "process.started" => self.started(event, faults),
            "process.exited" => self.exited(event, faults),
            "process.zombie" => self.zombie(event, faults),
            "process.reaped" => self.reaped(event, faults),
            "process.reparented" => self.reparented(event, faults),
            _ => self.living(kind, event, faults),
        }
    }

    /// An event that only a process that has started and not exited can cause.
    pub(crate) fn speaks(&self, event: &Value, faults: &mut Faults) {
        match self.present.get(&pid_of(event)) {
            None => faults.add(event, format_args!("{} has not started", event["pid"])),
            Some(life) if life.phase != Phase::Alive => {
                faults.add(event, format_args!("{} has exited", event["pid"]))
            }
            Some(_) => {}
        }
    }

    fn started(&mut self, event: &Value, faults: &mut Faults) {
        require(faults, event, &["pid", "ppid", "how"]);
        let (pid, parent) = (pid_of(event), event["ppid"].as_i64().unwrap_or(-1));
        if parent != self.supervisor && !self.degraded && !self.is_alive(parent) {
            faults.add(event, format_args!("its parent {parent} is not alive"));
        }
        if (event["how"] == "spawn") != (self.started == 0) {
            faults.add(event, "the first process and no other is spawned");
        }
        self.started += 1;
        let life = Life { parent, phase: Phase::Alive, stopped: false };
        if self.present.insert(pid, life).is_some() {
            faults.add(event, format_args!("{pid} starts while it is still there"));
        }
    }

    fn exited(&mut self, event: &Value, faults: &mut Faults) {
        match (event.get("code"), event.get("signal")) {
            (Some(code), None) if self.degraded || matches!(code.as_i64(), Some(0..=255)) => {}
            (None, Some(signal)) if signal.as_str().is_some_and(|name| name.starts_with("SIG")) => {}
            _ => faults.add(event, "needs a code from 0 to 255 or a signal"),
        }
        self.exited += 1;
        self.advance(Phase::Alive, Phase::Exited, event, faults);
    }

    fn zombie(&mut self, event: &Value, faults: &mut Faults) {
        require(faults, event, &["user_us", "sys_us", "max_rss_kib"]);
        self.advance(Phase::Exited, Phase::Zombie, event, faults);
    }

    fn reaped(&mut self, event: &Value, faults: &mut Faults) {
        self.reaped += 1;
        self.advance(Phase::Zombie, Phase::Zombie, event, faults);
        let parent = self.present.remove(&pid_of(event)).map(|life| life.parent);
        if event["by"].as_i64() != parent {
            faults.add(event, format_args!("by {}, but its parent is {parent:?}", event["by"]));
        }
    }

    fn reparented(&mut self, event: &Value, faults: &mut Faults) {
        let parent = event["ppid"].as_i64().unwrap_or(-1);
        let known = parent == self.supervisor || self.degraded || self.is_alive(parent);
        let inherits = !known && self.crashed && *self.heir.get_or_insert(parent) == parent;
        if !known && !inherits {
            faults.add(event, format_args!("the new parent {parent} is not alive"));
        }
        if self.is_alive(event["was"].as_i64().unwrap_or(-1)) {
            faults.add(event, format_args!("the former parent {} is still alive", event["was"]));
        }
        match self.present.get_mut(&pid_of(event)) {
            Some(life) if event["was"].as_i64() == Some(life.parent) && life.parent != parent => {
                life.parent = parent
            }
            Some(life) => faults.add(event, format_args!("its parent was {}", life.parent)),
            None => faults.add(event, "is of a process that is not there"),
        }
    }

    fn living(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        self.speaks(event, faults);
        let Some(life) = self.present.get_mut(&pid_of(event)) else { return };
        match kind {
            "process.stopped" if life.stopped => faults.add(event, "is stopped twice"),
            "process.stopped" => life.stopped = true,
            "process.continued" if !life.stopped => faults.add(event, "was not stopped"),
            "process.continued" => life.stopped = false,
            "process.signaled" => require(faults, event, &["signal", "from"]),
            "process.exec" => require(faults, event, &["exe", "argv"]),
            "process.sampled" => require(faults, event, &["state", "cpu_us", "rss_kib"]),
            "process.named" => require(faults, event, &["name", "role"]),
            "output" if event["text"].as_str().is_none_or(|text| text.contains('\n')) => {
                faults.add(event, "is not one line of text")
            }
            "output" => require(faults, event, &["stream"]),
            _ => faults.add(event, "is of no known kind"),
        }
    }

    fn advance(&mut self, from: Phase, to: Phase, event: &Value, faults: &mut Faults) {
        match self.present.get_mut(&pid_of(event)) {
            Some(life) if life.phase == from => life.phase = to,
            Some(life) => faults.add(event, format_args!("{} is {:?}", event["pid"], life.phase)),
            None => faults.add(event, format_args!("{} is not there", event["pid"])),
        }
    }

    fn is_alive(&self, pid: i64) -> bool {
        self.present.get(&pid).is_some_and(|life| life.phase == Phase::Alive)
    }

    /// That everybody is gone, and `run.finished` counted right.
    pub(crate) fn end(&self, last: &Value, faults: &mut Faults) {
        for (pid, life) in &self.present {
            faults.add(last, format_args!("{pid} is still {:?}", life.phase));
        }
        for (name, count) in [("started", self.started), ("exited", self.exited), ("reaped", self.reaped)] {
            if last["processes"][name].as_u64() != Some(count) {
                faults.add(last, format_args!("{name} {}, the log has {count}", last["processes"][name]));
            }
        }
    }
}

fn pid_of(event: &Value) -> i64 {
    event["pid"].as_i64().unwrap_or(-1)
}
