//! Observing without ptrace(2), for hosts that forbid it.
//!
//! The supervisor is the subreaper still, so nobody escapes and the end is certain. Births are
//! found by looking at `/proc/*/task/*/children` often, ends by pidfds; a parent may be faster than
//! both. `run.started` says so (`observer: degraded`), and the events keep
//! every promise about their order but that nothing is missed.

use std::time::{Duration, Instant};

use protocol::Pid;
use rustix::event::epoll::EventFlags;

use crate::family::Kernel;
use crate::poller::Ready;
use crate::proc;
use crate::ptrace::Signal;
use crate::run::Run;
use crate::status::{ExitStatus, Usage};

/// Between two looks for new processes.
const SCAN: Duration = Duration::from_millis(20);

/// When to look for processes.
pub struct Scanner {
    next: Instant,
}

impl Scanner {
    /// Looks at once.
    pub fn new() -> Self {
        Scanner { next: Instant::now() }
    }

    /// When to look next.
    pub fn next_scan(&self) -> Instant {
        self.next
    }
}

impl Run {
    /// Looks for processes that are new.
    pub(crate) fn scan(&mut self) {
        if let Some(scanner) = &mut self.scanner {
            scanner.next = Instant::now() + SCAN;
        }
        let me = std::process::id() as Pid;
        let mut parents: Vec<Pid> = self.family.alive().chain([me]).collect();
        while let Some(parent) = parents.pop() {
            for child in proc::tasks(parent).into_iter().flat_map(|task| proc::children(parent, task)) {
                if !self.family.knows(child) {
                    self.found(child, parent);
                    parents.push(child);
                }
            }
        }
        self.watch_ends();
    }

    /// Waits for the pidfds that are not waited for yet. Whoever has none was reaped before one could be had.
    fn watch_ends(&mut self) {
        let mut gone = Vec::new();
        for pid in self.family.alive() {
            match self.kin.get(pid) {
                // EEXIST for those that are waited for already.
                Some(fd) => {
                    drop(self.poller.add(fd, Ready::Process(pid), EventFlags::IN | EventFlags::ONESHOT))
                }
                None => gone.push(pid),
            }
        }
        gone.into_iter().for_each(|pid| self.notice_end(pid));
    }

    /// A pidfd is ready: the process has ended. Those of our own children come by `wait4(2)`.
    pub(crate) fn notice_end(&mut self, pid: Pid) {
        let me = std::process::id() as Pid;
        if !self.family.is_alive(pid) || self.kin.parent_of(pid) == Some(me) {
            return;
        }
        let Some((status, usage)) = self.end_of(pid) else { return };
        self.drain();
        if self.family.ending(pid).is_some() {
            self.exits(pid, status);
        }
        if self.family.ended(pid, usage, &self.kin, &mut self.log) {
            if let Some(fd) = self.kin.get(pid) {
                self.poller.remove(fd);
            }
            self.watch_zombie(pid);
        }
    }

    /// How a process ended; `None` while it lives. Code -1 where its parent was faster and the
    /// kernel too old to tell.
    fn end_of(&self, pid: Pid) -> Option<(ExitStatus, Usage)> {
        proc::zombie(pid).or_else(|| {
            let status = || self.kin.exit_status(pid).unwrap_or(ExitStatus::Code(-1));
            self.kin.is_reaped(pid).then(|| (status(), Usage::default()))
        })
    }

    /// `wait4(2)` reports a child of ours: what must have happened before is told before.
    pub(crate) fn catch_up(&mut self, pid: Pid) {
        let me = std::process::id() as Pid;
        if !self.family.knows(pid) {
            self.found(pid, me);
        }
        if let Some(parent) = self.family.parent(pid).filter(|parent| *parent != me) {
            self.notice_end(parent);
        }
    }

    /// Nobody will report the delivery of a visitor's signal, so it is told when it is sent.
    pub(crate) fn tell_unseen_signal(&mut self, pid: Pid, signal: i32) {
        if signal != libc::SIGKILL {
            let sent = Signal { signal, code: libc::SI_USER, sender: std::process::id() as Pid };
            self.family.signaled(pid, sent, &mut self.log);
        }
    }
}
