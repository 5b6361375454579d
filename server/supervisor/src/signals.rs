//! Names of signals, `signal(7)`.

use libc::c_int;

/// What glibc calls the first real-time signal that programs may use; it keeps 32 and 33 for itself.
const SIGRTMIN: c_int = 34;

const NAMES: [&str; 32] = [
    "0",
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// The name of a signal; real-time ones as `SIGRTMIN+6`.
pub fn name(signal: c_int) -> String {
    match usize::try_from(signal).ok().and_then(|index| NAMES.get(index)) {
        Some(name) => (*name).to_owned(),
        None if signal == SIGRTMIN => "SIGRTMIN".to_owned(),
        None => format!("SIGRTMIN{:+}", signal - SIGRTMIN),
    }
}

/// Whether the C library uses this signal for itself, between threads.
pub fn is_internal(signal: c_int) -> bool {
    matches!(signal, 32 | 33)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn signals_have_the_names_of_the_man_page() {
        let names = [
            (libc::SIGHUP, "SIGHUP"),
            (libc::SIGKILL, "SIGKILL"),
            (libc::SIGTERM, "SIGTERM"),
            (libc::SIGCHLD, "SIGCHLD"),
            (libc::SIGSTOP, "SIGSTOP"),
            (libc::SIGWINCH, "SIGWINCH"),
            (libc::SIGSYS, "SIGSYS"),
            (34, "SIGRTMIN"),
            (40, "SIGRTMIN+6"),
            (64, "SIGRTMIN+30"),
        ];
        for (number, expected) in names {
            assert_eq!(name(number), expected);
        }
    }
}
