//! For how long, and in how much room.

use std::time::{Duration, SystemTime};

/// For how long runs are kept, and in how much room; for ever or without bound where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// From when a run was kept.
    pub keep_for: Option<Duration>,
    /// All files together; the oldest go first.
    pub keep_bytes: Option<u64>,
}

/// For so long a note says why a run is gone.
pub const NOTES_FOR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// So many notes at most; the oldest go first.
pub const NOTES_MAX: usize = 200_000;

/// What a file takes on a disk, and what it counts: whole blocks.
const BLOCK_BYTES: u64 = 4096;

/// One file, as a list tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry<T> {
    /// When it was written.
    pub at: SystemTime,
    /// What it is called.
    pub name: T,
    /// Its length.
    pub bytes: u64,
}

/// What has to go.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict<T> {
    /// Too old.
    pub expired: Vec<T>,
    /// Too many; the oldest.
    pub displaced: Vec<T>,
    /// What stays.
    pub kept: Vec<Entry<T>>,
}

impl Terms {
    /// The moment when what was kept at `at` is gone, in milliseconds since 1970.
    pub fn until_unix_ms(&self, at: SystemTime) -> Option<u64> {
        let since = (at + self.keep_for?).duration_since(SystemTime::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()
    }

    /// Whether what was kept at `at` is too old.
    pub fn is_over(&self, at: SystemTime, now: SystemTime) -> bool {
        self.keep_for.is_some_and(|time| at + time <= now)
    }

    /// Whether it is more than there is room for.
    pub fn is_full(&self, bytes: u64) -> bool {
        self.keep_bytes.is_some_and(|most| bytes > most)
    }

    /// Which recordings have to go. When there are too many a twentieth of the room is made free, so
    /// that not every new run has to look for its own.
    pub fn judge<T: Ord>(&self, mut entries: Vec<Entry<T>>, now: SystemTime) -> Verdict<T> {
        entries.sort();
        let mut bytes: u64 = entries.iter().map(Entry::cost).sum();
        let goal = if self.is_full(bytes) { self.keep_bytes.map(|most| most - most / 20) } else { None };
        let mut verdict = Verdict { expired: vec![], displaced: vec![], kept: vec![] };
        for entry in entries {
            let is_over = self.is_over(entry.at, now);
            let is_displaced = goal.is_some_and(|goal| bytes > goal);
            if is_over || is_displaced {
                bytes -= entry.cost();
            }
            match (is_over, is_displaced) {
                (true, _) => verdict.expired.push(entry.name),
                (_, true) => verdict.displaced.push(entry.name),
                _ => verdict.kept.push(entry),
            }
        }
        verdict
    }
}

impl<T> Entry<T> {
    /// What it counts.
    pub fn cost(&self) -> u64 {
        cost(self.bytes)
    }
}

/// What a file of this length counts.
pub fn cost(bytes: u64) -> u64 {
    bytes.next_multiple_of(BLOCK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + 20_000 * DAY
    }

    fn entries(ages: &[u32]) -> Vec<Entry<u32>> {
        ages.iter().map(|&age| Entry { at: now() - age * DAY, name: age, bytes: 4000 }).collect()
    }

    fn names(kept: &[Entry<u32>]) -> Vec<u32> {
        kept.iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn what_is_too_old_goes() {
        let terms = Terms { keep_for: Some(30 * DAY), keep_bytes: None };
        let verdict = terms.judge(entries(&[1, 30, 29, 400]), now());
        assert_eq!((verdict.expired, verdict.displaced), (vec![400, 30], vec![]));
        assert_eq!(names(&verdict.kept), [29, 1]);
    }

    #[test]
    fn where_there_is_no_room_the_oldest_go_and_a_little_more() {
        let terms = Terms { keep_for: None, keep_bytes: Some(20 * BLOCK_BYTES) };
        let ages: Vec<u32> = (1..=20).collect();
        assert_eq!(terms.judge(entries(&ages), now()).displaced, Vec::<u32>::new());
        let ages: Vec<u32> = (1..=22).collect();
        let verdict = terms.judge(entries(&ages), now());
        assert_eq!((verdict.displaced, verdict.kept.len()), (vec![22, 21, 20], 19));
    }

    #[test]
    fn what_is_too_old_makes_room_too() {
        let terms = Terms { keep_for: Some(30 * DAY), keep_bytes: Some(2 * BLOCK_BYTES) };
        let verdict = terms.judge(entries(&[40, 2, 1]), now());
        assert_eq!(
            (verdict.expired, verdict.displaced),
            (vec![40], vec![2]),
            "more than a twentieth is one whole file"
        );
    }

    #[test]
    fn until_is_told_and_for_ever_is_not() {
        let at = SystemTime::UNIX_EPOCH + DAY;
        assert_eq!(Terms { keep_for: Some(DAY), keep_bytes: None }.until_unix_ms(at), Some(2 * 86_400_000));
        assert_eq!(Terms::default().until_unix_ms(at), None);
        assert!(!Terms::default().is_over(at, now()));
    }
}
