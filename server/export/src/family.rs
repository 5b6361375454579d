//! Who is who: each process of a log once, in the order of the tree, however often the kernel used its pid.

use std::collections::HashMap;

use poster::{Lane, Story};
use protocol::event::{Body, KernelEvent, RunStarted, SupervisorEvent};
use protocol::{Event, Pid};

/// The processes of a log.
pub struct Family<'a> {
    /// Parents above their children, siblings in order of birth.
    pub lanes: Vec<Lane<'a>>,
    /// How the run began, where the log has its beginning.
    pub run: Option<&'a RunStarted>,
    /// By order of birth, the place among the lanes.
    places: Vec<usize>,
}

impl<'a> Family<'a> {
    /// Of a log, or of the beginning of one.
    pub fn of(log: &'a [Event]) -> Self {
        let Story { lanes, .. } = poster::read(log);
        let mut places = vec![0; lanes.len()];
        lanes.iter().enumerate().for_each(|(place, lane)| places[lane.number] = place);
        let run = log.iter().find_map(|event| match &event.body {
            Body::Supervisor(SupervisorEvent::RunStarted(run)) => Some(&**run),
            _ => None,
        });
        Family { lanes, run, places }
    }

    /// What to call a process: its name, or its pid where it has none.
    pub fn name(&self, place: usize) -> String {
        let lane = &self.lanes[place];
        if lane.name.is_empty() { lane.pid.to_string() } else { lane.name.to_owned() }
    }
}

/// Which process a pid means, while a log is read from its beginning.
#[derive(Default)]
pub struct Present {
    now: HashMap<Pid, usize>,
    born: usize,
}

impl Present {
    /// Takes note of a birth; to be told of every event, in order.
    pub fn take(&mut self, event: &Event, family: &Family<'_>) {
        if let (Body::Kernel(KernelEvent::ProcessStarted(_)), Some(pid)) = (&event.body, event.pid) {
            self.now.insert(pid, family.places[self.born]);
            self.born += 1;
        }
    }

    /// The place of a process among the lanes; none for who is not of the run.
    pub fn place(&self, pid: Pid) -> Option<usize> {
        self.now.get(&pid).copied()
    }
}
