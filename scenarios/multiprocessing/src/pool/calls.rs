//! What can be asked of a pool: `apply`, `map`, `starmap`, `imap` and their kin.

use std::panic::Location;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::imap::{Call, IMap, Order, Results};
use super::message::{self, Message};
use super::office::Office;
use super::serialised::Serialised;
use super::slot::Slot;
use super::task::{Part, Task};
use super::{AsyncResult, Pool, TaskError};
use crate::error::{Error, Result};
use crate::probe::Line;

impl Pool {
    /// Runs `task` with `args` in a worker and waits for its result.
    ///
    /// # Errors
    /// [`Error::Task`] with what it raised; [`Error::PoolNotRunning`].
    #[track_caller]
    pub fn apply<F, Args>(&self, task: F, args: Args) -> Result<F::Output>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        let line = Location::caller();
        let seat = self.office()?.look_out();
        self.submit(task, &args, line)?.get_at(seat, None, line)
    }

    /// Sends `task` with `args` to the workers and returns at once.
    ///
    /// # Errors
    /// [`Error::PoolNotRunning`]; when the arguments cannot be serialised.
    #[track_caller]
    pub fn apply_async<F, Args>(&self, task: F, args: Args) -> Result<AsyncResult<F::Output>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        self.submit(task, &args, Location::caller())
    }

    /// Runs `task` with each of `items` and waits for all results, which come in the order of the items.
    ///
    /// The items go to the workers in chunks, four a worker, unless
    /// [`chunksize`](Self::chunksize) says otherwise. When an item raises, the
    /// rest of its chunk is left out; the other chunks are done all the same.
    ///
    /// # Errors
    /// [`Error::Task`] with what the first one raised, in time, not in the order of the items;
    /// [`Error::PoolNotRunning`].
    #[track_caller]
    pub fn map<F, I>(&self, task: F, items: I) -> Result<Vec<F::Output>>
    where
        F: Task<(I::Item,)>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.by_default().map(task, items)
    }

    /// As [`map`](Self::map), but returns at once.
    ///
    /// # Errors
    /// [`Error::PoolNotRunning`].
    #[track_caller]
    pub fn map_async<F, I>(&self, task: F, items: I) -> Result<AsyncResult<Vec<F::Output>>>
    where
        F: Task<(I::Item,)>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.by_default().map_async(task, items)
    }

    /// As [`map`](Self::map) for items that are tuples of arguments: `task(*item)`.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    #[track_caller]
    pub fn starmap<F, I>(&self, task: F, items: I) -> Result<Vec<F::Output>>
    where
        F: Task<I::Item>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.by_default().starmap(task, items)
    }

    /// As [`starmap`](Self::starmap), but returns at once.
    ///
    /// # Errors
    /// As [`map_async`](Self::map_async).
    #[track_caller]
    pub fn starmap_async<F, I>(&self, task: F, items: I) -> Result<AsyncResult<Vec<F::Output>>>
    where
        F: Task<I::Item>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.by_default().starmap_async(task, items)
    }

    /// As [`map`](Self::map), but gives the results one by one, while the rest is still to be done.
    ///
    /// Another thread draws the items, a thousand ahead of the workers at most,
    /// so they may come slowly and be without end.
    ///
    /// # Errors
    /// [`Error::PoolNotRunning`].
    #[track_caller]
    pub fn imap<F, I>(&self, task: F, items: I) -> Result<IMap<F::Output>>
    where
        F: Task<(I::Item,)> + Send,
        I: IntoIterator<Item: Serialize + DeserializeOwned, IntoIter: Send + 'static>,
    {
        self.by_default().imap(task, items)
    }

    /// As [`imap`](Self::imap), but gives each result as soon as it is there.
    ///
    /// # Errors
    /// As [`imap`](Self::imap).
    #[track_caller]
    pub fn imap_unordered<F, I>(&self, task: F, items: I) -> Result<IMap<F::Output>>
    where
        F: Task<(I::Item,)> + Send,
        I: IntoIterator<Item: Serialize + DeserializeOwned, IntoIter: Send + 'static>,
    {
        self.by_default().imap_unordered(task, items)
    }

    /// The same pool, with so many items to a chunk: Python's argument `chunksize`.
    ///
    /// ```no_run
    /// # let pool = multiprocessing::Pool::new(5)?;
    /// // Python: pool.map(abs, range(-5, 5), chunksize=2)
    /// pool.chunksize(2).map(i32::abs, -5..5)?;
    /// # Ok::<(), multiprocessing::Error>(())
    /// ```
    pub fn chunksize(&self, chunksize: usize) -> Chunked<'_> {
        Chunked { pool: self, chunksize: Some(chunksize) }
    }

    fn by_default(&self) -> Chunked<'_> {
        Chunked { pool: self, chunksize: None }
    }

    fn submit<F, Args>(&self, task: F, args: &Args, line: Line) -> Result<AsyncResult<F::Output>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        let office = self.office()?;
        let args = std::slice::from_ref(args);
        let part = Part { job: office.new_job(), index: 0 };
        let told = message::told(task, args, 0)?;
        let message = Message::new(task, args, part, told.clone(), line)?;
        let slot = Arc::new(Slot::new(part.job, 1, told.into_iter().collect()));
        office.register(part.job, Arc::clone(&slot) as _)?;
        office.post(message).inspect_err(|_| office.forget(part.job))?;
        Ok(AsyncResult::new(slot, Arc::clone(office), Serialised::value))
    }

    fn submit_all<F, Args>(
        &self,
        task: F,
        args: &[Args],
        chunksize: Option<usize>,
        line: Line,
    ) -> Result<AsyncResult<Vec<F::Output>>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        let office = self.office()?;
        let chunksize =
            chunksize.unwrap_or_else(|| message::default_chunksize(args.len(), office.terms.processes));
        let job = office.new_job();
        let chunks = || args.chunks(chunksize).enumerate();
        let told = chunks().map(|(index, chunk)| message::told(task, chunk, index * chunksize));
        let told = told.collect::<Result<Vec<_>>>()?;
        let named = told.iter().flatten().cloned().collect();
        let slot = Arc::new(Slot::new(job, told.len(), named));
        if !slot.is_ready() {
            office.register(job, Arc::clone(&slot) as _)?;
        }
        // The first chunks are being done while the last ones are written.
        for ((index, chunk), told) in chunks().zip(told) {
            let part = Part { job, index: index as u64 };
            let sent = Message::new(task, chunk, part, told, line).and_then(|message| office.post(message));
            if let Err(error) = sent {
                office.settle(part, 0, Err(TaskError::of(&error)));
            }
        }
        Ok(AsyncResult::new(slot, Arc::clone(office), Serialised::list))
    }
}

impl Office {
    fn post(&self, message: Message) -> Result<()> {
        message.announce();
        self.send(message.part, message.bytes)
    }
}

/// A pool with a length of chunks: see [`Pool::chunksize`]. Its methods are the pool's.
///
/// Each is an error when the length is 0. (In CPython, `map` then returns a list of `None` and calls nothing.)
#[derive(Clone, Copy)]
pub struct Chunked<'a> {
    pool: &'a Pool,
    chunksize: Option<usize>,
}

#[expect(clippy::missing_errors_doc, reason = "the methods of the pool say it")]
impl Chunked<'_> {
    /// See [`Pool::map`].
    #[track_caller]
    pub fn map<F, I>(self, task: F, items: I) -> Result<Vec<F::Output>>
    where
        F: Task<(I::Item,)>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.map_async(task, items)?.get()
    }

    /// See [`Pool::map_async`].
    #[track_caller]
    pub fn map_async<F, I>(self, task: F, items: I) -> Result<AsyncResult<Vec<F::Output>>>
    where
        F: Task<(I::Item,)>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.starmap_async(task, items.into_iter().map(|item| (item,)))
    }

    /// See [`Pool::starmap`].
    #[track_caller]
    pub fn starmap<F, I>(self, task: F, items: I) -> Result<Vec<F::Output>>
    where
        F: Task<I::Item>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.starmap_async(task, items)?.get()
    }

    /// See [`Pool::starmap_async`].
    #[track_caller]
    pub fn starmap_async<F, I>(self, task: F, items: I) -> Result<AsyncResult<Vec<F::Output>>>
    where
        F: Task<I::Item>,
        I: IntoIterator<Item: Serialize + DeserializeOwned>,
    {
        self.checked()?;
        self.pool.office()?.check_running()?;
        let args: Vec<I::Item> = items.into_iter().collect();
        self.pool.submit_all(task, &args, self.chunksize, Location::caller())
    }

    /// See [`Pool::imap`].
    #[track_caller]
    pub fn imap<F, I>(self, task: F, items: I) -> Result<IMap<F::Output>>
    where
        F: Task<(I::Item,)> + Send,
        I: IntoIterator<Item: Serialize + DeserializeOwned, IntoIter: Send + 'static>,
    {
        self.begin(task, items, Order::Elements, Location::caller())
    }

    /// See [`Pool::imap_unordered`].
    #[track_caller]
    pub fn imap_unordered<F, I>(self, task: F, items: I) -> Result<IMap<F::Output>>
    where
        F: Task<(I::Item,)> + Send,
        I: IntoIterator<Item: Serialize + DeserializeOwned, IntoIter: Send + 'static>,
    {
        self.begin(task, items, Order::Done, Location::caller())
    }

    fn begin<F, I>(self, task: F, items: I, order: Order, line: Line) -> Result<IMap<F::Output>>
    where
        F: Task<(I::Item,)> + Send,
        I: IntoIterator<Item: Serialize + DeserializeOwned, IntoIter: Send + 'static>,
    {
        self.checked()?;
        let office = self.pool.office()?;
        let chunksize = self.chunksize.unwrap_or(1);
        let items = items.into_iter().map(|item| (item,));
        let job = office.new_job();
        let results = Arc::new(Results::new(order));
        office.register(job, Arc::clone(&results) as _)?;
        let drawn = Arc::clone(&results);
        let call = Call { task, items, chunksize, line };
        let stream = Box::new(move |office: &_| drawn.draw(office, job, call));
        office.send_stream(stream).inspect_err(|_| office.forget(job))?;
        Ok(IMap::new(results, Arc::clone(office), chunksize, line))
    }

    fn checked(self) -> Result<()> {
        if self.chunksize == Some(0) { Err(Error::Chunksize(0)) } else { Ok(()) }
    }
}
