//! `AsyncResult`: a result that is on its way.

use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::event::{self, ProgramEvent, TaskCallback};
use serde::Serialize;

use super::TaskError;
use super::office::Office;
use super::serialised::Serialised;
use super::slot::{Slot, Whole};
use crate::error::{Error, Result};
use crate::probe;
use crate::queue::seat::Seat;

/// The result of [`Pool::apply_async`](super::Pool::apply_async),
/// [`map_async`](super::Pool::map_async) or [`starmap_async`](super::Pool::starmap_async), now or later.
///
/// If the worker is killed, its task is lost and the result never comes, as in
/// CPython; [`get_timeout`](Self::get_timeout) is the way out, and
/// [`lost_tasks_fail`](super::PoolOptions::lost_tasks_fail) another.
pub struct AsyncResult<T> {
    slot: Arc<Slot>,
    office: Arc<Office>,
    read: fn(&Serialised) -> Result<T>,
}

impl<T: Serialize> AsyncResult<T> {
    pub(super) fn new(
        slot: Arc<Slot>,
        office: Arc<Office>,
        read: fn(&Serialised) -> Result<T>,
    ) -> AsyncResult<T> {
        AsyncResult { slot, office, read }
    }

    /// Calls `callback` with the value when the task returns, in the thread that handles results.
    ///
    /// While it runs, no other result is handled. If the result is already
    /// there, the callback is run by that thread now; if the pool has ended and
    /// that thread with it, by this one. A panic in a callback is printed and
    /// the next result handled; in CPython the thread would die and `join` hang.
    #[track_caller]
    #[must_use]
    pub fn callback(self, callback: impl FnOnce(T) + Send + 'static) -> Self
    where
        T: 'static,
    {
        let line = Location::caller();
        let read = self.read;
        self.add(move |task, outcome| {
            let Ok(value) = outcome else { return };
            let Ok(value) = read(value) else { return };
            let shown = probe::on().then(|| probe::short(&value)).flatten();
            announce(task, line, |event| event.value = shown);
            guarded(|| callback(value));
        })
    }

    /// Calls `callback` with the error when the task raises; else as [`callback`](Self::callback).
    #[track_caller]
    #[must_use]
    pub fn error_callback(self, callback: impl FnOnce(TaskError) + Send + 'static) -> Self {
        let line = Location::caller();
        self.add(move |task, outcome| {
            let Err(error) = outcome else { return };
            announce(task, line, |event| event.error = Some(probe::brief(&error.message)));
            guarded(|| callback(error.clone()));
        })
    }

    fn add(self, callback: impl FnOnce(&event::Task, &Whole) + Send + 'static) -> Self {
        if self.slot.calls_back() {
            let due = self.office.reading.expects_callback();
            let callback = move |task: &_, outcome: &_| {
                callback(task, outcome);
                drop(due);
            };
            if self.slot.enlist(Box::new(callback)) {
                self.office.call_back_late(&self.slot);
            }
        }
        self
    }

    /// Waits for the result and gives it.
    ///
    /// # Errors
    /// [`Error::Task`] with what the task raised; of several elements that raised, with the first that came.
    #[track_caller]
    pub fn get(&self) -> Result<T> {
        self.get_at(None, None, Location::caller())
    }

    /// Waits for the result, but no longer than `timeout`.
    ///
    /// # Errors
    /// [`Error::Timeout`]; else as [`get`](Self::get).
    #[track_caller]
    pub fn get_timeout(&self, timeout: Duration) -> Result<T> {
        self.get_at(None, Some(timeout), Location::caller())
    }

    /// [`get`](Self::get) for the pool's own calls that do not return before the result is there, perhaps with a seat
    /// that was taken before.
    pub(super) fn get_at(
        &self,
        seat: Option<Seat<'_>>,
        timeout: Option<Duration>,
        line: probe::Line,
    ) -> Result<T> {
        self.wait_at(seat, timeout, line);
        match self.slot.outcome() {
            Some(Ok(value)) => (self.read)(&value),
            Some(Err(error)) => Err(error.into()),
            None => Err(Error::Timeout),
        }
    }

    /// Waits until there is a result.
    #[track_caller]
    pub fn wait(&self) {
        self.wait_at(None, None, Location::caller());
    }

    /// Waits until there is a result, but no longer than `timeout`; says whether there is.
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_at(None, Some(timeout), Location::caller())
    }

    fn wait_at(&self, seat: Option<Seat<'_>>, timeout: Option<Duration>, line: probe::Line) -> bool {
        probe::line_reached(line);
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        self.office.help_until(seat, deadline, || self.slot.is_ready());
        self.slot.wait(deadline, line)
    }

    /// Whether there is a result and its callbacks have returned.
    pub fn ready(&self) -> bool {
        self.slot.is_ready()
    }

    /// Whether the task returned.
    ///
    /// # Errors
    /// [`Error::NotReady`] before there is a result.
    pub fn successful(&self) -> Result<bool> {
        let outcome = self.slot.outcome().ok_or(Error::NotReady)?;
        Ok(outcome.is_ok())
    }
}

/// `task.callback`, before the callback runs. A list's belongs to the chunk that completed it.
fn announce(task: &event::Task, line: probe::Line, fill: impl FnOnce(&mut TaskCallback)) {
    if probe::on() {
        let event::Task { task, name } = task.clone();
        let mut event = TaskCallback { task, name, value: None, error: None };
        fill(&mut event);
        probe::send(Some(line), ProgramEvent::TaskCallback(event));
    }
}

/// Keeps a panic in a callback from ending the thread that handles results; the hook has printed it.
fn guarded(callback: impl FnOnce()) {
    let _ = panic::catch_unwind(AssertUnwindSafe(callback));
}
