//! The end of a process: exited, zombie, reaped; and whose its children are then.
//!
//! Linux gives the status of a traced process to its tracer first; the parent learns
//! of it only after that. So a zombie always comes before its parent's `SIGCHLD`,
//! and the parent's wait can be seen when it returns. Whoever looks otherwise (a pidfd, `/proc`,
//! a number that is free, a parent that is another) may know a moment earlier: see [`Family::look`].

use protocol::Pid;
use protocol::event::{KernelEvent, ProcessReaped, ProcessReparented, ProcessSignaled, Sender};

use super::{Family, Kernel, Phase, Record};
use crate::status::{ExitStatus, Usage};

impl Family {
    /// A task reached its exit stop, or is dead. The pid of its process if this was the last
    /// task of it, so that [`Family::exited`] is to be told once everything it wrote is.
    pub fn ending(&mut self, tid: Pid) -> Option<Pid> {
        let task = self.tasks.get_mut(&tid)?;
        let pid = task.process;
        let process = self.processes.get_mut(&pid)?;
        if !std::mem::replace(&mut task.exiting, true) {
            process.living -= 1;
            self.living -= 1;
        }
        (process.living == 0 && process.phase == Phase::Alive).then_some(pid)
    }

    /// The process is gone for its peers.
    pub fn exited(&mut self, pid: Pid, status: ExitStatus, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.phase != Phase::Alive {
            return;
        }
        if let (ExitStatus::Signal(libc::SIGKILL), Some(from)) = (status, process.killer.take()) {
            let signal = crate::signals::name(libc::SIGKILL);
            log.record(pid, KernelEvent::ProcessSignaled(ProcessSignaled { signal, from }));
        }
        process.phase = Phase::Exited;
        self.exited.insert(pid);
        self.count.exited += 1;
        log.record(pid, KernelEvent::ProcessExited(status.into()));
    }

    /// A task is dead, and its death is taken. Whether its process is a zombie from now on.
    ///
    /// [`Family::ending`] and [`Family::exited`] must have been told before.
    pub fn ended(&mut self, tid: Pid, usage: Usage, kernel: &dyn Kernel, log: &mut dyn Record) -> bool {
        let leads = self.processes.contains_key(&tid);
        if self.tasks.remove(&tid).is_none() && leads {
            // An orphan that was a zombie already comes a second time, now as a child of ours.
            self.take_over(tid, self.supervisor, log);
            self.reap(tid, log);
            return false;
        }
        if leads {
            self.died(tid, usage, kernel, log);
            self.reap_at_once(tid, kernel, log);
        }
        self.processes.contains_key(&tid)
    }

    /// Tells of deaths before their report is taken, and of reapings before the wait is left.
    ///
    /// To be asked when something was heard and is not recorded yet: whoever said it may have known.
    /// The kernel is asked only about those who have exited and not been reported dead, and about
    /// the zombies of those who wait.
    pub fn look(&mut self, kernel: &dyn Kernel, log: &mut dyn Record) {
        for pid in self.exited.clone() {
            if let Some(usage) = kernel.death_of(pid) {
                self.died(pid, usage, kernel, log);
            }
        }
        self.look_at_waits(kernel, log);
    }

    /// Whether the exit of a process is told, so that nothing of it is still to be heard.
    pub fn has_exited(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.phase != Phase::Alive)
    }

    /// A process is dead: its status can be read, and its children have another parent. Told once.
    fn died(&mut self, pid: Pid, usage: Usage, kernel: &dyn Kernel, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid).filter(|process| process.phase != Phase::Zombie)
        else {
            return;
        };
        process.phase = Phase::Zombie;
        let children = std::mem::take(&mut process.children);
        self.exited.remove(&pid);
        log.record(pid, KernelEvent::ProcessZombie(usage.into()));
        for child in children {
            self.orphan(child, pid, kernel, log);
        }
    }

    /// Its death was taken. That reaps it where it is our child, or its parent ignores `SIGCHLD`;
    /// a parent that has exited itself has left it to us meanwhile.
    fn reap_at_once(&mut self, pid: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let Some(parent) = self.parent(pid) else { return };
        if parent == self.supervisor || kernel.is_reaped(pid) {
            if self.has_exited(parent) {
                self.take_over(pid, self.supervisor, log);
            }
            self.reap(pid, log);
        }
    }

    /// A parent is dead; the kernel gave its child to somebody else before it told us.
    fn orphan(&mut self, child: Pid, was: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        if self.is_zombie(child) && kernel.is_reaped(child) {
            // The parent was killed while it left the wait in which it reaped.
            return self.reap(child, log);
        }
        let parent = kernel.parent_of(child).unwrap_or(self.supervisor);
        if parent != was {
            self.take_over(child, parent, log);
        }
    }

    /// The pid of a zombie is free, and no wait of its parent was seen.
    pub fn vanished(&mut self, pid: Pid, log: &mut dyn Record) {
        let Some(process) = self.processes.get(&pid) else { return };
        if process.phase == Phase::Zombie && !self.has_exited(process.parent) {
            self.reap(pid, log);
        }
    }

    /// Notes who sends a `SIGKILL`; it is told when the process dies of it.
    pub fn kills(&mut self, pid: Pid, from: Sender) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.killer.get_or_insert(from);
        }
    }

    pub(super) fn take_over(&mut self, child: Pid, parent: Pid, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&child) else { return };
        let was = std::mem::replace(&mut process.parent, parent);
        if was == parent {
            return;
        }
        if let Some(former) = self.processes.get_mut(&was) {
            former.children.remove(&child);
        }
        if let Some(parent) = self.processes.get_mut(&parent) {
            parent.children.insert(child);
        }
        log.record(child, KernelEvent::ProcessReparented(ProcessReparented { ppid: parent, was }));
    }

    /// Forgets a zombie whose status its parent has read.
    pub(super) fn reap(&mut self, pid: Pid, log: &mut dyn Record) {
        let Some(process) = self.processes.remove(&pid) else { return };
        if let Some(parent) = self.processes.get_mut(&process.parent) {
            parent.children.remove(&pid);
        }
        self.count.reaped += 1;
        self.reaped.push(pid);
        log.record(pid, KernelEvent::ProcessReaped(ProcessReaped { by: process.parent }));
    }
}
