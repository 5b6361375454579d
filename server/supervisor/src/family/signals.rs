//! Signals as the log tells of them.
//!
//! Left out: `SIGCHLD` from the kernel (the child's own events say it, and nearly every
//! program leaves it at its default, which is nothing), and the two signals that
//! the C library sends between threads.

use libc::c_int;
use protocol::Pid;
use protocol::event::{KernelEvent, ProcessContinued, ProcessSignaled, ProcessStopped, Sender, Visitor};

use super::{Evidence, Family, Record};
use crate::ptrace::Signal;
use crate::signals::{is_internal, name};

impl Family {
    /// A signal is about to be delivered to a task.
    pub fn signaled(&mut self, tid: Pid, signal: Signal, log: &mut dyn Record) {
        let Some(pid) = self.process_of(tid) else { return };
        match signal.signal {
            libc::SIGCHLD if signal.code == libc::CLD_CONTINUED => {
                return self.continued(signal.sender, Evidence::Child, log);
            }
            libc::SIGCHLD if signal.code == libc::CLD_STOPPED => return self.saw_stopped(signal.sender, log),
            libc::SIGCHLD if signal.code > 0 => return,
            internal if is_internal(internal) => return,
            libc::SIGCONT => self.continued(pid, Evidence::Delivery, log),
            libc::SIGSTOP => self.continued(pid, Evidence::Sight, log),
            _ => {}
        }
        let from = self.sender(pid, signal);
        let event = ProcessSignaled { signal: name(signal.signal), from };
        log.record(pid, KernelEvent::ProcessSignaled(event));
        self.stop_signal(pid, signal.signal, log);
    }

    fn stop_signal(&mut self, pid: Pid, signal: c_int, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        match signal {
            libc::SIGSTOP => self.halt(pid, signal, log),
            libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU => process.control.announce(signal),
            _ => {}
        }
    }

    /// A task reports that its process is stopped.
    pub fn group_stopped(&mut self, tid: Pid, log: &mut dyn Record) {
        let Some(pid) = self.process_of(tid) else { return };
        self.saw_stopped(pid, log);
        if tid == pid {
            self.stands(pid);
        }
    }

    /// The leader of a process stands still.
    fn stands(&mut self, pid: Pid) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.control.has_come_to_stand();
        }
    }

    /// The process is stopped: its parent knows, or one of its tasks reports it. Told unless it was.
    pub fn saw_stopped(&mut self, pid: Pid, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let Some(signal) = process.control.take_announced() else { return };
        self.continued(pid, Evidence::Sight, log);
        self.halt(pid, signal, log);
    }

    fn halt(&mut self, pid: Pid, signal: c_int, log: &mut dyn Record) {
        let alive = |process: &&mut super::Process| process.phase == super::Phase::Alive;
        let Some(process) = self.processes.get_mut(&pid).filter(alive) else { return };
        process.control.stop();
        log.record(pid, KernelEvent::ProcessStopped(ProcessStopped { signal: name(signal) }));
    }

    /// A process was seen to be stopped, without a report.
    pub fn seen_stopped(&mut self, pid: Pid, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if !process.control.is_stopped() {
            self.halt(pid, libc::SIGSTOP, log);
            self.stands(pid);
        }
    }

    /// A visitor sends a signal, in whose name the supervisor will be seen as the sender.
    pub fn visitor_sends(&mut self, pid: Pid, signal: c_int) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        match signal {
            libc::SIGKILL => process.killer = Some(Sender::Visitor(Visitor::Visitor)),
            // The kernel keeps one of a kind while it is pending, and delivers that one.
            _ => drop(process.visitor.insert(signal)),
        }
    }

    /// A trace that a process goes on; told if it is the first of the present stop.
    pub fn continued(&mut self, pid: Pid, evidence: Evidence, log: &mut dyn Record) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.control.continued(evidence) && process.phase == super::Phase::Alive {
            let signal = name(libc::SIGCONT);
            log.record(pid, KernelEvent::ProcessContinued(ProcessContinued { signal }));
        }
    }

    fn sender(&mut self, pid: Pid, signal: Signal) -> Sender {
        let from_process = matches!(signal.code, libc::SI_USER | libc::SI_QUEUE | libc::SI_TKILL);
        if !from_process {
            return Sender::Pid(0);
        }
        let ours = self.processes.get_mut(&pid).filter(|_| signal.sender == self.supervisor);
        match ours.is_some_and(|process| process.visitor.remove(&signal.signal)) {
            true => Sender::Visitor(Visitor::Visitor),
            false => Sender::Pid(signal.sender),
        }
    }
}
