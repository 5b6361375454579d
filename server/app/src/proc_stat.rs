//! What is needed of `/proc/PID/stat`, proc_pid_stat(5).

use std::fs;

use protocol::Pid;

/// A process as the kernel sees it, dead and unread ones too.
#[derive(Debug, PartialEq)]
pub struct Stat {
    /// Its parent now.
    pub parent: Pid,
    /// The first process of its process group.
    pub group: Pid,
    /// The first process of its session.
    pub session: Pid,
    /// Processor time in user mode, to a tick of the clock.
    pub user_us: u64,
    /// Processor time in the kernel, likewise.
    pub sys_us: u64,
}

impl Stat {
    /// Of this process; `None` where there is none.
    pub fn of(pid: Pid) -> Option<Self> {
        Stat::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn parse(line: &str) -> Option<Self> {
        // The name in parentheses may hold anything; after it the fields from the third on.
        let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let pid = |number: usize| field(number).and_then(|pid| Pid::try_from(pid).ok());
        let tick_us = 1_000_000 / rustix::param::clock_ticks_per_second();
        Some(Stat {
            parent: pid(4)?,
            group: pid(5)?,
            session: pid(6)?,
            user_us: field(14)? * tick_us,
            sys_us: field(15)? * tick_us,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_forge_the_fields_after_it() {
        let line = "4713 (a) Z 1 (b)) Z 4711 4713 4709 0 -1 4 0 0 0 0 7 2 0 0 20 0 1";
        let tick_us = 1_000_000 / rustix::param::clock_ticks_per_second();
        let stat =
            Stat { parent: 4711, group: 4713, session: 4709, user_us: 7 * tick_us, sys_us: 2 * tick_us };
        assert_eq!(Stat::parse(line), Some(stat));
    }

    #[test]
    fn one_sees_oneself_and_nobody_sees_what_is_not() {
        let own = Stat::of(std::process::id() as Pid).unwrap();
        assert_eq!(own.parent, std::os::unix::process::parent_id() as Pid);
        assert_eq!(Stat::of(Pid::MAX), None);
    }
}
