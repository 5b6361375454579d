//! Arrows from causes to effects: each has a number, and none ends that did not begin.

use std::collections::HashMap;
use std::hash::Hash;

/// An arrow at a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The arrow's number.
    pub id: u64,
    /// It comes here from somewhere.
    pub comes: bool,
    /// It goes on from here.
    pub goes: bool,
}

/// What an arrow is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// A task of a pool.
    Task(u64),
    /// An item of a queue.
    Item(u64, u64),
    /// A message of a pipe.
    Message(u64, u64),
    /// The lane of whose life it is the end.
    Death(usize),
}

/// The arrows that have begun.
#[derive(Default)]
pub struct Flows {
    underway: HashMap<About, u64>,
    last: u64,
}

impl Flows {
    /// An arrow that begins and that something else will end.
    pub fn begin(&mut self, about: About) -> Flow {
        let flow = self.fresh();
        self.underway.insert(about, flow.id);
        flow
    }

    /// A new arrow, whose end is known at once.
    pub fn fresh(&mut self) -> Flow {
        self.last += 1;
        Flow { id: self.last, comes: false, goes: true }
    }

    /// The arrow goes through here; it begins here if it has not begun.
    pub fn pass(&mut self, about: About) -> Flow {
        match self.underway.get(&about) {
            Some(id) => Flow { id: *id, comes: true, goes: true },
            None => self.begin(about),
        }
    }

    /// The arrow ends here; none if it never began.
    pub fn end(&mut self, about: About) -> Option<Flow> {
        self.underway.remove(&about).map(|id| Flow { id, comes: true, goes: false })
    }
}

impl Flow {
    /// Its other end.
    pub fn arrives(self) -> Self {
        Flow { comes: true, goes: false, ..self }
    }
}
