//! The log of one run, shared by all who watch it.
//!
//! The lines that the supervisor wrote are kept as they came and never parsed or
//! written anew: a frame for a viewer is a copy of a stretch of them. A viewer is
//! a cursor, the number of events it has; since `seq` has no gap, that number is
//! also the place of its next line. Whoever waits for more watches [`Progress`].

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use protocol::socket::{Kept, Queued};
use tokio::sync::watch;

/// How far a run is; what viewers wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Its place while it waits for one.
    pub queued: Option<Queued>,
    /// Events in the log.
    pub events: u64,
    /// Whether the last of them is `run.finished`.
    pub finished: bool,
    /// What became of its recording; known before the last event is in the log.
    pub kept: Option<Kept>,
}

/// An append-only sequence of lines.
#[derive(Default)]
pub struct RunLog {
    lines: RwLock<Lines>,
    progress: watch::Sender<Progress>,
}

/// All lines in one text, and where each of them ends (before its newline).
#[derive(Default)]
struct Lines {
    text: String,
    ends: Vec<usize>,
}

/// What stands around and between the lines of a stretch.
#[derive(Clone, Copy)]
pub struct Joint<'a> {
    /// Before the first.
    pub head: &'a str,
    /// Between two.
    pub between: &'a str,
    /// After the last.
    pub tail: &'a str,
}

/// One line each, as in a file.
pub const NDJSON: Joint = Joint { head: "", between: "\n", tail: "\n" };

impl RunLog {
    /// Adds whole lines, each with its newline, and wakes the viewers once.
    pub fn append(&self, text: &str) {
        self.add(text, false);
    }

    /// Adds the last lines, among them `run.finished`.
    pub fn conclude(&self, text: &str, kept: Kept) {
        // What is said already is newer: that a slow store has done it after all.
        self.progress.send_if_modified(|progress| {
            progress.kept.get_or_insert(kept);
            false
        });
        self.add(text, true);
    }

    /// What became of the recording, which may be told anew when more is known.
    pub fn set_kept(&self, kept: Kept) {
        self.progress.send_if_modified(|progress| {
            progress.kept = Some(kept);
            false
        });
    }

    fn add(&self, text: &str, finished: bool) {
        let events = self.write().append(text);
        self.progress.send_modify(|progress| {
            *progress = Progress { queued: None, events, finished, ..*progress };
        });
    }

    /// Tells the viewers where the run stands in the queue; `None` once it has its place.
    pub fn set_queued(&self, queued: Option<Queued>) {
        self.progress.send_if_modified(|progress| {
            let changed = progress.queued != queued && !progress.finished;
            progress.queued = queued;
            changed
        });
    }

    /// How far the run is now.
    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// To be woken at every change.
    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The events after the first `after`, joined, as many as fit into about `max_bytes`
    /// (but at least one), and the number of events that a reader has then. `None`
    /// where there are none.
    pub fn stretch(&self, after: u64, max_bytes: usize, joint: Joint) -> Option<(String, u64)> {
        self.read().stretch(usize::try_from(after).ok()?, max_bytes, joint)
    }

    /// Everything so far, one line an event.
    pub fn text(&self) -> String {
        self.read().text.clone()
    }

    /// The memory it takes.
    pub fn bytes(&self) -> usize {
        let lines = self.read();
        lines.text.capacity() + lines.ends.capacity() * size_of::<usize>()
    }

    /// Gives back the memory that was held for more.
    pub fn shrink(&self) {
        let mut lines = self.write();
        lines.text.shrink_to_fit();
        lines.ends.shrink_to_fit();
    }

    // A panic while the lock is held cannot leave half a line: it is poisoned in vain.
    fn read(&self) -> RwLockReadGuard<'_, Lines> {
        self.lines.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Lines> {
        self.lines.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn append(&mut self, text: &str) -> u64 {
        debug_assert!(text.ends_with('\n'), "only whole lines");
        let start = self.text.len();
        self.ends.extend(text.match_indices('\n').map(|(end, _)| start + end));
        self.text.push_str(text);
        self.ends.len() as u64
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |previous| self.ends[previous] + 1)
    }

    fn line(&self, index: usize) -> &str {
        &self.text[self.start(index)..self.ends[index]]
    }

    fn stretch(&self, after: usize, max_bytes: usize, joint: Joint) -> Option<(String, u64)> {
        let start = (after < self.ends.len()).then(|| self.start(after))?;
        let fitting = self.ends[after..].partition_point(|end| end - start <= max_bytes);
        let until = after + fitting.max(1);
        let room = joint.head.len() + self.ends[until - 1] - start + (until - after) + joint.tail.len();
        let mut text = String::with_capacity(room);
        text.push_str(joint.head);
        for index in after..until {
            if index > after {
                text.push_str(joint.between);
            }
            text.push_str(self.line(index));
        }
        text.push_str(joint.tail);
        Some((text, until as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::socket::NotKept;

    const ARRAY: Joint = Joint { head: "[", between: ",", tail: "]" };

    fn log() -> RunLog {
        let log = RunLog::default();
        log.append("{\"a\":1}\n{\"b\":2}\n");
        log.append("{\"c\":3}\n");
        log
    }

    #[test]
    fn a_cursor_reads_on_where_it_stands() {
        let log = log();
        assert_eq!(log.stretch(0, 1000, ARRAY), Some(("[{\"a\":1},{\"b\":2},{\"c\":3}]".into(), 3)));
        assert_eq!(log.stretch(2, 1000, NDJSON), Some(("{\"c\":3}\n".into(), 3)));
        assert_eq!(log.stretch(3, 1000, ARRAY), None);
        assert_eq!(log.stretch(u64::MAX, 1000, ARRAY), None);
    }

    #[test]
    fn a_stretch_is_cut_at_the_end_of_a_line_and_never_empty() {
        let log = log();
        assert_eq!(log.stretch(0, 1, ARRAY), Some(("[{\"a\":1}]".into(), 1)));
        assert_eq!(log.stretch(0, 15, ARRAY), Some(("[{\"a\":1},{\"b\":2}]".into(), 2)));
    }

    #[test]
    fn late_and_early_readers_read_the_same_bytes() {
        let log = log();
        let mut pieces = String::new();
        let mut after = 0;
        while let Some((text, next)) = log.stretch(after, 1, NDJSON) {
            pieces += &text;
            after = next;
        }
        assert_eq!(pieces, log.text());
    }

    #[test]
    fn a_viewer_is_woken_by_lines_and_by_a_new_place_but_not_by_the_same_place() {
        let log = RunLog::default();
        let mut viewer = log.watch();
        let place = Some(Queued { position: 1, eta_s: 5 });
        log.set_queued(place);
        assert!(viewer.has_changed().unwrap());
        viewer.borrow_and_update();
        log.set_queued(place);
        assert!(!viewer.has_changed().unwrap());
        let kept = Kept::not(NotKept::Off);
        log.conclude("{}\n", kept);
        let end = Progress { queued: None, events: 1, finished: true, kept: Some(kept) };
        assert_eq!(*viewer.borrow_and_update(), end);
    }
}
