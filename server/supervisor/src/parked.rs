//! Reports of tasks whose birth has not been reported yet.
//!
//! A new task may report its first stop before its parent reports the birth. It stands
//! there until the birth is in the log, so nothing of it can come too early. If the parent
//! was killed in that moment its report never comes; then the task is adopted, by
//! looking who its parent was.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use protocol::Pid;

use crate::ptrace::Report;

/// How long the report of a birth may be outstanding before its parent must be dead.
const PATIENCE: Duration = Duration::from_millis(100);

/// The tasks that wait for their birth.
#[derive(Default)]
pub struct Parked(HashMap<Pid, (Instant, Vec<Report>)>);

impl Parked {
    /// Keeps a report.
    pub fn park(&mut self, tid: Pid, report: Report) {
        self.0.entry(tid).or_insert_with(|| (Instant::now(), Vec::new())).1.push(report);
    }

    /// The reports of a task, in order, now that it is born.
    pub fn release(&mut self, tid: Pid) -> Vec<Report> {
        self.0.remove(&tid).map(|(_, reports)| reports).unwrap_or_default()
    }

    /// The tasks that wait.
    pub fn tids(&self) -> Vec<Pid> {
        self.0.keys().copied().collect()
    }

    /// The tasks that wait for too long.
    pub fn overdue(&self) -> Vec<Pid> {
        let overdue = self.0.iter().filter(|(_, (since, _))| since.elapsed() >= PATIENCE);
        overdue.map(|(tid, _)| *tid).collect()
    }
}
