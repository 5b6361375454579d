//! What a process may call: anything callable with a tuple of up to four.

use std::fmt::Display;
use std::panic;

/// A function or closure that takes `Args`.
///
/// Implemented for everything that can be called with the members of the tuple
/// and returns an [`Outcome`].
pub trait Target<Args> {
    /// Calls it.
    fn call(self, args: Args);
}

/// What a target may return: nothing, never, or a `Result` whose error ends the
/// process as an uncaught exception ends Python's: a message and exit code 1.
pub trait Outcome {
    /// Turns an error into a panic with its text.
    fn settle(self);
}

impl Outcome for () {
    fn settle(self) {}
}

impl<E: Display> Outcome for Result<(), E> {
    fn settle(self) {
        if let Err(error) = self {
            panic::panic_any(format!("{error}"));
        }
    }
}

impl Outcome for Never {
    fn settle(self) {
        self
    }
}

/// The type `!` of a target that never returns, which stable Rust cannot yet name here.
type Never = <fn() -> ! as Returns>::Type;

/// What a function returns, as a type.
pub trait Returns {
    /// That type.
    type Type;
}

impl<T> Returns for fn() -> T {
    type Type = T;
}

macro_rules! target {
    ($($name:ident $arg:ident),*) => {
        impl<F, O: Outcome, $($name),*> Target<($($name,)*)> for F
        where
            F: FnOnce($($name),*) -> O,
        {
            fn call(self, ($($arg,)*): ($($name,)*)) {
                self($($arg),*).settle();
            }
        }
    };
}

target!();
target!(A a);
target!(A a, B b);
target!(A a, B b, C c);
target!(A a, B b, C c, D d);
