//! CPython's `test_multiprocessing`, restated by concept.
//!
//! The library forks and changes the state of its process, so each test runs
//! in a process of its own: `support` starts this program again for every test,
//! watches the clock, and fails the test if a child of it is left behind.

#![expect(clippy::unwrap_used, reason = "a test that fails should say where, by a panic")]

mod crash;
mod custom;
mod events;
mod exits;
mod lock;
mod observer;
mod os;
mod pool;
mod pool_ends;
mod pool_faults;
mod process;
mod queue;
mod semaphore;
mod signal;
mod start;
mod support;
mod value;

use std::process::ExitCode;

fn main() -> ExitCode {
    support::main(&[
        ("process", process::TESTS),
        ("custom", custom::TESTS),
        ("exits", exits::TESTS),
        ("os", os::TESTS),
        ("signal", signal::TESTS),
        ("start", start::TESTS),
        ("queue", queue::TESTS),
        ("value", value::TESTS),
        ("lock", lock::TESTS),
        ("semaphore", semaphore::TESTS),
        ("pool", pool::TESTS),
        ("pool_ends", pool_ends::TESTS),
        ("pool_faults", pool_faults::TESTS),
        ("crash", crash::TESTS),
        ("events", events::TESTS),
    ])
}
