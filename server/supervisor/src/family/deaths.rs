//! The end of a process: exited, zombie, reaped; and whose its children are then.
//!
//! Linux gives the status of a traced process to its tracer first; the parent learns
//! of it only after that. So a zombie always comes before its parent's `SIGCHLD`,
//! and the parent's wait can be seen when it returns.

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
        self.count.exited += 1;
        log.record(pid, KernelEvent::ProcessExited(status.into()));
    }

    /// A task is dead, says `wait4(2)`. Whether its process is a zombie from now on.
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
            self.zombie(tid, usage, kernel, log);
        }
        self.processes.contains_key(&tid)
    }

    fn zombie(&mut self, pid: Pid, usage: Usage, kernel: &dyn Kernel, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.phase = Phase::Zombie;
        let (parent, children) = (process.parent, std::mem::take(&mut process.children));
        log.record(pid, KernelEvent::ProcessZombie(usage.into()));
        for child in children {
            self.orphan(child, pid, kernel, log);
        }
        if parent == self.supervisor || kernel.is_reaped(pid) {
            // Reaped at once: by us, or because its parent ignores SIGCHLD. A parent that
            // has exited itself has left it to us meanwhile.
            if self.has_exited(parent) {
                self.take_over(pid, self.supervisor, log);
            }
            self.reap(pid, log);
        }
    }

    /// A parent is dead; the kernel gave its child to somebody else before it told us.
    fn orphan(&mut self, child: Pid, was: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let is_zombie = self.processes.get(&child).is_some_and(|process| process.phase == Phase::Zombie);
        if is_zombie && kernel.is_reaped(child) {
            // The parent was killed while it left the wait in which it reaped.
            return self.reap(child, log);
        }
        let parent = kernel.parent_of(child).unwrap_or(self.supervisor);
        if parent != was {
            self.take_over(child, parent, log);
        }
    }

    /// The task `tid` waited and got the status of `child`.
    pub fn waited(&mut self, tid: Pid, child: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let Some(by) = self.process_of(tid) else { return };
        let is_zombie = self.processes.get(&child).is_some_and(|process| process.phase == Phase::Zombie);
        if is_zombie && kernel.is_reaped(child) {
            self.take_over(child, by, log);
            self.reap(child, log);
        }
    }

    /// The task `tid` waited and got some child's status, and would not be told whose.
    pub fn waited_blindly(&mut self, tid: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let process = self.process_of(tid).and_then(|pid| self.processes.get(&pid));
        for child in process.map(|process| process.children.clone()).unwrap_or_default() {
            self.waited(tid, child, kernel, log);
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

    fn has_exited(&self, pid: Pid) -> bool {
        self.processes.get(&pid).is_some_and(|process| process.phase != Phase::Alive)
    }

    fn take_over(&mut self, child: Pid, parent: Pid, log: &mut dyn Record) {
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
