//! Telling whoever watches for which task or worker somebody waits.

use protocol::event::{ProgramEvent, SyncKind, SyncObject, Task};

use crate::probe::{self, Line};

/// One wait, which may be for one thing after the other. Silent until it really waits.
pub(super) struct Wait {
    line: Line,
    /// What is waited for, since it was told.
    told: Option<SyncObject>,
}

impl Wait {
    pub(super) fn new(line: Line) -> Wait {
        Wait { line, told: None }
    }

    /// Sleeps for this task next. What it slept for before is there, if that was another one.
    pub(super) fn for_task(&mut self, task: Option<&Task>) {
        if let (true, Some(task)) = (probe::on(), task) {
            self.next(task.task, SyncKind::Task, &task.name);
        }
    }

    /// Sleeps for this process next.
    pub(super) fn for_process(&mut self, pid: i32, name: &str) {
        if probe::on() {
            self.next(pid as u64, SyncKind::Process, name);
        }
    }

    /// What it waited for is there.
    pub(super) fn ends(&mut self) {
        self.tell(ProgramEvent::SyncAcquired);
    }

    /// What it waited for did not come in time.
    pub(super) fn gives_up(&mut self) {
        self.tell(ProgramEvent::SyncTimeout);
    }

    fn next(&mut self, object: u64, kind: SyncKind, name: &str) {
        if self.told.as_ref().is_some_and(|told| told.object == object && told.kind == kind) {
            return;
        }
        self.ends();
        let name = name.to_owned();
        let told = self.told.insert(SyncObject { object, name, kind });
        probe::send(Some(self.line), ProgramEvent::SyncWaiting(told.clone()));
    }

    fn tell(&mut self, event: fn(SyncObject) -> ProgramEvent) {
        if let Some(told) = self.told.take() {
            probe::send(Some(self.line), event(told));
        }
    }
}
