//! A task on its way to a worker and its result on the way back.
//!
//! A worker is a fork of the parent, so a function lies in both at the same
//! distance from any other part of the program. That distance is what
//! travels, with the serialised arguments behind it; Python sends the
//! function's name and looks it up.

use std::fmt::Display;

use protocol::At;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TaskError;
use crate::error::Result;
use crate::probe;

/// A function that a pool can run: a `fn` or a closure that captures nothing,
/// with a tuple of up to four arguments. A panic in it is what Python calls raising.
pub trait Task<Args>: Copy + 'static {
    /// What it returns.
    type Output: Serialize + DeserializeOwned;

    /// Calls it.
    fn run(self, args: Args) -> Self::Output;
}

macro_rules! task {
    ($($name:ident $arg:ident),*) => {
        impl<F, R, $($name),*> Task<($($name,)*)> for F
        where
            F: Fn($($name),*) -> R + Copy + 'static,
            R: Serialize + DeserializeOwned,
        {
            type Output = R;

            fn run(self, ($($arg,)*): ($($name,)*)) -> R {
                self($($arg),*)
            }
        }
    };
}

task!();
task!(A a);
task!(A a, B b);
task!(A a, B b, C c);
task!(A a, B b, C c, D d);

/// Runs a task from its serialised arguments; the result is appended serialised,
/// and returned as JSON if it is short and somebody watches.
pub(super) type Entry = fn(args: &[u8], result: &mut Vec<u8>) -> Result<Value>;

/// The [`Entry`] of one type of task.
fn entry<F, Args>(args: &[u8], result: &mut Vec<u8>) -> Result<Value>
where
    F: Task<Args>,
    Args: DeserializeOwned,
{
    let args = postcard::from_bytes(args)?;
    let output = function::<F>().run(args);
    let extended = postcard::to_extend(&output, std::mem::take(result))?;
    *result = extended;
    let shown = probe::on().then(|| probe::short(&output)).flatten();
    Ok(shown.unwrap_or(Value::Null))
}

/// A value of a type that has only one.
fn function<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "a pool's task is a function or a closure that captures nothing") };
    // SAFETY: `F` has no bytes, so there is nothing to initialise; it is inhabited, because `Request::encode` was
    // given a value of it, and `Copy`, so a further one does no harm.
    unsafe { std::mem::zeroed() }
}

/// What distances are measured from. A static has one address in a program; a function may be copied by the compiler.
static ORIGIN: u8 = 0;

fn origin() -> usize {
    (&raw const ORIGIN).addr()
}

/// What travels in front of the arguments.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    /// The task's number.
    pub(super) task: u64,
    /// From [`ORIGIN`] to the task's [`Entry`].
    distance: i64,
    /// For events: its name and the line that submitted it.
    pub(super) told: Option<(String, At)>,
}

impl Request {
    /// A task as bytes.
    pub(super) fn encode<F, Args>(_: F, args: &Args, task: u64, told: Option<(String, At)>) -> Result<Vec<u8>>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        let entry: Entry = entry::<F, Args>;
        let distance = (entry as usize).wrapping_sub(origin()) as i64;
        let head = postcard::to_extend(&Request { task, distance, told }, Vec::with_capacity(64))?;
        Ok(postcard::to_extend(args, head)?)
    }

    /// The head, and the arguments' bytes.
    pub(super) fn decode(bytes: &[u8]) -> Result<(Request, &[u8])> {
        Ok(postcard::take_from_bytes(bytes)?)
    }

    /// The function to call.
    pub(super) fn entry(&self) -> Entry {
        let address = origin().wrapping_add(self.distance as usize);
        // SAFETY: `encode` measured the distance to a function of this type in this very program, and only this
        // pool's own processes, forks of that program, can write to the channel that carries it.
        unsafe { std::mem::transmute::<usize, Entry>(address) }
    }
}

/// What travels in front of a result.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) enum Reply {
    /// The task returned; its value follows.
    Finished(u64),
    /// The task raised; the [`TaskError`] follows.
    Failed(u64),
    /// Nothing new: a callback came after the result and is to be run now.
    CalledBackLate(u64),
}

impl Reply {
    /// The head alone, with room for what follows.
    pub(super) fn encode(self) -> Result<Vec<u8>> {
        Ok(postcard::to_extend(&self, Vec::with_capacity(64))?)
    }

    /// A failure as bytes.
    pub(super) fn encode_failure(task: u64, error: &TaskError) -> Result<Vec<u8>> {
        Ok(postcard::to_extend(error, Reply::Failed(task).encode()?)?)
    }

    /// The head, and the bytes that follow.
    pub(super) fn decode(bytes: &[u8]) -> Result<(Reply, &[u8])> {
        Ok(postcard::take_from_bytes(bytes)?)
    }
}

/// What to call a task in events: its first argument if that is a text, else its function.
pub(super) fn name_of<F, Args: Serialize>(args: &Args) -> String {
    let first = serde_json::to_value(args).ok().and_then(|args| match args {
        Value::Array(mut args) if !args.is_empty() => Some(args.swap_remove(0)),
        _ => None,
    });
    match first {
        Some(Value::String(text)) => probe::brief(&text),
        _ => function_name(std::any::type_name::<F>()),
    }
}

fn function_name(path: &str) -> String {
    let bare = path.trim_end_matches("::{{closure}}");
    probe::brief(bare.rsplit("::").next().unwrap_or(bare))
}

impl TaskError {
    /// A failure of the library's own, in the task's place.
    pub(super) fn of(error: &impl Display) -> TaskError {
        TaskError { message: error.to_string(), place: String::new() }
    }
}
