//! CPython's own `multiprocessing`, told by the adapter in `scenarios/python`.
//!
//! The programs in `programs/` use it in every way. Each runs under the real supervisor, for every
//! start method; its log must keep the promises, say what happened, and the program must print what
//! it prints without anybody watching.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod adapter;
mod ends;
mod globals;
mod locks;
mod pools;
mod queues;
mod stage;
