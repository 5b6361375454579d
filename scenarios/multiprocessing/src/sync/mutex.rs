//! A unit that knows who has it: the common part of `Lock` and `RLock`.
//!
//! Two ways to hold it. The plain one takes the unit of a [`Units`], so that
//! anybody can put it back, and nobody does when the holder dies. The robust
//! one holds a mutex of the kernel's robust list; only the holder can give that
//! back, and the kernel gives it back for the dead.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use protocol::event::SyncKind;
use serde::{Deserialize, Serialize};

use super::owner::me;
use super::subject::{Call, Silence, Subject, Tell};
use super::units::Units;
use crate::error::{Error, Result};
use crate::lock::RobustLock;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::shared::Shared;

/// Robust locks by their number.
type Held = Vec<(u64, Arc<Shared<Inner>>)>;

thread_local! {
    /// The robust locks that this thread holds. Never dropped, for the thread may end while it holds one.
    static HELD: RefCell<ManuallyDrop<Held>> = const { RefCell::new(ManuallyDrop::new(Vec::new())) };
}

/// Nobody.
const NOBODY: u64 = 0;

/// What kind of lock.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manner {
    /// Its holder may take it again.
    pub(crate) recursive: bool,
    /// The death of its holder gives it back.
    pub(crate) robust: bool,
}

/// Neither the one nor the other.
const PLAIN: Manner = Manner { recursive: false, robust: false };

/// What lies in shared memory.
struct Inner {
    units: Units,
    kernel: RobustLock<()>,
    /// The thread that has it; meaningful to that thread only.
    owner: AtomicU64,
    /// How often the owner has taken it; only the owner writes it.
    depth: AtomicU32,
    /// A holder died with it, and the next one has not yet given it back.
    inherited: AtomicBool,
}

/// A lock with a name and an owner.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Mutex {
    inner: Arc<Shared<Inner>>,
    manner: Manner,
    subject: Subject,
}

impl Mutex {
    /// A free lock, called as the next of its class.
    pub(crate) fn new(class: &str, manner: Manner) -> Result<Mutex> {
        let inner = Shared::new(Inner {
            units: Units::new(1),
            kernel: RobustLock::new(()),
            owner: AtomicU64::new(NOBODY),
            depth: AtomicU32::new(0),
            inherited: AtomicBool::new(false),
        })?;
        inner.units.prepare()?;
        inner.kernel.prepare()?;
        Ok(Mutex { inner: Arc::new(inner), manner, subject: Subject::of_class(SyncKind::Lock, class)? })
    }

    /// A robust recursive lock that belongs to something else, as a `Value`.
    pub(crate) fn belonging_to(name: &str) -> Result<Mutex> {
        let mut mutex = Mutex::new("RLock", Manner { recursive: true, robust: true })?;
        mutex.name_after(name);
        Ok(mutex)
    }

    /// A call of one of its methods.
    pub(crate) fn call(&self, line: Line) -> Call<'_> {
        self.subject.call(line)
    }

    pub(crate) fn set_name(&mut self, name: impl Into<String>) {
        self.subject.set_name(name);
    }

    /// As the lock of something that has this name.
    pub(crate) fn name_after(&mut self, name: &str) {
        self.subject.set_name(format!("{name}.lock"));
    }

    /// Takes it; waits until the limit is over. Says whether it got it.
    #[inline]
    pub(crate) fn take(&self, limit: Limit, call: impl Tell) -> bool {
        if self.manner == PLAIN && self.inner.units.take_at_once() {
            self.own();
            return true;
        }
        self.take_anyhow(limit, call)
    }

    #[inline(never)]
    fn take_anyhow(&self, limit: Limit, call: impl Tell) -> bool {
        if self.manner.recursive && self.is_mine() {
            self.deepen();
            call.passes();
            return true;
        }
        let taken = match self.manner.robust {
            true => self.inner.take_robust(limit, call),
            false => self.inner.units.take(limit, call),
        };
        if taken {
            self.own();
            if self.manner.robust {
                self.hold_on();
            }
        }
        taken
    }

    /// Gives it back, once for each time it was taken.
    pub(crate) fn give_back(&self, call: impl Tell) -> Result<()> {
        let needs_owner = self.manner.recursive || self.manner.robust;
        if needs_owner && !self.is_mine() {
            return Err(match self.manner.recursive {
                false if self.is_free() => Error::ReleasedTooOften,
                _ => Error::NotOwner,
            });
        }
        let depth = self.inner.depth.load(Ordering::Relaxed);
        if self.manner.recursive && depth > 1 {
            self.inner.depth.store(depth - 1, Ordering::Relaxed);
            call.passes();
            return Ok(());
        }
        self.part(call)
    }

    /// Gives it back altogether; returns how often it was taken.
    pub(crate) fn give_back_wholly(&self, call: Call) -> Result<u32> {
        let depth = self.inner.depth.load(Ordering::Relaxed);
        self.part(call).map(|()| depth)
    }

    /// Takes it again as often as before [`give_back_wholly`](Self::give_back_wholly).
    pub(crate) fn take_again(&self, depth: u32, call: Call) {
        self.take(Limit::Never, call);
        self.inner.depth.store(depth, Ordering::Relaxed);
    }

    /// Holds it for a few instructions, which is worth telling only if that needs a wait.
    pub(crate) fn hold_briefly(&self, line: Line) -> Briefly<'_> {
        match self.take_anyhow(Limit::AtOnce, Silence) {
            true => Briefly { mutex: self, waited: None },
            false => self.hold_after_a_wait(line),
        }
    }

    #[cold]
    fn hold_after_a_wait(&self, line: Line) -> Briefly<'_> {
        let call = self.call(line);
        self.take(Limit::Never, call);
        Briefly { mutex: self, waited: Some(call) }
    }

    /// Whether this thread has it.
    pub(crate) fn is_mine(&self) -> bool {
        self.inner.owner.load(Ordering::Relaxed) == me()
    }

    /// Whether the one before this holder died with it.
    pub(crate) fn holder_died(&self) -> bool {
        self.inner.inherited.load(Ordering::Relaxed)
    }

    fn is_free(&self) -> bool {
        match self.manner.robust {
            true => self.inner.kernel.try_lock(|()| self.inner.inherit()).is_some(),
            false => self.inner.units.free() > 0,
        }
    }

    /// The C library chains the robust mutexes that a thread holds by their addresses: as long as it is held, its
    /// memory must not be unmapped, whoever drops what.
    #[inline(never)]
    fn hold_on(&self) {
        HELD.with_borrow_mut(|held| held.push((self.subject.object(), Arc::clone(&self.inner))));
    }

    #[inline(never)]
    fn let_go(&self) {
        let object = self.subject.object();
        HELD.with_borrow_mut(|held| {
            if let Some(place) = held.iter().rposition(|(held, _)| *held == object) {
                held.swap_remove(place);
            }
        });
    }

    /// This thread has it now, once.
    fn own(&self) {
        self.inner.depth.store(1, Ordering::Relaxed);
        self.inner.owner.store(me(), Ordering::Relaxed);
    }

    fn deepen(&self) {
        self.inner.depth.fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn part(&self, call: impl Tell) -> Result<()> {
        // A release by another process than the holder forgets the holder, too.
        let owner = self.inner.owner.swap(NOBODY, Ordering::Relaxed);
        if self.manner.robust {
            self.inner.inherited.store(false, Ordering::Relaxed);
            call.released();
            // SAFETY: `give_back` and `Condition` come here only when this thread is the owner, that is when
            // `take_robust` kept the guard.
            unsafe { self.inner.kernel.give_back() };
            self.let_go();
            return Ok(());
        }
        let put = self.inner.units.put(1, call);
        debug_assert!(put.is_ok() || owner == NOBODY, "what has an owner is not free");
        put
    }
}

/// Holds a mutex until it is dropped.
pub(crate) struct Briefly<'a> {
    mutex: &'a Mutex,
    /// The call that took it, if it had to wait.
    waited: Option<Call<'a>>,
}

impl Drop for Briefly<'_> {
    fn drop(&mut self) {
        let given = match self.waited {
            None => self.mutex.give_back(Silence),
            Some(call) => self.mutex.give_back(call),
        };
        debug_assert!(given.is_ok(), "who holds it briefly holds it");
    }
}

impl Inner {
    /// Holds the kernel's mutex from here on.
    fn take_robust(&self, limit: Limit, call: impl Tell) -> bool {
        let mut guard = self.kernel.try_lock(|()| self.inherit());
        if guard.is_none() && !limit.is_over() {
            call.waiting();
            guard = match limit.deadline() {
                Some(deadline) => self.kernel.lock_until(deadline, |()| self.inherit()),
                None => Some(self.kernel.lock(|()| self.inherit())),
            };
            if guard.is_none() {
                call.gives_up(true);
                return false;
            }
        }
        let Some(guard) = guard else {
            call.gives_up(false);
            return false;
        };
        call.acquired();
        guard.keep();
        true
    }
    /// The last holder died with it.
    fn inherit(&self) {
        self.inherited.store(true, Ordering::Relaxed);
    }
}

/// What `Lock` and `RLock`, each a name for a [`Mutex`] of its manner, have in common.
macro_rules! face_of_a_mutex {
    ($type:ident) => {
        impl $type {
            /// Gives it a name of your own, before it is given to others.
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.mutex.set_name(name);
                self
            }

            /// For the holder of a [`robust`](Self::robust) one: whether the holder before it died with it, so that
            /// what it guards may be half done.
            pub fn holder_died(&self) -> bool {
                self.mutex.holder_died()
            }

            fn take(&self, limit: crate::queue::channel::Limit, line: crate::probe::Line) -> bool {
                self.mutex.take(limit, self.mutex.call(line))
            }
        }

        impl crate::sync::Release for $type {
            fn release_at(&self, line: crate::probe::Line) -> crate::error::Result<()> {
                self.mutex.give_back(self.mutex.call(line))
            }
        }

        crate::sync::held::acquirable!($type, "it");
    };
}
pub(super) use face_of_a_mutex;
