//! How a run is brought to its end, and what is said about it.
//!
//! When somebody asks or the time is over: `SIGTERM` to every process (and `SIGCONT` to those
//! that are stopped, or they could not obey), the grace time, then `SIGKILL`. Too many
//! processes or too much memory: `SIGKILL` at once, for a fork bomb uses its grace to
//! fork. Whatever is born after that is killed at its birth; whoever left its session or its parent
//! is a descendant still.

use std::time::{Duration, Instant};

use protocol::Pid;
use protocol::event::{Outcome, Sender};
use protocol::job::VisitorSignal;
use rustix::process::Signal;

use crate::run::Run;
use crate::status::ExitStatus;

/// Events in all, for each event that the program may have of its own.
const KERNEL_EVENTS: u64 = 5;

/// Where a run stands on its way to the end.
#[derive(Debug)]
pub struct Ending {
    phase: Phase,
    cause: Option<(Outcome, String)>,
    first: Option<ExitStatus>,
}

#[derive(Debug, PartialEq)]
enum Phase {
    Running,
    Asked { until: Instant },
    Killing,
}

impl Ending {
    /// A run that has just begun.
    pub fn new() -> Self {
        Ending { phase: Phase::Running, cause: None, first: None }
    }

    /// A run that never began.
    pub fn failed(reason: String) -> Self {
        Ending { phase: Phase::Killing, cause: Some((Outcome::Failed, reason)), first: None }
    }

    /// Whether everything is killed, also what is born only now.
    pub fn is_killing(&self) -> bool {
        self.phase == Phase::Killing
    }

    /// When something is to be done by the clock, if the wall clock runs out at `wall`.
    pub fn deadline(&self, wall: Instant) -> Option<Instant> {
        match self.phase {
            Phase::Running => Some(wall),
            Phase::Asked { until } => Some(until),
            Phase::Killing => None,
        }
    }

    /// The program could not be started; this outdoes every other cause.
    pub fn fail(&mut self, reason: String) {
        self.cause = Some((Outcome::Failed, reason));
    }

    /// The first process ended.
    pub fn first_ended(&mut self, status: ExitStatus) {
        self.first = Some(status);
    }

    /// The outcome and its sentence.
    pub fn verdict(self) -> (Outcome, String) {
        self.cause.unwrap_or_else(|| {
            let how = match self.first {
                Some(ExitStatus::Code(code)) => format!("the program ended with exit code {code}"),
                Some(ExitStatus::Signal(signal)) => {
                    format!("the program was ended by {}", crate::signals::name(signal))
                }
                None => "the program ended".to_owned(),
            };
            (Outcome::Completed, how)
        })
    }
}

impl Run {
    /// Ends the run because somebody asks for it.
    pub(crate) fn stop(&mut self, reason: String) {
        self.end(Outcome::Stopped, reason);
    }

    /// Asks every process to end, and sets the time when they will be killed.
    fn end(&mut self, outcome: Outcome, reason: String) {
        if self.ending.phase != Phase::Running {
            return;
        }
        self.ending.cause.get_or_insert((outcome, reason));
        let until = Instant::now() + Duration::from_millis(self.job.limits.grace_ms);
        self.ending.phase = Phase::Asked { until };
        for pid in self.family.alive() {
            self.kin.signal(pid, Signal::TERM);
            if self.family.is_stopped(pid) {
                self.kin.signal(pid, Signal::CONT);
            }
        }
    }

    /// Kills everything now.
    pub(crate) fn kill(&mut self, outcome: Outcome, reason: String) {
        self.ending.cause.get_or_insert((outcome, reason));
        self.ending.phase = Phase::Killing;
        for pid in self.family.alive().collect::<Vec<_>>() {
            self.kill_one(pid);
        }
    }

    /// Kills one process because the run is over.
    pub(crate) fn kill_one(&mut self, pid: Pid) {
        self.family.kills(pid, Sender::Pid(std::process::id() as Pid));
        self.kin.signal(pid, Signal::KILL);
    }

    /// What is due by the clock, and what must end at once.
    pub(crate) fn look_at_the_clock(&mut self) {
        if self.log.is_broken() && !self.ending.is_killing() {
            self.kill(Outcome::Stopped, "nobody reads the log any more".into());
        }
        let now = Instant::now();
        match self.ending.deadline(self.wall()) {
            Some(due) if now >= due && self.ending.phase == Phase::Running => self.time_is_over(),
            Some(due) if now >= due => self.kill(Outcome::Stopped, "the grace time is over".into()),
            _ => {}
        }
        if self.scanner.as_ref().is_some_and(|scanner| now >= scanner.next_scan()) {
            self.scan();
        }
        if now >= self.sampler.next_tick() {
            self.tick();
        }
    }

    fn time_is_over(&mut self) {
        let seconds = self.job.limits.wall_ms as f64 / 1000.0;
        let mut reason = format!("the run took longer than {seconds} s");
        if self.ending.first.is_some() {
            let left = self.family.alive().count();
            reason += &format!(": its first process had ended, {left} that it left behind had not");
        }
        self.end(Outcome::TimeLimit, reason);
    }

    /// Ends the run when more processes and threads live than it may have, or when more processes
    /// are not reaped than can be told apart.
    pub(crate) fn check_process_limit(&mut self) {
        if self.ending.is_killing() {
            return;
        }
        let (living, most, count) = (self.family.living(), self.job.limits.processes, self.family.count());
        let (unreaped, alive) = (count.started - count.reaped, count.started - count.exited);
        if living > most {
            self.kill(Outcome::ProcessLimit, format!("more than {most} processes and threads at once"));
        } else if !self.descriptors.suffice(unreaped, alive) {
            let (zombies, most) = (unreaped - alive, self.descriptors.most);
            let reason = format!(
                "{alive} processes and {zombies} zombies at once: more than can be observed with {most} descriptors"
            );
            self.kill(Outcome::ProcessLimit, reason);
        }
    }

    /// Ends the run when the kernel has so much to tell of it that it must mean harm: what the
    /// kernel says is never left out, so a loop of forks or signals would fill the server.
    pub(crate) fn check_event_limit(&mut self) {
        let most = self.job.limits.events.saturating_mul(KERNEL_EVENTS);
        if self.log.len() > most && !self.ending.is_killing() {
            let reason = format!("more than {most} events of processes and signals");
            self.kill(Outcome::ProcessLimit, reason);
        }
    }

    /// Ends the run when it has more memory than it may have.
    pub(crate) fn check_memory_limit(&mut self, kib: u64) {
        let most = self.job.limits.memory_mib;
        if kib > most * 1024 && !self.ending.is_killing() {
            let reason = format!("more than {most} MiB of memory: {} MiB", kib / 1024);
            self.kill(Outcome::MemoryLimit, reason);
        }
    }

    /// Sends a signal in a visitor's name, if `pid` is a living process of this run.
    pub(crate) fn visitor_signal(&mut self, pid: Pid, signal: VisitorSignal) {
        if !self.family.is_alive(pid) {
            return;
        }
        let signal = match signal {
            VisitorSignal::Term => Signal::TERM,
            VisitorSignal::Kill => Signal::KILL,
            VisitorSignal::Stop => Signal::STOP,
            VisitorSignal::Cont => Signal::CONT,
        };
        self.family.visitor_sends(pid, signal.as_raw());
        if self.scanner.is_some() {
            self.tell_unseen_signal(pid, signal.as_raw());
        }
        self.kin.signal(pid, signal);
    }
}
