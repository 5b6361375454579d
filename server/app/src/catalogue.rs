//! What can be run here: cards for the reader, and how each program is executed.
//!
//! Whoever starts the server or a single run makes it. What a scenario's files are and where
//! they lie is unknown here; only the words that start a program are not.

use std::collections::{BTreeMap, HashMap};

use protocol::Card;
use protocol::event::Runtime;

use crate::recorded::Recording;

/// What can be run here.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The scenarios, in the order of the page.
    pub cards: Vec<Card>,
    /// How their programs are executed. What is not here is in the supervisor's own file.
    pub programs: HashMap<(String, Runtime), Program>,
    /// A recorded run of those that have one, by the scenario's id.
    pub recordings: HashMap<String, Recording>,
}

/// How a program is executed; see [`protocol::Job`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// The file and its arguments.
    pub argv: Vec<String>,
    /// What it finds in its environment.
    pub environment: BTreeMap<String, String>,
}

impl Catalogue {
    /// The card of a scenario.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// How a scenario's program is executed.
    pub fn program(&self, id: &str, runtime: Runtime) -> Program {
        self.programs.get(&(id.to_owned(), runtime)).cloned().unwrap_or_default()
    }
}
