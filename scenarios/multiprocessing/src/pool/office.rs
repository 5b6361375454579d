//! The parent's side of a pool: what is outstanding, and the two threads that look after it.
//!
//! CPython has three: one feeds a pipe from an unbounded list of tasks, which
//! here is the shared channel itself; one hands results to whoever waits and
//! runs callbacks (`handle_results`); one replaces workers that ended
//! (`handle_workers`). The last two stay apart, because a slow callback must
//! not keep a dead worker from being replaced.
//!
//! When the last worker has ended and the kernel refuses another, no result
//! can come any more: the pool closes and every outstanding task fails with the
//! kernel's reason. (In CPython that thread dies of the `OSError`, and all wait
//! for ever.)
//!
//! All workers are started by the second thread. It lives as long as they do, so
//! `PR_SET_PDEATHSIG` can tie each worker's life to it: when the parent is
//! killed, its workers are too. (CPython's workers notice at the end of their
//! task that the pipe is closed.)

use std::collections::HashMap;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use protocol::event::Role;

use super::TaskError;
use super::result::{Outcome, Slot};
use super::task::Reply;
use super::worker;
use crate::error::{Error, Result};
use crate::probe::Line;
use crate::process::child::{Child, poll_in, poll_until};
use crate::process::current;
use crate::queue::channel::{Channel, Limit};
use crate::start::work::Call;
use crate::start::{self, Birth, Method};

/// What the parent and its threads share.
pub(super) struct Office {
    /// Tasks on their way to workers.
    pub(super) inbox: Channel,
    /// Results on their way back.
    outbox: Channel,
    /// How many workers there should be.
    size: usize,
    /// How they are started.
    method: Method,
    /// The line that made the pool.
    line: Line,
    /// Rings when `handle_workers` should look at the state.
    bell: Bell,
    state: Mutex<State>,
}

/// CPython's RUN, CLOSE and TERMINATE.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Run,
    Close,
    Terminate,
}

struct State {
    phase: Phase,
    /// Tasks without a result yet (CPython's `_cache`).
    outstanding: HashMap<u64, Arc<Slot>>,
    /// Tasks that have a result and a callback that came after it.
    /// `None` once the thread that would call it has ended.
    late: Option<HashMap<u64, Arc<Slot>>>,
}

impl Office {
    pub(super) fn new(size: usize, method: Method, line: Line) -> Result<Office> {
        let (outstanding, late) = (HashMap::new(), Some(HashMap::new()));
        let state = State { phase: Phase::Run, outstanding, late };
        Ok(Office {
            inbox: Channel::new(0)?,
            outbox: Channel::new(0)?,
            size,
            method,
            line,
            bell: Bell::new()?,
            state: Mutex::new(state),
        })
    }

    pub(super) fn phase(&self) -> Phase {
        self.lock().phase
    }

    /// Remembers a task that is about to be sent.
    pub(super) fn register(&self, slot: Arc<Slot>) -> Result<()> {
        let mut state = self.lock();
        if state.phase != Phase::Run {
            return Err(Error::PoolNotRunning);
        }
        state.outstanding.insert(slot.task, slot);
        Ok(())
    }

    /// Forgets a task that could not be sent or has its result; the last one after `close` ends the workers.
    pub(super) fn forget(&self, task: u64) {
        let mut state = self.lock();
        state.outstanding.remove(&task);
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

    /// A callback came after its result: `handle_results` runs it, or this thread if that one has ended.
    pub(super) fn call_back_late(&self, slot: &Arc<Slot>) {
        if !self.leave_late(slot) {
            return slot.call_back();
        }
        if let Ok(message) = Reply::CalledBackLate(slot.task).encode() {
            // Only a closed channel refuses it, and then that thread looks for late callbacks before it ends.
            let _ = self.outbox.put(&message, 0, Limit::Never, &mut ());
        }
    }

    /// Leaves a late callback to `handle_results`; says whether there still is one.
    fn leave_late(&self, slot: &Arc<Slot>) -> bool {
        let mut state = self.lock();
        let Some(late) = &mut state.late else { return false };
        late.insert(slot.task, Arc::clone(slot));
        true
    }

    fn end_if_done(&self, state: &State) {
        if state.phase == Phase::Close && state.outstanding.is_empty() {
            self.inbox.close();
        }
    }

    /// Whether workers that end are to be replaced.
    fn wants_workers(&self) -> bool {
        let state = self.lock();
        match state.phase {
            Phase::Run => true,
            Phase::Close => !state.outstanding.is_empty(),
            Phase::Terminate => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread that hands out results, until the channel is closed or the pool terminated.
    pub(super) fn handle_results(&self) {
        self.hand_out_all();
        // Those results were there before the end, so nobody waits for them in vain.
        let late = self.lock().late.take();
        late.into_iter().flat_map(HashMap::into_values).for_each(|slot| slot.call_back());
    }

    fn hand_out_all(&self) {
        let mut bytes = Vec::new();
        while self.outbox.get(&mut bytes, Limit::Never, &mut ()).is_ok() {
            if self.phase() == Phase::Terminate {
                break;
            }
            if let Ok((reply, rest)) = Reply::decode(&bytes) {
                self.hand_out(reply, rest);
            }
        }
    }

    fn hand_out(&self, reply: Reply, rest: &[u8]) {
        match reply {
            Reply::Finished(task) => self.settle(task, Ok(rest.into())),
            Reply::Failed(task) => {
                let error = postcard::from_bytes(rest).unwrap_or_else(|error| TaskError::of(&error));
                self.settle(task, Err(error));
            }
            Reply::CalledBackLate(task) => {
                let slot = self.lock().late.as_mut().and_then(|late| late.remove(&task));
                if let Some(slot) = slot {
                    slot.call_back();
                }
            }
        }
    }

    /// A task has its result. It counts as outstanding until its callbacks have returned.
    fn settle(&self, task: u64, outcome: Outcome) {
        let slot = self.lock().outstanding.get(&task).cloned();
        if let Some(slot) = slot {
            slot.settle(outcome);
        }
        self.forget(task);
    }

    /// The thread that makes the workers and replaces them. Says in `born` whether the first ones could be made.
    pub(super) fn handle_workers(&self, born: &mpsc::SyncSender<Result<()>>) {
        let mut workers = Vec::with_capacity(self.size);
        let first = self.populate(&mut workers);
        let alive = first.is_ok();
        let _ = born.send(first);
        while alive && self.phase() != Phase::Terminate {
            self.wait_for_news(&workers);
            workers.retain(|worker: &Arc<Child>| worker.poll().is_none());
            if self.wants_workers() {
                // Those that cannot be made now are made when another ends, which is when there is room for them.
                if let (Err(error), true) = (self.populate(&mut workers), workers.is_empty()) {
                    self.give_up(&error);
                    break;
                }
            } else if workers.is_empty() {
                break;
            }
        }
        for worker in &workers {
            let _ = worker.signal(libc::SIGTERM);
        }
        for worker in &workers {
            let _ = worker.wait();
        }
        self.outbox.close();
    }

    /// Brings the number of workers up to what it should be.
    fn populate(&self, workers: &mut Vec<Arc<Child>>) -> Result<()> {
        while workers.len() < self.size {
            workers.push(self.hire()?);
        }
        Ok(())
    }

    /// Closes the pool and lets every outstanding task fail, by way of the thread that hands out results.
    fn give_up(&self, error: &Error) {
        let mut state = self.lock();
        if state.phase == Phase::Run {
            state.phase = Phase::Close;
        }
        let mut tasks: Vec<u64> = state.outstanding.keys().copied().collect();
        drop(state);
        tasks.sort_unstable();
        let error = TaskError::of(error);
        for reply in tasks.into_iter().filter_map(|task| Reply::encode_failure(task, &error).ok()) {
            // Nobody closes this channel but the thread that is here.
            let _ = self.outbox.put(&reply, 0, Limit::Never, &mut ());
        }
    }

    /// Starts one worker.
    fn hire(&self) -> Result<Arc<Child>> {
        let mut identity = current::new_identity(&format!("{}PoolWorker", self.method.prefix()));
        identity.daemon = true;
        let birth = Birth { line: self.line, role: Role::PoolWorker, tied: true };
        let call = Call::new(worker::work, (&self.inbox, &self.outbox));
        start::start(self.method, &identity, birth, &mut Some(Box::new(call)))
    }

    /// Sleeps until a worker ends or the bell rings.
    fn wait_for_news(&self, workers: &[Arc<Child>]) {
        let mut fds = vec![poll_in(self.bell.fd.as_raw_fd())];
        fds.extend(workers.iter().map(|worker| poll_in(worker.sentinel().as_raw_fd())));
        // The descriptors are open and the list is short: nothing is left that could fail.
        let _ = poll_until(&mut fds, None);
        self.bell.quiet();
    }
}

/// An `eventfd(2)`: one thread rings, another polls.
struct Bell {
    fd: OwnedFd,
}

impl Bell {
    fn new() -> Result<Bell> {
        // SAFETY: plain numbers; the call fails or returns a descriptor that nobody else owns.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(Error::last_os("eventfd"));
        }
        // SAFETY: as above.
        Ok(Bell { fd: unsafe { OwnedFd::from_raw_fd(fd) } })
    }

    fn ring(&self) {
        // SAFETY: the descriptor is open; adding 1 to its counter never blocks here.
        unsafe { libc::eventfd_write(self.fd.as_raw_fd(), 1) };
    }

    fn quiet(&self) {
        let mut count = 0;
        // SAFETY: the descriptor is open; `count` is a local that the call fills.
        unsafe { libc::eventfd_read(self.fd.as_raw_fd(), &mut count) };
    }
}
