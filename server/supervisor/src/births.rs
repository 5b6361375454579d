//! New tasks: those that their maker reports, and those that it can report no more.
//!
//! A birth is told once. A maker that was killed in the stop that told of it never reports it: then
//! the task is found by looking, when its maker stands in its exit stop or is dead. Never before,
//! however long the report takes: a maker that lives may only be off the processor.

use protocol::Pid;

use crate::family::Kernel;
use crate::kin::Kind;
use crate::parked::{Origin, news_of_birth};
use crate::proc;
use crate::ptrace::{Birth, Stopped};
use crate::run::Run;

impl Run {
    /// A task made another.
    pub(crate) fn birth(&mut self, stop: Stopped<Birth>) {
        let Birth { child, how } = stop.kind;
        self.drain();
        if self.family.knows(child) && self.kin.is_reaped(child) {
            self.family.comes_again(child, &mut self.log);
            self.forget_reaped();
        }
        let kind = match self.family.knows(child) {
            // It was found before.
            true => Kind::Process,
            false => self.kin.add(child, self.family.process_of(stop.tid)),
        };
        match news_of_birth(kind, how, self.parked.holds(child)) {
            Some(Kind::Thread) => self.family.thread(stop.tid, child),
            Some(_) => self.family.born(stop.tid, child, how, &mut self.log),
            None => {}
        }
        self.admit(child);
        stop.resume();
    }

    /// Lets a task that is in the log go on, or ends it where there are too many.
    ///
    /// Its birth is written before: should this supervisor be killed, a process that has come to run may be
    /// dead and reaped by its parent before anybody else looks, and then the log alone knows that there was one.
    fn admit(&mut self, child: Pid) {
        self.log.flush();
        self.check_process_limit();
        if self.ending.is_killing() {
            self.kill_one(child);
        }
        for report in self.parked.release(child) {
            self.report(report);
        }
    }

    /// Finds the children of a task that nobody reported. They have not been given to
    /// another parent yet, so it is certain whose they are.
    pub(crate) fn find_children(&mut self, pid: Pid, tid: Pid) {
        for child in proc::children(pid, tid) {
            if !self.family.knows(child) {
                self.found(child, pid);
            }
        }
    }

    /// Finds threads of a process that nobody reported; whether there are any.
    pub(crate) fn find_threads(&mut self, pid: Pid, tid: Pid) -> bool {
        let tasks = proc::tasks(pid);
        let unknown = tasks.into_iter().filter(|task| self.family.process_of(*task).is_none());
        let unknown: Vec<Pid> = unknown.filter(|task| *task != pid).collect();
        for task in &unknown {
            self.family.thread(tid, *task);
            self.admit(*task);
        }
        !unknown.is_empty()
    }

    /// A process that no report told of.
    pub(crate) fn found(&mut self, child: Pid, parent: Pid) {
        self.kin.add(child, None);
        self.family.found(child, parent, &mut self.log);
        self.admit(child);
    }

    /// Every task of `pid` is dead or in its exit stop: whatever it made is not reported any more.
    pub(crate) fn adopt_made_by(&mut self, pid: Pid) {
        let made = self.parked.origins().into_iter().filter(|(_, origin)| origin.of == pid);
        self.adopt(made.collect());
    }

    /// Adopts tasks whose maker cannot report them because it is no living member of the run.
    ///
    /// Only to be asked when `wait4(2)` has nothing more to tell: the maker's report may be the next.
    pub(crate) fn adopt_orphans(&mut self) {
        let gone =
            |of: Pid| !self.family.is_alive(of) && !self.parked.holds(of) && !self.family.awaits_sibling(of);
        let orphans = self.parked.origins().into_iter().filter(|(_, origin)| gone(origin.of));
        self.adopt(orphans.collect());
    }

    fn adopt(&mut self, tasks: Vec<(Pid, Origin)>) {
        for (tid, origin) in tasks {
            match origin.kind {
                Kind::Thread => {
                    self.family.thread(origin.of, tid);
                    self.admit(tid);
                }
                _ => self.found(tid, origin.of),
            }
        }
    }
}
