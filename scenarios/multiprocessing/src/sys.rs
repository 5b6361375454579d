//! Leaving a process, as Python's `sys.exit` does it.

use std::panic;
use std::process;

use crate::process::current;

/// What `exit` throws: it unwinds the stack, so that everything on it is dropped.
pub(crate) struct SystemExit(pub(crate) i32);

/// Ends this process with `code`, after dropping what is on the stack.
///
/// In Python this raises `SystemExit`; here it unwinds without a message. A
/// `catch_unwind` in between sees it, as a bare `except:` would. Only the low
/// eight bits of the code reach the parent, `_exit(2)`.
///
/// In the main process it ends the process at once if the program did not
/// begin with [`crate::run`].
pub fn exit(code: i32) -> ! {
    if current::unwinds_on_exit() {
        panic::resume_unwind(Box::new(SystemExit(code)));
    }
    process::exit(code)
}
