//! Python's multiprocessing, in Rust: real processes by fork.
