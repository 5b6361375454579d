//! Where processes sleep until something about a shared state is true.
//!
//! The state is behind a robust lock. Who must wait enlists while it holds the
//! lock, releases it, and sleeps; who changes the state wakes the enlisted
//! *first*, while it holds the lock, and changes the state last. So whoever is
//! killed in between has woken some who look in vain, and enlist again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use crate::error::Result;
use crate::futex;
use crate::lock::{Guard, RobustLock};

/// A state that processes wait for changes of. Lives in shared memory.
pub(crate) struct Gated<S> {
    state: RobustLock<S>,
    /// Changes whenever the enlisted are woken; what they sleep on.
    turn: AtomicU32,
    /// Whether anybody enlisted since.
    enlisted: AtomicU32,
}

/// A state that can be put right after a process died while it changed it.
pub(crate) trait Repair {
    /// Puts it right; most changes are one store and leave nothing to do.
    fn repair(&mut self) {}
}

impl<S: Repair> Gated<S> {
    /// To be put in its final place and then [`prepared`](Self::prepare).
    pub(crate) fn new(state: S) -> Gated<S> {
        Gated { state: RobustLock::new(state), turn: AtomicU32::new(0), enlisted: AtomicU32::new(0) }
    }

    pub(crate) fn prepare(&self) -> Result<()> {
        self.state.prepare()
    }

    /// The state, for one process at a time.
    pub(crate) fn enter(&self) -> Guard<'_, S> {
        self.state.lock(|state| {
            state.repair();
            self.wake_anyway();
        })
    }

    /// Leaves, sleeps until woken or until the deadline, and enters again.
    pub(crate) fn sleep<'a>(&'a self, state: Guard<'a, S>, deadline: Option<Instant>) -> Guard<'a, S> {
        self.enlisted.store(1, Ordering::Relaxed);
        let turn = self.turn.load(Ordering::Relaxed);
        drop(state);
        futex::wait(&self.turn, turn, deadline);
        self.enter()
    }

    /// Wakes the enlisted, who then wait for `state` to be left. The mark goes last, lest a kill in between lose the
    /// wake-up.
    pub(crate) fn wake(&self, _state: &Guard<'_, S>) {
        if self.enlisted.load(Ordering::Relaxed) != 0 {
            self.wake_anyway();
        }
    }

    fn wake_anyway(&self) {
        self.turn.fetch_add(1, Ordering::Relaxed);
        futex::wake_all(&self.turn);
        self.enlisted.store(0, Ordering::Relaxed);
    }
}
