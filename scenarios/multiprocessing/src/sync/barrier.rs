//! `Barrier`: nobody goes on before all are here.
//!
//! A *generation* is one filling of the barrier. It ends by the last arrival,
//! which lets all go, or by a reset, which sends all away; then the next begins
//! at once. A waiter remembers its generation and looks, when woken, how it
//! ended. CPython counts those who leave before it lets anybody in again, which
//! a killed waiter makes impossible for ever.

use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Arc;
use std::time::Duration;

use protocol::event::SyncKind;

use super::action::Action;
use super::gate::{Gated, Repair};
use super::subject::{Call, Subject, Tell};
use crate::error::{Error, Result};
use crate::lock::Guard;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;
use crate::shared::Shared;

/// A meeting point of a fixed number of processes, as Python's `multiprocessing.Barrier`.
///
/// ```no_run
/// use multiprocessing::{Barrier, Process};
///
/// let start_line = Barrier::new(3)?;
/// let run = |line: Barrier| line.wait().map(|index| println!("number {index} is off"));
/// let mut runners: Vec<_> = (0..3).map(|_| Process::new(run, (start_line.clone(),))).collect();
/// for runner in &mut runners {
///     runner.start()?;
/// }
/// for runner in &runners {
///     runner.join()?;
/// }
/// # Ok::<(), multiprocessing::Error>(())
/// ```
#[derive(Clone)]
pub struct Barrier {
    phase: Arc<Shared<Gated<Phase>>>,
    parties: u32,
    action: Option<Action>,
    timeout: Option<Duration>,
    subject: Subject,
}

reduction::inherited!(Barrier { phase, parties, action, timeout, subject });

#[derive(Default)]
struct Phase {
    /// How many wait.
    arrived: u32,
    /// Which filling this is.
    generation: u64,
    /// How the last 64 ended: a bit is set for one that was reset, the latest in the lowest.
    resets: u64,
    broken: bool,
    /// The action runs.
    acting: bool,
}

impl Repair for Phase {
    fn repair(&mut self) {
        self.broken |= self.acting;
        self.acting = false;
    }
}

impl Phase {
    /// The next generation begins.
    fn turn(&mut self, reset: bool) {
        self.resets = self.resets << 1 | u64::from(reset);
        self.arrived = 0;
        self.generation += 1;
    }

    /// How this generation ended, if it has.
    fn fate(&self, generation: u64) -> Option<Result<()>> {
        let age = self.generation - generation;
        let was_reset = (1..=64).contains(&age) && self.resets >> (age - 1) & 1 == 1;
        match age {
            0 if self.broken => Some(Err(Error::BrokenBarrier)),
            0 => None,
            _ if was_reset => Some(Err(Error::BrokenBarrier)),
            _ => Some(Ok(())),
        }
    }
}

impl Barrier {
    /// A barrier for so many processes, called `Barrier-1` …
    ///
    /// # Errors
    /// [`NoParties`](Error::NoParties) for 0; else when the kernel has no memory to share.
    pub fn new(parties: u32) -> Result<Barrier> {
        if parties == 0 {
            return Err(Error::NoParties);
        }
        let phase = Shared::new(Gated::new(Phase::default()))?;
        phase.prepare()?;
        let subject = Subject::of_class(SyncKind::Barrier, "Barrier")?;
        Ok(Barrier { phase: Arc::new(phase), parties, action: None, timeout: None, subject })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.subject.set_name(name);
        self
    }

    /// What the last to arrive does before anybody goes on. It must not use this barrier. If it panics, or its process
    /// is killed meanwhile, the barrier is broken.
    ///
    /// A closure that captures something goes to forked children only.
    #[must_use]
    pub fn action(mut self, action: impl Fn() + Send + Sync + 'static) -> Self {
        self.action = Some(Action::new(action));
        self
    }

    /// How long [`wait`](Self::wait) waits; unless told, for ever.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Waits until all are here; returns which number this one was, 0 for the first.
    ///
    /// # Errors
    /// [`BrokenBarrier`](Error::BrokenBarrier) when the barrier is or gets broken or reset meanwhile, or when the time
    /// runs out, which breaks it for all.
    #[track_caller]
    pub fn wait(&self) -> Result<u32> {
        self.wait_within(self.timeout.map_or(Limit::Never, Limit::after), Location::caller())
    }

    /// As [`wait`](Self::wait), with a timeout of its own.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> Result<u32> {
        self.wait_within(Limit::after(timeout), Location::caller())
    }

    /// Breaks it: all who wait, and all who come, get [`BrokenBarrier`](Error::BrokenBarrier) until it is reset.
    #[track_caller]
    pub fn abort(&self) {
        self.subject.call(Location::caller()).passes();
        let mut phase = self.phase.enter();
        self.phase.wake(&phase);
        phase.broken = true;
    }

    /// Makes it empty and whole; who waits gets [`BrokenBarrier`](Error::BrokenBarrier).
    #[track_caller]
    pub fn reset(&self) {
        self.subject.call(Location::caller()).passes();
        let mut phase = self.phase.enter();
        self.phase.wake(&phase);
        phase.turn(true);
        phase.broken = false;
    }

    /// Whether it is broken.
    pub fn broken(&self) -> bool {
        self.phase.enter().broken
    }

    /// For how many it is.
    pub fn parties(&self) -> u32 {
        self.parties
    }

    /// How many wait now.
    pub fn n_waiting(&self) -> u32 {
        let phase = self.phase.enter();
        if phase.broken { 0 } else { phase.arrived }
    }

    fn wait_within(&self, limit: Limit, line: Line) -> Result<u32> {
        let call = self.subject.call(line);
        let mut phase = self.phase.enter();
        if phase.broken {
            call.gives_up(false);
            return Err(Error::BrokenBarrier);
        }
        let index = phase.arrived;
        if index + 1 == self.parties {
            self.open(&mut phase, call);
        } else {
            phase.arrived += 1;
            self.sleep(phase, limit, call)?;
        }
        Ok(index)
    }

    /// The last one is here.
    fn open(&self, phase: &mut Guard<'_, Phase>, call: Call) {
        self.phase.wake(phase);
        self.act(phase);
        call.released();
        call.acquired();
        phase.turn(false);
    }

    /// Runs the action; a panic of it breaks the barrier and goes on.
    fn act(&self, phase: &mut Guard<'_, Phase>) {
        let Some(action) = &self.action else { return };
        phase.acting = true;
        let done = panic::catch_unwind(AssertUnwindSafe(|| action.run()));
        phase.acting = false;
        if let Err(panic) = done {
            phase.broken = true;
            panic::resume_unwind(panic);
        }
    }

    fn sleep<'a>(&'a self, mut phase: Guard<'a, Phase>, limit: Limit, call: Call) -> Result<()> {
        let generation = phase.generation;
        call.waiting();
        loop {
            if let Some(fate) = phase.fate(generation) {
                if fate.is_ok() {
                    call.acquired()
                } else {
                    call.gives_up(true)
                }
                return fate;
            }
            if limit.is_over() {
                self.phase.wake(&phase);
                call.gives_up(true);
                phase.broken = true;
                return Err(Error::BrokenBarrier);
            }
            phase = self.phase.sleep(phase, limit.deadline());
        }
    }
}
