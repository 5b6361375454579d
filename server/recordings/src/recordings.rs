//! The whole interface: keep, get, delete, look after.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use crate::file::{self, Content, Damage, FIRST_LINE_BYTES, Gone, Recording};
use crate::place::Place;
use crate::shelf::Shelf;
use crate::terms::{Entry, NOTES_FOR, NOTES_MAX, Terms, cost};
use crate::trouble::Trouble;

/// No run of ours is longer when it is compressed.
const FILE_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How often somebody looks whether something is too old.
const ROUND_EVERY: Duration = Duration::from_secs(60 * 60);

/// So many are written at once; a flush is shared by those that come together.
const WRITERS: usize = 64;

/// Finished runs, kept.
pub struct Recordings {
    place: Place,
    terms: Terms,
    shelf: Mutex<Option<Shelf>>,
    tally: Mutex<Tally>,
    writers: Semaphore,
    crowded: Notify,
}

/// How many are kept, as far as this server knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Recordings.
    pub runs: u64,
    /// What they take, in whole blocks of a disk.
    pub bytes: u64,
}

/// What there is of a run.
#[derive(Debug)]
pub enum Found {
    /// All of it, and until when that will be so; for ever where nothing is said.
    Recording(Box<Recording>, Option<u64>),
    /// It was there.
    Gone(Gone),
    /// Nothing is known of it.
    Nothing,
    /// A file that cannot be read.
    Damaged(Damage),
}

impl Recordings {
    /// Nothing is touched yet, so that a place that cannot be had now may be had later.
    pub fn new(place: Place, terms: Terms) -> Self {
        Recordings {
            place,
            terms,
            shelf: Mutex::default(),
            tally: Mutex::default(),
            writers: Semaphore::new(WRITERS),
            crowded: Notify::new(),
        }
    }

    /// Where they are.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// For how long.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// How many there are.
    pub fn tally(&self) -> Tally {
        *lock(&self.tally)
    }

    /// Makes sure that runs can be kept: writes a file and removes it.
    ///
    /// # Errors
    /// They cannot.
    pub async fn check(&self) -> Result<(), Trouble> {
        let shelf = self.shelf().await?;
        shelf.put("check", Gone::Deleted.to_bytes()).await?;
        shelf.remove("check").await
    }

    /// Keeps a run; when this is done it is there to stay. Until when, in milliseconds since 1970.
    ///
    /// # Errors
    /// It is not kept, and nothing of it is there.
    pub async fn keep(&self, recording: Recording) -> Result<Option<u64>, Trouble> {
        let _writer = self.writers.acquire().await.expect("nobody closes it");
        let shelf = self.shelf().await?;
        let (name, bytes) = blocking(move || (recording.run().to_owned(), recording.to_bytes())).await;
        let taken = cost(bytes.len() as u64);
        // Before the file has its time, so that no more is promised than will be kept, but for a tick of the
        // kernel's clock.
        let until = self.terms.until_unix_ms(SystemTime::now());
        shelf.put(&name, bytes).await?;
        let mut tally = lock(&self.tally);
        *tally = Tally { runs: tally.runs + 1, bytes: tally.bytes + taken };
        if self.terms.is_full(tally.bytes) {
            self.crowded.notify_one();
        }
        Ok(until)
    }

    /// What there is of a run.
    ///
    /// # Errors
    /// The place does not answer.
    pub async fn get(&self, run: &str) -> Result<Found, Trouble> {
        if !is_name(run) {
            return Ok(Found::Nothing);
        }
        let Some((bytes, at)) = self.shelf().await?.get(run, FILE_MAX_BYTES).await? else {
            return Ok(Found::Nothing);
        };
        let content = blocking(move || file::read(&bytes)).await;
        Ok(match content {
            Ok(Content::Gone(gone)) => Found::Gone(gone),
            // It is too old from one moment to the next, not when the next round is made.
            Ok(_) if self.terms.is_over(at, SystemTime::now()) => Found::Gone(Gone::Expired),
            Ok(Content::Recording(recording)) if recording.run() == run => {
                Found::Recording(Box::new(recording), self.terms.until_unix_ms(at))
            }
            Ok(Content::Recording(_)) => Found::Damaged(Damage::Foreign),
            Err(damage) => Found::Damaged(damage),
        })
    }

    /// Puts a note in the place of a run.
    ///
    /// # Errors
    /// The run is still there.
    pub async fn delete(&self, run: &str) -> Result<(), Trouble> {
        let shelf = self.shelf().await?;
        let freed = shelf.length(run).await?.map_or(0, cost);
        shelf.put(run, Gone::Deleted.to_bytes()).await?;
        let mut tally = lock(&self.tally);
        *tally = Tally { runs: tally.runs.saturating_sub(1), bytes: tally.bytes.saturating_sub(freed) };
        Ok(())
    }

    /// Makes a round now, every hour, and whenever there is no more room. Never ends; `told` hears of
    /// each round that failed.
    pub async fn look_after(&self, mut told: impl FnMut(Trouble)) {
        loop {
            if let Err(trouble) = self.round(SystemTime::now()).await {
                told(trouble);
            }
            let next = Instant::now() + ROUND_EVERY;
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.crowded.notified() => {}
            }
        }
    }

    /// Removes what is too old, what there is no room for, and what nobody needs; counts the rest.
    ///
    /// # Errors
    /// The place does not answer. What was removed by then is gone.
    pub async fn round(&self, now: SystemTime) -> Result<Tally, Trouble> {
        let shelf = self.shelf().await?;
        let files = shelf.list().await?;
        let (notes, recordings) = files.into_iter().partition(|file| file.bytes < FIRST_LINE_BYTES);
        let verdict = self.terms.judge(recordings, now);
        let counted = *lock(&self.tally);
        let (runs, bytes) = (verdict.kept.len() as u64, verdict.kept.iter().map(Entry::cost).sum::<u64>());
        for (names, gone) in [(verdict.expired, Gone::Expired), (verdict.displaced, Gone::Displaced)] {
            for name in names {
                shelf.put(&name, gone.to_bytes()).await?;
            }
        }
        for name in forgotten(notes, now) {
            shelf.remove(&name).await?;
        }
        blocking(move || shelf.sweep(now)).await?;
        // What was kept meanwhile was counted meanwhile.
        let mut tally = lock(&self.tally);
        let new = Tally {
            runs: tally.runs.saturating_sub(counted.runs),
            bytes: tally.bytes.saturating_sub(counted.bytes),
        };
        *tally = Tally { runs: runs + new.runs, bytes: bytes + new.bytes };
        Ok(*tally)
    }

    /// Opens the place once.
    async fn shelf(&self) -> Result<Shelf, Trouble> {
        if let Some(shelf) = lock(&self.shelf).clone() {
            return Ok(shelf);
        }
        let place = self.place.clone();
        let shelf = blocking(move || Shelf::open(&place)).await?;
        *lock(&self.shelf) = Some(shelf.clone());
        Ok(shelf)
    }
}

/// Notes that are too old or too many.
fn forgotten(mut notes: Vec<Entry<String>>, now: SystemTime) -> Vec<String> {
    notes.sort();
    let surplus = notes.len().saturating_sub(NOTES_MAX);
    let is_old = |note: &Entry<String>| note.at + NOTES_FOR <= now;
    let old = notes.iter().take_while(|note| is_old(note)).count();
    notes.into_iter().take(old.max(surplus)).map(|note| note.name).collect()
}

/// As runs are called: 32 hexadecimal digits. Nothing else is looked for, least of all `../`.
fn is_name(run: &str) -> bool {
    run.len() == 32 && run.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Work for a thread that may be slow.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.expect("it neither panics nor is cancelled")
}

/// A panic while a lock is held cannot leave half a value: it is poisoned in vain.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::owner::Owner;
    use std::fs;

    const LOG: &str = include_str!("../../../scenarios/zombie/recording.ndjson");
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    struct Kept {
        place: tempfile::TempDir,
        recordings: Recordings,
    }

    fn kept(terms: Terms) -> Kept {
        let place = tempfile::tempdir().unwrap();
        let recordings = Recordings::new(Place::Directory(place.path().into()), terms);
        Kept { place, recordings }
    }

    /// A run of another id than the one that was recorded.
    fn recording(run: &str) -> Recording {
        let own = Recording::new(LOG.into(), None).unwrap();
        Recording::new(LOG.replace(own.run(), run), Some(Owner::of("token"))).unwrap()
    }

    fn id(number: u128) -> String {
        format!("{number:032x}")
    }

    impl Kept {
        async fn keep(&self, number: u128) {
            self.recordings.keep(recording(&id(number))).await.unwrap();
        }

        async fn gone(&self, number: u128) -> Option<Gone> {
            match self.recordings.get(&id(number)).await.unwrap() {
                Found::Gone(gone) => Some(gone),
                Found::Recording(..) => None,
                other => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_run_is_found_again_by_whoever_looks_into_the_same_place() {
        let Kept { place, recordings } = kept(Terms { keep_for: Some(DAY), keep_bytes: None });
        let until = recordings.keep(recording(&id(1))).await.unwrap();
        let other = Recordings::new(Place::Directory(place.path().into()), recordings.terms());
        let Found::Recording(found, told) = other.get(&id(1)).await.unwrap() else { panic!("it is lost") };
        assert_eq!(*found, recording(&id(1)));
        assert!(found.owner.is_some_and(|owner| owner.has("token")));
        assert!(told.unwrap().abs_diff(until.unwrap()) < 60_000, "what was promised is what is kept");
        assert_eq!(other.round(SystemTime::now()).await.unwrap().runs, 1);
    }

    #[tokio::test]
    async fn what_was_deleted_is_gone_and_what_never_was_is_not() {
        let kept = kept(Terms::default());
        kept.keep(1).await;
        assert_eq!(kept.recordings.tally(), Tally { runs: 1, bytes: 4096 });
        kept.recordings.delete(&id(1)).await.unwrap();
        assert_eq!(kept.recordings.tally(), Tally::default());
        assert_eq!(kept.gone(1).await, Some(Gone::Deleted));
        for never in [id(2).as_str(), "", "../check", "check", &"A".repeat(32)] {
            assert!(matches!(kept.recordings.get(never).await, Ok(Found::Nothing)), "{never}");
        }
    }

    #[tokio::test]
    async fn a_round_removes_what_is_too_old_and_then_what_has_no_room() {
        let kept = kept(Terms { keep_for: Some(30 * DAY), keep_bytes: Some(3 * 4096) });
        for number in 1..=5 {
            kept.keep(number).await;
            let file = kept.place.path().join(format!("runs/{}.recording", id(number)));
            let age = if number == 1 { 31 * DAY } else { Duration::from_secs(60 - number as u64) };
            fs::File::open(file).unwrap().set_modified(SystemTime::now() - age).unwrap();
        }
        assert_eq!(kept.gone(1).await, Some(Gone::Expired), "before any round");
        let tally = kept.recordings.round(SystemTime::now()).await.unwrap();
        assert_eq!(tally, Tally { runs: 2, bytes: 2 * 4096 });
        let gone = [kept.gone(1).await, kept.gone(2).await, kept.gone(3).await, kept.gone(4).await];
        assert_eq!(gone, [Some(Gone::Expired), Some(Gone::Displaced), Some(Gone::Displaced), None]);
        kept.recordings.round(SystemTime::now() + NOTES_FOR).await.unwrap();
        assert!(matches!(kept.recordings.get(&id(2)).await, Ok(Found::Nothing)), "notes go, too");
        assert_eq!(kept.gone(4).await, Some(Gone::Expired));
    }

    #[tokio::test]
    async fn what_is_damaged_or_newer_is_told_and_left_as_it_is() {
        let kept = kept(Terms::default());
        kept.keep(1).await;
        let file = kept.place.path().join(format!("runs/{}.recording", id(1)));
        let newer = fs::read_to_string("tests/samples/newer.recording").unwrap();
        fs::write(&file, &newer).unwrap();
        assert!(matches!(kept.recordings.get(&id(1)).await, Ok(Found::Damaged(Damage::Newer(2)))));
        kept.recordings.round(SystemTime::now()).await.unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), newer);
        fs::write(&file, recording(&id(2)).to_bytes()).unwrap();
        assert!(matches!(kept.recordings.get(&id(1)).await, Ok(Found::Damaged(_))), "another run's name");
    }

    #[tokio::test]
    async fn a_place_that_cannot_be_had_may_be_had_later() {
        let kept = kept(Terms::default());
        let runs = kept.place.path().join("runs");
        fs::write(&runs, "in the way").unwrap();
        assert!(kept.recordings.check().await.is_err());
        assert!(kept.recordings.keep(recording(&id(1))).await.is_err());
        fs::remove_file(&runs).unwrap();
        kept.recordings.check().await.unwrap();
        kept.keep(1).await;
        assert_eq!(kept.gone(1).await, None);
    }
}
