//! A task on its way to a worker and its result on the way back.
//!
//! A worker is a process of the same program, so a function travels as its
//! place in that ([`image`]), with the serialised arguments behind it; Python
//! sends the function's name and looks it up.
//!
//! One message carries one or many elements of a job: `apply` sends one, `map`
//! a chunk. The arguments of all lie one behind the other, and so do their
//! results on the way back, so that the results of a whole `map`, one chunk
//! after the other and with their number in front, *are* the serialised list.

use std::fmt::Display;

use protocol::{At, event};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TaskError;
use crate::error::Result;
use crate::{image, probe, scratch};

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

/// Runs a task with each of so many arguments and appends the results, serialised. Returns what to show of them:
/// the lone one, or the list, as JSON if that is short and somebody watches.
pub(super) type Entry = fn(args: &[u8], elements: u32, results: &mut Vec<u8>) -> Result<Value>;

/// The [`Entry`] of one type of task.
fn entry<F, Args>(mut rest: &[u8], elements: u32, results: &mut Vec<u8>) -> Result<Value>
where
    F: Task<Args>,
    Args: DeserializeOwned,
{
    // SAFETY: who submitted it had one, and gave it to `Place::of`.
    let task = unsafe { image::function::<F>() };
    let mut shown = Vec::new();
    for _ in 0..elements {
        let args;
        (args, rest) = postcard::take_from_bytes(rest)?;
        let output = task.run(args);
        scratch::write(&output, results)?;
        if probe::on() {
            shown.push(probe::short(&output).unwrap_or(Value::Null));
        }
    }
    Ok(match shown.len() {
        1 => shown.swap_remove(0),
        _ => probe::short(&shown).unwrap_or(Value::Null),
    })
}

/// Where a task's [`Entry`] lies in the program.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place(i64);

impl Place {
    /// The place of the entry of this task.
    pub(super) fn of<F, Args>(_: F) -> Place
    where
        F: Task<Args>,
        Args: DeserializeOwned,
    {
        let entry: Entry = entry::<F, Args>;
        Place(image::distance(entry as usize))
    }

    fn entry(self) -> Entry {
        let address = image::address(self.0);
        // SAFETY: `of` measured the distance to a function of this type in this very program, and only this
        // pool's own processes can write to the channel that carries it.
        unsafe { std::mem::transmute::<usize, Entry>(address) }
    }
}

/// What travels in front of the arguments.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) part: Part,
    /// How many elements' arguments follow.
    pub(super) elements: u32,
    /// What to call.
    pub(super) place: Place,
    /// For events: what it is called, and the line that submitted it.
    pub(super) told: Option<(event::Task, At)>,
}

/// One message's worth of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    /// The job's number in its pool: one a call of `apply`, `map` and so on.
    pub(super) job: u64,
    /// 0, 1, 2 … in the job.
    pub(super) index: u64,
}

impl Part {
    /// As the number of an item in the channel.
    pub(super) fn id(self) -> u64 {
        self.job << 32 | self.index & u64::from(u32::MAX)
    }

    /// The part that has this number.
    pub(super) fn of_id(id: u64) -> Part {
        Part { job: id >> 32, index: id & u64::from(u32::MAX) }
    }
}

impl Request {
    /// The head as bytes, with room for what follows.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        Ok(postcard::to_extend(self, Vec::with_capacity(64))?)
    }

    /// The head, and the arguments' bytes.
    pub(super) fn decode(bytes: &[u8]) -> Result<(Request, &[u8])> {
        Ok(postcard::take_from_bytes(bytes)?)
    }

    /// The function to call.
    pub(super) fn entry(&self) -> Entry {
        self.place.entry()
    }
}

/// What travels in front of a result.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) enum Reply {
    /// All elements returned; their values follow.
    Finished { part: Part, elements: u32 },
    /// An element raised; the [`TaskError`] follows.
    Failed(Part),
    /// The job can never be done; the [`TaskError`] follows.
    Abandoned(u64),
    /// The initializer of a worker raised; the [`TaskError`] follows.
    Unfit,
    /// Nothing new: a callback came after the job's result and is to be run now.
    CalledBackLate(u64),
}

impl Reply {
    /// The head alone, with room for what follows.
    pub(super) fn encode(self) -> Result<Vec<u8>> {
        Ok(postcard::to_extend(&self, Vec::with_capacity(64))?)
    }

    /// With an error behind it.
    pub(super) fn encode_with(self, error: &TaskError) -> Result<Vec<u8>> {
        Ok(postcard::to_extend(error, self.encode()?)?)
    }

    /// The head, and the bytes that follow.
    pub(super) fn decode(bytes: &[u8]) -> Result<(Reply, &[u8])> {
        Ok(postcard::take_from_bytes(bytes)?)
    }
}

/// What to call a lone element in events: its first argument if that is a text, else its function.
pub(super) fn name_of<F, Args: Serialize>(args: &Args) -> String {
    let first = serde_json::to_value(args).ok().and_then(|args| match args {
        Value::Array(mut args) if !args.is_empty() => Some(args.swap_remove(0)),
        _ => None,
    });
    match first {
        Some(Value::String(text)) => probe::brief(&text),
        _ => function_name::<F>(),
    }
}

/// What a function is called: the last part of its path.
pub(super) fn function_name<F>() -> String {
    let bare = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    probe::brief(bare.rsplit("::").next().unwrap_or(bare))
}

impl TaskError {
    /// A failure of the library's own, in the task's place.
    pub(super) fn of(error: &impl Display) -> TaskError {
        TaskError { message: error.to_string(), place: String::new() }
    }
}
