//! What a process waits for, in words, from what `/proc` says of its system call.
//!
//! `/proc/PID/syscall` (`proc_pid_syscall(5)`) gives the number of the call that a task is
//! blocked in and its arguments; `/proc/PID/wchan` the place in the kernel, for calls that say too little.

use libc::c_long;

/// The words: `wait4(4712)`, `read(pipe)`, `futex`, and `futex(timeout)` where the wait ends by itself.
/// `None` for a task that is not blocked.
///
/// `kind` tells what a descriptor of the process is, `wchan` where in the kernel it is.
pub fn words(syscall: &str, kind: impl Fn(u64) -> String, wchan: impl Fn() -> String) -> Option<String> {
    let mut fields = syscall.split_ascii_whitespace();
    let number = match fields.next()? {
        "running" => return None,
        number => number.parse::<c_long>().ok()?,
    };
    let arguments = fields.map(|field| u64::from_str_radix(field.trim_start_matches("0x"), 16).unwrap_or(0));
    let arguments: Vec<u64> = arguments.take(ARGUMENTS).collect();
    let argument = |place: usize| arguments.get(place).copied().unwrap_or(0);
    let first = argument(0);
    Some(match number {
        libc::SYS_wait4 if first as i32 > 0 => format!("wait4({})", first as i32),
        libc::SYS_restart_syscall => restarted(&wchan()),
        libc::SYS_waitid if first == u64::from(libc::P_PID) => format!("waitid({})", argument(1)),
        _ => match (name(number), on_descriptor(number)) {
            (_, Some(name)) => format!("{name}({})", kind(first)),
            (Some(name), _) if has_timeout(number, argument) => format!("{name}(timeout)"),
            (Some(name), _) => name.to_owned(),
            (None, None) => place(&wchan())?,
        },
    })
}

/// What the link of a descriptor in `/proc/PID/fd` points at, in a word.
pub fn kind(link: &str) -> String {
    let word = match link.split_once(":[") {
        Some(("anon_inode", inode)) => inode.trim_end_matches(']'),
        Some((kind, _)) => kind,
        None if link.starts_with("/dev/pts/") || link.starts_with("/dev/tty") => "terminal",
        None => "file",
    };
    word.to_owned()
}

/// Calls whose first argument is the descriptor they wait for.
fn on_descriptor(number: c_long) -> Option<&'static str> {
    Some(match number {
        libc::SYS_read | libc::SYS_readv | libc::SYS_pread64 => "read",
        libc::SYS_write | libc::SYS_writev | libc::SYS_pwrite64 => "write",
        libc::SYS_recvfrom | libc::SYS_recvmsg => "recv",
        libc::SYS_sendto | libc::SYS_sendmsg => "send",
        _ => return None,
    })
}

fn name(number: c_long) -> Option<&'static str> {
    Some(match number {
        libc::SYS_futex => "futex",
        libc::SYS_wait4 => "wait4",
        libc::SYS_waitid => "waitid",
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => "nanosleep",
        libc::SYS_ppoll => "poll",
        libc::SYS_pselect6 => "select",
        libc::SYS_epoll_pwait => "epoll_wait",
        libc::SYS_accept | libc::SYS_accept4 => "accept",
        libc::SYS_connect => "connect",
        libc::SYS_rt_sigsuspend => "sigsuspend",
        libc::SYS_rt_sigtimedwait => "sigwait",
        libc::SYS_semop | libc::SYS_semtimedop => "semop",
        libc::SYS_msgrcv => "msgrcv",
        libc::SYS_msgsnd => "msgsnd",
        libc::SYS_mq_timedreceive => "mq_receive",
        libc::SYS_mq_timedsend => "mq_send",
        libc::SYS_flock => "flock",
        libc::SYS_fcntl => "fcntl",
        libc::SYS_clone => "vfork",
        #[cfg(target_arch = "x86_64")]
        libc::SYS_vfork => "vfork",
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => "poll",
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => "select",
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => "epoll_wait",
        #[cfg(target_arch = "x86_64")]
        libc::SYS_pause => "pause",
        _ => return None,
    })
}

/// How many arguments a system call has at most.
const ARGUMENTS: usize = 6;

/// Whether the call ends by itself after a while: its limit is a pointer that is not null, or
/// milliseconds that are not negative. A sleep has no other end, so it is not meant.
fn has_timeout(number: c_long, argument: impl Fn(usize) -> u64) -> bool {
    let not_null = |place| argument(place) != 0;
    let not_negative = |place| argument(place) as i32 >= 0;
    match number {
        libc::SYS_futex | libc::SYS_semtimedop => not_null(3),
        libc::SYS_ppoll | libc::SYS_rt_sigtimedwait => not_null(2),
        libc::SYS_pselect6 | libc::SYS_mq_timedreceive | libc::SYS_mq_timedsend => not_null(4),
        libc::SYS_epoll_pwait => not_negative(3),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => not_negative(2),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => not_null(4),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => not_negative(3),
        _ => false,
    }
}

/// A call that the kernel goes on with after a signal: only one with a limit is restarted in this
/// way, for what is left of it (`restart_syscall(2)`). `poll(2)` always is; that its limit may be
/// none can no longer be seen.
fn restarted(wchan: &str) -> String {
    match known(wchan) {
        Some("nanosleep") => "nanosleep".into(),
        Some(name) => format!("{name}(timeout)"),
        None => "timeout".into(),
    }
}

/// A place in the kernel, where the call has no other name.
fn place(wchan: &str) -> Option<String> {
    match known(wchan) {
        Some(name) => Some(name.to_owned()),
        None if wchan.is_empty() || wchan == "0" => None,
        None => Some(wchan.to_owned()),
    }
}

/// The call that a place in the kernel is named after.
fn known(wchan: &str) -> Option<&'static str> {
    ["nanosleep", "futex", "epoll", "poll", "select"].into_iter().find(|name| wchan.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(syscall: &str) -> Option<String> {
        words(syscall, |fd| format!("fd {fd}"), || "hrtimer_nanosleep".into())
    }

    #[test]
    fn calls_are_named_with_what_they_wait_for() {
        let call =
            |number: c_long, first: &str| said(&format!("{number} {first} 0x2 0x0 0x0 0x0 0x0 0x7ff 0x7f"));
        assert_eq!(call(libc::SYS_wait4, "0x1268").unwrap(), "wait4(4712)");
        assert_eq!(call(libc::SYS_wait4, "0xffffffff").unwrap(), "wait4");
        assert_eq!(call(libc::SYS_waitid, "0x1").unwrap(), "waitid(2)");
        assert_eq!(call(libc::SYS_read, "0x3").unwrap(), "read(fd 3)");
        assert_eq!(call(libc::SYS_futex, "0x7f00").unwrap(), "futex");
        assert_eq!(call(libc::SYS_restart_syscall, "0x0").unwrap(), "nanosleep");
        assert_eq!(said("running"), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn a_wait_that_ends_by_itself_says_so() {
        let call = |number: c_long, limit: &str| {
            said(&format!("{number} 0x1 0x1 {limit} {limit} {limit} 0x0 0x7ff 0x7f"))
        };
        assert_eq!(call(libc::SYS_futex, "0x0").unwrap(), "futex");
        assert_eq!(call(libc::SYS_futex, "0x7ffe10").unwrap(), "futex(timeout)");
        assert_eq!(call(libc::SYS_ppoll, "0x0").unwrap(), "poll");
        assert_eq!(call(libc::SYS_epoll_pwait, "0xffffffff").unwrap(), "epoll_wait");
        assert_eq!(call(libc::SYS_epoll_pwait, "0x3e8").unwrap(), "epoll_wait(timeout)");
        assert_eq!(call(libc::SYS_clock_nanosleep, "0x7ffe10").unwrap(), "nanosleep");
        let again = |place: &str| {
            words(&format!("{} 0x0", libc::SYS_restart_syscall), |_| "file".into(), || place.into())
        };
        assert_eq!(again("futex_wait_queue").unwrap(), "futex(timeout)");
        assert_eq!(again("do_syscall_64").unwrap(), "timeout");
    }

    #[test]
    fn descriptors_are_named_by_what_they_are() {
        assert_eq!(kind("pipe:[1234]"), "pipe");
        assert_eq!(kind("socket:[1234]"), "socket");
        assert_eq!(kind("anon_inode:[eventfd]"), "eventfd");
        assert_eq!(kind("/dev/pts/3"), "terminal");
        assert_eq!(kind("/tmp/x"), "file");
    }
}
