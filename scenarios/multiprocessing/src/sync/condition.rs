//! `Condition`: waiting, with a lock given back meanwhile, until somebody says that it may be worth a look.
//!
//! Who waits draws a ticket and gives the lock back. `notify(n)` grants up to
//! `n` wake-ups to the tickets drawn so far; the first of their owners to come
//! take them. CPython's `notify` waits until those it woke are awake, for ever
//! if one was killed; here it waits for nobody, and a wake-up that a dead one
//! does not take goes to a living one. So after a waiter was killed another may
//! wake once more than it was notified, which is why one waits in a loop, or by
//! [`wait_for`](Condition::wait_for).

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use protocol::event::SyncKind;

use super::gate::{Gated, Repair};
use super::held::{Release, acquirable};
use super::mutex::Mutex;
use super::subject::{Call, Subject, Tell};
use super::{Lock, RLock};
use crate::error::{Error, Result};
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;
use crate::shared::Shared;

/// A condition variable between processes, as Python's `multiprocessing.Condition`.
///
/// ```no_run
/// use multiprocessing::{Condition, Process, Value};
///
/// let (cond, dishes) = (Condition::new()?, Value::new(0)?);
/// let eat = || cond.with(|| {
///     cond.wait_for(|| dishes.get() > 0)?;
///     dishes.set(dishes.get() - 1);
///     Ok::<(), multiprocessing::Error>(())
/// });
/// let mut guest = Process::new(eat, ());
/// guest.start()?;
/// cond.with(|| {
///     dishes.set(1);
///     cond.notify(1)
/// })?;
/// guest.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
#[derive(Clone)]
pub struct Condition {
    lock: Mutex,
    waiters: Arc<Shared<Gated<Waiters>>>,
    subject: Subject,
    own_lock: bool,
}

reduction::inherited!(Condition { lock, waiters, subject, own_lock });

/// A [`Lock`] or an [`RLock`] for a condition.
pub struct AnyLock(Mutex);

impl From<Lock> for AnyLock {
    fn from(lock: Lock) -> AnyLock {
        AnyLock(lock.mutex)
    }
}

impl From<RLock> for AnyLock {
    fn from(lock: RLock) -> AnyLock {
        AnyLock(lock.mutex)
    }
}

#[derive(Default)]
struct Waiters {
    /// Tickets drawn so far.
    tickets: u64,
    /// Those who drew one and are not yet done waiting, and those who died waiting.
    waiting: u64,
    /// Wake-ups that nobody has taken yet.
    granted: u64,
    /// They are for the tickets before this one.
    granted_before: u64,
}

impl Repair for Waiters {}

impl Condition {
    /// A condition called `Condition-1` … with an [`RLock`] of its own.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new() -> Result<Condition> {
        let mut condition = Condition::with_lock(RLock::new()?)?;
        condition.own_lock = true;
        condition.lock.name_after(condition.subject.name());
        Ok(condition)
    }

    /// A condition with a lock that exists, and that others may use, too.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn with_lock(lock: impl Into<AnyLock>) -> Result<Condition> {
        let waiters = Shared::new(Gated::new(Waiters::default()))?;
        waiters.prepare()?;
        let subject = Subject::of_class(SyncKind::Condition, "Condition")?;
        Ok(Condition { lock: lock.into().0, waiters: Arc::new(waiters), subject, own_lock: false })
    }

    /// Gives it a name of your own, before it is given to others; its own lock is called after it.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.subject.set_name(name);
        if self.own_lock {
            self.lock.name_after(self.subject.name());
        }
        self
    }

    /// Releases its lock.
    ///
    /// # Errors
    /// As the lock's `release`.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }

    /// Gives the lock back, waits until notified, and acquires the lock again.
    ///
    /// # Errors
    /// When this thread does not hold the lock.
    #[track_caller]
    pub fn wait(&self) -> Result<()> {
        self.wait_within(Limit::Never, Location::caller()).map(drop)
    }

    /// As [`wait`](Self::wait), but no longer than `timeout`; says whether it was notified.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> Result<bool> {
        self.wait_within(Limit::after(timeout), Location::caller())
    }

    /// Waits until `predicate`, which is asked with the lock held, at first and after each notification.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_for(&self, predicate: impl FnMut() -> bool) -> Result<()> {
        self.wait_for_within(predicate, Limit::Never, Location::caller()).map(drop)
    }

    /// As [`wait_for`](Self::wait_for), but no longer than `timeout`; returns what `predicate` said last.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_for_timeout(&self, predicate: impl FnMut() -> bool, timeout: Duration) -> Result<bool> {
        self.wait_for_within(predicate, Limit::after(timeout), Location::caller())
    }

    /// Wakes up to `n` of those who wait now.
    ///
    /// # Errors
    /// When this thread does not hold the lock.
    #[track_caller]
    pub fn notify(&self, n: usize) -> Result<()> {
        self.grant(n as u64, Location::caller())
    }

    /// Wakes all who wait now.
    ///
    /// # Errors
    /// As [`notify`](Self::notify).
    #[track_caller]
    pub fn notify_all(&self) -> Result<()> {
        self.grant(u64::MAX, Location::caller())
    }

    fn take(&self, limit: Limit, line: Line) -> bool {
        self.lock.take(limit, self.lock.call(line))
    }

    fn wait_for_within(&self, mut predicate: impl FnMut() -> bool, limit: Limit, line: Line) -> Result<bool> {
        loop {
            let holds = predicate();
            if holds || limit.is_over() {
                return Ok(holds);
            }
            self.wait_within(limit, line)?;
        }
    }

    fn wait_within(&self, limit: Limit, line: Line) -> Result<bool> {
        if !self.lock.is_mine() {
            return Err(Error::ConditionNotAcquired("must acquire() condition before using wait()"));
        }
        let call = self.subject.call(line);
        let ticket = self.draw(call);
        let lock = self.lock.call(line);
        let depth = self.lock.give_back_wholly(lock)?;
        // Also when a signal handler leaves by unwinding: who gets the lock back by `with` must have it.
        let _again = Again { mutex: &self.lock, depth, call: lock };
        Ok(self.sleep(ticket, limit, call))
    }

    fn draw(&self, call: Call) -> u64 {
        let mut waiters = self.waiters.enter();
        call.waiting();
        waiters.waiting += 1;
        waiters.tickets += 1;
        waiters.tickets - 1
    }

    fn sleep(&self, ticket: u64, limit: Limit, call: Call) -> bool {
        let mut waiters = self.waiters.enter();
        loop {
            let is_granted = waiters.granted > 0 && ticket < waiters.granted_before;
            if is_granted || limit.is_over() {
                waiters.waiting -= 1;
                waiters.granted -= u64::from(is_granted);
                if is_granted {
                    call.acquired()
                } else {
                    call.gives_up(true)
                }
                return is_granted;
            }
            waiters = self.waiters.sleep(waiters, limit.deadline());
        }
    }

    fn grant(&self, n: u64, line: Line) -> Result<()> {
        if !self.lock.is_mine() {
            return Err(Error::ConditionNotAcquired("lock is not owned"));
        }
        let mut waiters = self.waiters.enter();
        self.waiters.wake(&waiters);
        self.subject.call(line).released();
        waiters.granted_before = waiters.tickets;
        waiters.granted = waiters.waiting.min(waiters.granted.saturating_add(n));
        Ok(())
    }
}

/// Takes a lock again at its end.
struct Again<'a> {
    mutex: &'a Mutex,
    depth: u32,
    call: Call<'a>,
}

impl Drop for Again<'_> {
    fn drop(&mut self) {
        self.mutex.take_again(self.depth, self.call);
    }
}

acquirable!(Condition, "its lock");

impl Release for Condition {
    fn release_at(&self, line: Line) -> Result<()> {
        self.lock.give_back(self.lock.call(line))
    }
}
