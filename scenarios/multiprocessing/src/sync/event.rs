//! `Event`: a flag that processes wait for.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use protocol::event::SyncKind;

use super::gate::{Gated, Repair};
use super::subject::{Subject, Tell};
use crate::error::Result;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;
use crate::shared::Shared;

/// A flag that one process sets and others wait for, as Python's `multiprocessing.Event`.
///
/// ```no_run
/// use multiprocessing::{Event, Process};
///
/// let ready = Event::new()?;
/// let mut p = Process::new(|| { ready.wait(); println!("go!"); }, ());
/// p.start()?;
/// ready.set();
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Who waits when it is set goes on, also if it is cleared at once; CPython's
/// may then have waited in vain.
#[derive(Clone)]
pub struct Event {
    flag: Arc<Shared<Gated<Flag>>>,
    subject: Subject,
}

reduction::inherited!(Event { flag, subject });

#[derive(Default)]
struct Flag {
    is_set: bool,
    /// How often it was set: who waits across a `set` and a `clear` sees that.
    sets: u64,
}

impl Repair for Flag {}

impl Event {
    /// An event that is not set, called `Event-1` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new() -> Result<Event> {
        let flag = Shared::new(Gated::new(Flag::default()))?;
        flag.prepare()?;
        Ok(Event { flag: Arc::new(flag), subject: Subject::of_class(SyncKind::Event, "Event")? })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.subject.set_name(name);
        self
    }

    /// Sets it: all who wait go on, and nobody waits until it is cleared.
    #[track_caller]
    pub fn set(&self) {
        let mut flag = self.flag.enter();
        self.flag.wake(&flag);
        self.subject.call(Location::caller()).released();
        flag.sets += 1;
        flag.is_set = true;
    }

    /// Clears it: from now on who waits has to wait.
    #[track_caller]
    pub fn clear(&self) {
        let mut flag = self.flag.enter();
        self.subject.call(Location::caller()).passes();
        flag.is_set = false;
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        self.flag.enter().is_set
    }

    /// Waits until it is set.
    #[track_caller]
    pub fn wait(&self) {
        self.wait_within(Limit::Never, Location::caller());
    }

    /// Waits until it is set, but no longer than `timeout`; says whether it was.
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_within(Limit::after(timeout), Location::caller())
    }

    fn wait_within(&self, limit: Limit, line: Line) -> bool {
        let call = self.subject.call(line);
        let mut flag = self.flag.enter();
        let sets = flag.sets;
        let mut waits = false;
        while !flag.is_set && flag.sets == sets {
            if limit.is_over() {
                call.gives_up(waits);
                return false;
            }
            if !waits {
                waits = true;
                call.waiting();
            }
            flag = self.flag.sleep(flag, limit.deadline());
        }
        call.acquired();
        true
    }
}
