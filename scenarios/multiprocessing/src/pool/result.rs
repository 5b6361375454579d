//! `AsyncResult`: a result that is on its way.

use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::event::{ProgramEvent, TaskCallback};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TaskError;
use super::office::Office;
use crate::error::{Error, Result};
use crate::probe;

/// The serialised value, or what the task raised.
pub(super) type Outcome = std::result::Result<Arc<[u8]>, TaskError>;

/// Runs when there is a result, in the parent.
type Callback = Box<dyn FnOnce(&Slot, &Outcome) + Send>;

/// The result of [`Pool::apply_async`](super::Pool::apply_async), now or later.
///
/// If the worker is killed, its task is lost and the result never comes, as in
/// CPython; [`get_timeout`](Self::get_timeout) is the way out.
pub struct AsyncResult<T> {
    slot: Arc<Slot>,
    office: Arc<Office>,
    value: PhantomData<fn() -> T>,
}

/// Where the parent keeps a result.
pub(super) struct Slot {
    pub(super) task: u64,
    /// For events; empty when nobody watches.
    name: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    outcome: Option<Outcome>,
    callbacks: Vec<Callback>,
    /// There is an outcome and all callbacks have returned.
    ready: bool,
}

impl Slot {
    pub(super) fn new(task: u64, name: String) -> Slot {
        Slot { task, name, state: Mutex::default(), changed: Condvar::new() }
    }

    /// In the result handler: the result is there. Runs the callbacks, then wakes who waits.
    pub(super) fn settle(&self, outcome: Outcome) {
        self.lock().outcome.get_or_insert(outcome);
        self.call_back();
    }

    /// Runs the callbacks that wait for a result that is there.
    pub(super) fn call_back(&self) {
        let mut state = self.lock();
        let Some(outcome) = state.outcome.clone() else { return };
        while !state.callbacks.is_empty() {
            let callbacks = std::mem::take(&mut state.callbacks);
            drop(state);
            callbacks.into_iter().for_each(|callback| callback(self, &outcome));
            state = self.lock();
        }
        state.ready = true;
        self.changed.notify_all();
    }

    /// Adds a callback; says whether the result was there before it.
    fn enlist(&self, callback: Callback) -> bool {
        let mut state = self.lock();
        state.callbacks.push(callback);
        std::mem::replace(&mut state.ready, false)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Serialize + DeserializeOwned> AsyncResult<T> {
    pub(super) fn new(slot: Arc<Slot>, office: Arc<Office>) -> AsyncResult<T> {
        AsyncResult { slot, office, value: PhantomData }
    }

    /// Calls `callback` with the value when the task returns, in the thread that handles results.
    ///
    /// While it runs, no other result is handled. If the result is already
    /// there, the callback is run by that thread now; if the pool has ended and
    /// that thread with it, by this one. A panic in a callback is printed and
    /// the next result handled; in CPython the thread would die and `join` hang.
    #[track_caller]
    #[must_use]
    pub fn callback(self, callback: impl FnOnce(T) + Send + 'static) -> Self {
        let line = Location::caller();
        self.add(Box::new(move |slot, outcome| {
            let Ok(bytes) = outcome else { return };
            let Ok(value) = postcard::from_bytes::<T>(bytes) else { return };
            let shown = probe::on().then(|| probe::short(&value)).flatten();
            announce(slot, line, |event| event.value = shown);
            guarded(|| callback(value));
        }))
    }

    /// Calls `callback` with the error when the task raises; else as [`callback`](Self::callback).
    #[track_caller]
    #[must_use]
    pub fn error_callback(self, callback: impl FnOnce(TaskError) + Send + 'static) -> Self {
        let line = Location::caller();
        self.add(Box::new(move |slot, outcome| {
            let Err(error) = outcome else { return };
            announce(slot, line, |event| event.error = Some(probe::brief(&error.message)));
            guarded(|| callback(error.clone()));
        }))
    }

    fn add(self, callback: Callback) -> Self {
        if self.slot.enlist(callback) {
            self.office.call_back_late(&self.slot);
        }
        self
    }

    /// Waits for the result and gives it.
    ///
    /// # Errors
    /// [`Error::Task`] with what the task raised.
    #[track_caller]
    pub fn get(&self) -> Result<T> {
        probe::line_reached(Location::caller());
        self.outcome(None)
    }

    /// Waits for the result, but no longer than `timeout`.
    ///
    /// # Errors
    /// [`Error::Timeout`]; [`Error::Task`] with what the task raised.
    #[track_caller]
    pub fn get_timeout(&self, timeout: Duration) -> Result<T> {
        probe::line_reached(Location::caller());
        self.outcome(Some(timeout))
    }

    /// Waits until there is a result.
    #[track_caller]
    pub fn wait(&self) {
        probe::line_reached(Location::caller());
        drop(self.ready_within(None));
    }

    /// Waits until there is a result, but no longer than `timeout`; says whether there is.
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        probe::line_reached(Location::caller());
        self.ready_within(Some(timeout)).ready
    }

    /// Whether there is a result and its callbacks have returned.
    pub fn ready(&self) -> bool {
        self.slot.lock().ready
    }

    /// Whether the task returned.
    ///
    /// # Errors
    /// [`Error::NotReady`] while there is no result.
    pub fn successful(&self) -> Result<bool> {
        let state = self.slot.lock();
        match &state.outcome {
            Some(outcome) if state.ready => Ok(outcome.is_ok()),
            _ => Err(Error::NotReady),
        }
    }

    fn outcome(&self, timeout: Option<Duration>) -> Result<T> {
        let state = self.ready_within(timeout);
        match (&state.outcome, state.ready) {
            (Some(Ok(bytes)), true) => {
                let bytes = Arc::clone(bytes);
                drop(state);
                Ok(postcard::from_bytes(&bytes)?)
            }
            (Some(Err(error)), true) => Err(error.clone().into()),
            _ => Err(Error::Timeout),
        }
    }

    fn ready_within(&self, timeout: Option<Duration>) -> MutexGuard<'_, State> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.slot.lock();
        while !state.ready {
            state = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => self.slot.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => break,
                Some(left) => {
                    let waited = self.slot.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state
    }
}

/// `task.callback`, before the callback runs.
fn announce(slot: &Slot, line: probe::Line, fill: impl FnOnce(&mut TaskCallback)) {
    if probe::on() {
        let mut event = TaskCallback { task: slot.task, name: slot.name.clone(), value: None, error: None };
        fill(&mut event);
        probe::send(Some(line), ProgramEvent::TaskCallback(event));
    }
}

/// Keeps a panic in a callback from ending the thread that handles results; the hook has printed it.
fn guarded(callback: impl FnOnce()) {
    let _ = panic::catch_unwind(AssertUnwindSafe(callback));
}
