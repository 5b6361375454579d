//! From a call's arguments to messages for the workers: how many elements each carries, and what it is called.

use protocol::event::{self, ProgramEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::task::{self, Part, Place, Request, Task};
use crate::error::Result;
use crate::probe::{self, Line};
use crate::{ids, scratch};

/// A message that is ready to be sent.
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    /// What it is called in events, when somebody watches.
    pub(super) told: Option<event::Task>,
    pub(super) part: Part,
    line: Line,
}

impl Message {
    /// `task` with each of `args`, which is called as [`told`] said.
    pub(super) fn new<F, Args>(
        task: F,
        args: &[Args],
        part: Part,
        told: Option<event::Task>,
        line: Line,
    ) -> Result<Message>
    where
        F: Task<Args>,
        Args: Serialize + DeserializeOwned,
    {
        let request = Request {
            part,
            elements: args.len() as u32,
            place: Place::of(task),
            told: told.clone().map(|told| (told, probe::place(line))),
        };
        let mut bytes = request.encode()?;
        args.iter().try_for_each(|args| scratch::write(args, &mut bytes))?;
        Ok(Message { bytes, told, part, line })
    }

    /// Says that it is about to be sent.
    pub(super) fn announce(&self) {
        if let Some(told) = &self.told {
            probe::send(Some(self.line), ProgramEvent::TaskSubmitted(told.clone()));
        }
    }
}

/// What a worker takes at once is one task to whoever watches: a lone element, or a chunk called `square[4:8]`, of
/// which the first is element number `first` of its job.
pub(super) fn told<F, Args: Serialize>(_: F, args: &[Args], first: usize) -> Result<Option<event::Task>> {
    if !probe::on() {
        return Ok(None);
    }
    let name = match args {
        [lone] => task::name_of::<F, Args>(lone),
        many => format!("{}[{first}:{}]", task::function_name::<F>(), first + many.len()),
    };
    Ok(Some(event::Task { task: ids::counters()?.task(), name }))
}

/// CPython's default for `map`: four chunks a worker, the last ones perhaps shorter.
pub(super) fn default_chunksize(elements: usize, processes: usize) -> usize {
    elements.div_ceil(processes * 4).max(1)
}

#[cfg(test)]
mod tests {
    use super::default_chunksize;

    #[test]
    fn chunks_are_as_long_as_cpython_makes_them() {
        // python3 -c 'print([(n, p, (lambda c, e: c + bool(e))(*divmod(n, p * 4))) for …])'
        let expected =
            [(1, 5, 1), (20, 5, 1), (21, 5, 2), (100, 5, 5), (101, 5, 6), (7, 1, 2), (1000, 3, 84)];
        for (elements, processes, chunksize) in expected {
            assert_eq!(default_chunksize(elements, processes), chunksize, "{elements} on {processes}");
        }
    }
}
