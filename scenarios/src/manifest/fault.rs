//! What is wrong with a scenario's folder: where, what, and what would be right.

use std::fmt;

/// One mistake in a scenario's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as `pool/scenario.toml`.
    pub file: String,
    /// Counted from 1; absent when the file as a whole is meant.
    pub line: Option<usize>,
    /// Whether the scenario can run in spite of it.
    pub level: Level,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub remedy: String,
}

/// How bad a [`Fault`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The scenario cannot run; the catalogue is not built with it.
    Error,
    /// It runs, but is not fit to be shown.
    Warning,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {level}: {}; {}", self.what, self.remedy)
    }
}
