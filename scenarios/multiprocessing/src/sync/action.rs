//! What the last to arrive at a barrier does, and how that goes to another process.

use std::mem::{self, ManuallyDrop};
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::image;

/// A function or closure without arguments.
#[derive(Clone)]
pub(super) struct Action {
    call: Arc<dyn Fn() + Send + Sync>,
    /// The same for another process, if it captures nothing.
    entry: Option<fn()>,
}

impl Action {
    pub(super) fn new<F: Fn() + Send + Sync + 'static>(action: F) -> Action {
        let entry = (size_of::<F>() == 0).then_some(again::<F> as fn());
        Action { call: Arc::new(action), entry }
    }

    /// Does it.
    pub(super) fn run(&self) {
        (self.call)();
    }
}

/// Calls a function that is its type alone.
fn again<F: Fn()>() {
    // SAFETY: `Action::new` makes this an entry only for a type without bytes, so there is nothing to initialise, and
    // was given a value of it, so there can be one. It is not dropped, for that one will be.
    let action = ManuallyDrop::new(unsafe { mem::zeroed::<F>() });
    action();
}

/// As the distance of its entry.
impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let entry =
            self.entry.ok_or_else(|| S::Error::custom("the action of this barrier captures something"))?;
        image::distance(entry as usize).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let address = image::address(i64::deserialize(deserializer)?);
        if address == 0 {
            return Err(D::Error::custom("no function has this address"));
        }
        // SAFETY: only a process of this very program writes barriers for this one, and it measured the distance of an
        // `again`.
        let entry = unsafe { mem::transmute::<usize, fn()>(address) };
        Ok(Action { call: Arc::new(entry), entry: Some(entry) })
    }
}
