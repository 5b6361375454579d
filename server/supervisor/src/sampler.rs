//! What processes look like between their events: ten times a second, told only on change.
//!
//! The same tick looks after what has no event of its own: the memory of the run,
//! zombies that were reaped though no wait was seen, and processes that go on though no trace of it was seen.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use protocol::Pid;

use crate::family::{Evidence, Kernel};
use crate::run::Run;
use crate::watched::{Seen, Told, Watched};

/// Between two looks.
const TICK: Duration = Duration::from_millis(100);

/// Who runs in so many looks in a row, for a second, though it should stand, was continued. Few are not enough: of
/// a process with threads one may report a former stop when another has begun the next.
const AWAKE_LOOKS: u32 = 10;

/// Processes measured page by page in one tick: each about once a second up to ten times as many.
const MEASURED_A_TICK: usize = 4;

/// When shared pages are counted again, while the sum without regard to sharing is too high.
const COUNT_SHARED: Duration = Duration::from_millis(500);

/// The processes that are watched.
pub struct Sampler {
    next: Instant,
    watched: HashMap<Pid, Watched>,
    /// When shared pages were last counted, and the sum that was the reason.
    counted: Option<(Instant, u64)>,
    turn: usize,
}

impl Sampler {
    /// Nobody is watched yet.
    pub fn new() -> Self {
        Sampler { next: Instant::now() + TICK, watched: HashMap::new(), counted: None, turn: 0 }
    }

    /// When to look next.
    pub fn next_tick(&self) -> Instant {
        self.next
    }

    /// The process has exited.
    pub fn forget(&mut self, pid: Pid) {
        self.watched.remove(&pid);
    }

    fn look(&mut self, pid: Pid, told: Told, may_measure: bool) -> Option<Seen> {
        let watched = match self.watched.entry(pid) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Watched::open(pid).ok()?),
        };
        watched.look(told, may_measure)
    }

    /// The memory of all, once it must be known exactly: each page counts once.
    fn count_shared(&mut self, rss_kib: u64) -> Option<u64> {
        let recent =
            self.counted.is_some_and(|(when, sum)| when.elapsed() < COUNT_SHARED && rss_kib < sum + sum / 10);
        if recent {
            return None;
        }
        self.counted = Some((Instant::now(), rss_kib));
        Some(self.watched.values().map(Watched::proportional_kib).sum())
    }
}

impl Run {
    /// Looks at every process.
    pub(crate) fn tick(&mut self) {
        self.sampler.next = Instant::now() + TICK;
        self.notice_reaped();
        self.drain();
        let rss_kib = self.sample_all();
        let too_much = rss_kib > self.job.limits.memory_mib * 1024;
        if let Some(kib) = too_much.then(|| self.sampler.count_shared(rss_kib)).flatten() {
            self.check_memory_limit(kib);
        }
    }

    /// Samples all, and gives the sum of their memory.
    fn sample_all(&mut self) -> u64 {
        let mut alive: Vec<Pid> = self.family.alive().collect();
        alive.sort_unstable();
        let first = self.sampler.turn % alive.len().max(1);
        self.sampler.turn = first + MEASURED_A_TICK;
        let mut rss_kib = 0;
        for (index, pid) in alive.iter().copied().enumerate() {
            let measured = (index + alive.len() - first) % alive.len() < MEASURED_A_TICK;
            let told = Told { stopped: self.family.is_stopped(pid), stands_in: self.family.stands_in(pid) };
            let Some(seen) = self.sampler.look(pid, told, measured) else { continue };
            rss_kib += seen.rss_kib;
            if seen.stands && self.scanner.is_some() {
                self.family.seen_stopped(pid, &mut self.log);
            }
            // Without reports of the kernel's it was seen itself to stand.
            if seen.awake >= if self.scanner.is_some() { 1 } else { AWAKE_LOOKS } {
                // Whoever continued it may have said something since we heard.
                self.drain();
                self.family.continued(pid, Evidence::Sight, &mut self.log);
            }
            if let Some(sample) = seen.sample {
                self.quota.sampled(pid, sample, &mut self.log);
            }
        }
        rss_kib
    }

    fn notice_reaped(&mut self) {
        let reaped: Vec<Pid> = self.family.zombies().filter(|pid| self.kin.is_reaped(*pid)).collect();
        for pid in reaped {
            self.process_ready(pid);
        }
    }
}
