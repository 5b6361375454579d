//! The kernel's own process events, as a second witness beside the supervisor.
//!
//! The process connector (`Documentation/driver-api/connector.rst`,
//! `linux/cn_proc.h`) tells of every fork and exit on the machine, whoever
//! traces whom. [`Oracle::listen`] before a run is started; after it
//! [`disagreements`] waits until the process that was started is known to be dead
//! and then wants the same processes, parents, execs and exits in the log, no
//! more and no fewer. It shares nothing with the supervisor but the kernel.
//!
//! It needs `CAP_NET_ADMIN` in the first namespaces. Where it is not to be had,
//! nothing is compared and standard error says so; with `CI` set that is a failure.

use std::collections::{BTreeMap, HashSet};
use std::os::fd::OwnedFd;
use std::sync::{Condvar, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use rustix::net::netlink::{CONNECTOR, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, bind, recv, send, socket, sockopt};
use serde_json::Value;

/// An event may be so late when the machine is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// Room for events that nobody has read yet.
const BUFFER_BYTES: usize = 64 << 20;

/// What the kernel said of processes (of threads it is silent here).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Born {
        pid: i32,
        parent: i32,
    },
    Exec {
        pid: i32,
    },
    Dead {
        pid: i32,
        status: u32,
    },
    /// Events were lost: this witness is worth nothing for the runs of that time.
    Gap,
}

#[derive(Default)]
struct Records {
    all: Mutex<Vec<Record>>,
    more: Condvar,
}

/// The one socket of this program, or why there is none.
static RECORDS: LazyLock<Result<&'static Records, String>> = LazyLock::new(|| {
    let socket = listen().map_err(|error| format!("no process connector here: {error}"))?;
    let records: &'static Records = Box::leak(Box::default());
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let record = match recv(&socket, &mut buffer[..], RecvFlags::empty()) {
                Ok((length, _)) => decode(&buffer[..length]),
                Err(rustix::io::Errno::INTR) => None,
                Err(_) => Some(Record::Gap),
            };
            if let Some(record) = record {
                records.all.lock().expect("nobody panics with it").push(record);
                records.more.notify_all();
            }
        }
    });
    Ok(records)
});

/// Listens from a moment before the run was started.
pub struct Oracle {
    records: &'static Records,
    from: usize,
}

impl Oracle {
    /// Begins to listen. `None`, with a word on standard error, where the kernel refuses;
    /// with `CI` set that is a failure.
    pub fn listen() -> Option<Self> {
        match &*RECORDS {
            Ok(records) => Some(Oracle { records, from: records.all.lock().expect("as above").len() }),
            Err(why) => {
                assert!(std::env::var_os("CI").is_none(), "{why}: in CI the logs must be compared with it");
                eprintln!("NOT compared with the kernel's process events: {why}");
                None
            }
        }
    }

    /// What was heard once the process is dead; it has been waited for, so the news is on its way.
    fn until_dead(&self, first: i32) -> Option<Vec<Record>> {
        let is_alive = |all: &mut Vec<Record>| {
            !all[self.from..].iter().any(|record| matches!(record, Record::Dead { pid, .. } if *pid == first))
        };
        let all = self.records.all.lock().expect("as above");
        let (all, waited) = self.records.more.wait_timeout_while(all, PATIENCE, is_alive).expect("as above");
        (!waited.timed_out()).then(|| all[self.from..].to_vec())
    }
}

/// All that the log and the kernel disagree on. `first` is the process that was started to make the
/// run: the supervisor, or who started it in turn.
pub fn disagreements(oracle: Option<Oracle>, first: i32, log: &[Value]) -> Vec<String> {
    let Some(oracle) = oracle else { return vec![] };
    let Some(records) = oracle.until_dead(first) else {
        return vec![format!("the kernel did not tell of the end of {first} within {PATIENCE:?}")];
    };
    if records.contains(&Record::Gap) {
        return vec!["the kernel's events came faster than they were read; nothing can be compared".into()];
    }
    let Some(supervisor) = log.first().and_then(|event| event["supervisor"].as_i64()) else {
        return vec!["no run.started names the supervisor".into()];
    };
    let (kernel, told) = (family(&records, supervisor as i32), logged(log));
    match log.last() {
        Some(end) if end["outcome"] == "crashed" => differences(&outlines(kernel), &outlines(told)),
        _ => differences(&kernel, &told),
    }
}

/// Asserts that a log tells of the same lives as the kernel.
#[track_caller]
pub fn assert_agree(oracle: Option<Oracle>, first: i32, log: &[Value]) {
    assert_eq!(disagreements(oracle, first, log), [""; 0]);
}

/// One life: the parent at birth, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Life {
    parent: i32,
    execs: u32,
    end: String,
}

/// Lives by pid, in their order: the kernel may use a pid again.
type Lives = BTreeMap<i32, Vec<Life>>;

/// Who lived. When the supervisor was killed, what it alone had seen and not yet written is lost with
/// it: a parent that has died since, an exec, a status that was read. That there was a process is not.
fn outlines(mut lives: Lives) -> Lives {
    for life in lives.values_mut().flatten() {
        *life = Life { parent: 0, execs: 0, end: "known to the dead".into() };
    }
    lives
}

/// All descendants of the supervisor, as the kernel tells it.
fn family(records: &[Record], supervisor: i32) -> Lives {
    let mut alive = HashSet::from([supervisor]);
    let mut lives = Lives::new();
    for record in records {
        match *record {
            Record::Born { pid, parent } if alive.contains(&parent) => {
                alive.insert(pid);
                lives.entry(pid).or_default().push(Life { parent, execs: 0, end: "alive".into() });
            }
            Record::Exec { pid } => last_of(&mut lives, pid, |life| life.execs += 1),
            Record::Dead { pid, status } if alive.remove(&pid) => {
                last_of(&mut lives, pid, |life| life.end = ending(status));
            }
            _ => {}
        }
    }
    lives
}

/// The same from the log.
fn logged(log: &[Value]) -> Lives {
    let mut lives = Lives::new();
    for event in log {
        let Some(pid) = event["pid"].as_i64().map(|pid| pid as i32) else { continue };
        match event["type"].as_str() {
            Some("process.started") => {
                let parent = event["ppid"].as_i64().unwrap_or_default() as i32;
                lives.entry(pid).or_default().push(Life { parent, execs: 0, end: "alive".into() });
            }
            Some("process.exec") => last_of(&mut lives, pid, |life| life.execs += 1),
            Some("process.exited") => {
                let end = match (event["code"].as_i64(), event["signal"].as_str()) {
                    (Some(code), None) => format!("code {code}"),
                    (_, signal) => signal.unwrap_or("neither code nor signal").to_owned(),
                };
                last_of(&mut lives, pid, |life| life.end = end);
            }
            _ => {}
        }
    }
    lives
}

/// Changes the latest life of a pid, if it is of this family.
fn last_of(lives: &mut Lives, pid: i32, change: impl FnOnce(&mut Life)) {
    if let Some(life) = lives.get_mut(&pid).and_then(|lives| lives.last_mut()) {
        change(life);
    }
}

fn differences(kernel: &Lives, log: &Lives) -> Vec<String> {
    let pids: std::collections::BTreeSet<_> = kernel.keys().chain(log.keys()).collect();
    let differ = pids.into_iter().filter(|pid| kernel.get(pid) != log.get(pid));
    differ.map(|pid| format!("{pid}: kernel {:?}, log {:?}", kernel.get(pid), log.get(pid))).collect()
}

/// A wait status in the words of the log, `wait(2)`.
fn ending(status: u32) -> String {
    match status & 0x7f {
        0 => format!("code {}", status >> 8 & 0xff),
        signal => signal_name(signal),
    }
}

/// The names of x86 and ARM, `signal(7)`; beyond them the real-time signals, of which the C library keeps two.
fn signal_name(number: u32) -> String {
    const NAMES: &str = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT \
                         STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";
    match NAMES.split_whitespace().nth(number as usize - 1) {
        Some(name) => format!("SIG{name}"),
        None if number == 34 => "SIGRTMIN".into(),
        None => format!("SIGRTMIN+{}", number.saturating_sub(34)),
    }
}

/// Opens the connector and asks for its messages.
fn listen() -> rustix::io::Result<OwnedFd> {
    const IDX_PROC: u32 = 1;
    let socket = socket(AddressFamily::NETLINK, SocketType::DGRAM, Some(CONNECTOR))?;
    sockopt::set_socket_recv_buffer_size_force(&socket, BUFFER_BYTES)?;
    bind(&socket, &SocketAddrNetlink::new(0, IDX_PROC))?;
    // struct nlmsghdr {len, type NLMSG_DONE, flags, seq, pid}, struct cn_msg {idx, val, seq, ack, len, flags}
    // and one word, PROC_CN_MCAST_LISTEN.
    let words: [u32; 10] = [40, 3, 0, 0, IDX_PROC, 1, 0, 0, 4, 1];
    let message: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    send(&socket, &message, SendFlags::empty())?;
    Ok(socket)
}

/// Reads `struct proc_event` behind the two headers; threads and other kinds are left out.
fn decode(message: &[u8]) -> Option<Record> {
    const FORK: u32 = 0x0000_0001;
    const EXEC: u32 = 0x0000_0002;
    const EXIT: u32 = 0x8000_0000;
    let word = |at: usize| Some(u32::from_ne_bytes(message.get(at..at + 4)?.try_into().ok()?));
    let pid = |at: usize| word(at).map(|word| word as i32);
    match word(36)? {
        FORK if pid(60)? == pid(64)? => Some(Record::Born { pid: pid(60)?, parent: pid(56)? }),
        EXEC => Some(Record::Exec { pid: pid(56)? }),
        EXIT if pid(52)? == pid(56)? => Some(Record::Dead { pid: pid(52)?, status: word(60)? }),
        _ => None,
    }
}
