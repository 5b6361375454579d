//! What an uncaught panic says: CPython's `Process Process-1:` and the traceback.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use super::current;

thread_local! {
    /// Set while a pool's task runs: its panic is a result, not a message.
    static KEPT: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Puts the name of the process in front of the panics of children.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if KEPT.get() {
                keep(info);
            } else {
                announce();
                print(info);
            }
        }));
    });
}

/// `Process Process-1:`, in children only.
fn announce() {
    if let Some(name) = current::child_name() {
        eprintln!("Process {name}:");
    }
}

/// Remembers where, for whoever gets the error.
fn keep(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    PLACE.with_borrow_mut(|kept| *kept = place);
}

/// Runs `body` without a message when it panics; says where it did with [`place`].
pub(crate) fn quietly<R>(body: impl FnOnce() -> R) -> R {
    let before = KEPT.replace(true);
    let result = body();
    KEPT.set(before);
    result
}

/// Where the last panic that was kept happened: `main.rs:12:5`.
pub(crate) fn place() -> String {
    PLACE.with_borrow(String::clone)
}

/// What a panic says.
pub(crate) fn text_of(thrown: &(dyn Any + Send)) -> &str {
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    text.or(thrown.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text")
}
