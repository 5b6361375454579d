//! What becomes of runs that have ended: kept, found again, deleted.
//!
//! The last event of a run goes to its viewers when its recording is safe, or when it is known that
//! there will be none; [`Kept`] says which. They wait for at most [`KEEP_WITHIN`]: a store that takes
//! longer goes on by itself. Whoever has read `run.finished` without a word of trouble finds the run
//! again, whatever happens to the server.
//!
//! A run that is read again becomes a [`Run`] as any other, and all who ask for it share it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use protocol::socket::{Kept, NotKept};
use recordings::{Found, Gone, Recording, Recordings, Trouble};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::intake::Lines;
use crate::refusal::Refusal;
use crate::run::Run;

/// How long viewers wait for the last event because of a store that is slow.
const KEEP_WITHIN: Duration = Duration::from_secs(3);

/// How long a visitor waits for a store that is asked for a run.
const FIND_WITHIN: Duration = Duration::from_secs(10);

/// So many recordings may wait for a slow store; then there is no room for more in memory.
const WAITING_MAX: usize = 512;

/// What a slow store is given when the server ends.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// The recordings of this server, if it keeps any.
#[derive(Clone)]
pub struct Archive {
    inner: Option<Arc<Inner>>,
    /// How long a run is in memory after its end.
    in_memory: Duration,
}

struct Inner {
    recordings: Recordings,
    waiting: Arc<Semaphore>,
    writes: TaskTracker,
    /// Why the last run was not kept, and why the last could not be read.
    keeping: Standing,
    reading: Standing,
}

/// How the last attempt came out. The operator is told when that changes, not at each attempt.
#[derive(Default)]
struct Standing(Mutex<Option<NotKept>>);

impl Archive {
    /// Keeps nothing. A run can be seen as long as it is in memory: so long after its end.
    pub fn none(in_memory: Duration) -> Self {
        Archive { inner: None, in_memory }
    }

    /// Keeps runs there; one that could not be kept can be seen as long as it is in memory.
    pub fn new(recordings: Recordings, in_memory: Duration) -> Self {
        let inner = Inner {
            recordings,
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            writes: TaskTracker::new(),
            keeping: Standing::default(),
            reading: Standing::default(),
        };
        Archive { inner: Some(Arc::new(inner)), in_memory }
    }

    /// Looks whether runs can be kept, says so where they cannot, and sees to it that the old ones go. Never ends.
    pub async fn look_after(&self) {
        let Some(inner) = &self.inner else { return };
        inner.heard_of_keeping(inner.recordings.check().await.err().as_ref());
        let told =
            |trouble| eprintln!("process-playground: old recordings cannot be cleared away: {trouble}");
        inner.recordings.look_after(told).await;
    }

    /// Ends the log of a run: keeps it, and then lets the viewers have the last event.
    pub async fn conclude(&self, run: &Arc<Run>, end: Lines) {
        let (before, last) = end.parted();
        if !before.is_empty() {
            run.log.append(before);
        }
        let finished = end.finished.clone().expect("the last lines have the end among them");
        let kept = self.keep(run, run.log.text() + last).await;
        run.conclude(last, finished, seen_for(kept, self.in_memory));
    }

    async fn keep(&self, run: &Arc<Run>, log: String) -> Kept {
        let Some(inner) = &self.inner else { return Kept::not(NotKept::Off) };
        let Ok(room) = inner.waiting.clone().try_acquire_owned() else {
            let trouble = Trouble::new(NotKept::Slow, format!("{WAITING_MAX} runs wait to be kept"));
            return inner.not(&trouble);
        };
        let (sender, written) = oneshot::channel();
        let (writer, late, in_memory) = (inner.clone(), run.clone(), self.in_memory);
        inner.writes.spawn(async move {
            let kept = writer.write(&late, log).await;
            drop(room);
            // Where nobody waits any more, whoever looks later is told.
            if sender.send(kept).is_err() {
                late.log.set_kept(seen_for(kept, in_memory));
            }
        });
        match timeout(KEEP_WITHIN, written).await {
            Ok(kept) => kept.expect("a write always comes to an end"),
            Err(_) => {
                let waited = KEEP_WITHIN.as_secs();
                inner.not(&Trouble::new(NotKept::Slow, format!("the store has not answered for {waited} s")))
            }
        }
    }

    /// A run that was kept. `None` where nothing is known of it.
    ///
    /// # Errors
    /// It is gone, cannot be read, or the store does not answer.
    pub async fn find(&self, id: &str) -> Result<Option<Run>, Refusal> {
        let Some(inner) = &self.inner else { return Ok(None) };
        let found = match timeout(FIND_WITHIN, inner.recordings.get(id)).await {
            Ok(Ok(found)) => found,
            Ok(Err(trouble)) => return Err(inner.unavailable(&trouble)),
            Err(_) => {
                return Err(inner.unavailable(&Trouble::new(NotKept::Slow, "the store does not answer")));
            }
        };
        inner.heard_of_reading(None);
        match found {
            Found::Recording(recording, until_unix_ms) => {
                let run = Run::recorded(&recording, Kept { until_unix_ms, not: None });
                run.map(Some).ok_or_else(|| unreadable(id, "its log has no end"))
            }
            Found::Gone(why) => Err(inner.gone(why)),
            Found::Damaged(damage) => Err(unreadable(id, damage)),
            Found::Nothing => Ok(None),
        }
    }

    /// Deletes the recording of a run that has ended, if there is one.
    ///
    /// # Errors
    /// It is still there.
    pub async fn delete(&self, run: &Run) -> Result<(), Refusal> {
        let (Some(inner), Some(kept)) = (&self.inner, run.log.progress().kept) else { return Ok(()) };
        match kept.not {
            None => inner.recordings.delete(run.id()).await.map_err(|trouble| inner.unavailable(&trouble)),
            // It is still being written, and would be there again.
            Some(NotKept::Slow) => Err(Refusal::StoreUnavailable),
            Some(_) => Ok(()),
        }
    }

    /// Waits for what is still being written, but not for ever.
    pub async fn close(&self) {
        let Some(inner) = &self.inner else { return };
        inner.writes.close();
        if timeout(LAST_WRITES, inner.writes.wait()).await.is_err() {
            eprintln!("process-playground: {} runs could not be kept in time", inner.writes.len());
        }
    }

    /// For an operator.
    pub fn health(&self) -> Value {
        let Some(inner) = &self.inner else { return json!({"state": NotKept::Off}) };
        let (tally, terms) = (inner.recordings.tally(), inner.recordings.terms());
        let trouble = inner.keeping.get().or(inner.reading.get());
        let state = trouble.map_or(json!("ok"), |trouble| json!(trouble));
        json!({
            "state": state, "runs": tally.runs, "bytes": tally.bytes,
            "keep_days": terms.keep_for.map(|time| time.as_secs() / 86_400), "keep_bytes": terms.keep_bytes,
        })
    }
}

impl Inner {
    async fn write(&self, run: &Run, log: String) -> Kept {
        let Some(recording) = Recording::new(log, run.owner()) else {
            return self.not(&Trouble::new(NotKept::Unreachable, "the log has no beginning"));
        };
        match self.recordings.keep(recording).await {
            Ok(until_unix_ms) => {
                self.heard_of_keeping(None);
                Kept { until_unix_ms, not: None }
            }
            Err(trouble) => self.not(&trouble),
        }
    }

    fn not(&self, trouble: &Trouble) -> Kept {
        self.heard_of_keeping(Some(trouble));
        Kept::not(trouble.kind)
    }

    fn heard_of_keeping(&self, trouble: Option<&Trouble>) {
        self.keeping.hear(trouble, &format!("runs are not kept in {}", self.recordings.place()));
    }

    fn heard_of_reading(&self, trouble: Option<&Trouble>) {
        self.reading.hear(trouble, &format!("runs cannot be read from {}", self.recordings.place()));
    }

    fn unavailable(&self, trouble: &Trouble) -> Refusal {
        self.heard_of_reading(Some(trouble));
        Refusal::StoreUnavailable
    }

    fn gone(&self, why: Gone) -> Refusal {
        match why {
            Gone::Deleted => Refusal::RunDeleted,
            Gone::Displaced => Refusal::RunDisplaced,
            Gone::Expired => {
                let days = self.recordings.terms().keep_for.map(|time| time.as_secs() / 86_400);
                Refusal::RunExpired { days: days.unwrap_or_default() }
            }
        }
    }
}

/// A run that has ended now and is not kept is seen as long as it is in memory.
fn seen_for(kept: Kept, in_memory: Duration) -> Kept {
    if kept.not.is_none() {
        return kept;
    }
    let until = (SystemTime::now() + in_memory).duration_since(SystemTime::UNIX_EPOCH).ok();
    Kept { until_unix_ms: until.and_then(|until| u64::try_from(until.as_millis()).ok()), ..kept }
}

fn unreadable(id: &str, why: impl std::fmt::Display) -> Refusal {
    eprintln!("process-playground: the recording of run {id} cannot be read: {why}");
    Refusal::RecordingUnreadable
}

impl Standing {
    fn hear(&self, trouble: Option<&Trouble>, complaint: &str) {
        let now = trouble.map(|trouble| trouble.kind);
        let was = std::mem::replace(&mut *self.lock(), now);
        match trouble {
            Some(trouble) if was != now => eprintln!("process-playground: {complaint}: {trouble}"),
            None if was.is_some() => eprintln!("process-playground: no longer so: {complaint}"),
            _ => {}
        }
    }

    fn get(&self) -> Option<NotKept> {
        *self.lock()
    }

    /// A panic while it is held cannot leave half a value: it is poisoned in vain.
    fn lock(&self) -> MutexGuard<'_, Option<NotKept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
