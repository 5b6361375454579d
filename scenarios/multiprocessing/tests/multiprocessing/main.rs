//! CPython's `test_multiprocessing`, restated by concept.
//!
//! The library forks and changes the state of its process, so each test runs
//! in a process of its own: `support` starts this program again for every test,
//! watches the clock, and fails the test if a child of it is left behind.

#![expect(clippy::unwrap_used, reason = "a test that fails should say where, by a panic")]

mod array;
mod barrier;
mod condition;
mod connection;
mod crash;
mod crash_sync;
mod custom;
mod event;
mod events;
mod events_pool;
mod events_sync;
mod exits;
mod lock;
mod observer;
mod os;
mod pool;
mod pool_ends;
mod pool_faults;
mod pool_imap;
mod pool_map;
mod pool_options;
mod process;
mod queue;
mod queues;
mod semaphore;
mod shared_memory;
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
        ("event", event::TESTS),
        ("condition", condition::TESTS),
        ("barrier", barrier::TESTS),
        ("array", array::TESTS),
        ("connection", connection::TESTS),
        ("queues", queues::TESTS),
        ("shared_memory", shared_memory::TESTS),
        ("pool", pool::TESTS),
        ("pool_ends", pool_ends::TESTS),
        ("pool_faults", pool_faults::TESTS),
        ("pool_map", pool_map::TESTS),
        ("pool_imap", pool_imap::TESTS),
        ("pool_options", pool_options::TESTS),
        ("crash", crash::TESTS),
        ("crash_sync", crash_sync::TESTS),
        ("events", events::TESTS),
        ("events_sync", events_sync::TESTS),
        ("events_pool", events_pool::TESTS),
    ])
}
