//! `Value`: one number that all processes share.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;
use crate::plain::Plain;
use crate::probe::{self, Line};
use crate::reduction;
use crate::shared::Shared;
use crate::sync::{Mutex, RLock};

/// A number in shared memory with a lock, as Python's `multiprocessing.Value`.
///
/// Move a clone (or a reference) into the processes that use it.
///
/// ```no_run
/// use multiprocessing::{Process, Value};
///
/// let m = Value::new(10i64)?;
/// let mut p = Process::new(|| { m.update(|m| m + 1); }, ());
/// p.start()?;
/// p.join()?;
/// assert_eq!(m.get(), 11);
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// `m.set(m.get() + 1)` is Python's `m.value += 1`: a read and a write with a
/// gap between them, in which another process may count too. To hold the lock
/// over both is `m.get_lock().with(|| m.set(m.get() + 1))`, Python's
/// `with m.get_lock(): m.value += 1`, or in short `m.update(|m| m + 1)`.
///
/// The lock is [robust](RLock::robust): a process that is killed with it leaves
/// the value as it was and the lock to the next. CPython's stays taken for ever.
#[derive(Clone)]
pub struct Value<T> {
    cell: Arc<Shared<AtomicU64>>,
    lock: RLock,
    name: Option<String>,
    /// Its number among the pieces of shared memory.
    shared: u64,
    plain: PhantomData<fn(T) -> T>,
}

impl<T: Plain> Value<T> {
    /// A value that all processes share that are forked from here on.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new(value: T) -> Result<Value<T>> {
        let cell = Arc::new(Shared::new(AtomicU64::new(value.to_bits()))?);
        let shared = crate::ids::counters()?.shared();
        let lock = RLock { mutex: Mutex::belonging_to(&format!("Value-{shared}"))? };
        Ok(Value { cell, lock, name: None, shared, plain: PhantomData })
    }

    /// Shows every new value under this name to whoever watches, as [`variable`](crate::variable) does.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.lock.mutex.name_after(&name);
        self.name = Some(name);
        self
    }

    /// What it is now.
    #[track_caller]
    pub fn get(&self) -> T {
        let _held = self.lock.mutex.hold_briefly(Location::caller());
        self.read()
    }

    /// Makes it `value`.
    #[track_caller]
    pub fn set(&self, value: T) {
        let line = Location::caller();
        let _held = self.lock.mutex.hold_briefly(line);
        self.write(value, line);
    }

    /// Makes it what `change` makes of it, and returns that; no other process reads or writes in between.
    ///
    /// A process that dies inside `change` leaves the value as it was.
    #[inline]
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) -> T {
        let line = Location::caller();
        let _held = self.lock.mutex.hold_briefly(line);
        let value = change(self.read());
        self.write(value, line);
        value
    }

    /// The lock that guards it; hold it over several `get`s and `set`s.
    pub fn get_lock(&self) -> &RLock {
        &self.lock
    }

    fn read(&self) -> T {
        T::from_bits(self.cell.load(Ordering::Relaxed))
    }

    /// Under the lock. One store changes it, so there is nothing to repair after a death before or behind it.
    #[inline]
    fn write(&self, value: T, line: Line) {
        if let Some(name) = &self.name {
            // Before anybody can see it, so the log has the values in their order.
            self.show(name, value, line);
        }
        self.cell.store(value.to_bits(), Ordering::Relaxed);
    }

    #[inline(never)]
    fn show(&self, name: &str, value: T, line: Line) {
        probe::shared_variable(line, name, &value, self.shared);
    }
}

/// For people (JSON) as what it is now, so that `variable("m", &m)` shows it; for a new process as itself.
impl<T: Plain> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.get().serialize(serializer);
        }
        reduction::assert_spawning("Value")?;
        (&self.cell, &self.lock, &self.name, self.shared).serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (cell, lock, name, shared) = Deserialize::deserialize(deserializer)?;
        Ok(Value { cell, lock, name, shared, plain: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use super::*;

    #[test]
    fn every_type_comes_back_as_it_was() {
        assert_eq!(Value::new(-1i8).unwrap().get(), -1);
        assert_eq!(Value::new(i16::MIN).unwrap().get(), i16::MIN);
        assert_eq!(Value::new(-7i32).unwrap().get(), -7);
        assert_eq!(Value::new(i64::MIN).unwrap().get(), i64::MIN);
        assert_eq!(Value::new(u64::MAX).unwrap().get(), u64::MAX);
        assert_eq!(Value::new(-0.5f32).unwrap().get(), -0.5);
        assert_eq!(Value::new(f64::MIN_POSITIVE).unwrap().get(), f64::MIN_POSITIVE);
        assert!(Value::new(true).unwrap().get());
    }

    #[test]
    fn a_panic_in_update_leaves_the_value_and_the_lock_whole() {
        let value = Value::new(3u8).unwrap();
        let twin = value.clone();
        assert!(std::panic::catch_unwind(AssertUnwindSafe(|| twin.update(|_| panic!("no")))).is_err());
        value.update(|value| value + 1);
        assert_eq!(value.get(), 4);
    }
}
