//! How often a viewer is sent something.
//!
//! A page redraws a few dozen times a second at most, and every write costs the
//! server a system call. So a viewer gets twenty batches a second. A run begins
//! with a burst (the first processes, the first lines of output) and nobody should
//! wait for those: up to ten batches may be ahead of that rate, two milliseconds apart.

use std::time::{Duration, Instant};

/// From batch to batch in the long run.
const PERIOD: Duration = Duration::from_millis(50);

/// From batch to batch at least.
const GAP: Duration = Duration::from_millis(2);

/// How many batches may be ahead of their time.
const AHEAD: u32 = 10;

/// When the next batch may go.
#[derive(Default)]
pub struct Pace {
    last: Option<Instant>,
    /// When the batches so far would have gone at one a period.
    due: Option<Instant>,
}

impl Pace {
    /// The moment from which the next batch may go; `None` where it may go at once, ever.
    pub fn next(&self) -> Option<Instant> {
        let due = self.due?.checked_sub(PERIOD * (AHEAD - 1));
        due.max(self.last.map(|last| last + GAP))
    }

    /// Whether a batch may go now.
    pub fn allows(&self, now: Instant) -> bool {
        self.next().is_none_or(|next| next <= now)
    }

    /// A batch goes now.
    pub fn sent(&mut self, now: Instant) {
        self.last = Some(now);
        self.due = Some(self.due.map_or(now, |due| due.max(now)) + PERIOD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many batches go in a time when there is always something to send.
    fn batches(pace: &mut Pace, start: Instant, time: Duration) -> usize {
        let mut now = start;
        let mut count = 0;
        while now < start + time {
            assert!(pace.allows(now));
            pace.sent(now);
            count += 1;
            now = pace.next().unwrap().max(now);
        }
        count
    }

    #[test]
    fn the_first_goes_at_once_and_a_burst_soon_after() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        assert!(pace.allows(start));
        assert_eq!(batches(&mut pace, start, Duration::from_millis(20)), 10);
    }

    #[test]
    fn in_the_long_run_there_are_twenty_a_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        batches(&mut pace, start, Duration::from_secs(1));
        assert_eq!(batches(&mut pace, start + Duration::from_secs(1), Duration::from_secs(1)), 20);
    }

    #[test]
    fn who_was_quiet_may_be_quick_again() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        batches(&mut pace, start, Duration::from_secs(1));
        let later = start + Duration::from_secs(3);
        assert_eq!(batches(&mut pace, later, Duration::from_millis(20)), 10);
    }
}
