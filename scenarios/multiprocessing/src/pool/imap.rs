//! `imap` and `imap_unordered`: results one by one, while the rest is still to be done.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::event;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TaskError;
use super::message::{self, Message};
use super::office::{Job, Office, Outcome};
use super::task::{Part, Task};
use super::wait::Wait;
use crate::error::{Error, Result};
use crate::probe::{self, Line};
use crate::process::panics;

/// In which order results come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// That of the elements: `imap`.
    Elements,
    /// As they are done: `imap_unordered`.
    Done,
}

/// The results of [`Pool::imap`](super::Pool::imap) or
/// [`Pool::imap_unordered`](super::Pool::imap_unordered): an iterator whose
/// `next` waits for the next one.
///
/// An element that raised is an `Err` in its place, and the next ones follow.
/// Only in chunks longer than 1 the first error takes the place of its whole
/// chunk and is the end, as in CPython.
///
/// If it is dropped, its tasks are done all the same.
pub struct IMap<R> {
    results: Arc<Results>,
    office: Arc<Office>,
    chunksize: usize,
    chunk: Unread,
    /// An error was the end.
    ended: bool,
    /// The line of the `imap`, for a `next` that is called by the standard library.
    line: Line,
    value: PhantomData<fn() -> R>,
}

/// What is left of the chunk that came last.
#[derive(Default)]
struct Unread {
    bytes: Arc<[u8]>,
    /// How many bytes have been read.
    read: usize,
    /// How many results have not.
    elements: u32,
}

/// The results of one message and how many they are, or what it raised.
type Chunk = (Outcome, u32);

/// What an `imap` was called with.
pub(super) struct Call<F, I> {
    pub(super) task: F,
    pub(super) items: I,
    pub(super) chunksize: usize,
    pub(super) line: Line,
}

/// Results on their way from the thread that hands them out to the iterator.
pub(super) struct Results {
    order: Order,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// To be given out next, in this order.
    ready: VecDeque<Chunk>,
    /// Came before their turn.
    early: HashMap<u64, Chunk>,
    /// Which came, beyond the first `come_before`.
    come: HashSet<u64>,
    come_before: u64,
    /// How many were ready so far.
    index: u64,
    /// How many there will be, once that is known.
    length: Option<u64>,
    /// What is outstanding, when somebody watches.
    told: BTreeMap<u64, event::Task>,
}

impl<R: DeserializeOwned> IMap<R> {
    pub(super) fn new(results: Arc<Results>, office: Arc<Office>, chunksize: usize, line: Line) -> IMap<R> {
        IMap { results, office, chunksize, chunk: Unread::default(), ended: false, line, value: PhantomData }
    }

    /// As `next`, but waits no longer than `timeout`: then the item is [`Error::Timeout`], and a later call may
    /// have more luck.
    #[track_caller]
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<R>> {
        self.next_within(Some(timeout), Location::caller())
    }

    fn next_within(&mut self, timeout: Option<Duration>, line: Line) -> Option<Result<R>> {
        if self.ended {
            return None;
        }
        probe::line_reached(line);
        if self.chunk.elements == 0 {
            let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            self.office.help_until(None, deadline, || self.results.has_next());
            let came = match self.results.next(deadline, line) {
                Ok(came) => came?,
                Err(error) => return Some(Err(error)),
            };
            match came {
                (Ok(bytes), elements) => self.chunk = Unread { bytes, read: 0, elements },
                (Err(error), _) => {
                    self.ended = self.chunksize > 1;
                    return Some(Err(error.into()));
                }
            }
        }
        Some(self.chunk.next())
    }
}

impl<R: DeserializeOwned> Iterator for IMap<R> {
    type Item = Result<R>;

    #[track_caller]
    fn next(&mut self) -> Option<Result<R>> {
        let caller = Location::caller();
        // `collect` and the like call it from the standard library, which the compiler names by a path of its own.
        let line = if caller.file().starts_with("/rustc/") { self.line } else { caller };
        self.next_within(None, line)
    }
}

impl<R: DeserializeOwned> FusedIterator for IMap<R> {}

impl Unread {
    fn next<R: DeserializeOwned>(&mut self) -> Result<R> {
        self.elements -= 1;
        let unread = &self.bytes[self.read..];
        let (value, rest) = postcard::take_from_bytes(unread)?;
        self.read = self.bytes.len() - rest.len();
        Ok(value)
    }
}

impl Results {
    pub(super) fn new(order: Order) -> Results {
        Results { order, state: Mutex::default(), changed: Condvar::new() }
    }

    /// In the thread of the feeder: sends one message a chunk of `items`, and then says how many there were.
    pub(super) fn draw<F, Args, I>(&self, office: &Office, job: u64, call: Call<F, I>)
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
        I: Iterator<Item = Args>,
    {
        let Call { task, mut items, chunksize, line } = call;
        for index in 0.. {
            let part = Part { job, index };
            let chunk = match drawn(&mut items, chunksize) {
                Ok(chunk) if chunk.is_empty() => return self.end_at(office, part),
                Ok(chunk) => chunk,
                Err(error) => {
                    self.settle(index, 0, Err(error));
                    return self.end_at(office, Part { job, index: index + 1 });
                }
            };
            let told = message::told(task, &chunk, index as usize * chunksize);
            match told.and_then(|told| Message::new(task, &chunk, part, told, line)) {
                Ok(message) => {
                    self.expect(index, &message);
                    message.announce();
                    if !office.send_drawn(part, &message.bytes) {
                        return;
                    }
                }
                Err(error) => drop(self.settle(index, 0, Err(TaskError::of(&error)))),
            }
        }
    }

    /// Remembers what a message is called for whoever waits for it.
    fn expect(&self, index: u64, message: &Message) {
        if let Some(told) = &message.told {
            self.lock().told.insert(index, told.clone());
        }
    }

    /// There are no more messages than `end.index`.
    fn end_at(&self, office: &Office, end: Part) {
        let mut state = self.lock();
        state.length.get_or_insert(end.index);
        let done = state.is_done();
        self.changed.notify_all();
        drop(state);
        if done {
            office.forget(end.job);
        }
    }

    /// Whether `next` need not wait.
    fn has_next(&self) -> bool {
        let state = self.lock();
        !state.ready.is_empty() || state.is_done()
    }

    /// The next chunk's results; `None` when there are no more.
    fn next(&self, deadline: Option<Instant>, line: Line) -> Result<Option<Chunk>> {
        let mut wait = Wait::new(line);
        let mut state = self.lock();
        loop {
            if let Some(chunk) = state.ready.pop_front() {
                wait.ends();
                return Ok(Some(chunk));
            }
            if state.is_done() {
                wait.ends();
                return Ok(None);
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                wait.gives_up();
                return Err(Error::Timeout);
            }
            wait.for_task(state.told.values().next());
            state = self.sleep(state, deadline);
        }
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>, deadline: Option<Instant>) -> MutexGuard<'a, State> {
        let Some(deadline) = deadline else {
            return self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job for Results {
    fn settle(&self, index: u64, elements: u32, outcome: Outcome) -> bool {
        let mut state = self.lock();
        if !state.is_first(index) {
            return false;
        }
        state.told.remove(&index);
        match self.order {
            Order::Done => state.is_ready((outcome, elements)),
            Order::Elements => {
                state.early.insert(index, (outcome, elements));
                while let Some(chunk) = {
                    let index = state.index;
                    state.early.remove(&index)
                } {
                    state.is_ready(chunk);
                }
            }
        }
        self.changed.notify_all();
        state.is_done()
    }

    fn abandon(&self, error: &TaskError) {
        let mut state = self.lock();
        state.is_ready((Err(error.clone()), 0));
        state.length = Some(state.index);
        self.changed.notify_all();
    }
}

impl State {
    /// Whether nothing came of this message before. A worker that is killed when its reply is out has it still in its
    /// hand, so two may come; the first is the one that counts.
    fn is_first(&mut self, index: u64) -> bool {
        let is_first = index >= self.come_before && self.come.insert(index);
        while self.come.remove(&self.come_before) {
            self.come_before += 1;
        }
        is_first
    }

    fn is_ready(&mut self, chunk: Chunk) {
        self.ready.push_back(chunk);
        self.index += 1;
    }

    /// Whether all there will be was ready at some time.
    fn is_done(&self) -> bool {
        self.length == Some(self.index)
    }
}

/// The next elements, as many as a chunk has or as are left. A panic of the iterator is the error of what it did not
/// give.
fn drawn<I: Iterator>(items: &mut I, chunksize: usize) -> std::result::Result<Vec<I::Item>, TaskError> {
    let chunk = || items.take(chunksize).collect();
    panics::quietly(|| panic::catch_unwind(AssertUnwindSafe(chunk)))
        .map_err(|thrown| TaskError { message: panics::text_of(&*thrown).to_owned(), place: panics::place() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_reply_to_a_message_takes_no_others_place() {
        for order in [Order::Elements, Order::Done] {
            let results = Results::new(order);
            results.lock().length = Some(3);
            let lost = || Err(TaskError { message: "lost".into(), place: String::new() });
            for (index, outcome, is_last) in [
                (1, Ok([1].into()), false),
                (1, lost(), false),
                (0, Ok([0].into()), false),
                (0, lost(), false),
                (2, Ok([2].into()), true),
            ] {
                assert_eq!(results.settle(index, 1, outcome), is_last, "{index}");
            }
            let mut came = Vec::new();
            while let Some((outcome, _)) = results.next(None, Location::caller()).unwrap() {
                came.push(outcome.unwrap()[0]);
            }
            assert_eq!(came, if order == Order::Done { [1, 0, 2] } else { [0, 1, 2] });
        }
    }
}
