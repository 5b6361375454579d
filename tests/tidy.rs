//! The rules of the house as tests: what keeps the code readable and the two worlds apart.
//!
//! Each rule says what it forbids, why, and what to do instead. Rules read the
//! source tree as text; they know nothing of what the programs do.

#[path = "tidy/crates.rs"]
mod crates;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/scenarios.rs"]
mod scenarios;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/texts.rs"]
mod texts;
#[path = "tidy/web.rs"]
mod web;

/// Fails with all faults at once, one a line, so that one run tells everything.
#[track_caller]
fn none(rule: &str, faults: Vec<String>) {
    assert!(faults.is_empty(), "{rule}\n  {}\n", faults.join("\n  "));
}
