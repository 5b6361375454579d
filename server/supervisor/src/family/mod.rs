//! The processes of a run, their threads and their parents: a state machine without system calls.
//!
//! It is fed with decoded stops and deaths in the order in which they were taken out of
//! `wait4(2)`, and records the events of the log. Where a stop does not say enough it
//! asks a [`Kernel`], which in tests is a table. A pid is known from its birth until
//! it is reaped, so the same number may come again. A process passes three phases: it lives, it has
//! exited (its peers can know), it is a zombie (its parent can know); then it is reaped and forgotten.

mod control;
mod deaths;
mod signals;
#[cfg(test)]
mod tests;
mod waits;

use std::collections::{BTreeSet, HashMap};

use libc::c_int;
use protocol::Pid;
use protocol::event::{How, KernelEvent, ProcessCount, ProcessExec, ProcessStarted, Sender};

use crate::status::Usage;

pub use control::{Evidence, JobControl};
pub use waits::{Wait, WaitCall};

/// What only the kernel knows.
pub trait Kernel {
    /// The present parent of a process; `None` when it is gone.
    fn parent_of(&self, pid: Pid) -> Option<Pid>;
    /// Whether the status of a process was read, so that its pid is free.
    fn is_reaped(&self, pid: Pid) -> bool;
    /// What a process used that is dead while its death waits to be taken.
    fn death_of(&self, pid: Pid) -> Option<Usage>;
}

/// Who writes events down.
pub trait Record {
    /// Writes an event of a process down.
    fn record(&mut self, pid: Pid, event: KernelEvent);
}

/// The processes of one run.
#[derive(Debug)]
pub struct Family {
    supervisor: Pid,
    processes: HashMap<Pid, Process>,
    tasks: HashMap<Pid, Task>,
    /// Pids that became free since [`Family::take_reaped`].
    reaped: Vec<Pid>,
    /// Processes that have exited and are not known to be dead.
    exited: BTreeSet<Pid>,
    /// Tasks in a wait; some may have left it with their process.
    waiting: BTreeSet<Pid>,
    living: u64,
    count: ProcessCount,
}

#[derive(Debug)]
struct Process {
    parent: Pid,
    children: BTreeSet<Pid>,
    phase: Phase,
    /// Tasks that have not reached their exit stop.
    living: usize,
    threaded: bool,
    control: JobControl,
    killer: Option<Sender>,
    /// Signals that a visitor sent and that are not delivered yet.
    visitor: BTreeSet<c_int>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Alive,
    Exited,
    Zombie,
}

#[derive(Debug)]
struct Task {
    process: Pid,
    exiting: bool,
    wait: Option<Wait>,
    for_parent: bool,
}

impl Family {
    /// A family without members, whose orphans come to `supervisor`.
    pub fn new(supervisor: Pid) -> Self {
        Family {
            supervisor,
            processes: HashMap::new(),
            tasks: HashMap::new(),
            reaped: Vec::new(),
            exited: BTreeSet::new(),
            waiting: BTreeSet::new(),
            living: 0,
            count: ProcessCount::default(),
        }
    }

    /// The first process of the run.
    pub fn first(&mut self, pid: Pid, log: &mut dyn Record) {
        self.start(pid, self.supervisor, How::Spawn, log);
    }

    /// The task `by` made a process.
    pub fn born(&mut self, by: Pid, child: Pid, how: How, log: &mut dyn Record) {
        let Some(task) = self.tasks.get_mut(&by) else { return };
        let maker = task.process;
        let sibling = std::mem::take(&mut task.for_parent);
        let parent = match sibling {
            true => self.processes.get(&maker).map_or(self.supervisor, |process| process.parent),
            false => maker,
        };
        self.start(child, parent, how, log);
    }

    /// A number is given to a new task. If a zombie had it, its parent has read its status,
    /// though that was not seen yet.
    pub fn comes_again(&mut self, pid: Pid, log: &mut dyn Record) {
        if self.processes.get(&pid).is_some_and(|process| process.phase == Phase::Zombie) {
            self.reap(pid, log);
        }
    }

    /// The pids that became free since this was last asked.
    pub fn take_reaped(&mut self) -> Vec<Pid> {
        std::mem::take(&mut self.reaped)
    }

    /// A process whose birth nobody reported, because its parent was killed in that moment.
    pub fn found(&mut self, child: Pid, parent: Pid, log: &mut dyn Record) {
        self.start(child, parent, How::Fork, log);
    }

    fn start(&mut self, pid: Pid, parent: Pid, how: How, log: &mut dyn Record) {
        if self.processes.contains_key(&pid) {
            return;
        }
        self.processes.insert(pid, Process::new(parent));
        if let Some(parent) = self.processes.get_mut(&parent) {
            parent.children.insert(pid);
        }
        self.add_task(pid, pid);
        self.count.started += 1;
        log.record(pid, KernelEvent::ProcessStarted(ProcessStarted { ppid: parent, how }));
    }

    /// The task `by` made a thread.
    pub fn thread(&mut self, by: Pid, tid: Pid) {
        let Some(process) = self.tasks.get(&by).map(|task| task.process) else { return };
        if self.tasks.contains_key(&tid) {
            return;
        }
        self.add_task(tid, process);
        if let Some(process) = self.processes.get_mut(&process) {
            process.threaded = true;
        }
    }

    fn add_task(&mut self, tid: Pid, process: Pid) {
        self.tasks.insert(tid, Task { process, exiting: false, wait: None, for_parent: false });
        self.living += 1;
        if let Some(process) = self.processes.get_mut(&process) {
            process.living += 1;
        }
    }

    /// A process replaced its program; only its leader is left of its threads.
    pub fn exec(&mut self, pid: Pid, exec: ProcessExec, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        self.living = self.living + 1 - process.living as u64;
        process.living = 1;
        if process.threaded {
            process.threaded = false;
            // Their deaths have been reported, but for the one that took the leader's number.
            self.tasks.retain(|tid, task| task.process != pid || *tid == pid);
        }
        let task = Task { process: pid, exiting: false, wait: None, for_parent: false };
        self.tasks.insert(pid, task);
        log.record(pid, KernelEvent::ProcessExec(exec));
    }

    /// The process of a task; `None` for a task whose birth was not reported yet.
    pub fn process_of(&self, tid: Pid) -> Option<Pid> {
        self.tasks.get(&tid).map(|task| task.process)
    }

    /// Whether a process has started and not exited.
    pub fn is_alive(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.phase == Phase::Alive)
    }

    /// The parent of a process, as the log has it.
    pub fn parent(&self, pid: Pid) -> Option<Pid> {
        self.processes.get(&pid).map(|process| process.parent)
    }

    /// Whether a process is known, alive or not.
    pub fn knows(&self, pid: Pid) -> bool {
        self.processes.contains_key(&pid)
    }

    /// Whether the log says that a process is stopped.
    pub fn is_stopped(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.control.is_stopped())
    }

    /// The number of the stop that a process stands in; `None` while it runs or is on its way.
    pub fn stands_in(&self, pid: Pid) -> Option<u64> {
        self.processes.get(&pid)?.control.stands_in()
    }

    /// Whether a process has or had more than one thread since its last `exec`.
    pub fn is_threaded(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.threaded)
    }

    /// The processes that have started and not exited.
    pub fn alive(&self) -> impl Iterator<Item = Pid> {
        let alive = self.processes.iter().filter(|(_, process)| process.phase == Phase::Alive);
        alive.map(|(pid, _)| *pid)
    }

    /// Whether the log says that a process is a zombie.
    fn is_zombie(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.phase == Phase::Zombie)
    }

    /// The processes whose status waits to be read.
    pub fn zombies(&self) -> impl Iterator<Item = Pid> {
        let zombies = self.processes.iter().filter(|(_, process)| process.phase == Phase::Zombie);
        zombies.map(|(pid, _)| *pid)
    }

    /// How many processes and threads live.
    pub fn living(&self) -> u64 {
        self.living
    }

    /// How many processes there were.
    pub fn count(&self) -> ProcessCount {
        self.count
    }

    /// The next process that the task makes is its sibling and not its child, `CLONE_PARENT`.
    pub fn clones_for_parent(&mut self, tid: Pid) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.for_parent = true;
        }
    }

    /// Whether a living task may have made a child for its parent, and has not reported it.
    pub fn awaits_sibling(&self, parent: Pid) -> bool {
        let makers = self.tasks.values().filter(|task| task.for_parent && !task.exiting);
        makers.map(|task| task.process).any(|maker| self.parent(maker) == Some(parent))
    }
}

impl Process {
    fn new(parent: Pid) -> Self {
        Process {
            parent,
            children: BTreeSet::new(),
            phase: Phase::Alive,
            living: 0,
            threaded: false,
            control: JobControl::default(),
            killer: None,
            visitor: BTreeSet::new(),
        }
    }
}
