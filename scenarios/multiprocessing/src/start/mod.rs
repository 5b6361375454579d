//! How processes are started: `fork`, `spawn` and `forkserver`.
//!
//! | | the child is | it has | costs |
//! |---|---|---|---|
//! | [`Fork`](Method::Fork) | a copy of its parent, `fork(2)` | everything, as it was at that moment | little, but more the larger the parent is |
//! | [`Spawn`](Method::Spawn) | the program, started anew | what its target is called with | the start of a program |
//! | [`ForkServer`](Method::ForkServer) | a copy of a server, which is the program started anew | what its target is called with | little, however large the parent is |
//!
//! One file each explains and does it. `work` is what a child is to do and how
//! that is written down; `parcel` is all that goes to a child that is no copy;
//! `life` is what a child does from its first to its last moment, whichever way
//! it was born.

use std::fmt;
use std::sync::Arc;

use protocol::event::Role;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::probe::Line;
use crate::process::child::Child;
use crate::process::current::Identity;
use crate::process::{exit, panics};
use crate::{ids, process, resource_tracker};

pub(crate) mod arguments;
pub(crate) mod fork;
pub(crate) mod forkserver;
pub(crate) mod life;
mod parcel;
pub(crate) mod spawn;
pub(crate) mod work;

pub use arguments::{Argument, Arguments, ByReference, ByValue};
use work::Work;

/// A way to start a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The child is a copy of its parent.
    Fork,
    /// The child is a new process of the same program.
    Spawn,
    /// The child is a copy of a small server that was spawned once.
    ForkServer,
}

impl Method {
    /// All of them, the default first.
    pub const ALL: [Method; 3] = [Method::Fork, Method::Spawn, Method::ForkServer];

    /// `fork`, `spawn` or `forkserver`.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Fork => "fork",
            Method::Spawn => "spawn",
            Method::ForkServer => "forkserver",
        }
    }

    /// CPython's names for the classes of each method begin with it: `SpawnProcess-1`, `SpawnPoolWorker-1`.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Method::Fork => "Fork",
            Method::Spawn => "Spawn",
            Method::ForkServer => "ForkServer",
        }
    }
}

impl AsRef<str> for Method {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Where and as what a child is born.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    /// The line that started it.
    pub(crate) line: Line,
    /// What it is in the program.
    pub(crate) role: Role,
    /// Whether it is killed when its parent ends, however that ends.
    pub(crate) tied: bool,
}

impl Birth {
    /// A [`Process`](crate::Process) that is started here.
    pub(crate) fn of_process(line: Line) -> Birth {
        Birth { line, role: Role::Process, tied: false }
    }
}

/// Starts a child that does `work`; takes that away when it has succeeded.
pub(crate) fn start<'a>(
    method: Method,
    identity: &Identity,
    birth: Birth,
    work: &mut Option<Box<dyn Work + 'a>>,
) -> Result<Arc<Child>> {
    // All descendants count on from here.
    ids::counters()?;
    panics::install();
    exit::register();
    let child = match method {
        Method::Fork => fork::start(identity, birth, work),
        Method::Spawn => spawn::start(identity, birth, work),
        Method::ForkServer => forkserver::start(identity, birth, work),
    }?;
    // The child has its copy; the parent's is dropped here, as CPython forgets it.
    *work = None;
    Ok(child)
}

/// Takes over if this process was started by `spawn` or is a fork server; call it first of all in `main`.
///
/// A spawned child is the program started anew, so it begins with `main`. Here
/// it learns that it is a child, does what its parent wants of it, and ends. In
/// any other process this does nothing. [`run`](crate::run) does it too, but
/// whatever stands before `run` a child would do again.
///
/// CPython needs it only in programs that are packed into one file, which every
/// Rust program is; elsewhere it can import the main module without running the
/// part below `if __name__ == '__main__'`.
pub fn freeze_support() {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some(spawn::FLAG) => spawn::main(words),
        Some(forkserver::FLAG) => forkserver::main(words),
        Some(resource_tracker::FLAG) => resource_tracker::main(words),
        _ => {}
    }
}

/// Whether this process was started by `spawn`, is a fork server or a resource tracker, by its command line.
pub fn is_forking() -> bool {
    matches!(
        std::env::args().nth(1).as_deref(),
        Some(spawn::FLAG | forkserver::FLAG | resource_tracker::FLAG)
    )
}

/// The value of `name=value` among these words.
pub(crate) fn word(words: &[String], name: &str) -> Option<String> {
    words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// The name of this process, for its children.
fn parent() -> process::ParentProcess {
    process::current::as_parent()
}
