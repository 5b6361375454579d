//! `Array`: a row of numbers that all processes share.

use std::marker::PhantomData;
use std::ops::Range;
use std::panic::Location;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;
use crate::plain::Plain;
use crate::probe::{self, Line};
use crate::reduction;
use crate::shared::Region;
use crate::sync::{Mutex, RLock};

/// Numbers in shared memory with a lock, as Python's `multiprocessing.Array`.
///
/// ```no_run
/// use multiprocessing::{Array, Process};
///
/// let a = Array::new([3, 1, 2])?;
/// let mut p = Process::new(|| a.set(0, 30), ());
/// p.start()?;
/// p.join()?;
/// assert_eq!(a.to_vec(), [30, 1, 2]);
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Each call holds the lock while it reads or writes; hold
/// [`get_lock`](Self::get_lock) over several. As that of a
/// [`Value`](crate::Value) the lock is robust. Its length is fixed. An index or
/// a range beyond it panics, as it raises in Python.
#[derive(Clone)]
pub struct Array<T> {
    region: Arc<Region>,
    len: usize,
    lock: RLock,
    name: Option<String>,
    /// Its number among the pieces of shared memory.
    shared: u64,
    plain: PhantomData<fn(T) -> T>,
}

impl<T: Plain> Array<T> {
    /// An array of these numbers, shared by all processes that are forked from here on.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new(values: impl AsRef<[T]>) -> Result<Array<T>> {
        let values = values.as_ref();
        let array = Array::zeroed(values.len())?;
        array
            .cells()
            .iter()
            .zip(values)
            .for_each(|(cell, value)| cell.store(value.to_bits(), Ordering::Relaxed));
        Ok(array)
    }

    /// An array of so many zeros.
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn zeroed(len: usize) -> Result<Array<T>> {
        let region = Arc::new(Region::new((len * size_of::<AtomicU64>()).max(1))?);
        let shared = crate::ids::counters()?.shared();
        let lock = RLock { mutex: Mutex::belonging_to(&format!("Array-{shared}"))? };
        Ok(Array { region, len, lock, name: None, shared, plain: PhantomData })
    }

    /// Shows the numbers under this name to whoever watches, at each change.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.lock.mutex.name_after(&name);
        self.name = Some(name);
        self
    }

    /// How many numbers.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number at `index`: Python's `a[i]`.
    #[track_caller]
    pub fn get(&self, index: usize) -> T {
        self.check(index, 1);
        let _held = self.lock.mutex.hold_briefly(Location::caller());
        self.read(index)
    }

    /// Makes the number at `index` `value`: Python's `a[i] = value`.
    #[track_caller]
    pub fn set(&self, index: usize, value: T) {
        self.check(index, 1);
        self.change(Location::caller(), || self.write(index, value));
    }

    /// Makes the number at `index` what `change` makes of it, and returns that; nobody reads or writes in between.
    #[track_caller]
    pub fn update(&self, index: usize, change: impl FnOnce(T) -> T) -> T {
        self.check(index, 1);
        self.change(Location::caller(), || {
            let value = change(self.read(index));
            self.write(index, value);
            value
        })
    }

    /// A copy of some of the numbers, as they are at one moment: Python's `a[i:j]`.
    #[track_caller]
    pub fn slice(&self, range: Range<usize>) -> Vec<T> {
        self.check(range.start, range.len());
        let _held = self.lock.mutex.hold_briefly(Location::caller());
        range.map(|index| self.read(index)).collect()
    }

    /// Writes `values` from `start` on, at one moment: Python's `a[i:i + len(values)] = values`.
    #[track_caller]
    pub fn set_slice(&self, start: usize, values: &[T]) {
        self.check(start, values.len());
        self.change(Location::caller(), || {
            values.iter().enumerate().for_each(|(n, value)| self.write(start + n, *value));
        });
    }

    /// A copy of all the numbers, as they are at one moment.
    #[track_caller]
    pub fn to_vec(&self) -> Vec<T> {
        self.slice(0..self.len)
    }

    /// The lock that guards them.
    pub fn get_lock(&self) -> &RLock {
        &self.lock
    }

    /// Panics unless there are `len` numbers from `start` on.
    #[track_caller]
    fn check(&self, start: usize, len: usize) {
        let fits = start.checked_add(len).is_some_and(|end| end <= self.len);
        assert!(fits, "invalid index: {len} from {start} on in an array of {}", self.len);
    }

    /// Does `body` under the lock and shows what came of it, before anybody else sees it.
    fn change<R>(&self, line: Line, body: impl FnOnce() -> R) -> R {
        let _held = self.lock.mutex.hold_briefly(line);
        let result = body();
        if let Some(name) = &self.name
            && probe::on()
        {
            let values: Vec<T> = (0..self.len).map(|index| self.read(index)).collect();
            probe::shared_variable(line, name, &values, self.shared);
        }
        result
    }

    fn read(&self, index: usize) -> T {
        T::from_bits(self.cells()[index].load(Ordering::Relaxed))
    }

    fn write(&self, index: usize, value: T) {
        self.cells()[index].store(value.to_bits(), Ordering::Relaxed);
    }

    fn cells(&self) -> &[AtomicU64] {
        // SAFETY: the region is page-aligned, has room for `len` words, and is zeroed, which is a valid `AtomicU64`;
        // whoever shares it uses it by atomics only.
        unsafe { slice::from_raw_parts(self.region.base().cast().as_ptr(), self.len) }
    }
}

/// For people (JSON) as the numbers are now, so that `variable("a", &a)` shows them; for a new process as itself.
impl<T: Plain> Serialize for Array<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.to_vec().serialize(serializer);
        }
        reduction::assert_spawning("Array")?;
        (&self.region, self.len, &self.lock, &self.name, self.shared).serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (region, len, lock, name, shared) = Deserialize::deserialize(deserializer)?;
        Ok(Array { region, len, lock, name, shared, plain: PhantomData })
    }
}
