//! What processes wait for: locks, semaphores, events, conditions, barriers.
//!
//! All of them are a few words in shared memory and the kernel's `futex(2)`.
//! Who cannot go on marks that somebody waits and sleeps on a word; who makes
//! that possible wakes all sleepers, and they look again. All, not one: the one
//! might be killed between its wake-up and its look, and the others would sleep
//! beside a free lock for ever.
//!
//! Anything longer than one store happens under an internal robust lock (see
//! `lock`), which the kernel passes on when its owner dies. So a process that
//! is killed *inside* a call of this library leaves the object whole. A process
//! that is killed *between* `acquire` and `release` is another matter: then
//! these objects do what CPython's do, unless made by [`Lock::robust`].
//!
//! | the dead | what happens |
//! |---|---|
//! | held a `Lock`, `RLock`, unit of a `Semaphore` | it stays taken for ever, as in CPython |
//! | held a [`Lock::robust`], [`RLock::robust`](RLock::robust) | the next one gets it and can ask `holder_died` |
//! | waited for any of these | nothing: nobody waits for the dead |
//! | waited in a `Condition` | nothing; CPython's `notify` waits for it for ever |
//! | waited at a `Barrier` | it counts as arrived, as in CPython, but the barrier is whole afterwards |
//! | ran a barrier's action | the barrier is broken; CPython's hangs |
//!
//! Inside: `units` counts and sleeps; `mutex` adds who holds it; `gate` is where
//! one waits for anything else; `held` gives back at the end of a block;
//! `owner` tells threads apart; `action` is what a barrier does when all are
//! here; `subject` tells the observer.

mod action;
mod barrier;
mod condition;
mod event;
mod gate;
mod held;
mod lock;
mod mutex;
mod owner;
mod rlock;
mod semaphore;
mod subject;
mod units;

pub use barrier::Barrier;
pub use condition::{AnyLock, Condition};
pub use event::Event;
pub use held::{Held, Release};
pub use lock::Lock;
pub use rlock::RLock;
pub use semaphore::{BoundedSemaphore, Semaphore};

pub(crate) use gate::{Gated, Repair};
pub(crate) use mutex::Mutex;
pub(crate) use subject::{Call, Subject, Tell};
