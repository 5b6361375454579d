//! The parent's side of a pool: what is outstanding, and in which phase of its life the pool is.
//!
//! CPython has three threads for it: one feeds a pipe from an unbounded list of
//! tasks (here the shared channel itself, and `feeder` for `imap`); one hands
//! results to whoever waits, if that one does not read them itself, and runs
//! callbacks (`delivery`); one replaces workers that ended (`crew`). The last
//! two stay apart, because a slow callback must not keep a dead worker from
//! being replaced.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::TaskError;
use super::bell::Bell;
use super::crew::{Crew, Terms};
use super::delivery::Reading;
use super::feeder::Feeder;
use super::slot::Slot;
use super::task::Reply;
use super::threads::Threads;
use super::worker::Desk;
use crate::error::{Error, Result};
use crate::queue::channel::{Channel, Limit};
use crate::shared::Shared;

/// What came of one message: the serialised values of its elements, or what one of them raised.
pub(super) type Outcome = std::result::Result<Arc<[u8]>, TaskError>;

/// Where the results of a job go: of one call of `apply`, `map`, `imap` …
pub(super) trait Job: Send + Sync {
    /// Message `index` has its result, for so many elements. Returns, when all callbacks have, whether that was
    /// the last one.
    fn settle(&self, index: u64, elements: u32, outcome: Outcome) -> bool;

    /// Whatever is still outstanding will never come.
    fn abandon(&self, error: &TaskError);
}

/// What the parent and its threads share.
pub(super) struct Office {
    /// What it shares with the workers.
    pub(super) desk: Desk,
    /// Keeps what cannot go into the inbox at once.
    pub(super) feeder: Feeder,
    /// What workers are hired on.
    pub(super) terms: Terms,
    /// The workers there are.
    pub(super) crew: Crew,
    /// Rings when `handle_workers` should look at the state.
    pub(super) bell: Bell,
    /// Who reads results.
    pub(super) reading: Reading,
    /// The threads of this pool.
    pub(super) threads: Arc<Threads>,
    jobs: AtomicU64,
    state: Mutex<State>,
}

/// CPython's RUN, CLOSE and TERMINATE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Run,
    Close,
    Terminate,
}

struct State {
    phase: Phase,
    /// Jobs without all their results (CPython's `_cache`).
    outstanding: HashMap<u64, Arc<dyn Job>>,
    /// Jobs that have a result and a callback that came after it.
    /// `None` once the thread that would call it has ended.
    late: Option<HashMap<u64, Arc<Slot>>>,
}

impl Office {
    pub(super) fn new(terms: Terms, maxtasksperchild: Option<u64>) -> Result<Office> {
        let (outstanding, late) = (HashMap::new(), Some(HashMap::new()));
        Ok(Office {
            desk: Desk {
                inbox: Channel::tended()?,
                outbox: Channel::tended()?,
                unfit: Shared::new(AtomicBool::new(false))?,
                most: maxtasksperchild,
            },
            feeder: Feeder::default(),
            terms,
            crew: Crew::default(),
            bell: Bell::new()?,
            reading: Reading::default(),
            threads: Arc::default(),
            jobs: AtomicU64::new(0),
            state: Mutex::new(State { phase: Phase::Run, outstanding, late }),
        })
    }

    pub(super) fn phase(&self) -> Phase {
        self.lock().phase
    }

    /// Whether it still takes tasks.
    pub(super) fn check_running(&self) -> Result<()> {
        (self.phase() == Phase::Run).then_some(()).ok_or(Error::PoolNotRunning)
    }

    /// The number of a new job.
    pub(super) fn new_job(&self) -> u64 {
        self.jobs.fetch_add(1, Ordering::Relaxed)
    }

    /// Remembers a job that is about to be sent.
    pub(super) fn register(&self, id: u64, job: Arc<dyn Job>) -> Result<()> {
        let mut state = self.lock();
        if state.phase != Phase::Run {
            return Err(Error::PoolNotRunning);
        }
        state.outstanding.insert(id, job);
        Ok(())
    }

    /// Forgets a job that could not be sent or has its results; the last one after `close` ends the workers.
    pub(super) fn forget(&self, job: u64) {
        let mut state = self.lock();
        state.outstanding.remove(&job);
        self.end_if_done(&state);
    }

    /// No more tasks; the workers end when there are no results to come.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        if state.phase == Phase::Run {
            state.phase = Phase::Close;
            self.end_if_done(&state);
        }
    }

    /// Everything ends now.
    pub(super) fn terminate(&self) {
        self.lock().phase = Phase::Terminate;
        self.bell.ring();
    }

    /// The job, if something of it is outstanding.
    pub(super) fn job(&self, job: u64) -> Option<Arc<dyn Job>> {
        self.lock().outstanding.get(&job).cloned()
    }

    /// No result can come any more: closes the pool, and has every job abandoned by the thread that hands out results.
    pub(super) fn give_up(&self, error: &TaskError) {
        let jobs = self.end_of_work();
        for reply in jobs.into_iter().filter_map(|job| Reply::Abandoned(job).encode_with(error).ok()) {
            // Once it is closed nobody waits any more.
            let _ = self.desk.outbox.put(&reply, 0, Limit::Never, &mut ());
        }
    }

    /// Closes the pool; the jobs that are outstanding, oldest first.
    pub(super) fn end_of_work(&self) -> Vec<u64> {
        let mut state = self.lock();
        if state.phase == Phase::Run {
            state.phase = Phase::Close;
        }
        let mut jobs: Vec<u64> = state.outstanding.keys().copied().collect();
        drop(state);
        jobs.sort_unstable();
        jobs
    }

    /// Leaves a late callback to `handle_results`; says whether there still is one.
    pub(super) fn leave_late(&self, slot: &Arc<Slot>) -> bool {
        let mut state = self.lock();
        let Some(late) = &mut state.late else { return false };
        late.insert(slot.job, Arc::clone(slot));
        true
    }

    /// The job whose late callback is to be run now.
    pub(super) fn take_late(&self, job: u64) -> Option<Arc<Slot>> {
        self.lock().late.as_mut().and_then(|late| late.remove(&job))
    }

    /// All of them; from here on there is nobody to leave one to.
    pub(super) fn end_late(&self) -> Vec<Arc<Slot>> {
        let late = self.lock().late.take();
        late.into_iter().flat_map(HashMap::into_values).collect()
    }

    /// Whether workers that end are to be replaced.
    pub(super) fn wants_workers(&self) -> bool {
        let state = self.lock();
        match state.phase {
            Phase::Run => true,
            Phase::Close => !state.outstanding.is_empty(),
            Phase::Terminate => false,
        }
    }

    fn end_if_done(&self, state: &State) {
        if state.phase == Phase::Close && state.outstanding.is_empty() {
            self.desk.inbox.close();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
