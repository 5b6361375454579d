//! A worker's life: initialise, then take a message, run its elements, send the results, until there are no more.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use protocol::At;
use protocol::event::{ProgramEvent, Task, TaskFailed, TaskFinished};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TaskError;
use super::task::{Reply, Request};
use crate::error::Result;
use crate::process::{current, panics};
use crate::queue::channel::{Channel, Limit, Watch};
use crate::shared::Shared;
use crate::sys::SystemExit;
use crate::{probe, scratch};

/// What a pool and its workers share.
#[derive(Serialize, Deserialize)]
pub(super) struct Desk {
    /// Tasks on their way to workers.
    pub(super) inbox: Channel,
    /// Results on their way back.
    pub(super) outbox: Channel,
    /// Set by a worker whose initializer raised: another one would fare the same.
    pub(super) unfit: Shared<AtomicBool>,
    /// After so many messages a worker ends and is replaced.
    pub(super) most: Option<u64>,
}

/// What a worker has in hand, for a pool that wants to know when it dies: one more than the message's number, or 0.
pub(super) type Hand = Shared<AtomicU64>;

/// Notes what is taken before it is taken: it may be noted and not taken, but never the other way round.
struct Note<'a>(Option<&'a Hand>);

impl Watch for Note<'_> {
    const OBSERVES: bool = false;

    fn takes(&mut self, item: u64) {
        if let Some(hand) = self.0 {
            hand.store(item + 1, Ordering::Release);
        }
    }
}

/// A worker's whole life.
pub(super) fn live(desk: &Desk, hand: Option<&Hand>, initializer: impl FnOnce()) {
    if let Err(thrown) = panic::catch_unwind(AssertUnwindSafe(initializer)) {
        desk.spoil(&*thrown);
        panic::resume_unwind(thrown);
    }
    if let Err(error) = desk.work(hand) {
        panic::panic_any(error.to_string());
    }
}

impl Desk {
    /// Takes messages until there are no more, or `most` of them.
    ///
    /// # Errors
    /// When a message cannot be read or written, which ends this worker; the pool replaces it.
    fn work(&self, hand: Option<&Hand>) -> Result<()> {
        let me = current::getpid().unsigned_abs();
        let (mut bytes, mut reply, mut seat) = (Vec::new(), Vec::new(), None);
        let mut left = self.most.unwrap_or(u64::MAX);
        while left > 0 && self.inbox.get_attentively(me, seat.take(), &mut bytes, &mut Note(hand)).is_ok() {
            left -= 1;
            let (request, args) = Request::decode(&bytes)?;
            answer(&request, args, &mut reply)?;
            // Before the reply is out: who gets it and sends the next task need wake nobody for that.
            seat = if left > 0 { self.inbox.sit(me) } else { None };
            self.outbox.put(&reply, 0, Limit::Never, &mut ())?;
            if let Some(hand) = hand {
                hand.store(0, Ordering::Release);
            }
        }
        Ok(())
    }

    /// The initializer raised: tells the pool, in the initializer's words, before this process ends.
    fn spoil(&self, thrown: &(dyn Any + Send)) {
        let message = match thrown.downcast_ref::<SystemExit>() {
            Some(exit) => format!("SystemExit: {exit}"),
            None => panics::text_of(thrown).to_owned(),
        };
        if let Ok(reply) = Reply::Unfit.encode_with(&TaskError { message, place: String::new() }) {
            let _ = self.outbox.put(&reply, 0, Limit::Never, &mut ());
        }
        self.unfit.store(true, Ordering::Release);
    }
}

/// Runs all elements of one message and writes the reply.
fn answer(request: &Request, args: &[u8], reply: &mut Vec<u8>) -> Result<()> {
    let (part, elements, run) = (request.part, request.elements, request.entry());
    reply.clear();
    scratch::write(&Reply::Finished { part, elements }, reply)?;
    tell(request, |at| Some(at.clone()), ProgramEvent::TaskStarted);
    let outcome = panics::quietly(|| panic::catch_unwind(AssertUnwindSafe(|| run(args, elements, reply))));
    let error = match outcome {
        Ok(Ok(value)) => {
            tell(request, |_| None, |Task { task, name }| finished(task, name, value));
            return Ok(());
        }
        Ok(Err(error)) => TaskError::of(&error),
        Err(thrown) => raised(thrown),
    };
    let message = probe::brief(&error.message);
    let failed = |Task { task, name }| ProgramEvent::TaskFailed(TaskFailed { task, name, error: message });
    tell(request, |_| None, failed);
    *reply = Reply::Failed(part).encode_with(&error)?;
    Ok(())
}

/// A panic is the task's error. `sys::exit` is not: it ends the worker, as `SystemExit` passes `except Exception`.
fn raised(thrown: Box<dyn Any + Send>) -> TaskError {
    if thrown.is::<SystemExit>() {
        panic::resume_unwind(thrown);
    }
    TaskError { message: panics::text_of(&*thrown).to_owned(), place: panics::place() }
}

fn finished(task: u64, name: String, value: Value) -> ProgramEvent {
    ProgramEvent::TaskFinished(TaskFinished { task, name, value })
}

/// An event of this message's task. Without a line it leaves the process where it last stood, which is in the task.
fn tell(request: &Request, at: impl FnOnce(&At) -> Option<At>, event: impl FnOnce(Task) -> ProgramEvent) {
    if let Some((task, line)) = &request.told {
        probe::send_at(at(line), event(task.clone()));
    }
}
