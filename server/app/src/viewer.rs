//! What one viewer watches: a cursor for each run, and frames made from the logs.
//!
//! A viewer holds no events. Its next frame is copied from the log when its connection
//! has room for it, so a slow viewer costs its cursor. Frames go in batches: a batch
//! is what the logs held when it began.

use std::sync::Arc;

use actix_web::web::Bytes;
use futures_util::StreamExt;
use protocol::socket::{Frame, Kept, Queued};
use tokio_stream::StreamMap;
use tokio_stream::wrappers::WatchStream;

use crate::frames;
use crate::run::Run;
use crate::run_log::{Joint, Progress};

/// About how long a frame of events gets.
const FRAME_BYTES: usize = 8 * 1024;

/// The runs that one socket follows.
#[derive(Default)]
pub struct Viewer {
    changes: StreamMap<String, WatchStream<Progress>>,
    cursors: Vec<Cursor>,
}

struct Cursor {
    run: Arc<Run>,
    /// What stands before the events of each frame.
    head: String,
    progress: Progress,
    /// Events that were sent.
    sent: u64,
    /// Events that the present batch brings it to.
    until: u64,
    /// The place that was told last.
    told: Option<Queued>,
    /// Whether it was told what became of the recording.
    told_kept: bool,
}

impl Viewer {
    /// Follows a run from the event after `after`; from there again, where it is followed
    /// already. Where that is the end, nothing is left to follow.
    pub fn follow(&mut self, run: Arc<Run>, after: u64) {
        self.unfollow(run.id());
        let mut changes = run.log.watch();
        let progress = *changes.borrow_and_update();
        let head = format!("{{\"run\":\"{}\",\"events\":[", run.id());
        let cursor = Cursor { run, head, progress, sent: after, until: after, told: None, told_kept: false };
        if !cursor.is_at_the_end() {
            self.changes.insert(cursor.run.id().to_owned(), WatchStream::from_changes(changes));
            self.cursors.push(cursor);
        }
    }

    /// Follows a run no longer.
    pub fn unfollow(&mut self, id: &str) {
        self.changes.remove(id);
        self.cursors.retain(|cursor| cursor.run.id() != id);
    }

    /// How many runs are followed that have not come to their end here.
    pub fn follows(&self) -> usize {
        self.cursors.len()
    }

    /// Waits until a followed run has something new. Never, where none is followed.
    pub async fn changed(&mut self) {
        match self.changes.next().await {
            Some((id, progress)) => self.hear(&id, progress),
            None => std::future::pending().await,
        }
    }

    /// A frame reads what the log holds, which can be the end before that is heard here.
    fn hear(&mut self, id: &str, progress: Progress) {
        let Some(cursor) = self.cursors.iter_mut().find(|cursor| cursor.run.id() == id) else { return };
        cursor.progress = progress;
        if cursor.is_at_the_end() {
            self.unfollow(id);
        }
    }

    /// Whether there is something that was not sent.
    pub fn has_news(&self) -> bool {
        self.cursors.iter().any(Cursor::has_news)
    }

    /// Whether the present batch is not sent wholly.
    pub fn is_amid_batch(&self) -> bool {
        self.cursors.iter().any(|cursor| cursor.sent < cursor.until)
    }

    /// The next frame, which begins a batch unless one is under way.
    pub fn next_frame(&mut self) -> Option<Bytes> {
        if !self.is_amid_batch() {
            self.cursors.iter_mut().for_each(|cursor| cursor.until = cursor.progress.events);
        }
        let cursor = self.cursors.iter_mut().find(|cursor| cursor.is_in_batch())?;
        let frame = cursor.next_frame();
        if cursor.is_at_the_end() {
            let id = cursor.run.id().to_owned();
            self.unfollow(&id);
        }
        frame
    }
}

impl Cursor {
    fn has_news(&self) -> bool {
        self.sent < self.progress.events || self.place_to_tell().is_some()
    }

    /// What came since the batch began waits for the next, or one run could fill this for ever.
    fn is_in_batch(&self) -> bool {
        self.sent < self.until || self.place_to_tell().is_some()
    }

    fn place_to_tell(&self) -> Option<Queued> {
        self.progress.queued.filter(|place| self.told != Some(*place))
    }

    fn kept_to_tell(&self) -> Option<Kept> {
        self.run.log.progress().kept.filter(|_| !self.told_kept)
    }

    fn is_at_the_end(&self) -> bool {
        self.progress.finished && self.sent >= self.progress.events
    }

    fn next_frame(&mut self) -> Option<Bytes> {
        if let Some(queued) = self.place_to_tell() {
            self.told = Some(queued);
            let frame = Frame::Queued { run: self.run.id().to_owned(), queued };
            return Some(encode(&frame));
        }
        let joint = Joint { head: &self.head, between: ",", tail: "]}" };
        let (text, sent) = self.run.log.stretch(self.sent, FRAME_BYTES, joint)?;
        // It is known before the last event is in the log: so whoever has that one was told.
        if let Some(kept) = self.kept_to_tell() {
            self.told_kept = true;
            return Some(encode(&Frame::Kept { run: self.run.id().to_owned(), kept }));
        }
        self.sent = sent;
        Some(frames::text(&text))
    }
}

/// A frame that holds no events.
pub fn encode(frame: &Frame) -> Bytes {
    frames::text(&serde_json::to_string(frame).expect("a frame is plain data with text keys"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::{job, tests::catalogue};
    use futures_util::FutureExt;
    use protocol::Limits;

    fn run() -> Arc<Run> {
        let start = serde_json::from_str(r#"{"scenario":"pool"}"#).unwrap();
        Arc::new(Run::new(job(&catalogue(), &Limits::default(), start).unwrap()).0)
    }

    fn append(run: &Run, text: &str) {
        run.log.append(text);
    }

    const KEPT: Kept = Kept { until_unix_ms: Some(7), not: None };

    fn text(frame: Option<Bytes>) -> String {
        let frame = frame.expect("a frame");
        let start = frame.iter().position(|&byte| byte == b'{').unwrap();
        String::from_utf8(frame[start..].to_vec()).unwrap()
    }

    #[test]
    fn a_viewer_gets_what_is_there_and_then_what_comes() {
        let (run, mut viewer) = (run(), Viewer::default());
        append(&run, "{\"seq\":1}\n{\"seq\":2}\n");
        viewer.follow(run.clone(), 1);
        assert_eq!(
            text(viewer.next_frame()),
            format!("{{\"run\":\"{}\",\"events\":[{{\"seq\":2}}]}}", run.id())
        );
        assert!(!viewer.has_news());
        assert!(viewer.changed().now_or_never().is_none());
        append(&run, "{\"seq\":3}\n");
        viewer.changed().now_or_never().expect("it is woken");
        assert!(text(viewer.next_frame()).contains("{\"seq\":3}"));
    }

    #[test]
    fn who_follows_from_the_end_has_no_cursor() {
        let (run, mut viewer) = (run(), Viewer::default());
        append(&run, "{\"seq\":1}\n");
        run.log.conclude("{\"seq\":2}\n", KEPT);
        viewer.follow(run.clone(), 2);
        assert_eq!(viewer.follows(), 0);
        viewer.follow(run.clone(), 1);
        assert_eq!(viewer.follows(), 1);
        viewer.follow(run.clone(), 2);
        assert_eq!(viewer.follows(), 0, "its place is the end now");
        drop(viewer);
        assert_eq!(Arc::strong_count(&run), 1, "nobody holds the run");
    }

    #[test]
    fn a_cursor_that_reached_the_end_before_it_heard_of_it_goes_when_it_hears() {
        let (run, mut viewer) = (run(), Viewer::default());
        append(&run, "{\"seq\":1}\n");
        viewer.follow(run.clone(), 0);
        run.log.conclude("{\"seq\":2}\n", KEPT);
        let kept = format!("{{\"run\":\"{}\",\"kept\":{{\"until_unix_ms\":7}}}}", run.id());
        assert_eq!(text(viewer.next_frame()), kept, "before the last event");
        assert!(text(viewer.next_frame()).contains("{\"seq\":2}"), "a frame reads what there is");
        assert_eq!(viewer.follows(), 1);
        viewer.changed().now_or_never().expect("it is woken");
        assert_eq!(viewer.follows(), 0);
    }

    #[test]
    fn a_batch_is_what_was_there_when_it_began() {
        let (run, mut viewer) = (run(), Viewer::default());
        append(&run, &format!("{{\"a\":\"{}\"}}\n{{}}\n", "x".repeat(FRAME_BYTES)));
        viewer.follow(run.clone(), 0);
        viewer.next_frame().unwrap();
        assert!(viewer.is_amid_batch());
        viewer.next_frame().unwrap();
        assert!(!viewer.is_amid_batch() && !viewer.has_news());
    }

    #[test]
    fn a_run_that_always_has_more_does_not_keep_the_others_from_their_turn() {
        let (busy, quiet, mut viewer) = (run(), run(), Viewer::default());
        for run in [&busy, &quiet] {
            append(run, "{}\n");
            viewer.follow(run.clone(), 0);
        }
        assert!(text(viewer.next_frame()).contains(busy.id()));
        append(&busy, "{}\n");
        viewer.changed().now_or_never().expect("it is woken");
        assert!(text(viewer.next_frame()).contains(quiet.id()), "what came later waits for the next batch");
        assert!(!viewer.is_amid_batch() && viewer.has_news());
        assert!(text(viewer.next_frame()).contains(busy.id()));
    }

    #[test]
    fn a_place_is_told_once_and_again_when_it_changes() {
        let (run, mut viewer) = (run(), Viewer::default());
        run.log.set_queued(Some(Queued { position: 2, eta_s: 3 }));
        viewer.follow(run.clone(), 0);
        assert_eq!(
            text(viewer.next_frame()),
            format!("{{\"run\":\"{}\",\"queued\":{{\"position\":2,\"eta_s\":3}}}}", run.id())
        );
        assert!(!viewer.has_news());
        run.log.set_queued(Some(Queued { position: 1, eta_s: 2 }));
        viewer.changed().now_or_never().expect("it is woken");
        assert!(text(viewer.next_frame()).contains("\"position\":1"));
    }
}
