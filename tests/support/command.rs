//! Runs the built program to its end, in an environment without settings.

use std::process::{Command, Output, Stdio};

/// How a command ended and what it wrote.
pub struct Ended {
    /// The words of the command line, for messages.
    pub line: String,
    /// Exit status; none where a signal ended it.
    pub status: Option<i32>,
    /// Results.
    pub stdout: String,
    /// Diagnostics.
    pub stderr: String,
}

/// The program with these arguments, not yet started.
pub fn playground(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_process-playground"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAYGROUND_")) {
        command.env_remove(name);
    }
    // Nothing may come into the home of whoever runs the tests.
    command.env("PLAYGROUND_RECORDINGS", "none");
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub fn run(arguments: &[&str]) -> Ended {
    let output = playground(arguments).output().expect("the program starts");
    Ended::new(arguments, output)
}

impl Ended {
    /// From what the standard library collects.
    pub fn new(arguments: &[&str], output: Output) -> Self {
        Ended {
            line: format!("process-playground {}", arguments.join(" ")),
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("results are UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("diagnostics are UTF-8"),
        }
    }

    /// Fails unless the command ended with that status, wrote no result, and named every word in its diagnostics.
    #[track_caller]
    pub fn refused(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, Some(status), "{}\n{}", self.line, self.stderr);
        assert_eq!(self.stdout, "", "{}: nothing is a result", self.line);
        for word in words {
            assert!(self.stderr.contains(word), "{} does not say {word:?}:\n{}", self.line, self.stderr);
        }
    }

    /// Fails unless the command ended well and without a diagnostic; gives its results.
    #[track_caller]
    pub fn results(&self) -> &str {
        assert_eq!((self.status, self.stderr.as_str()), (Some(0), ""), "{}", self.line);
        &self.stdout
    }
}
