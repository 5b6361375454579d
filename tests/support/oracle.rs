//! The kernel's own witness: the process events connector (`linux/cn_proc.h`).
//!
//! It shares nothing with the supervisor but the kernel. Every fork, exec and exit on the
//! machine comes through a netlink socket; those of one run are picked out
//! afterwards, by descent from its supervisor. It needs the initial namespaces and, before Linux 6.6, root.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use serde_json::Value;

const NETLINK_CONNECTOR: i32 = 11;
const CN_IDX_PROC: u32 = 1;
const LISTEN: u32 = 1;
const FORK: u32 = 1;
const EXEC: u32 = 2;
const EXIT: u32 = 0x8000_0000;
/// nlmsghdr and cn_msg.
const HEADERS: usize = 16 + 20;
/// proc_event before its union.
const EVENT: usize = 16;

/// One life as a witness tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life {
    /// The process.
    pub pid: i32,
    /// Its parent at birth.
    pub parent: i32,
    /// The status word of `wait(2)`.
    pub status: i32,
    /// How often it replaced its program.
    pub execs: u32,
}

/// A socket that hears every process event from its opening on.
pub struct Oracle(OwnedFd);

impl Oracle {
    /// Begins to listen. `None`, with a word on standard error, where the kernel refuses;
    /// under `CI` that is a failure.
    pub fn listen() -> Option<Self> {
        match Self::open() {
            Ok(oracle) => Some(oracle),
            Err(error) if std::env::var_os("CI").is_some() => panic!("no process events: {error}"),
            Err(error) => {
                eprintln!("NOT compared with the kernel's process events: {error}");
                None
            }
        }
    }

    fn open() -> io::Result<Self> {
        // SAFETY: a new socket, owned from here on.
        let fd = unsafe {
            let fd = libc::socket(libc::AF_NETLINK, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, NETLINK_CONNECTOR);
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(fd)
        };
        let room: i32 = 64 << 20;
        // SAFETY: each call reads a local of the size that it is told.
        unsafe {
            for option in [libc::SO_RCVBUF, libc::SO_RCVBUFFORCE] {
                let value = std::ptr::from_ref(&room).cast();
                libc::setsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, option, value, size_of_val(&room) as u32);
            }
            let mut address: libc::sockaddr_nl = std::mem::zeroed();
            address.nl_family = libc::AF_NETLINK as u16;
            address.nl_groups = CN_IDX_PROC;
            let size = size_of_val(&address) as u32;
            if libc::bind(fd.as_raw_fd(), std::ptr::from_ref(&address).cast(), size) < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        subscribe(&fd)?;
        Ok(Oracle(fd))
    }

    /// Every life in a run, once its supervisor is dead.
    pub fn lives(self, supervisor: i32) -> Vec<Life> {
        let mut run = Descent::of(supervisor);
        loop {
            let mut buffer = [0u8; 4096];
            // SAFETY: the kernel fills at most the buffer.
            let count =
                unsafe { libc::recv(self.0.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0) };
            // ENOBUFS: events were lost, so this witness is worth nothing.
            assert!(count > 0, "process events: {}", io::Error::last_os_error());
            if run.hear(&buffer[..count as usize]) {
                return run.lives;
            }
        }
    }
}

fn subscribe(fd: &OwnedFd) -> io::Result<()> {
    let words = [40u32, libc::NLMSG_DONE as u32, 0, 0, CN_IDX_PROC, 1, 0, 0, 4, LISTEN];
    let mut message: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    // nlmsghdr has two 16-bit fields after its length: type and flags.
    message[4..8].copy_from_slice(&[libc::NLMSG_DONE as u16, 0].map(u16::to_ne_bytes).concat());
    // SAFETY: the kernel reads the live buffer of this length.
    let sent = unsafe { libc::send(fd.as_raw_fd(), message.as_ptr().cast(), message.len(), 0) };
    if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The processes of one run, by descent.
struct Descent {
    supervisor: i32,
    alive: HashMap<i32, Life>,
    lives: Vec<Life>,
}

impl Descent {
    fn of(supervisor: i32) -> Self {
        Descent { supervisor, alive: HashMap::new(), lives: Vec::new() }
    }

    /// Takes one message; whether it was the supervisor's own exit.
    fn hear(&mut self, message: &[u8]) -> bool {
        let event = &message[HEADERS..];
        let word = |index: usize| {
            let at = EVENT + 4 * index;
            i32::from_ne_bytes(event[at..at + 4].try_into().unwrap())
        };
        match u32::from_ne_bytes(event[..4].try_into().unwrap()) {
            FORK if word(2) == word(3) => self.fork(word(1), word(3)),
            EXEC => {
                if let Some(life) = self.alive.get_mut(&word(1)) {
                    life.execs += 1;
                }
            }
            EXIT if word(0) == word(1) => return self.exit(word(1), word(2)),
            _ => {}
        }
        false
    }

    fn fork(&mut self, parent: i32, pid: i32) {
        if parent == self.supervisor || self.alive.contains_key(&parent) {
            self.alive.insert(pid, Life { pid, parent, status: 0, execs: 0 });
        }
    }

    fn exit(&mut self, pid: i32, status: i32) -> bool {
        if let Some(life) = self.alive.remove(&pid) {
            // Bit 7 says that a core was dumped, which is no part of the status here.
            self.lives.push(Life { status: status & !0x80, ..life });
        }
        pid == self.supervisor
    }
}

/// Every life in a log.
pub fn told(log: &[Value]) -> Vec<Life> {
    let mut alive: BTreeMap<i64, Life> = BTreeMap::new();
    let mut lives = Vec::new();
    for event in log {
        let pid = event["pid"].as_i64().unwrap_or(0);
        let number = |name: &str| event[name].as_i64().unwrap_or(0) as i32;
        match event["type"].as_str().unwrap_or_default() {
            "process.started" => {
                let life = Life { pid: pid as i32, parent: number("ppid"), status: 0, execs: 0 };
                alive.insert(pid, life);
            }
            "process.exec" => alive.get_mut(&pid).unwrap().execs += 1,
            "process.exited" => {
                let life = alive.remove(&pid).unwrap();
                let signal = event["signal"].as_str().map(signal_number);
                lives.push(Life { status: signal.unwrap_or(number("code") << 8), ..life });
            }
            _ => {}
        }
    }
    lives
}

/// Asserts that a log tells of the same lives as the kernel.
pub fn assert_agree(oracle: Option<Oracle>, supervisor: i32, log: &[Value]) {
    let Some(oracle) = oracle else { return };
    let (mut witnessed, mut told) = (oracle.lives(supervisor), told(log));
    witnessed.sort();
    told.sort();
    let missing: Vec<_> = witnessed.iter().filter(|life| !told.contains(life)).collect();
    let invented: Vec<_> = told.iter().filter(|life| !witnessed.contains(life)).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "the kernel says {missing:?}, the log says {invented:?}"
    );
    assert_eq!(witnessed.len(), told.len());
}

fn signal_number(name: &str) -> i32 {
    if let Some(offset) = name.strip_prefix("SIGRTMIN") {
        return 34 + offset.parse::<i32>().unwrap_or(0);
    }
    let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
        "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];
    let index = names.iter().position(|known| name.strip_prefix("SIG") == Some(known));
    index.unwrap_or_else(|| panic!("{name} is no signal")) as i32 + 1
}
