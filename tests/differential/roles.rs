//! Who is who in a log: names, and the processes that only one of the twins has.

use std::collections::{BTreeMap, BTreeSet};

use protocol::event::{Body, KernelEvent, ProcessNamed, ProgramEvent, Role};
use protocol::{Event, Pid};
use scenarios::Expect;

/// A log of a case in which every process has a name. A worker whose pool ends at once may be gone
/// before it has told its own; then it is one of those that the case speaks of.
pub fn christened(log: Vec<Event>, case: &Expect) -> Vec<Event> {
    let log = without_trackers(log);
    let said: BTreeSet<Pid> = log.iter().filter_map(told).map(|(pid, _)| pid).collect();
    let pattern = case.lines.keys().chain(case.may.keys()).find(|who| who.contains('*'));
    let mut christened = Vec::new();
    for event in log {
        let unsaid = is_birth(&event) && event.pid.is_some_and(|pid| !said.contains(&pid));
        let name = pattern.filter(|_| unsaid).map(|who| who.replace('*', "0"));
        let named = name.map(|name| ProcessNamed { name, role: Role::PoolWorker });
        let told = named
            .map(|named| Event { body: Body::Program(ProgramEvent::ProcessNamed(named)), ..event.clone() });
        christened.push(event);
        christened.extend(told);
    }
    christened
}

/// A log without resource trackers: CPython has one for semaphores, too, Rust only for shared memory.
pub fn without_trackers(log: Vec<Event>) -> Vec<Event> {
    let is_tracker = |named: &ProcessNamed| named.role == Role::ResourceTracker;
    let trackers: BTreeSet<Pid> =
        log.iter().filter_map(told).filter(|(_, named)| is_tracker(named)).map(|(pid, _)| pid).collect();
    log.into_iter().filter(|event| !event.pid.is_some_and(|pid| trackers.contains(&pid))).collect()
}

/// What the processes of a log are, by pid. Those whose names differ by a number are all alike, for
/// nobody knows which of them takes which task.
pub fn roles(log: &[Event]) -> BTreeMap<Pid, String> {
    log.iter().filter_map(told).map(|(pid, named)| (pid, without_numbers(&named.name))).collect()
}

/// A text in which all numbers are equal.
pub fn without_numbers(text: &str) -> String {
    let mut equal = String::new();
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if equal.ends_with('#') => {}
            true => equal.push('#'),
            false => equal.push(c),
        }
    }
    equal
}

/// Whether a process comes into being.
pub fn is_birth(event: &Event) -> bool {
    matches!(event.body, Body::Kernel(KernelEvent::ProcessStarted(_)))
}

fn told(event: &Event) -> Option<(Pid, &ProcessNamed)> {
    match &event.body {
        Body::Program(ProgramEvent::ProcessNamed(named)) => Some((event.pid?, named)),
        _ => None,
    }
}
