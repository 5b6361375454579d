//! The server's own children: supervisors, and what a dead supervisor left.
//!
//! The server is a child subreaper (`PR_SET_CHILD_SUBREAPER`, prctl(2)), so the
//! processes of a supervisor that dies become the server's children and their last
//! words can be read. Here it is known which child belongs to whom. Nobody ever
//! waits for "any child": supervisors are awaited by tokio, orphans by
//! [`crate::aftermath`], each by its own pid.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::Pid;
use rustix::process;
use tokio::process::{Child, Command};

use crate::census::Census;
use crate::proc_stat::Stat;
use crate::run::Run;

/// The supervisors that were started and whose runs have not ended.
pub struct Household {
    argv: Vec<String>,
    runs: Mutex<HashMap<Pid, Arc<Run>>>,
    burial: Mutex<()>,
}

impl Household {
    /// A household whose supervisors are started with these words. From now on
    /// orphans come to this process.
    pub fn new(argv: Vec<String>) -> Self {
        if let Err(error) = process::set_child_subreaper(Some(process::getpid())) {
            eprintln!(
                "process-playground: not a subreaper ({error}): what a killed supervisor leaves is not counted"
            );
        }
        Household { argv, runs: Mutex::default(), burial: Mutex::default() }
    }

    /// Starts the supervisor of a run, with pipes to its standard input and output.
    /// It has a process group of its own: a Ctrl-C at the server's terminal is the
    /// server's affair.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(&self, run: &Arc<Run>) -> io::Result<Child> {
        // The lock is held until the child is known, so that nobody takes it for an orphan.
        let mut runs = self.runs();
        let (program, arguments) = self.argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let child = command.spawn()?;
        if let Some(pid) = child.id() {
            runs.insert(pid as Pid, run.clone());
        }
        Ok(child)
    }

    /// The run of this supervisor has ended, and all its processes with it.
    pub fn forget(&self, supervisor: Pid) {
        self.runs().remove(&supervisor);
    }

    /// Kills all supervisors. The kernel ends what they trace, and their runs end as crashed.
    pub fn kill_all(&self) {
        let runs = self.runs();
        for pid in runs.keys().filter_map(|&pid| process::Pid::from_raw(pid)) {
            // Who is dead already need not be killed.
            let _ = process::kill_process(pid, process::Signal::KILL);
        }
    }

    /// While it is held, nobody else looks for orphans: where several supervisors die
    /// at once, each orphan is found by one.
    pub fn burial(&self) -> MutexGuard<'_, ()> {
        self.burial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Children of this process that belong to nobody else: no supervisors, not in the
    /// log of another run, and not in the session of another run's process. What this
    /// program started for itself is in its own process group, and supervisors and all
    /// that they start never are.
    pub fn strangers(&self, run: &Run) -> Vec<Pid> {
        let runs = self.runs();
        let others = runs.values().filter(|other| other.id() != run.id());
        let others: Vec<Census> = others.map(|other| Census::of(&other.log.text())).collect();
        let own = Stat::of(std::process::id() as Pid).map(|stat| stat.group);
        let belongs = |pid: Pid| {
            let stat = Stat::of(pid);
            let session = stat.as_ref().map_or(pid, |stat| stat.session);
            stat.is_some_and(|stat| Some(stat.group) == own)
                || others
                    .iter()
                    .any(|census| census.members.contains_key(&pid) || census.members.contains_key(&session))
        };
        children().into_iter().filter(|pid| !runs.contains_key(pid) && !belongs(*pid)).collect()
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<Pid, Arc<Run>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The children of this process, of whichever thread, proc_pid_task_children(5).
fn children() -> Vec<Pid> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}
