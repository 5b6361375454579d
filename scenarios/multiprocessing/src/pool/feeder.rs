//! The order of tasks on their way to the workers: CPython's task handler.
//!
//! A message goes into the inbox at once, by whoever submits it, as long as
//! nothing else waits. `imap` takes its elements one after the other from an
//! iterator that may be slow or endless, and must return all the same. So a
//! thread draws them, started by the first `imap`; what is submitted meanwhile
//! queues up behind, as in CPython.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::office::{Office, Phase};
use super::task::Part;
use crate::error::Result;
use crate::queue::channel::Limit;

/// How far the iterator of an `imap` is drawn ahead of the workers. In CPython a pipe of 64 KiB sets the limit.
const AHEAD: u64 = 1000;

/// A thread's worth of messages: draws an iterator and sends what it gives.
pub(super) type Stream = Box<dyn FnOnce(&Office) + Send>;

/// What cannot go into the inbox at once.
#[derive(Default)]
pub(super) struct Feeder {
    backlog: Mutex<Backlog>,
    more: Condvar,
}

#[derive(Default)]
struct Backlog {
    loads: VecDeque<Load>,
    /// The thread is busy with a load that is no longer in the list.
    busy: bool,
    /// The thread exists.
    started: bool,
    closed: bool,
}

enum Load {
    Message(Part, Vec<u8>),
    Stream(Stream),
}

impl Feeder {
    /// The pool is at its end: the thread ends with what it is doing now.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.more.notify_all();
    }

    /// The next load; `None` at the end.
    fn next(&self) -> Option<Load> {
        let mut backlog = self.lock();
        backlog.busy = false;
        let idle = |backlog: &mut Backlog| backlog.loads.is_empty() && !backlog.closed;
        let mut backlog = self.more.wait_while(backlog, idle).unwrap_or_else(PoisonError::into_inner);
        let load = if backlog.closed { None } else { backlog.loads.pop_front() };
        backlog.busy = load.is_some();
        load
    }

    fn lock(&self) -> MutexGuard<'_, Backlog> {
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Office {
    /// Sends a message to the workers, behind all that were sent before.
    pub(super) fn send(&self, part: Part, message: Vec<u8>) -> Result<()> {
        let mut backlog = self.feeder.lock();
        if backlog.busy || !backlog.loads.is_empty() {
            backlog.loads.push_back(Load::Message(part, message));
            self.feeder.more.notify_one();
            return Ok(());
        }
        // Under the lock, or another one could overtake it.
        self.desk.inbox.put(&message, part.id(), Limit::Never, &mut ())
    }

    /// Sends what `stream` draws, behind all that was sent before; returns at once.
    pub(super) fn send_stream(self: &Arc<Self>, stream: Stream) -> Result<()> {
        let mut backlog = self.feeder.lock();
        if !backlog.started {
            let office = Arc::clone(self);
            self.threads.spawn(move || office.feed())?;
            backlog.started = true;
        }
        backlog.loads.push_back(Load::Stream(stream));
        self.feeder.more.notify_one();
        Ok(())
    }

    /// In a stream: sends one message; says whether more are welcome.
    pub(super) fn send_drawn(&self, part: Part, message: &[u8]) -> bool {
        self.phase() != Phase::Terminate && self.desk.inbox.put_ahead(message, part.id(), AHEAD).is_ok()
    }

    /// The thread that draws.
    fn feed(&self) {
        while let Some(load) = self.feeder.next() {
            match load {
                Load::Message(part, message) => {
                    let _ = self.desk.inbox.put(&message, part.id(), Limit::Never, &mut ());
                }
                Load::Stream(stream) => stream(self),
            }
        }
    }
}
