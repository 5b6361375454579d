//! What `/proc` says of a process, `proc(5)`; every answer may be missing, for it may be gone.

use std::fs;

use protocol::Pid;
use protocol::event::ProcessExec;

use crate::kin::Kind;
use crate::parked::Origin;
use crate::status::{ExitStatus, Usage};

/// As much of an argument list as an event carries, in bytes.
const ARGV_MAX_BYTES: usize = 4096;

/// The parent of a process now, also of a zombie.
pub fn parent(pid: Pid) -> Option<Pid> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    fields(&stat)?.nth(1)?.parse().ok()
}

/// Whose a task is, also of a zombie: a thread's process, a process's parent.
pub fn origin(tid: Pid) -> Option<Origin> {
    let status = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    let number = |name| status.lines().find_map(|line| line.strip_prefix(name))?.trim().parse::<Pid>().ok();
    match number("Tgid:")? {
        process if process != tid => Some(Origin { kind: Kind::Thread, of: process }),
        _ => Some(Origin { kind: Kind::Process, of: number("PPid:")? }),
    }
}

/// The fields of `/proc/PID/stat` after the name, which may itself contain spaces and
/// parentheses: the first is the state, the second the parent.
pub fn fields(stat: &[u8]) -> Option<std::str::SplitAsciiWhitespace<'_>> {
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    Some(std::str::from_utf8(&stat[end + 1..]).ok()?.split_ascii_whitespace())
}

/// How a zombie ended and what it used; `proc_pid_stat(5)` tells the first only of one's own processes.
pub fn zombie(pid: Pid) -> Option<(ExitStatus, Usage)> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = fields(&stat)?.collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let status = ExitStatus::from_wait(number(49)? as i32);
    let usage = Usage { user_us: number(11)? * 10_000, sys_us: number(12)? * 10_000, max_rss_kib: 0 };
    matches!(*fields.first()?, "Z" | "X").then_some((status, usage))
}

/// The children that one task has made and that live or are zombies.
pub fn children(pid: Pid, tid: Pid) -> Vec<Pid> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{tid}/children")).unwrap_or_default();
    list.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// The tasks of a process.
pub fn tasks(pid: Pid) -> Vec<Pid> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Whether a task is a thread of a process; asks without a descriptor.
pub fn is_thread_of(tid: Pid, pid: Pid) -> bool {
    tid != pid && fs::metadata(format!("/proc/{pid}/task/{tid}")).is_ok()
}

/// The program that a process runs and its arguments.
pub fn program(pid: Pid) -> ProcessExec {
    let exe = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
    let mut line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.truncate(ARGV_MAX_BYTES);
    if line.last() == Some(&0) {
        line.pop();
    }
    let words = line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    // None where there are none yet: it was killed while its program was being loaded.
    let argv = words.take(if line.is_empty() { 0 } else { usize::MAX }).collect();
    ProcessExec { exe: exe.to_string_lossy().into_owned(), argv }
}

/// By what one can see that a process has replaced its program by another or the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// It was made by `fork(2)` or `clone(2)` and has not called `execve(2)` since.
    pub is_inherited: bool,
    /// Where its stack begins: elsewhere for each program, unless addresses are not chosen at random; 0 for a zombie.
    pub stack: u64,
}

/// What a process is now; also of a zombie.
pub fn image(pid: Pid) -> Option<Image> {
    /// `PF_FORKNOEXEC` of `linux/sched.h`, among the flags that `proc_pid_stat(5)` tells.
    const FORKED_NO_EXEC: u64 = 0x40;
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = fields(&stat)?;
    let flags: u64 = fields.nth(6)?.parse().ok()?;
    let stack = fields.nth(18)?.parse().ok()?;
    Some(Image { is_inherited: flags & FORKED_NO_EXEC != 0, stack })
}

/// Whom a pidfd of a process means.
pub fn pidfd_target(pid: Pid, fd: i32) -> Option<Pid> {
    let info = fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).ok()?;
    info.lines().find_map(|line| line.strip_prefix("Pid:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_copy_has_its_makers_stack_and_a_new_program_another() {
        let own = image(std::process::id() as Pid).unwrap();
        assert!(!own.is_inherited && own.stack > 0);
        let before_exec = move || {
            let copy = image(std::process::id() as Pid).ok_or(std::io::ErrorKind::NotFound)?;
            let is_copy = copy.is_inherited && copy.stack == own.stack;
            is_copy.then_some(()).ok_or(std::io::ErrorKind::InvalidData.into())
        };
        let mut command = Command::new("cat");
        command.stdin(Stdio::piped());
        // SAFETY: it only reads a file; the C library's allocator works in a forked child.
        let mut child = unsafe { command.pre_exec(before_exec) }.spawn().unwrap();
        let new = image(child.id() as Pid).unwrap();
        assert!(!new.is_inherited && new.stack != own.stack);
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(image(child.id() as Pid), None);
    }
}
