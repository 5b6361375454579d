//! One end of a channel: where items go in, or where they come out.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, compiler_fence, fence};

use super::channel::Limit;
use super::rings::{Place, Places};
use super::seat::Chair;
use crate::error::Result;
use crate::lock::{Guard, RobustLock};
use crate::{futex, spin};

/// What those at one end share, and what the other end sees of it.
pub(super) struct End {
    own: Own,
    public: Public,
}

/// What nobody else uses while all goes well.
#[repr(align(128))]
struct Own {
    lock: RobustLock<State>,
    places: Places,
    gate: Gate,
}

/// What the other end looks at.
#[repr(align(128))]
struct Public {
    /// How many items have passed here.
    count: AtomicU64,
    /// Who looks here for something to pass.
    chair: Chair,
}

/// What is known under the lock without a look at what others write to.
struct State {
    /// How many items have passed here.
    passed: u64,
    seen: Seen,
}

/// What somebody at one end saw last of the other one, which by now may have moved on.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) place: Place,
}

/// Where those sleep who wait for this end to move. Used under its lock.
struct Gate {
    /// Changes whenever the enlisted are woken; what they sleep on.
    turn: AtomicU32,
    /// Whether anybody enlisted since.
    enlisted: AtomicU32,
}

impl End {
    /// An end where nothing has passed; to be put in its final place and then [`prepared`](Self::prepare).
    pub(super) fn new() -> End {
        let lock = RobustLock::new(State { passed: 0, seen: Seen { count: 0, place: Place::default() } });
        let gate = Gate { turn: AtomicU32::new(0), enlisted: AtomicU32::new(0) };
        let public = Public { count: AtomicU64::new(0), chair: Chair::default() };
        End { own: Own { lock, places: Places::default(), gate }, public }
    }

    pub(super) fn prepare(&self) -> Result<()> {
        self.own.lock.prepare()
    }

    /// How many items have passed here.
    pub(super) fn count(&self) -> u64 {
        self.public.count.load(Ordering::Acquire)
    }

    /// Who looks here for something to pass.
    pub(super) fn chair(&self) -> &Chair {
        &self.public.chair
    }

    /// The processor on which somebody was here last, if ever.
    pub(super) fn taken_on(&self) -> Option<u32> {
        self.own.lock.taken_on()
    }

    /// What the other end sees of this one.
    fn look(&self) -> Seen {
        loop {
            let count = self.count();
            let place = self.own.places.of(count);
            // The place of this count is written anew only after the next one has passed.
            fence(Ordering::Acquire);
            if self.public.count.load(Ordering::Relaxed) == count {
                return Seen { count, place };
            }
        }
    }

    /// The lock of this end; `None` when the limit is over first. `other` is the one it looks at.
    #[inline(never)]
    pub(super) fn lock<'a>(&'a self, other: &'a End, limit: Limit) -> Option<Locked<'a>> {
        // A process that died while it looked may have left half of what it saw.
        let repair = |seen: &mut State| *seen = State { passed: self.count(), seen: other.look() };
        let state = match limit.deadline() {
            Some(deadline) => self.own.lock.lock_until(deadline, repair)?,
            None => self.own.lock.lock(repair),
        };
        Some(Locked { end: self, other, count: state.passed, state })
    }
}

/// An end while its lock is held.
pub(super) struct Locked<'a> {
    end: &'a End,
    other: &'a End,
    state: Guard<'a, State>,
    /// How many items have passed: nobody else can change it now.
    pub(super) count: u64,
}

impl Locked<'_> {
    /// What was last seen of the other end.
    pub(super) fn seen(&self) -> Seen {
        self.state.seen
    }

    /// Looks at the other end.
    pub(super) fn look(&mut self) {
        self.state.seen = self.other.look();
    }

    /// Where this end is.
    pub(super) fn place(&self) -> Place {
        self.end.own.places.of(self.count)
    }

    /// Wakes who waits for this end to move, which it must do next.
    pub(super) fn wake_waiters(&self) {
        self.end.own.gate.wake();
    }

    /// Wakes one of them.
    pub(super) fn wake_a_waiter(&self) {
        self.end.own.gate.wake_one();
    }

    /// As `wake_waiters`, when this end is about to have one more item: one, and none if that is the only one and
    /// somebody sits at the other end. The count is read first: if an item has been taken, whoever took it sits no more.
    pub(super) fn wake_a_taker(&self) {
        if self.end.own.gate.is_empty() {
            return;
        }
        let is_the_only_one = self.other.count() == self.count;
        if !(is_the_only_one && self.other.chair().is_taken()) {
            self.wake_a_waiter();
        }
    }

    /// One item has passed and this end is at `place`: all that is written before this is written before it, all that
    /// is written after it after, for a process that may be killed in between.
    pub(super) fn pass(&mut self, place: Place) {
        self.end.own.places.prepare(self.count + 1, place);
        compiler_fence(Ordering::SeqCst);
        self.end.public.count.store(self.count + 1, Ordering::Release);
        compiler_fence(Ordering::SeqCst);
        self.state.passed = self.count + 1;
    }
}

impl Gate {
    /// Asks to be woken. Returns the turn to sleep on.
    fn enlist(&self) -> u32 {
        self.enlisted.store(1, Ordering::Relaxed);
        self.turn.load(Ordering::Relaxed)
    }

    /// Wakes the enlisted, if any. The mark goes last, lest a kill in between lose the wake-up.
    fn wake(&self) {
        if self.enlisted.load(Ordering::Relaxed) != 0 {
            self.turn.fetch_add(1, Ordering::Relaxed);
            futex::wake_all(&self.turn);
            self.enlisted.store(0, Ordering::Relaxed);
        }
    }

    /// Wakes one of the enlisted; the mark goes when there is none.
    fn wake_one(&self) {
        if self.enlisted.load(Ordering::Relaxed) != 0 {
            self.turn.fetch_add(1, Ordering::Relaxed);
            if !futex::wake_one(&self.turn) {
                self.enlisted.store(0, Ordering::Relaxed);
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.enlisted.load(Ordering::Relaxed) == 0
    }
}

/// One call's waiting at `ours` for `theirs` to move.
pub(super) struct Wait<'a> {
    ours: &'a End,
    theirs: &'a End,
    limit: Limit,
    /// Whether it has looked for a moment instead of sleeping.
    spun: bool,
    /// Whether it has said that it waits.
    said: bool,
}

impl<'a> Wait<'a> {
    /// `spun` if it has looked already.
    pub(super) fn new(ours: &'a End, theirs: &'a End, limit: Limit, spun: bool) -> Wait<'a> {
        Wait { ours, theirs, limit, spun, said: false }
    }

    /// Returns `true` when it is worth to look again because `theirs` may have moved on from `seen`; `false` when the
    /// limit is over. `says` is called once, if it must sleep, in an order with what is told at the other end.
    pub(super) fn for_more_than(&mut self, seen: u64, over: impl Fn() -> bool, says: impl FnOnce()) -> bool {
        if self.limit.is_over() {
            return false;
        }
        let looks = || self.theirs.public.count.load(Ordering::Relaxed) != seen;
        if !self.spun && self.ours.own.gate.is_empty() {
            self.spun = true;
            spin::for_a_peer(self.theirs.taken_on(), looks);
            return true;
        }
        let Some(locked) = self.theirs.lock(self.ours, self.limit) else { return false };
        if locked.count != seen || over() {
            return true;
        }
        if !std::mem::replace(&mut self.said, true) {
            says();
        }
        let gate = &self.theirs.own.gate;
        let turn = gate.enlist();
        drop(locked);
        futex::wait(&gate.turn, turn, self.limit.deadline());
        // Who woke us may have been put off this processor for it, with the lock in its hands.
        if !looks() {
            spin::yield_now();
        }
        true
    }
}
