//! `Value`: one number that all processes share.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;
use crate::lock::RobustLock;
use crate::reduction;
use crate::shared::Shared;

/// What a [`Value`] can hold: Python's type codes `b` to `Q`, `f`, `d` and `?`.
pub trait Plain: Copy + serde::Serialize + sealed::Bits {}

mod sealed {
    /// A type that fits into 64 bits, and how.
    pub trait Bits {
        fn to_bits(self) -> u64;
        fn from_bits(bits: u64) -> Self;
    }
}

macro_rules! plain {
    ($type:ty, $value:ident => $to:expr, $bits:ident => $from:expr) => {
        impl Plain for $type {}

        impl sealed::Bits for $type {
            fn to_bits(self) -> u64 {
                let $value = self;
                $to
            }

            fn from_bits($bits: u64) -> $type {
                $from
            }
        }
    };
}

plain!(i8, value => value as u64, bits => bits as i8);
plain!(u8, value => value.into(), bits => bits as u8);
plain!(i16, value => value as u64, bits => bits as i16);
plain!(u16, value => value.into(), bits => bits as u16);
plain!(i32, value => value as u64, bits => bits as i32);
plain!(u32, value => value.into(), bits => bits as u32);
plain!(i64, value => value as u64, bits => bits as i64);
plain!(u64, value => value, bits => bits);
plain!(f32, value => value.to_bits().into(), bits => f32::from_bits(bits as u32));
plain!(f64, value => value.to_bits(), bits => f64::from_bits(bits));
plain!(bool, value => value.into(), bits => bits != 0);

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
/// gap between them, in which another process may count too. `update` holds the
/// lock over both, as `with m.get_lock(): m.value += 1` does.
pub struct Value<T> {
    cell: Arc<Shared<RobustLock<AtomicU64>>>,
    name: Option<Cow<'static, str>>,
    plain: std::marker::PhantomData<fn(T) -> T>,
}

impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        Value { cell: Arc::clone(&self.cell), name: self.name.clone(), plain: std::marker::PhantomData }
    }
}

impl<T: Plain> Value<T> {
    /// A value that all processes share that are forked from here on.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new(value: T) -> Result<Value<T>> {
        let cell = Shared::new(RobustLock::new(AtomicU64::new(value.to_bits())))?;
        cell.prepare()?;
        Ok(Value { cell: Arc::new(cell), name: None, plain: std::marker::PhantomData })
    }

    /// Shows every new value under this name to whoever watches, as [`variable`](crate::variable) does.
    #[must_use]
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = Some(Cow::Borrowed(name));
        self
    }

    /// What it is now.
    pub fn get(&self) -> T {
        T::from_bits(self.cell.lock(|_| {}).load(Ordering::Relaxed))
    }

    /// Makes it `value`.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.update(|_| value);
    }

    /// Makes it what `change` makes of it, and returns that; no other process reads or writes in between.
    ///
    /// A process that dies inside `change` leaves the value as it was. `change`
    /// must not use this same value: it would wait for itself.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) -> T {
        let cell = self.cell.lock(|_| {});
        let value = change(T::from_bits(cell.load(Ordering::Relaxed)));
        if let Some(name) = &self.name {
            // Under the lock and before anybody can see it, so the log has the values in their order.
            crate::variable(name, &value);
        }
        // One store changes it, so there is nothing to repair after a death before or behind it.
        cell.store(value.to_bits(), Ordering::Relaxed);
        value
    }
}

/// For people (JSON) as what it is now, so that `variable("m", &m)` shows it; for a new process as itself.
impl<T: Plain> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.get().serialize(serializer);
        }
        reduction::assert_spawning("Value")?;
        (&self.cell, &self.name).serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (cell, name) = Deserialize::deserialize(deserializer)?;
        Ok(Value { cell, name, plain: std::marker::PhantomData })
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
