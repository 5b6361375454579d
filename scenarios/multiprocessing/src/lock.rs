//! A lock between processes whose owner may be killed at any instruction.
//!
//! It is a robust, process-shared mutex, `pthread_mutexattr_setrobust(3)`: when
//! its owner dies, the kernel hands it to the next one with `EOWNERDEAD`. That
//! one repairs what the dead left half done (each user of the lock says how)
//! and goes on. Nobody waits for the dead.
//!
//! The one who *waits* may be killed as well, between its wake-up and its look
//! at the lock. A plain robust mutex then loses the wake-up, if somebody else
//! took the free lock in between without knowing that more are asleep, and
//! they sleep for ever. So the mutex also inherits priority: then the kernel
//! itself keeps the list of those who wait and hands the lock to one that lives
//! (`FUTEX_LOCK_PI` in futex(2)).

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use crate::error::{Error, Result};
use crate::futex::timespec;
use crate::spin;

unsafe extern "C" {
    /// `pthread_mutex_clocklock(3)`, glibc 2.30.
    fn pthread_mutex_clocklock(
        mutex: *mut libc::pthread_mutex_t,
        clock: libc::clockid_t,
        deadline: *const libc::timespec,
    ) -> libc::c_int;
}

/// A `T` that one process at a time may touch. Lives in shared memory.
#[repr(C)]
pub(crate) struct RobustLock<T> {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    ready: AtomicBool,
    /// The processor on which the lock was last taken, plus one; 0 if it never was.
    taken_on: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the mutex lets one holder at a time reach `value`; `pthread_mutex_t` itself is made for concurrent use.
unsafe impl<T: Send> Sync for RobustLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for RobustLock<T> {}

impl<T> RobustLock<T> {
    /// A lock that must be put in its final place and then [`prepared`](Self::prepare).
    pub(crate) fn new(value: T) -> RobustLock<T> {
        let mutex = UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER);
        let ready = AtomicBool::new(false);
        RobustLock { mutex, ready, taken_on: AtomicU32::new(0), value: UnsafeCell::new(value) }
    }

    /// Makes the mutex robust, process-shared and the kernel's to hand on, where it lies now.
    pub(crate) fn prepare(&self) -> Result<()> {
        let mut attributes = MaybeUninit::<libc::pthread_mutexattr_t>::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: `attributes` is initialised by the first call before the others read it; the mutex is in its final
        // place and not yet used by anybody, because `ready` is false.
        let code = unsafe {
            libc::pthread_mutexattr_init(attributes);
            libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED);
            libc::pthread_mutexattr_setrobust(attributes, libc::PTHREAD_MUTEX_ROBUST);
            libc::pthread_mutexattr_setprotocol(attributes, libc::PTHREAD_PRIO_INHERIT);
            let code = libc::pthread_mutex_init(self.mutex.get(), attributes);
            libc::pthread_mutexattr_destroy(attributes);
            code
        };
        if code != 0 {
            return Err(os_error("pthread_mutex_init", code));
        }
        self.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Takes the lock. `repair` runs first when the last owner died in possession of it.
    #[inline]
    pub(crate) fn lock(&self, repair: impl FnOnce(&mut T)) -> Guard<'_, T> {
        let code = match self.try_at_once() {
            libc::EBUSY => self.wait(None),
            code => code,
        };
        self.guard(code, repair)
    }

    /// Takes the lock, or gives up at `deadline` with `None`.
    pub(crate) fn lock_until(&self, deadline: Instant, repair: impl FnOnce(&mut T)) -> Option<Guard<'_, T>> {
        let code = match self.try_at_once() {
            libc::EBUSY => self.wait(Some(deadline)),
            code => code,
        };
        (code != libc::ETIMEDOUT).then(|| self.guard(code, repair))
    }

    /// Takes the lock if nobody has it.
    pub(crate) fn try_lock(&self, repair: impl FnOnce(&mut T)) -> Option<Guard<'_, T>> {
        let code = self.try_at_once();
        (code != libc::EBUSY).then(|| self.guard(code, repair))
    }

    /// Gives back a lock whose guard was [`kept`](Guard::keep).
    ///
    /// # Safety
    /// This thread holds the lock, and no guard of it is left.
    pub(crate) unsafe fn give_back(&self) {
        // SAFETY: the caller says that this thread holds the mutex.
        unsafe { libc::pthread_mutex_unlock(self.mutex.get()) };
    }

    /// The processor on which it was last taken, if it ever was.
    pub(crate) fn taken_on(&self) -> Option<u32> {
        self.taken_on.load(Ordering::Relaxed).checked_sub(1)
    }

    #[inline]
    fn try_at_once(&self) -> libc::c_int {
        debug_assert!(self.ready.load(Ordering::Acquire), "lock used before `prepare`");
        // SAFETY: the mutex was initialised by `prepare` and lives as long as `self`.
        unsafe { libc::pthread_mutex_trylock(self.mutex.get()) }
    }

    /// Tries for as long as an owner on another processor may hold it, then sleeps.
    #[cold]
    fn wait(&self, deadline: Option<Instant>) -> libc::c_int {
        let mut code = libc::EBUSY;
        spin::for_a_lock(self.taken_on(), || {
            code = self.try_at_once();
            code != libc::EBUSY
        });
        match deadline {
            _ if code != libc::EBUSY => code,
            Some(deadline) => limited(self.mutex.get(), deadline),
            None => unlimited(self.mutex.get()),
        }
    }

    #[inline]
    fn guard(&self, code: libc::c_int, repair: impl FnOnce(&mut T)) -> Guard<'_, T> {
        let mut guard = Guard { lock: self };
        self.taken_on.store(spin::processor() + 1, Ordering::Relaxed);
        if code != 0 {
            self.inherit(code, &mut guard, repair);
        }
        guard
    }

    /// Makes the lock of one who died whole again.
    #[cold]
    fn inherit(&self, code: libc::c_int, value: &mut T, repair: impl FnOnce(&mut T)) {
        // ENOTRECOVERABLE needs an unlock between EOWNERDEAD and `consistent`, which no path above does;
        // EDEADLK, EINVAL and EAGAIN are misuse of the mutex by this file.
        assert_eq!(code, libc::EOWNERDEAD, "{}", os_error("pthread_mutex_lock", code));
        repair(value);
        // SAFETY: this thread holds the mutex in the inconsistent state, as EOWNERDEAD says.
        unsafe { libc::pthread_mutex_consistent(self.mutex.get()) };
    }
}

/// `pthread_mutex_lock(3)`.
fn unlimited(mutex: *mut libc::pthread_mutex_t) -> libc::c_int {
    // SAFETY: callers pass the mutex of a prepared lock.
    unsafe { libc::pthread_mutex_lock(mutex) }
}

/// `pthread_mutex_clocklock(3)` on the clock that [`Instant`] reads.
fn limited(mutex: *mut libc::pthread_mutex_t, deadline: Instant) -> libc::c_int {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a local that the call fills.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    let mut at = timespec(deadline.saturating_duration_since(Instant::now()));
    at.tv_sec = at.tv_sec.saturating_add(now.tv_sec);
    at.tv_nsec += now.tv_nsec;
    if at.tv_nsec >= 1_000_000_000 {
        at.tv_sec = at.tv_sec.saturating_add(1);
        at.tv_nsec -= 1_000_000_000;
    }
    // SAFETY: callers pass the mutex of a prepared lock; `at` outlives the call.
    unsafe { pthread_mutex_clocklock(mutex, libc::CLOCK_MONOTONIC, &at) }
}

fn os_error(step: &'static str, code: libc::c_int) -> Error {
    Error::Os { step, source: std::io::Error::from_raw_os_error(code) }
}

/// The lock is held while this lives.
pub(crate) struct Guard<'a, T> {
    lock: &'a RobustLock<T>,
}

impl<T> Guard<'_, T> {
    /// Holds the lock beyond the guard's life, until [`RobustLock::give_back`] or the thread's death.
    pub(crate) fn keep(self) {
        std::mem::forget(self);
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the guard exists only while its thread holds the mutex.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and `&mut self` makes this the only reference.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: this thread holds the mutex.
        unsafe { libc::pthread_mutex_unlock(self.lock.mutex.get()) };
    }
}
