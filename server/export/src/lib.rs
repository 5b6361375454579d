//! A run in the formats of others: what its log says, for their tools to open.
//!
//! | format | opened by |
//! |---|---|
//! | [`trace()`]: Chrome trace JSON | Perfetto's UI, `chrome://tracing`, trace processor (SQL) |
//! | [`cast()`]: asciicast v2 | asciinema, its player |
//! | [`processes()`], [`tasks()`]: CSV, RFC 4180 | spreadsheets, pandas, R |
//!
//! Pure functions of the log, or of the beginning of one: no clock, no file, no network. Each format
//! is a module that says what becomes of what; who is whose child stands in [`family`] for all.
//! Pictures of a run are `poster`'s.

mod cast;
mod family;
mod name;
mod table;
mod trace;

pub use cast::cast;
pub use name::file_name;
pub use table::{processes, tasks};
pub use trace::trace;

#[cfg(test)]
mod tests;
