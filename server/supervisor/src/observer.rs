//! What each report of the kernel means for the log.
//!
//! The rule of order: before anything of a stop is recorded, everything that was written
//! and said before is heard ([`Run::drain`]); then it is recorded; only then the
//! process goes on. So no effect of a stop can be in the log before it.
//!
//! A death and a reaping hold nobody, and others than the parent can learn of them. What led to
//! them was heard when the process exited and when its parent's wait began; so they are told
//! without hearing anybody first, and before what is heard at any other stop ([`crate::hearing`]).

use std::ffi::c_long;

use protocol::Pid;
use protocol::event::Sender;
use rustix::event::epoll::EventFlags;

use crate::family::{Evidence, Kernel, Wait, WaitCall};
use crate::poller::Ready;
use crate::proc;
use crate::ptrace::{self, Enter, Exit, Leave, Report, Stop, Stopped, peek};
use crate::run::Run;
use crate::status::{ExitStatus, Usage};

impl Run {
    /// Takes one report of the kernel.
    pub(crate) fn report(&mut self, report: Report) {
        match report {
            Report::Ended(tid, status, usage) => self.ended(tid, status, usage),
            Report::Stopped(stop) => self.stopped(stop),
        }
        self.forget_reaped();
    }

    fn stopped(&mut self, stop: Stop) {
        if self.family.process_of(stop.tid()).is_none() {
            return self.parked.park(stop.tid(), Report::Stopped(stop));
        }
        match stop {
            Stop::Birth(stop) => self.birth(stop),
            Stop::Exec(stop) => self.exec(stop),
            Stop::Exit(stop) => self.exit(stop),
            Stop::Enter(stop) => self.enter(stop),
            Stop::Leave(stop) => self.leave(stop),
            Stop::Signal(stop) => {
                self.drain();
                self.family.signaled(stop.tid, stop.kind, &mut self.log);
                stop.deliver();
            }
            Stop::Group(stop) => {
                self.drain();
                self.family.group_stopped(stop.tid, &mut self.log);
                stop.listen();
            }
            Stop::Plain(stop) => stop.resume(),
            Stop::Gone(_) => {}
        }
    }

    fn exit(&mut self, stop: Stopped<Exit>) {
        let (tid, status) = (stop.tid, stop.kind.status);
        let Some(pid) = self.family.process_of(tid) else { return stop.resume() };
        self.drain();
        let killed = matches!(status, ExitStatus::Signal(_));
        if killed && tid == pid {
            self.tell_missed_exec(pid);
        }
        // Whoever was killed may have been killed in the stop that told of a birth.
        let doubtful = killed || self.family.is_threaded(pid);
        if doubtful {
            self.find_children(pid, tid);
        }
        if self.family.ending(tid).is_some() && !(doubtful && self.find_threads(pid, tid)) {
            self.adopt_made_by(pid);
            self.exits(pid, status);
        }
        stop.resume();
    }

    /// Everything a process wrote is in the log: now its exit.
    pub(crate) fn exits(&mut self, pid: Pid, status: ExitStatus) {
        let (quota, log) = (&mut self.quota, &mut self.log);
        self.lines.flush(pid, |stream, line| quota.output(pid, stream, line, log));
        self.quota.exits(pid, &mut self.log);
        self.sampler.forget(pid);
        self.family.exited(pid, status, &mut self.log);
    }

    fn ended(&mut self, tid: Pid, status: ExitStatus, usage: Usage) {
        if self.scanner.is_some() {
            self.catch_up(tid);
        } else if self.family.process_of(tid).is_none() && !self.family.knows(tid) {
            return self.parked.park(tid, Report::Ended(tid, status, usage));
        }
        if self.family.knows(tid) && self.kin.is_reaped(tid) {
            self.hear_of_parent(tid);
        }
        // Where the exit is told, all that led to it was heard; what is said now may follow from this death.
        if !self.family.has_exited(tid) {
            self.drain();
        }
        if let Some(pid) = self.family.ending(tid) {
            self.adopt_made_by(pid);
            self.exits(pid, status);
        }
        if self.is_first(tid) {
            self.first_ended(status);
        }
        let zombie = self.family.ended(tid, usage, &self.kin, &mut self.log);
        if zombie && self.scanner.is_some() {
            self.watch_zombie(tid);
        }
    }

    /// Whoever is no child of the parent that the log has, had its parent die. That is told first:
    /// its exit stop may have been missed (it was killed while it was being resumed), its death waits
    /// to be taken. A parent that lives is left alone: what it has to report comes after this.
    fn hear_of_parent(&mut self, child: Pid) {
        let parent = self.family.parent(child).filter(|parent| self.family.is_alive(*parent));
        if let Some(parent) = parent.filter(|parent| ptrace::death_of(*parent).is_some())
            && let Ok(Some(report)) = ptrace::next_of(parent)
        {
            self.report(report);
        }
    }

    fn first_ended(&mut self, status: ExitStatus) {
        self.ending.first_ended(status);
        if let Some(error) = self.first.failure() {
            self.ending.fail(error.to_string());
        }
    }

    /// A zombie's pidfd hangs up when its status is read: where a parent's wait is not seen.
    pub(crate) fn watch_zombie(&mut self, pid: Pid) {
        if let Some(fd) = self.kin.get(pid) {
            let _ = self.poller.add(fd, Ready::Process(pid), EventFlags::ONESHOT);
        }
    }

    /// A pidfd became ready.
    pub(crate) fn process_ready(&mut self, pid: Pid) {
        // The number may belong to another process by now.
        if self.scanner.is_some() {
            self.notice_end(pid);
        }
        if self.kin.is_reaped(pid) {
            self.drain();
            self.family.vanished(pid, &mut self.log);
            self.forget_reaped();
        }
    }

    fn enter(&mut self, stop: Stopped<Enter>) {
        let Enter { number, args } = stop.kind;
        match number {
            libc::SYS_wait4 => self.enter_wait(stop.tid, Wait::wait4(args)),
            libc::SYS_waitid => self.enter_wait(stop.tid, Wait::waitid(args)),
            libc::SYS_clone => self.family.clones_for_parent(stop.tid),
            libc::SYS_kill | libc::SYS_tkill | libc::SYS_tgkill | libc::SYS_pidfd_send_signal => {
                self.note_killer(stop.tid, number, args)
            }
            _ => self.drain(),
        }
        match number {
            libc::SYS_wait4 | libc::SYS_waitid => stop.until_leave(),
            _ => stop.resume(),
        }
    }

    /// What is said before a wait comes before what the wait takes.
    fn enter_wait(&mut self, tid: Pid, wait: Wait) {
        self.drain();
        self.family.enters_wait(tid, wait);
    }

    /// A process is about to send `SIGKILL`: whom it will have killed.
    fn note_killer(&mut self, tid: Pid, call: c_long, args: [u64; 6]) {
        let Some(pid) = self.family.process_of(tid) else { return };
        let from = Sender::Pid(pid);
        let target = match call {
            libc::SYS_tgkill => self.family.process_of(args[1] as Pid),
            libc::SYS_tkill => self.family.process_of(args[0] as Pid),
            libc::SYS_pidfd_send_signal => proc::pidfd_target(pid, args[0] as i32),
            _ => Some(args[0] as Pid),
        };
        match target {
            Some(one @ 1..) => self.family.kills(one, from),
            // A process group, or everybody.
            Some(_) => self
                .family
                .alive()
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|pid| self.family.kills(pid, from.clone())),
            None => {}
        }
    }

    fn leave(&mut self, stop: Stopped<Leave>) {
        let tid = stop.tid;
        if let Some(call) = self.family.leaves_wait(tid) {
            match call {
                WaitCall::Wait4 { status } if stop.kind.result > 0 => {
                    let status = Some(status).filter(|status| *status != 0).and_then(|at| peek_int(tid, at));
                    self.waited(tid, stop.kind.result as Pid, status.map_or(News::Ended, News::of_status));
                }
                WaitCall::Waitid { info: 0 } if stop.kind.result == 0 => {
                    self.family.waited_blindly(tid, &self.kin, &mut self.log);
                }
                WaitCall::Waitid { info } if stop.kind.result == 0 => {
                    // siginfo_t of SIGCHLD: si_code at 8, si_pid at 16.
                    let (code, child) = (peek_int(tid, info + 8), peek_int(tid, info + 16));
                    self.waited(tid, child.unwrap_or(0), code.map_or(News::Ended, News::of_code));
                }
                _ => {}
            }
        }
        stop.resume();
    }

    fn waited(&mut self, tid: Pid, child: Pid, news: News) {
        match news {
            News::Ended => {
                if self.family.parent(child) != self.family.process_of(tid) {
                    self.hear_of_parent(child);
                }
                self.family.waited(tid, child, &self.kin, &mut self.log);
            }
            News::Stopped => {
                self.drain();
                self.family.saw_stopped(child, &mut self.log);
            }
            News::Continued => {
                self.drain();
                self.family.continued(child, Evidence::Wait, &mut self.log);
            }
        }
    }

    pub(crate) fn forget_reaped(&mut self) {
        for pid in self.family.take_reaped() {
            self.kin.remove(pid);
            self.images.forget(pid);
        }
    }
}

/// What a parent learned from its wait.
#[derive(Clone, Copy)]
enum News {
    Ended,
    Stopped,
    Continued,
}

impl News {
    fn of_status(status: i32) -> Self {
        match status {
            _ if libc::WIFCONTINUED(status) => News::Continued,
            _ if libc::WIFSTOPPED(status) => News::Stopped,
            _ => News::Ended,
        }
    }

    fn of_code(code: i32) -> Self {
        match code {
            libc::CLD_CONTINUED => News::Continued,
            libc::CLD_STOPPED => News::Stopped,
            _ => News::Ended,
        }
    }
}

/// An int in the memory of a standing tracee; ints lie at multiples of four.
fn peek_int(tid: Pid, address: u64) -> Option<i32> {
    let word = peek(tid, address & !7)?;
    Some((word >> (8 * (address & 4))) as i32)
}
