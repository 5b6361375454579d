//! A worker's life: take a task, run it, send the result, until there are no more.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use protocol::At;
use protocol::event::{ProgramEvent, Task, TaskFailed, TaskFinished};
use serde_json::Value;

use super::TaskError;
use super::task::{Reply, Request};
use crate::error::Result;
use crate::probe;
use crate::process::panics;
use crate::queue::channel::{Channel, Limit};
use crate::sys::SystemExit;

/// Runs tasks from `inbox` until it is closed.
///
/// # Errors
/// When a message cannot be read or written, which ends this worker; the pool replaces it.
pub(super) fn work(inbox: &Channel, outbox: &Channel) -> Result<()> {
    let mut bytes = Vec::new();
    while inbox.get(&mut bytes, Limit::Never, &mut ()).is_ok() {
        let (request, args) = Request::decode(&bytes)?;
        let reply = run(&request, args)?;
        outbox.put(&reply, 0, Limit::Never, &mut ())?;
    }
    Ok(())
}

/// Runs one task; its reply.
fn run(request: &Request, args: &[u8]) -> Result<Vec<u8>> {
    let entry = request.entry();
    let mut reply = Reply::Finished(request.task).encode()?;
    tell(request, |task, name| ProgramEvent::TaskStarted(Task { task, name }));
    let outcome = panics::quietly(|| panic::catch_unwind(AssertUnwindSafe(|| entry(args, &mut reply))));
    let error = match outcome {
        Ok(Ok(value)) => {
            tell_line_less(request, |task, name| finished(task, name, value));
            return Ok(reply);
        }
        Ok(Err(error)) => TaskError::of(&error),
        Err(thrown) => raised(thrown),
    };
    let message = probe::brief(&error.message);
    tell_line_less(request, |task, name| ProgramEvent::TaskFailed(TaskFailed { task, name, error: message }));
    Reply::encode_failure(request.task, &error)
}

/// A panic is the task's error. `sys::exit` is not: it ends the worker, as `SystemExit` passes `except Exception`.
fn raised(thrown: Box<dyn Any + Send>) -> TaskError {
    if thrown.is::<SystemExit>() {
        panic::resume_unwind(thrown);
    }
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    let message = text.or(thrown.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text");
    TaskError { message: message.to_owned(), place: panics::place() }
}

fn finished(task: u64, name: String, value: Value) -> ProgramEvent {
    ProgramEvent::TaskFinished(TaskFinished { task, name, value })
}

/// An event at the line that submitted the task.
fn tell(request: &Request, event: impl FnOnce(u64, String) -> ProgramEvent) {
    tell_at(request, |at| Some(at.clone()), event);
}

/// An event that leaves the process on the line it last stood on, which is in the task.
fn tell_line_less(request: &Request, event: impl FnOnce(u64, String) -> ProgramEvent) {
    tell_at(request, |_| None, event);
}

fn tell_at(
    request: &Request,
    at: impl FnOnce(&At) -> Option<At>,
    event: impl FnOnce(u64, String) -> ProgramEvent,
) {
    if let Some((name, line)) = &request.told {
        probe::send_at(at(line), event(request.task, name.clone()));
    }
}
