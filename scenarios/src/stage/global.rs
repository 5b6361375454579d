//! A variable outside of any function, as Python's `global`.
//!
//! It is what it looks like: a `static` of this process. After a `fork` every process has its
//! own copy, and what one writes no other sees. Whoever watches is shown each new value, and
//! the old one when a process first looks at it.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// A named variable of the whole program, one copy a process.
pub struct Global<T> {
    name: &'static str,
    value: Mutex<T>,
    /// The process that has shown its value. A child inherits its parent's note, and it is not its own.
    shown_by: AtomicU32,
}

impl<T: Clone + Serialize> Global<T> {
    /// A variable with its first value.
    pub const fn new(name: &'static str, value: T) -> Self {
        Global { name, value: Mutex::new(value), shown_by: AtomicU32::new(0) }
    }

    /// A copy of the value.
    #[track_caller]
    pub fn get(&self) -> T {
        let value = self.peek();
        if self.shown_by.load(Ordering::Relaxed) != process::id() {
            self.show(&value);
        }
        value
    }

    /// Gives it the value that `change` makes of the old one, and returns that.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) -> T {
        let value = change(self.peek());
        self.show(&value);
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = value.clone();
        value
    }

    fn peek(&self) -> T {
        self.value.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[track_caller]
    fn show(&self, value: &T) {
        self.shown_by.store(process::id(), Ordering::Relaxed);
        multiprocessing::variable(self.name, value);
    }
}

impl<T: Clone + Serialize> Global<Vec<T>> {
    /// Adds an item at the end.
    #[track_caller]
    pub fn push(&self, item: T) {
        self.update(|mut items| {
            items.push(item);
            items
        });
    }
}
