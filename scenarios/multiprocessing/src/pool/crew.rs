//! The workers of a pool and the thread that makes and replaces them.
//!
//! All workers are started by this one thread. It lives as long as they do, so
//! `PR_SET_PDEATHSIG` can tie each worker's life to it: when the parent is
//! killed, its workers are too. (CPython's workers notice at the end of their
//! task that the pipe is closed.)
//!
//! When the last worker has ended and the kernel refuses another, or when an
//! initializer raises, no result can come any more: the pool closes and every
//! outstanding task fails with the reason. (In CPython that thread dies of the
//! `OSError`, and all wait for ever; a pool whose initializer raises makes
//! new workers for ever.)

use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use protocol::event::Role;

use super::TaskError;
use super::duty::{Duty, Initializer};
use super::office::{Office, Phase};
use super::task::{Part, Reply};
use super::worker::Hand;
use crate::error::Result;
use crate::probe::Line;
use crate::process::child::{Child, poll_in, poll_until};
use crate::process::current;
use crate::queue::channel::Limit;
use crate::shared::Shared;
use crate::start::{self, Birth, Method};

/// CPython's words, of `concurrent.futures`.
const ABRUPTLY: &str =
    "A process in the process pool was terminated abruptly while the future was running or pending.";

/// What workers are hired on.
pub(super) struct Terms {
    /// How many workers there should be.
    pub(super) processes: usize,
    /// How they are started.
    pub(super) method: Method,
    /// Whether a task fails when its worker dies; else it is lost.
    pub(super) lost_tasks_fail: bool,
    /// What a worker does before its first task.
    pub(super) initializer: Option<Box<dyn Initializer>>,
    /// The line that made the pool.
    pub(super) line: Line,
}

/// The workers that have not been waited for yet, oldest first.
#[derive(Default)]
pub(super) struct Crew {
    members: Mutex<Vec<Worker>>,
}

/// One of them.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) name: String,
    pub(super) child: Arc<Child>,
    /// What it has in hand, if the pool wants to know.
    hand: Option<Arc<Hand>>,
}

impl Worker {
    /// What it had in hand when it ended, if the pool wants to know.
    fn left(&self) -> Option<Part> {
        self.hand.as_ref()?.load(Ordering::Acquire).checked_sub(1).map(Part::of_id)
    }
}

impl Crew {
    /// Who there is now.
    pub(super) fn list(&self) -> Vec<Worker> {
        self.lock().clone()
    }

    /// Reads the status of those that have ended and strikes them off.
    fn bury(&self) -> Vec<Worker> {
        self.lock().extract_if(.., |worker| worker.child.poll().is_some()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Office {
    /// The thread that makes the workers and replaces them. Says in `born` whether the first ones could be made.
    pub(super) fn handle_workers(&self, born: &mpsc::SyncSender<Result<()>>) {
        let first = self.populate();
        let alive = first.is_ok();
        let _ = born.send(first);
        if alive {
            self.keep_populated();
        }
        let workers = self.crew.list();
        for worker in &workers {
            let _ = worker.child.signal(libc::SIGTERM);
        }
        for worker in &workers {
            let _ = worker.child.wait();
        }
        self.crew.bury();
        // Who feeds may wait for room.
        self.desk.inbox.close();
        self.feeder.close();
        self.desk.outbox.close();
    }

    /// Until the pool needs no worker any more, or can have none.
    fn keep_populated(&self) {
        while self.phase() != Phase::Terminate {
            self.wait_for_news();
            self.crew.bury().iter().for_each(|worker| self.part_with(worker));
            if self.desk.unfit.load(Ordering::Acquire) {
                // The worker's own words are in the outbox already, unless it was killed in between.
                return self.give_up(&TaskError::of(&"the initializer of a worker raised"));
            }
            let none_left = self.crew.list().is_empty();
            if self.wants_workers() {
                // Those that cannot be made now are made when another ends, which is when there is room for them.
                if let (Err(error), true) = (self.populate(), self.crew.list().is_empty()) {
                    return self.give_up(&TaskError::of(&error));
                }
            } else if none_left {
                return;
            }
        }
    }

    /// Brings the number of workers up to what it should be.
    fn populate(&self) -> Result<()> {
        while self.crew.lock().len() < self.terms.processes {
            let worker = self.hire()?;
            self.crew.lock().push(worker);
        }
        Ok(())
    }

    /// Starts one worker.
    fn hire(&self) -> Result<Worker> {
        let mut identity = current::new_identity(&format!("{}PoolWorker", self.terms.method.prefix()));
        identity.daemon = true;
        let birth = Birth { line: self.terms.line, role: Role::PoolWorker, tied: true };
        let hand =
            self.terms.lost_tasks_fail.then(|| Shared::new(AtomicU64::new(0)).map(Arc::new)).transpose()?;
        let duty = Duty { office: self, hand: hand.as_deref() };
        let child = start::start(self.terms.method, &identity, birth, &mut Some(Box::new(duty)))?;
        Ok(Worker { name: identity.name, child, hand })
    }

    /// A worker has ended: others look for tasks, and for the one it had in hand nobody needs to wait.
    fn part_with(&self, worker: &Worker) {
        let pid = worker.child.pid().unsigned_abs();
        self.desk.inbox.relieve(pid);
        self.desk.outbox.relieve(pid);
        if let Some(part) = worker.left() {
            self.lose(part);
        }
    }

    /// A worker died with this in hand. If its result is on its way, that comes first and is the one that counts.
    fn lose(&self, part: Part) {
        if let Ok(reply) = Reply::Failed(part).encode_with(&TaskError::of(&ABRUPTLY)) {
            let _ = self.desk.outbox.put(&reply, 0, Limit::Never, &mut ());
        }
    }

    /// Sleeps until a worker ends or the bell rings.
    fn wait_for_news(&self) {
        let workers = self.crew.list();
        let mut fds = vec![poll_in(self.bell.fd())];
        fds.extend(workers.iter().map(|worker| poll_in(worker.child.sentinel().as_raw_fd())));
        // The descriptors are open and the list is short: nothing is left that could fail.
        let _ = poll_until(&mut fds, None);
        self.bell.quiet();
    }
}
