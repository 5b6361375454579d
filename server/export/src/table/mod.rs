//! CSV (RFC 4180): one line a process, one line a task. Times are whole µs since the run began; what is not
//! known, or has not happened, is an empty cell.
//!
//! The file begins with a byte order mark, for without it spreadsheets take Chinese names for another encoding;
//! who reads it by a program says so (Python: `encoding="utf-8-sig"`).

mod csv;
mod processes;
mod tasks;

pub use processes::processes;
pub use tasks::tasks;
