//! All runs: those that wait, those that run, those that ended a while ago, and those that were read again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{Command, Job};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::archive::Archive;
use crate::drive::drive;
use crate::household::Household;
use crate::queue::Places;
use crate::refusal::Refusal;
use crate::run::Run;

/// What supervisors may take beyond the grace time to end their runs with the server.
const OBEDIENCE: Duration = Duration::from_secs(1);

/// So many recordings are read at once. Who waits for the same one finds it read.
const READERS: usize = 4;

/// How many runs, how many may wait, and how long they stay in memory.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Runs at once.
    pub max_runs: usize,
    /// Runs that wait for a place.
    pub max_waiting: usize,
    /// How long a run stays in memory after its end.
    pub keep_finished: Duration,
    /// How much memory the logs of ended runs may take; the oldest go first.
    pub keep_bytes: usize,
}

/// All runs of this server.
pub struct Runs {
    bounds: Bounds,
    places: Places,
    household: Arc<Household>,
    archive: Archive,
    readers: Semaphore,
    table: Mutex<Table>,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Table {
    runs: HashMap<String, Arc<Run>>,
    /// Ended runs, the oldest first, and what their logs take.
    ended: VecDeque<(String, usize)>,
    ended_bytes: usize,
    closing: bool,
}

impl Runs {
    /// No runs yet; supervisors are started with the words of `supervisor`, what has ended goes to the archive.
    pub fn new(supervisor: Vec<String>, bounds: Bounds, archive: Archive) -> Self {
        Runs {
            places: Places::new(bounds.max_runs, bounds.max_waiting),
            household: Arc::new(Household::new(supervisor)),
            archive,
            readers: Semaphore::new(READERS),
            table: Mutex::default(),
            tasks: TaskTracker::new(),
            bounds,
        }
    }

    /// Begins a run, or lets it wait for its turn; gives its token, too. It goes on by itself, whoever watches.
    ///
    /// # Errors
    /// Too many wait, or the server is ending.
    pub fn start(self: &Arc<Self>, job: Job) -> Result<(Arc<Run>, String), Refusal> {
        let (run, token, inbox) = Run::new(job);
        let run = Arc::new(run);
        let mut table = self.table();
        if table.closing {
            return Err(Refusal::ShuttingDown);
        }
        let waiting = run.clone();
        let ticket = self.places.join(move |queued| waiting.log.set_queued(Some(queued)));
        let ticket = ticket.map_err(|full| Refusal::Busy { retry_after_s: full.retry_after_s })?;
        table.runs.insert(run.id().to_owned(), run.clone());
        drop(table);
        let (runs, driven) = (self.clone(), run.clone());
        self.tasks.spawn(async move {
            drive(driven.clone(), inbox, ticket, runs.household.clone(), runs.archive.clone()).await;
            runs.hold(&driven);
        });
        Ok((run, token))
    }

    /// The run of this id, from memory or from the archive.
    ///
    /// # Errors
    /// There is none, or none any more, or the archive cannot tell.
    pub async fn find(self: &Arc<Self>, id: &str) -> Result<Arc<Run>, Refusal> {
        if let Some(run) = self.held(id) {
            return Ok(run);
        }
        let _reader = self.readers.acquire().await.expect("nobody closes it");
        if let Some(run) = self.held(id) {
            return Ok(run);
        }
        let keep_minutes = self.bounds.keep_finished.as_secs().div_ceil(60);
        let found = self.archive.find(id).await?.ok_or(Refusal::UnknownRun { keep_minutes })?;
        found.log.shrink();
        let run = Arc::new(found);
        self.table().runs.insert(id.to_owned(), run.clone());
        self.hold(&run);
        Ok(run)
    }

    fn held(&self, id: &str) -> Option<Arc<Run>> {
        self.table().runs.get(id).cloned()
    }

    /// Deletes a run that has ended. Who reads it already reads to the end.
    ///
    /// # Errors
    /// It is still there.
    pub async fn delete(&self, run: &Run) -> Result<(), Refusal> {
        self.archive.delete(run).await?;
        self.table().forget(run.id());
        Ok(())
    }

    /// What became of the runs that ended.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Starts no more runs, ends all there are, and waits until the last log has ended.
    /// A supervisor that does not obey within its grace time and a little more is killed.
    pub async fn end_all(&self, reason: &str) {
        let runs = self.close();
        let grace = runs.iter().map(|run| run.job.limits.grace_ms).max().unwrap_or_default();
        for run in runs {
            // The wish to end is never refused.
            drop(run.command(Command::Stop { reason: reason.into() }));
        }
        self.tasks.close();
        if timeout(Duration::from_millis(grace) + OBEDIENCE, self.tasks.wait()).await.is_err() {
            self.household.kill_all();
            self.tasks.wait().await;
        }
        self.archive.close().await;
    }

    /// Starts no more runs; gives all there are.
    fn close(&self) -> Vec<Arc<Run>> {
        let mut table = self.table();
        table.closing = true;
        table.runs.values().cloned().collect()
    }

    /// Holds an ended run in memory for a while, and lets go of the oldest where they are too many.
    fn hold(self: &Arc<Self>, run: &Run) {
        let mut table = self.table();
        let bytes = run.log.bytes();
        table.ended.push_back((run.id().to_owned(), bytes));
        table.ended_bytes += bytes;
        while table.ended_bytes > self.bounds.keep_bytes && table.ended.len() > 1 {
            table.forget_oldest();
        }
        drop(table);
        let (runs, id) = (Arc::downgrade(self), run.id().to_owned());
        let keep = self.bounds.keep_finished;
        tokio::spawn(async move {
            tokio::time::sleep(keep).await;
            if let Some(runs) = runs.upgrade() {
                runs.table().forget(&id);
            }
        });
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn forget_oldest(&mut self) {
        if let Some((id, bytes)) = self.ended.pop_front() {
            self.ended_bytes -= bytes;
            self.runs.remove(&id);
        }
    }

    /// Ended runs leave in the order in which they ended, so that is mostly the first.
    fn forget(&mut self, id: &str) {
        if let Some(index) = self.ended.iter().position(|(ended, _)| ended == id)
            && let Some((id, bytes)) = self.ended.remove(index)
        {
            self.ended_bytes -= bytes;
            self.runs.remove(&id);
        }
    }
}
