//! Programs that replace programs: those that a stop tells of, and those that none does.
//!
//! From the point of no return of `execve(2)` on, a process is another program. Its stop comes somewhat later, and
//! whoever is killed before it was taken has none: 1 of 20 that are killed at random moments around an `execve`. It
//! stands in its exit stop with the new program all the same, and then that is told first. Whoever was killed before
//! the point of no return is what it was, and nothing is told.

use std::collections::HashMap;

use protocol::Pid;

use crate::proc::{self, Image};
use crate::ptrace::{Exec, Stopped};
use crate::run::Run;

/// What each process was when its last `exec` was told.
#[derive(Default)]
pub struct Images(HashMap<Pid, Image>);

impl Images {
    /// Whether a process has another program than the one that was told; without one, than that of its birth.
    fn is_replaced(&self, pid: Pid) -> bool {
        let Some(image) = proc::image(pid) else { return false };
        self.0.get(&pid).map_or(!image.is_inherited, |told| image.stack != told.stack)
    }

    /// Forgets a process; its number may come again.
    pub fn forget(&mut self, pid: Pid) {
        self.0.remove(&pid);
    }
}

impl Run {
    /// A process stands at the first instruction of its new program.
    pub(crate) fn exec(&mut self, stop: Stopped<Exec>) {
        self.drain();
        self.tell_exec(stop.tid);
        stop.resume();
    }

    /// Tells the `exec` of a process that stands in its exit stop, if it has not been told.
    pub(crate) fn tell_missed_exec(&mut self, pid: Pid) {
        if self.images.is_replaced(pid) {
            self.tell_exec(pid);
        }
    }

    fn tell_exec(&mut self, pid: Pid) {
        if let Some(image) = proc::image(pid) {
            self.images.0.insert(pid, image);
        }
        self.family.exec(pid, proc::program(pid), &mut self.log);
    }
}
