//! `Semaphore` and `BoundedSemaphore`: so many processes at a time.

use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;

use protocol::event::SyncKind;

use super::held::{Release, acquirable};
use super::subject::Subject;
use super::units::{UNITS_MAX, Units};
use crate::error::Result;
use crate::probe::Line;
use crate::queue::channel::Limit;
use crate::reduction;
use crate::shared::Shared;

/// Units that processes acquire and release, as Python's `multiprocessing.Semaphore`.
///
/// ```no_run
/// use multiprocessing::{Process, Semaphore, time::sleep};
///
/// let tables = Semaphore::new(2)?;
/// let eat = |tables: Semaphore| tables.with(|| sleep(1.0));
/// let mut guests: Vec<_> = (0..5).map(|_| Process::new(eat, (tables.clone(),))).collect();
/// for guest in &mut guests {
///     guest.start()?;
/// }
/// for guest in &guests {
///     guest.join()?;
/// }
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// Any process may release, also more than was acquired: then there are more
/// units. A killed process takes its unit along.
#[derive(Clone)]
pub struct Semaphore {
    units: Arc<Shared<Units>>,
    most: u32,
    subject: Subject,
}

reduction::inherited!(Semaphore { units, most, subject });

impl Semaphore {
    /// A semaphore with `value` free units, called `Semaphore-1` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new(value: u32) -> Result<Semaphore> {
        Semaphore::of_class("Semaphore", value, UNITS_MAX)
    }

    fn of_class(class: &str, value: u32, most: u32) -> Result<Semaphore> {
        let units = Shared::new(Units::new(value.min(UNITS_MAX)))?;
        units.prepare()?;
        let subject = Subject::of_class(SyncKind::Semaphore, class)?;
        Ok(Semaphore { units: Arc::new(units), most, subject })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.subject.set_name(name);
        self
    }

    /// Puts a unit back, or a new one in.
    ///
    /// # Errors
    /// [`ReleasedTooOften`](crate::Error::ReleasedTooOften) when a bounded one has all its units, or this one as many as
    /// it can count.
    #[track_caller]
    pub fn release(&self) -> Result<()> {
        self.release_at(Location::caller())
    }

    /// How many units are free. By the time you know, others may have changed it.
    pub fn get_value(&self) -> u32 {
        self.units.free()
    }

    fn take(&self, limit: Limit, line: Line) -> bool {
        self.units.take(limit, self.subject.call(line))
    }
}

acquirable!(Semaphore, "a unit");

impl Release for Semaphore {
    fn release_at(&self, line: Line) -> Result<()> {
        self.units.put(self.most, self.subject.call(line))
    }
}

/// A [`Semaphore`] that never has more units than at first, as Python's `multiprocessing.BoundedSemaphore`.
///
/// ```
/// use multiprocessing::BoundedSemaphore;
///
/// let tables = BoundedSemaphore::new(2)?;
/// assert_eq!(tables.release().unwrap_err().to_string(), "semaphore or lock released too many times");
/// # Ok::<(), multiprocessing::Error>(())
/// ```
#[derive(Clone)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
}

reduction::inherited!(BoundedSemaphore { semaphore });

impl BoundedSemaphore {
    /// A semaphore with `value` free units and never more, called `BoundedSemaphore-1` …
    ///
    /// # Errors
    /// When the kernel has no memory to share.
    pub fn new(value: u32) -> Result<BoundedSemaphore> {
        Ok(BoundedSemaphore {
            semaphore: Semaphore::of_class("BoundedSemaphore", value, value.min(UNITS_MAX))?,
        })
    }

    /// Gives it a name of your own, before it is given to others.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        BoundedSemaphore { semaphore: self.semaphore.name(name) }
    }
}

/// It is a semaphore in all else, as Python's is a subclass.
impl Deref for BoundedSemaphore {
    type Target = Semaphore;

    fn deref(&self) -> &Semaphore {
        &self.semaphore
    }
}

/// So that a program may take the one or the other, as in Python.
impl From<BoundedSemaphore> for Semaphore {
    fn from(bounded: BoundedSemaphore) -> Semaphore {
        bounded.semaphore
    }
}
