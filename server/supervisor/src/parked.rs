//! Reports of tasks whose birth has not been reported yet.
//!
//! A new task may report its first stop before its maker reports the birth: the maker may even
//! be off the processor for seconds between the two. The task stands until the birth
//! is in the log, so nothing of it can come too early. Only the death of the maker means that
//! the report will never come; so whose the task is gets noted while it is there to be asked.

use std::collections::HashMap;

use protocol::Pid;
use protocol::event::How;

use crate::kin::Kind;
use crate::proc;
use crate::ptrace::Report;

/// Whose task it is, as the kernel had it when it was parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// A thread or a process.
    pub kind: Kind,
    /// The process of a thread; the parent of a process.
    pub of: Pid,
}

/// The tasks that wait for their birth.
#[derive(Default)]
pub struct Parked(HashMap<Pid, Waiting>);

struct Waiting {
    origin: Option<Origin>,
    reports: Vec<Report>,
}

impl Parked {
    /// Keeps a report.
    pub fn park(&mut self, tid: Pid, report: Report) {
        let new = || Waiting { origin: proc::origin(tid), reports: Vec::new() };
        self.0.entry(tid).or_insert_with(new).reports.push(report);
    }

    /// The reports of a task, in order, now that it is born.
    pub fn release(&mut self, tid: Pid) -> Vec<Report> {
        self.0.remove(&tid).map(|waiting| waiting.reports).unwrap_or_default()
    }

    /// Whether a task waits.
    pub fn holds(&self, tid: Pid) -> bool {
        self.0.contains_key(&tid)
    }

    /// The tasks that wait and whose they are, as far as that is known.
    pub fn origins(&self) -> Vec<(Pid, Origin)> {
        let origin = |(tid, waiting): (&Pid, &Waiting)| Some((*tid, waiting.origin?));
        self.0.iter().filter_map(origin).collect()
    }
}

/// What is to be told of a reported birth; `None` when the task's whole life is told already.
///
/// A task that is gone has had its death reported. Where that is not `parked`, the task had been
/// found and was known when it died: its maker, which was preempted, reports it only now.
pub fn news_of_birth(kind: Kind, how: How, parked: bool) -> Option<Kind> {
    match (kind, how) {
        (Kind::Gone, _) if !parked => None,
        (Kind::Gone, How::Clone) => Some(Kind::Thread),
        (Kind::Gone, _) => Some(Kind::Process),
        (kind, _) => Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_that_is_reported_after_the_death_was_told_is_no_news() {
        for how in [How::Fork, How::Vfork, How::Clone] {
            assert_eq!(news_of_birth(Kind::Gone, how, false), None);
        }
    }

    #[test]
    fn a_life_that_waits_to_be_told_begins_with_its_birth() {
        assert_eq!(news_of_birth(Kind::Gone, How::Fork, true), Some(Kind::Process));
        assert_eq!(news_of_birth(Kind::Gone, How::Clone, true), Some(Kind::Thread));
        assert_eq!(news_of_birth(Kind::Process, How::Clone, false), Some(Kind::Process));
        assert_eq!(news_of_birth(Kind::Thread, How::Clone, false), Some(Kind::Thread));
    }

    #[test]
    fn whose_a_task_is_gets_noted_while_it_lives() {
        let me = std::process::id() as Pid;
        let (told, tid) = std::sync::mpsc::channel();
        let (end, wait) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            told.send(rustix::thread::gettid().as_raw_nonzero().get()).unwrap();
            wait.recv().unwrap_err();
        });
        let tid = tid.recv().unwrap();
        assert_eq!(proc::origin(tid), Some(Origin { kind: Kind::Thread, of: me }));
        let parent = rustix::process::getppid().unwrap().as_raw_nonzero().get();
        assert_eq!(proc::origin(me), Some(Origin { kind: Kind::Process, of: parent }));
        drop(end);
        thread.join().unwrap();
    }
}
