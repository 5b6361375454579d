//! One process seen through `/proc`, its files kept open: reading costs a third of opening,
//! and a file of a dead process answers nothing instead of another process.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use protocol::Pid;
use protocol::event::{ProcessSampled, State};

use crate::{proc, waiting};

/// How often the memory of a process is measured page by page; it costs 60 to 600 µs.
const MEASURE: Duration = Duration::from_secs(1);

/// Descriptors that one watched process takes.
pub const FILES: u64 = 4;

/// Smaller changes are not worth an event.
const CPU_STEP_US: u64 = 1000;
const MEMORY_STEP_KIB: u64 = 64;

/// The open files of one process and what was last seen in them.
pub struct Watched {
    pid: Pid,
    stat: File,
    statm: File,
    schedstat: Option<File>,
    syscall: Option<File>,
    told: Option<ProcessSampled>,
    call: Vec<u8>,
    waiting: Option<String>,
    measured: Option<(Instant, u64)>,
    /// The stop that it was last seen running in, though it should stand, and how often in a row.
    awake: Option<(u64, u32)>,
}

/// What the log says of a process.
#[derive(Clone, Copy)]
pub struct Told {
    /// It is stopped.
    pub stopped: bool,
    /// The number of the stop that it has come to stand in.
    pub stands_in: Option<u64>,
}

/// What was seen now.
pub struct Seen {
    /// To be told, if it is news.
    pub sample: Option<ProcessSampled>,
    /// Its memory, shared or not.
    pub rss_kib: u64,
    /// In how many looks in a row it ran, in the same stop, in which the log says that it stands.
    pub awake: u32,
    /// It is stopped and not traced.
    pub stands: bool,
}

impl Watched {
    /// Opens the files.
    ///
    /// # Errors
    /// When the process is gone or no descriptor is left.
    pub fn open(pid: Pid) -> io::Result<Self> {
        let open = |name| File::open(format!("/proc/{pid}/{name}"));
        Ok(Watched {
            pid,
            stat: open("stat")?,
            statm: open("statm")?,
            schedstat: open("schedstat").ok(),
            syscall: open("syscall").ok(),
            told: None,
            call: Vec::new(),
            waiting: None,
            measured: None,
            awake: None,
        })
    }

    /// Looks now; `/proc` shows a stopped tracee as traced.
    pub fn look(&mut self, log: Told, may_measure: bool) -> Option<Seen> {
        let mut buffer = [0; 512];
        let stat = read(&self.stat, &mut buffer)?;
        let mut fields = proc::fields(stat)?;
        let letter = fields.next()?;
        let ticks =
            fields.clone().nth(10)?.parse::<u64>().ok()? + fields.clone().nth(11)?.parse::<u64>().ok()?;
        let threads: u32 = fields.nth(16)?.parse().ok()?;
        let stands = letter == "T";
        let runs = matches!(letter, "R" | "S" | "D");
        let state = match letter {
            _ if log.stopped => State::T,
            "R" => State::R,
            "D" => State::D,
            "S" => State::S,
            // In a stop of its tracer's, for a moment.
            _ => self.told.as_ref().map_or(State::R, |told| told.state),
        };
        self.awake = log.stands_in.filter(|_| runs).map(|stop| match self.awake {
            Some((same, looks)) if same == stop => (stop, looks + 1),
            _ => (stop, 1),
        });
        let awake = self.awake.map_or(0, |(_, looks)| looks);
        let rss_kib = self.rss_kib()?;
        let cpu_us = self.cpu_us(ticks, threads);
        let waiting = self.waiting_for(state);
        let mut sample = ProcessSampled { state, cpu_us, rss_kib, private_kib: None, waiting };
        if may_measure && self.is_due(&sample) {
            sample.private_kib = self.measure(cpu_us).map(|memory| memory.private_kib);
        }
        let news = self.is_news(&sample).then(|| self.told.insert(sample).clone());
        Some(Seen { sample: news, rss_kib, awake, stands })
    }

    /// Memory that counts for the limit: pages that several share count in parts.
    pub fn proportional_kib(&self) -> u64 {
        rollup(self.pid).map_or(0, |memory| memory.proportional_kib)
    }

    fn rss_kib(&self) -> Option<u64> {
        let mut buffer = [0; 128];
        let statm = std::str::from_utf8(read(&self.statm, &mut buffer)?).ok()?;
        let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
        Some(pages * page_kib())
    }

    /// Exact to the nanosecond for one thread, else in the clock's ticks of 10 ms. Never decreases.
    fn cpu_us(&self, ticks: u64, threads: u32) -> u64 {
        let exact = || {
            let mut buffer = [0; 128];
            let line = std::str::from_utf8(read(self.schedstat.as_ref()?, &mut buffer)?).ok()?;
            Some(line.split_ascii_whitespace().next()?.parse::<u64>().ok()? / 1000)
        };
        let cpu_us = if threads == 1 { exact() } else { None };
        let told = self.told.as_ref().map_or(0, |told| told.cpu_us);
        cpu_us.unwrap_or(ticks * 10_000).max(told)
    }

    fn waiting_for(&mut self, state: State) -> Option<String> {
        if !matches!(state, State::S | State::D) {
            self.call.clear();
            return None;
        }
        let mut buffer = [0; 256];
        let call = read(self.syscall.as_ref()?, &mut buffer)?;
        if call != self.call {
            self.call = call.to_vec();
            let link = |fd| std::fs::read_link(format!("/proc/{}/fd/{fd}", self.pid));
            let kind = |fd| link(fd).map_or("file".into(), |link| waiting::kind(&link.to_string_lossy()));
            let wchan = || std::fs::read_to_string(format!("/proc/{}/wchan", self.pid)).unwrap_or_default();
            self.waiting = waiting::words(&String::from_utf8_lossy(&self.call), kind, wchan);
        }
        self.waiting.clone()
    }

    fn is_news(&self, sample: &ProcessSampled) -> bool {
        let Some(told) = &self.told else { return true };
        told.state != sample.state
            || told.waiting != sample.waiting
            || sample.cpu_us - told.cpu_us >= CPU_STEP_US
            || told.rss_kib.abs_diff(sample.rss_kib) >= MEMORY_STEP_KIB
            || sample.private_kib.is_some_and(|now| {
                told.private_kib.is_none_or(|before| before.abs_diff(now) >= MEMORY_STEP_KIB)
            })
    }

    /// Whether a measurement is due, and can have changed: the process must have run.
    fn is_due(&self, sample: &ProcessSampled) -> bool {
        self.measured.is_none_or(|(when, cpu_us)| when.elapsed() >= MEASURE && cpu_us != sample.cpu_us)
    }

    fn measure(&mut self, cpu_us: u64) -> Option<Memory> {
        self.measured = Some((Instant::now(), cpu_us));
        rollup(self.pid)
    }
}

struct Memory {
    proportional_kib: u64,
    private_kib: u64,
}

/// `/proc/PID/smaps_rollup`: the kernel walks all pages for it.
fn rollup(pid: Pid) -> Option<Memory> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let sum = |names: &[&str]| -> u64 {
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        let wanted = lines.filter(|(name, _)| names.contains(name));
        wanted.filter_map(|(_, rest)| rest.split_ascii_whitespace().next()?.parse::<u64>().ok()).sum()
    };
    Some(Memory { proportional_kib: sum(&["Pss"]), private_kib: sum(&["Private_Clean", "Private_Dirty"]) })
}

fn read<'a>(file: &File, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let count = file.read_at(buffer, 0).ok()?;
    (count > 0).then_some(&buffer[..count])
}

fn page_kib() -> u64 {
    // SAFETY: asks for a constant of the system.
    let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    u64::try_from(bytes).unwrap_or(4096) / 1024
}
