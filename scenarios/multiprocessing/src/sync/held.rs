//! Python's `with lock:`, as a block and as a guard.

use crate::error::Result;
use crate::probe::Line;

/// What is acquired and released: [`Lock`](super::Lock), [`RLock`](super::RLock),
/// [`Semaphore`](super::Semaphore), [`Condition`](super::Condition).
pub trait Release {
    /// Gives it back on behalf of the `line` that acquired it.
    #[doc(hidden)]
    fn release_at(&self, line: Line) -> Result<()>;
}

/// Holds a lock or a unit until it is dropped, also when the block ends by a panic.
///
/// A process that is killed drops nothing.
#[must_use = "what nobody keeps is released at once"]
pub struct Held<'a, L: Release + ?Sized> {
    lock: &'a L,
    line: Line,
}

impl<'a, L: Release + ?Sized> Held<'a, L> {
    /// The caller has acquired `lock` on this line.
    pub(super) fn new(lock: &'a L, line: Line) -> Held<'a, L> {
        Held { lock, line }
    }
}

impl<L: Release + ?Sized> Drop for Held<'_, L> {
    fn drop(&mut self) {
        // Who released it by hand before has no claim left, which CPython answers with an exception.
        let _ = self.lock.release_at(self.line);
    }
}

/// The methods that all have whose `take(limit, line)` acquires and which can [`Release`].
macro_rules! acquirable {
    ($type:ident, $what:literal) => {
        impl $type {
            #[doc = concat!("Acquires ", $what, "; waits until it can.")]
            #[track_caller]
            pub fn acquire(&self) {
                self.take(crate::queue::channel::Limit::Never, std::panic::Location::caller());
            }

            #[doc = concat!("Acquires ", $what, " within `timeout`; says whether it did.")]
            #[track_caller]
            #[must_use]
            pub fn acquire_timeout(&self, timeout: std::time::Duration) -> bool {
                self.take(crate::queue::channel::Limit::after(timeout), std::panic::Location::caller())
            }

            #[doc = concat!("Acquires ", $what, " if that needs no waiting; says whether it did.")]
            #[track_caller]
            #[must_use]
            pub fn acquire_nowait(&self) -> bool {
                self.take(crate::queue::channel::Limit::AtOnce, std::panic::Location::caller())
            }

            /// Python's `with` as a block: acquires, does `body`, releases, also when `body` panics.
            #[track_caller]
            pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
                let _held = self.hold();
                body()
            }

            /// Python's `with` as a guard: acquires, and releases when the guard is dropped.
            #[track_caller]
            pub fn hold(&self) -> crate::sync::Held<'_, $type> {
                let line = std::panic::Location::caller();
                self.take(crate::queue::channel::Limit::Never, line);
                crate::sync::Held::new(self, line)
            }
        }
    };
}
pub(super) use acquirable;
