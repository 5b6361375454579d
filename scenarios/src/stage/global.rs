//! A variable outside of any function, as Python's `global`.
//!
//! It is what it looks like: a `static` of this process. After a `fork` every process has its
//! own copy, and what one writes no other sees. Each new value is shown to whoever watches.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// A named variable of the whole program, one copy a process.
pub struct Global<T> {
    name: &'static str,
    value: Mutex<T>,
}

impl<T: Clone + Serialize> Global<T> {
    /// A variable with its first value.
    pub const fn new(name: &'static str, value: T) -> Self {
        Global { name, value: Mutex::new(value) }
    }

    /// A copy of the value.
    pub fn get(&self) -> T {
        self.value.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives it the value that `change` makes of the old one, and returns that.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) -> T {
        let value = change(self.get());
        multiprocessing::variable(self.name, &value);
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = value.clone();
        value
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
