//! The waits of processes: which task is in one, and whose status it took.
//!
//! The kernel frees the number of a child inside the wait of its parent, some time before the
//! parent is seen to leave that wait. Meanwhile anybody may find the number free, and another
//! thread of the parent may be told that there is no child: see [`Family::look`].

use protocol::Pid;

use super::{Family, Kernel, Phase, Record};

/// A wait that a task is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How it was called.
    pub call: WaitCall,
    /// The one child whose status it can take; `None` for several.
    pub only: Option<Pid>,
}

/// How a task waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitCall {
    /// `wait4(2)` with the address of its status.
    Wait4 {
        /// Where the status will be written; 0 for nowhere.
        status: u64,
    },
    /// `waitid(2)` with the address of its information.
    Waitid {
        /// Where the `siginfo_t` will be written; 0 for nowhere.
        info: u64,
    },
}

impl Wait {
    /// `wait4(2)` by its arguments.
    pub fn wait4(args: [u64; 6]) -> Self {
        let child = args[0] as Pid;
        Wait { call: WaitCall::Wait4 { status: args[1] }, only: (child > 0).then_some(child) }
    }

    /// `waitid(2)` by its arguments.
    pub fn waitid(args: [u64; 6]) -> Self {
        let one = args[0] as libc::idtype_t == libc::P_PID;
        Wait { call: WaitCall::Waitid { info: args[2] }, only: one.then_some(args[1] as Pid) }
    }

    /// Whether it can take the status of this child of the caller's: one that names a pid takes no other, `waitpid(2)`.
    fn can_take(&self, child: Pid) -> bool {
        self.only.is_none_or(|only| only == child)
    }
}

impl Family {
    /// The task enters a wait.
    pub fn enters_wait(&mut self, tid: Pid, wait: Wait) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.wait = Some(wait);
            self.waiting.insert(tid);
        }
    }

    /// The task leaves the wait that it was in.
    pub fn leaves_wait(&mut self, tid: Pid) -> Option<WaitCall> {
        self.waiting.remove(&tid);
        Some(self.tasks.get_mut(&tid)?.wait.take()?.call)
    }

    /// The task `tid` waited and got the status of `child`.
    pub fn waited(&mut self, tid: Pid, child: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let Some(by) = self.process_of(tid) else { return };
        if self.is_zombie(child) && kernel.is_reaped(child) {
            self.take_over(child, by, log);
            self.reap(child, log);
        }
    }

    /// The task `tid` waited and got some child's status, and would not be told whose.
    pub fn waited_blindly(&mut self, tid: Pid, kernel: &dyn Kernel, log: &mut dyn Record) {
        let process = self.process_of(tid).and_then(|pid| self.processes.get(&pid));
        for child in process.map(|process| process.children.clone()).unwrap_or_default() {
            self.waited(tid, child, kernel, log);
        }
    }

    /// Tells whose status was taken by waits that nobody was seen to leave yet; each takes one.
    pub(super) fn look_at_waits(&mut self, kernel: &dyn Kernel, log: &mut dyn Record) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|tid| {
            let taken = self.taken_by(*tid, kernel);
            if let Some(child) = taken {
                self.reap(child, log);
            }
            taken.is_none() && self.tasks.contains_key(tid)
        });
        self.waiting = waiting;
    }

    fn taken_by(&self, tid: Pid, kernel: &dyn Kernel) -> Option<Pid> {
        let task = self.tasks.get(&tid)?;
        let (wait, by) = (task.wait?, self.processes.get(&task.process)?);
        let taken = |child: Pid| self.is_zombie(child) && kernel.is_reaped(child);
        // Another thread may have taken the others.
        let child = by.children.iter().copied().find(|child| wait.can_take(*child) && taken(*child));
        // Whoever has died since left its children to another, who may have reaped them.
        child.filter(|_| by.phase == Phase::Alive && kernel.death_of(task.process).is_none())
    }
}
