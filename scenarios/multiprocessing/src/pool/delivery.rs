//! Handing results to whoever waits for them, and running callbacks.
//!
//! As in CPython a thread of the pool's own does it, but most of the time it
//! sleeps. Who waits for a result takes the outbox's [seat](crate::queue::seat)
//! and reads for itself, and hands to others what is theirs: that saves two
//! hand-overs from thread to thread, which take longer than a short task. When
//! nothing comes for a moment, it goes to sleep, and the thread takes over.
//!
//! Callbacks are run by the thread, all of them, one after the other and in the
//! order of the results, and while one runs no other result is handed out: as
//! in CPython. So as long as there is a callback that has not returned, nobody
//! reads but the thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::TaskError;
use super::office::{Office, Outcome, Phase};
use super::slot::Slot;
use super::task::{Part, Reply};
use crate::process::current;
use crate::queue::channel::Limit;
use crate::queue::seat::Seat;
use crate::spin;

/// Who sits at the outbox: some thread of the parent. None of them can die alone, so there is no need to know which.
const PARENT: u32 = 1;
/// Who reads results.
pub(super) struct Reading {
    /// Only this process does, and none of its children that have a copy.
    owner: i32,
    /// Held while a result is taken and handed on. What it was taken into.
    turn: Mutex<Vec<u8>>,
    /// How many callbacks have not returned. More only with the turn.
    callbacks: Arc<AtomicUsize>,
    /// How many threads wait and look for results themselves.
    lookers: AtomicUsize,
}

/// A callback that has not returned.
pub(super) struct Due(Arc<AtomicUsize>);

impl Drop for Due {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Default for Reading {
    fn default() -> Reading {
        let (turn, callbacks, lookers) = Default::default();
        Reading { owner: current::getpid(), turn, callbacks, lookers }
    }
}

impl Reading {
    /// There will be one more callback: from now on until it is dropped nobody reads but the thread.
    pub(super) fn expects_callback(&self) -> Due {
        let _turn = self.turn();
        self.callbacks.fetch_add(1, Ordering::Relaxed);
        Due(Arc::clone(&self.callbacks))
    }

    /// Whether only the thread may read.
    fn is_reserved(&self) -> bool {
        self.callbacks.load(Ordering::Acquire) > 0
    }

    fn turn(&self) -> MutexGuard<'_, Vec<u8>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Office {
    /// The thread that hands out results, until the channel is closed or the pool terminated.
    pub(super) fn handle_results(&self) {
        while self.wait_for_results() && self.phase() != Phase::Terminate {
            self.hand_out_next();
        }
        // Those results were there before the end, so nobody waits for them in vain.
        self.end_late().iter().for_each(|slot| slot.call_back());
    }

    /// In the thread: waits until there is a result; `false` at the end.
    fn wait_for_results(&self) -> bool {
        let Reading { lookers, .. } = &self.reading;
        let others_look = || lookers.load(Ordering::Relaxed) > 0 && !self.reading.is_reserved();
        let outbox = &self.desk.outbox;
        let seat = if others_look() { None } else { outbox.sit(PARENT) };
        seat.is_some_and(|seat| seat.look(others_look)) || outbox.wait_for_an_item()
    }

    /// In the thread: hands out one result, if nobody else was faster.
    fn hand_out_next(&self) {
        let mut turn = self.reading.turn();
        if self.desk.outbox.get(&mut turn, Limit::AtOnce, &mut ()).is_err() {
            return;
        }
        if !self.reading.is_reserved() {
            return self.hand_out(&turn);
        }
        // Nobody takes the turn of a thread that runs callbacks, and who announces one more need not wait for it.
        let bytes = std::mem::take(&mut *turn);
        drop(turn);
        self.hand_out(&bytes);
    }

    /// A place from which to look for results, taken before what will have one is sent.
    pub(super) fn look_out(&self) -> Option<Seat<'_>> {
        if self.reading.is_reserved() { None } else { self.desk.outbox.sit(PARENT) }
    }

    /// In a thread that waits: hands out results until `done` or `deadline`, or until none has come for a moment.
    pub(super) fn help_until(
        &self,
        mut seat: Option<Seat<'_>>,
        deadline: Option<Instant>,
        done: impl Fn() -> bool,
    ) {
        if done() || self.reading.owner != current::getpid() {
            return;
        }
        let is_over = || deadline.is_some_and(|deadline| deadline <= Instant::now());
        self.reading.lookers.fetch_add(1, Ordering::Relaxed);
        spin::for_an_answer(|| done() || self.desk.outbox.len() > 0);
        while !done() && self.may_help() && !is_over() {
            let came = match seat.take().or_else(|| self.desk.outbox.sit(PARENT)) {
                Some(seat) => seat.look(&done),
                None => self.desk.outbox.wait_for_the_seat(&done),
            };
            if !came {
                break;
            }
            self.help_once();
        }
        self.reading.lookers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether others than the thread may read.
    fn may_help(&self) -> bool {
        !self.reading.is_reserved() && self.phase() != Phase::Terminate
    }

    /// In a thread that waits: hands out one result, if there is one still.
    fn help_once(&self) {
        let mut turn = self.reading.turn();
        if !self.may_help() {
            // Whoever put one in may have relied on this thread.
            self.desk.outbox.wake_all();
        } else if self.desk.outbox.get(&mut turn, Limit::AtOnce, &mut ()).is_ok() {
            self.hand_out(&turn);
        }
    }

    fn hand_out(&self, bytes: &[u8]) {
        // What is no reply can only be a lie, told in shared memory by a worker of this very program.
        if let Ok((reply, rest)) = Reply::decode(bytes) {
            self.deliver(reply, rest);
        }
    }

    fn deliver(&self, reply: Reply, rest: &[u8]) {
        match reply {
            Reply::Finished { part, elements } => self.settle(part, elements, Ok(rest.into())),
            Reply::Failed(part) => self.settle(part, 0, Err(error_from(rest))),
            Reply::Abandoned(job) => self.abandon(job, &error_from(rest)),
            Reply::Unfit => {
                let error = error_from(rest);
                self.end_of_work().into_iter().for_each(|job| self.abandon(job, &error));
            }
            Reply::CalledBackLate(job) => {
                if let Some(slot) = self.take_late(job) {
                    slot.call_back();
                }
            }
        }
    }

    /// A part of a job has its result. A job counts as outstanding until its callbacks have returned.
    pub(super) fn settle(&self, part: Part, elements: u32, outcome: Outcome) {
        let job = self.job(part.job);
        if job.is_none_or(|job| job.settle(part.index, elements, outcome)) {
            self.forget(part.job);
        }
    }

    fn abandon(&self, job: u64, error: &TaskError) {
        if let Some(outstanding) = self.job(job) {
            outstanding.abandon(error);
        }
        self.forget(job);
    }

    /// A callback came after its result: `handle_results` runs it, or this thread if that one has ended.
    pub(super) fn call_back_late(&self, slot: &Arc<Slot>) {
        if !self.leave_late(slot) {
            return slot.call_back();
        }
        if let Ok(message) = Reply::CalledBackLate(slot.job).encode() {
            // Only a closed channel refuses it, and then that thread looks for late callbacks before it ends.
            let _ = self.desk.outbox.put(&message, 0, Limit::Never, &mut ());
        }
    }
}

fn error_from(bytes: &[u8]) -> TaskError {
    postcard::from_bytes(bytes).unwrap_or_else(|error| TaskError::of(&error))
}
