//! Where the parent keeps the result of a job that has one: a value, or a list of which each message brings a chunk.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::event;

use super::TaskError;
use super::office::{Job, Outcome};
use super::serialised::{Chunk, Serialised};
use super::wait::Wait;
use crate::probe::Line;

/// What came of the whole job.
pub(super) type Whole = std::result::Result<Serialised, TaskError>;

/// Runs when there is a result, in the parent.
pub(super) type Callback = Box<dyn FnOnce(&event::Task, &Whole) + Send>;

/// The result of one job, now or later.
pub(super) struct Slot {
    pub(super) job: u64,
    /// In how many messages it comes.
    messages: usize,
    /// What the messages are called in events; empty when nobody watches.
    told: Vec<event::Task>,
    /// There is an outcome and all callbacks have returned. Changes under the lock of `state`.
    ready: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// One a message.
    parts: Vec<Option<Chunk>>,
    /// Which messages have a result, when somebody watches.
    missing: usize,
    /// The first error that came; who comes later is not heard, as in CPython.
    error: Option<TaskError>,
    outcome: Option<Whole>,
    /// The message that completed it.
    last: usize,
    callbacks: Vec<Callback>,
}

impl Slot {
    /// For what comes in so many messages; if there are none, it is ready.
    pub(super) fn new(job: u64, messages: usize, told: Vec<event::Task>) -> Slot {
        let is_ready = messages == 0;
        let outcome = is_ready.then(|| Ok(Serialised::default()));
        let state = State { parts: vec![None; messages], missing: messages, outcome, ..State::default() };
        Slot {
            job,
            messages,
            told,
            ready: AtomicBool::new(is_ready),
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Runs the callbacks that wait for a result that is there.
    pub(super) fn call_back(&self) {
        let mut state = self.lock();
        let Some(outcome) = state.outcome.clone() else { return };
        let unnamed = event::Task { task: 0, name: String::new() };
        let task = self.told.get(state.last).unwrap_or(&unnamed);
        while !state.callbacks.is_empty() {
            let callbacks = std::mem::take(&mut state.callbacks);
            drop(state);
            callbacks.into_iter().for_each(|callback| callback(task, &outcome));
            state = self.lock();
        }
        self.ready.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Whether a callback would ever be called: that of an empty list is not, as in CPython.
    pub(super) fn calls_back(&self) -> bool {
        self.messages > 0
    }

    /// Adds a callback; says whether the result was there before it.
    pub(super) fn enlist(&self, callback: Callback) -> bool {
        let mut state = self.lock();
        state.callbacks.push(callback);
        self.ready.swap(false, Ordering::AcqRel)
    }

    /// Whether there is a result and its callbacks have returned.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// The result, if it is there and its callbacks have returned.
    pub(super) fn outcome(&self) -> Option<Whole> {
        let state = self.lock();
        state.outcome.clone().filter(|_| self.is_ready())
    }

    /// Waits until there is a result, or until `deadline`; says whether there is.
    pub(super) fn wait(&self, deadline: Option<Instant>, line: Line) -> bool {
        let mut wait = Wait::new(line);
        let mut state = self.lock();
        while !self.is_ready() {
            wait.for_task(self.awaited(&state));
            state = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => {
                    wait.gives_up();
                    return false;
                }
                Some(left) => {
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        wait.ends();
        true
    }

    /// Of what is missing, the first; when only callbacks are to return, the last that came.
    fn awaited(&self, state: &State) -> Option<&event::Task> {
        let first = state.parts.iter().position(Option::is_none);
        self.told.get(first.unwrap_or(state.last))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job for Slot {
    fn settle(&self, index: u64, elements: u32, outcome: Outcome) -> bool {
        let mut state = self.lock();
        let index = index as usize;
        match state.parts.get(index) {
            Some(None) => {}
            // It has one, and the first is the one that counts.
            _ => return false,
        }
        let bytes = outcome.unwrap_or_else(|error| {
            state.error.get_or_insert(error);
            Arc::default()
        });
        state.parts[index] = Some(Chunk { elements, bytes });
        state.missing -= 1;
        state.last = index;
        if state.missing > 0 {
            if !self.told.is_empty() {
                // Who waits tells for which message.
                self.changed.notify_all();
            }
            return false;
        }
        let parts = std::mem::take(&mut state.parts);
        state.outcome =
            Some(state.error.take().map_or_else(|| Ok(parts.into_iter().flatten().collect()), Err));
        drop(state);
        self.call_back();
        true
    }

    fn abandon(&self, error: &TaskError) {
        self.lock().outcome.get_or_insert(Err(error.clone()));
        self.call_back();
    }
}
