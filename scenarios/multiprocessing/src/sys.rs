//! Leaving a process, as Python's `sys.exit` does it.

use std::fmt;
use std::panic;
use std::process;

use crate::process::current;

/// What `exit` throws: it unwinds the stack, so that everything on it is dropped.
pub(crate) struct SystemExit(Status);

impl SystemExit {
    /// At the bottom of the stack: the exit code, once a text has been written to standard error.
    pub(crate) fn settle(&self) -> i32 {
        self.0.settle()
    }
}

impl fmt::Display for SystemExit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Status::Code(code) => write!(formatter, "{code}"),
            Status::Text(text) => formatter.write_str(text),
        }
    }
}

/// What a process leaves with: a code, or a text that says why it failed.
pub enum Status {
    /// The exit code.
    Code(i32),
    /// For standard error; the exit code is 1.
    Text(String),
}

impl Status {
    fn settle(&self) -> i32 {
        match self {
            Status::Code(code) => *code,
            Status::Text(text) => {
                eprintln!("{text}");
                1
            }
        }
    }
}

impl From<i32> for Status {
    fn from(code: i32) -> Self {
        Status::Code(code)
    }
}

impl From<&str> for Status {
    fn from(text: &str) -> Self {
        Status::Text(text.to_owned())
    }
}

impl From<String> for Status {
    fn from(text: String) -> Self {
        Status::Text(text)
    }
}

/// Ends this process with a code, or with a text and code 1, after dropping what is on the stack.
///
/// In Python this raises `SystemExit`; here it unwinds without a message. A
/// `catch_unwind` in between sees it, as a bare `except:` would. Only the low
/// eight bits of a code reach the parent, `_exit(2)`.
///
/// In the main process it ends the process at once if the program did not
/// begin with [`crate::run`].
pub fn exit(status: impl Into<Status>) -> ! {
    let status = status.into();
    if current::unwinds_on_exit() {
        panic::resume_unwind(Box::new(SystemExit(status)));
    }
    process::exit(status.settle())
}
