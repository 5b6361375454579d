//! What happens when a supervisor dies before its run has ended.
//!
//! The kernel kills every traced process (`PTRACE_O_EXITKILL`, ptrace(2)) and gives
//! the orphans to the server. Here they are found, killed if need be, awaited each
//! by its own pidfd, read, and the log is brought to its end: as many exited and
//! reaped as started, and `run.finished` with the outcome `crashed`.
//!
//! Two things cannot be known any more: what was in the supervisor's memory and not
//! yet written, and the peak memory of who died in that moment (samples stand in).

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use protocol::event::{
    How, Outcome, ProcessExited, ProcessReaped, ProcessReparented, ProcessStarted, ProcessZombie,
};
use protocol::job::run_dir;
use protocol::{Body, KernelEvent, Pid};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{self, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitIdStatus};

use crate::census::{Census, Member, Stage};
use crate::epilogue::Epilogue;
use crate::household::Household;
use crate::intake::Lines;
use crate::proc_stat::Stat;
use crate::run::Run;

/// How long the kernel may take to end a killed process; one that hangs in a driver takes longer.
const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// What the kernel says of a process that is gone.
struct Remains {
    /// `None` where somebody else has read it, or nobody could.
    status: Option<WaitIdStatus>,
    user_us: u64,
    sys_us: u64,
}

/// Ends what the run's supervisor left, and gives the end of its log. Blocks until
/// the last process of the run is gone. `t` is the time in the log.
pub fn bury(run: &Run, household: &Household, t: u64, reason: String) -> Lines {
    let _alone = household.burial();
    let mut census = Census::of(&run.log.text());
    let mut epilogue = Epilogue::after(census.events, t.max(census.t));
    if census.events == 0 {
        epilogue.start(&run.job);
    }
    let mut dead = BTreeMap::new();
    let mut pending: Vec<Pid> = census.members.keys().copied().collect();
    loop {
        dead.extend(end(&pending, &census));
        // Whoever was born in the supervisor's last moment comes to light when its parent is gone.
        pending = household.strangers(run);
        pending.retain(|pid| !dead.contains_key(pid));
        if pending.is_empty() {
            break;
        }
        adopt(&pending, &mut census, &mut epilogue);
    }
    write(&mut census, &dead, &mut epilogue);
    if let Some(supervisor) = census.supervisor {
        clear(supervisor);
    }
    epilogue.finish(Outcome::Crashed, reason, census.count)
}

/// Removes the folder of the run, which its supervisor could not, and what else is the run's.
fn clear(supervisor: Pid) {
    let folder = run_dir(supervisor);
    if let Ok(metadata) = fs::symlink_metadata(&folder) {
        belongings(&metadata).iter().for_each(|path| remove(path));
    }
    remove(&folder);
}

/// What a run with a user of its own has made where everybody's temporary things are, beside its folder. Where runs
/// are the server's user, nobody can say by now what is whose.
fn belongings(folder: &Metadata) -> Vec<PathBuf> {
    let (user, Ok(since)) = (folder.uid(), folder.created()) else { return Vec::new() };
    if user == process::geteuid().as_raw() {
        return Vec::new();
    }
    let is_its = |it: Metadata| it.uid() == user && it.created().is_ok_and(|made| made >= since);
    let entries =
        [PathBuf::from("/dev/shm"), env::temp_dir()].into_iter().filter_map(|dir| fs::read_dir(dir).ok());
    let its = entries.flatten().flatten().filter(|entry| entry.metadata().is_ok_and(is_its));
    its.map(|entry| entry.path()).collect()
}

fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        eprintln!("process-playground: {} stays behind: {error}", path.display());
    }
}

/// Takes processes into the log of which their supervisor could not tell any more. None
/// of them came to run, since it goes on only when it is in the log. So its parent is one
/// of those that were alive: known where there was one, else the supervisor stands for it.
fn adopt(strangers: &[Pid], census: &mut Census, epilogue: &mut Epilogue) {
    let supervisor = census.supervisor.unwrap_or_else(|| std::process::id() as Pid);
    let mut alive = census.members.iter().filter(|(_, member)| member.stage == Stage::Alive);
    let parent = match (alive.next(), alive.next()) {
        (Some((&pid, _)), None) => pid,
        _ => supervisor,
    };
    for &pid in strangers {
        census.count.started += 1;
        census.members.insert(pid, Member { stage: Stage::Alive, parent, rss_kib: 0 });
        let started = ProcessStarted { ppid: parent, how: How::Fork };
        epilogue.push(Some(pid), Body::Kernel(KernelEvent::ProcessStarted(started)));
    }
}

/// Kills the processes, waits until all are dead, and reads what they left. Only then:
/// a dead child becomes ours when its parent is dead too.
fn end(pids: &[Pid], census: &Census) -> Vec<(Pid, Remains)> {
    let held: Vec<(Pid, Option<OwnedFd>)> = pids.iter().map(|&pid| (pid, hold(pid, census))).collect();
    for pidfd in held.iter().filter_map(|(_, pidfd)| pidfd.as_ref()) {
        // Who is dead already need not be killed.
        let _ = process::pidfd_send_signal(pidfd, Signal::KILL);
    }
    for pidfd in held.iter().filter_map(|(_, pidfd)| pidfd.as_ref()) {
        // Readable when the process has ended, pidfd_open(2).
        while poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&PATIENCE)) == Err(rustix::io::Errno::INTR)
        {
        }
    }
    held.into_iter().map(|(pid, pidfd)| (pid, read(pid, pidfd))).collect()
}

/// A hold on a process that keeps its pid from meaning another one. `None` where it is
/// gone, or the pid is by now somebody's who is no child of the run's or ours.
fn hold(pid: Pid, census: &Census) -> Option<OwnedFd> {
    let pidfd = process::pidfd_open(process::Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?;
    let parent = Stat::of(pid)?.parent;
    let ours = parent == std::process::id() as Pid
        || census.supervisor == Some(parent)
        || census.members.contains_key(&parent);
    ours.then_some(pidfd)
}

fn read(pid: Pid, pidfd: Option<OwnedFd>) -> Remains {
    let used = Stat::of(pid).filter(|_| pidfd.is_some());
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    let status = pidfd.and_then(|pidfd| {
        let id = WaitId::PidFd(std::os::fd::AsFd::as_fd(&pidfd));
        process::waitid(id, options).ok().flatten()
    });
    let (user_us, sys_us) = used.map_or((0, 0), |stat| (stat.user_us, stat.sys_us));
    Remains { status, user_us, sys_us }
}

/// First all exits, so that no parent seems to live longer than it did; then what
/// became of each.
fn write(census: &mut Census, dead: &BTreeMap<Pid, Remains>, epilogue: &mut Epilogue) {
    let members = std::mem::take(&mut census.members);
    let mut push = |pid, event| epilogue.push(Some(pid), Body::Kernel(event));
    for (&pid, _) in members.iter().filter(|(_, member)| member.stage == Stage::Alive) {
        census.count.exited += 1;
        push(pid, KernelEvent::ProcessExited(exit(dead.get(&pid))));
    }
    for (pid, member) in members {
        census.count.reaped += 1;
        let remains = dead.get(&pid);
        let mut by = member.parent;
        if remains.is_some_and(|remains| remains.status.is_some()) {
            by = std::process::id() as Pid;
            push(pid, KernelEvent::ProcessReparented(ProcessReparented { ppid: by, was: member.parent }));
        }
        if member.stage != Stage::Zombie {
            push(pid, KernelEvent::ProcessZombie(zombie(&member, remains)));
        }
        push(pid, KernelEvent::ProcessReaped(ProcessReaped { by }));
    }
}

fn zombie(member: &Member, remains: Option<&Remains>) -> ProcessZombie {
    let (user_us, sys_us) = remains.map_or((0, 0), |remains| (remains.user_us, remains.sys_us));
    ProcessZombie { user_us, sys_us, max_rss_kib: member.rss_kib }
}

/// How it ended. Who left no status was killed with its supervisor: nothing else ends
/// all of them at once.
fn exit(remains: Option<&Remains>) -> ProcessExited {
    let status = remains.and_then(|remains| remains.status.as_ref());
    match status.and_then(WaitIdStatus::exit_status) {
        Some(code) => ProcessExited::Code { code },
        None => {
            let signal = status.and_then(WaitIdStatus::terminating_signal);
            ProcessExited::Signal { signal: name(signal.unwrap_or(Signal::KILL.as_raw())) }
        }
    }
}

/// The name of a signal, signal(7).
pub fn name(signal: i32) -> String {
    const NAMES: [&str; 31] = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
        "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];
    match usize::try_from(signal - 1).ok().and_then(|index| NAMES.get(index)) {
        Some(name) => format!("SIG{name}"),
        None => format!("SIGRTMIN+{}", signal - 34),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_their_names() {
        let names = [1, 9, 11, 15, 19, 31, 40].map(name);
        assert_eq!(names, ["SIGHUP", "SIGKILL", "SIGSEGV", "SIGTERM", "SIGSTOP", "SIGSYS", "SIGRTMIN+6"]);
    }
}
