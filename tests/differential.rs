//! Every case and every switch of every scenario twice: the Rust program and its Python twin.
//!
//! Both run under the same supervisor with the same parameters and the same seed, and both must
//! keep what the event log promises. A case of a scenario must hold for both. Beyond that they are
//! compared with each other: the lines of each role, exit codes, who has how many children of
//! which role. What is left to chance in a case, its scenario says; see [`outline`].
//!
//! The recorded run that each scenario ships is compared in the same way with what its program does now.
//!
//! `PLAYGROUND_ONLY=zombie,pool` leaves out all other scenarios.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the verdict")]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use outline::Outline;
use protocol::event::{Outcome, Runtime};
use protocol::{Card, Event, Selector};
use scenarios::{Expect, expect};
use switches::Switch;
use twins::Twins;

mod support;

#[path = "differential/outline.rs"]
mod outline;
#[path = "differential/roles.rs"]
mod roles;
#[path = "differential/switches.rs"]
mod switches;
#[path = "differential/twins.rs"]
mod twins;

/// As many pairs of runs at once; most of a run is sleep.
const AT_ONCE: usize = 4;

#[test]
fn every_case_holds_for_both_and_they_do_the_same() {
    let twins = Twins::publish();
    let cases = wanted().flat_map(|card| {
        scenarios::expectations(&card.id).into_iter().map(|expect| (card.id.as_str(), expect))
    });
    all_agree(cases.collect(), |(id, expect)| {
        let found = compare_case(&twins, id, expect);
        found.into_iter().map(|line| format!("{id}: {}: {line}", expect.name)).collect()
    });
}

#[test]
fn every_switch_does_the_same_to_both() {
    let twins = Twins::publish();
    let switches =
        wanted().flat_map(|card| switches::of(card).into_iter().map(|switch| (card.id.as_str(), switch)));
    all_agree(switches.collect(), |(id, switch)| {
        let found = compare_switch(&twins, id, switch);
        found.into_iter().map(|line| format!("{id}: {}: {line}", switch.name)).collect()
    });
}

/// A recording is shown as what a scenario does: so it must still do it.
#[test]
fn every_recording_shows_what_the_scenario_still_does() {
    let twins = Twins::publish();
    all_agree(wanted().collect(), |card| {
        let found = compare_recording(&twins, &card.id);
        found
            .into_iter()
            .map(|line| format!("{}: {line}; record it anew: scenarios/record", card.id))
            .collect()
    });
}

fn wanted() -> impl Iterator<Item = &'static Card> {
    let mut cards = scenarios::cards().iter().filter(|card| support::wanted(&card.id)).peekable();
    assert!(cards.peek().is_some(), "PLAYGROUND_ONLY names no scenario");
    cards
}

/// Compares all, a few at once, and fails with everything that differs.
fn all_agree<T: Send + Sync>(all: Vec<T>, compare: impl Fn(&T) -> Vec<String> + Sync) {
    let (next, wrong) = (Mutex::new(all.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(one) = { next.lock().unwrap().next() } {
                    let found = compare(one);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs a case of both twins; what does not hold, and in which ways they differ.
fn compare_case(twins: &Twins, id: &str, case: &Expect) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut run = |runtime| {
        let (log, broken) = twins.run(id, runtime, &case.params, case.seed, case.wall_ms);
        let log = roles::christened(log, case);
        let promised = promised(case, runtime);
        let found = broken.into_iter().chain(expect::check(&promised, &log));
        wrong.extend(found.map(|line| format!("{runtime:?}: {line}")));
        log
    };
    let logs = [run(Runtime::Rust), run(Runtime::Python)];
    let [rust, python] = logs.each_ref().map(|log| Outline::of_case(log, case));
    match were_cut_short(&logs) {
        true => wrong.extend(rust.contradictions(&python)),
        false => wrong.extend(rust.differences(&python, &BTreeSet::new())),
    }
    wrong
}

/// Runs a scenario as its recording did; in which ways they differ.
fn compare_recording(twins: &Twins, id: &str) -> Vec<String> {
    let Some(recording) = scenarios::recording(id) else { return vec!["there is no recording".into()] };
    let recorded: Vec<Event> = recording.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let head = outline::head(&recorded);
    let (now, mut wrong) = twins.run(id, head.runtime, &head.params, head.seed, Some(head.limits.wall_ms));
    let logs = [recorded, now];
    let cases = scenarios::expectations(id);
    let [then, now] = logs.each_ref().map(|log| Outline::of_switch(log, &cases));
    let (then, now) = (then.called("recorded"), now.called("now"));
    match were_cut_short(&logs) {
        true => wrong.extend(then.contradictions(&now)),
        false => wrong.extend(then.differences(&now, &BTreeSet::new())),
    }
    let [then, now] = logs.each_ref().map(|log| places(log));
    // Luck decides about a line here and there; a program that has changed stands elsewhere altogether.
    if then.symmetric_difference(&now).count() * 5 > then.union(&now).count() {
        wrong.push(format!("it went through lines {then:?}, and now through {now:?}"));
    }
    wrong
}

/// The lines of the program that somebody came to.
fn places(log: &[Event]) -> BTreeSet<u32> {
    log.iter().filter_map(|event| event.at.as_ref()).map(|at| at.line).collect()
}

/// Whether the time limit ended both: then it is a matter of luck how far each has come.
fn were_cut_short(logs: &[Vec<Event>]) -> bool {
    logs.iter().all(|log| outline::outcome(log) == Some(Outcome::TimeLimit))
}

/// What a case promises of a program. A variable of Rust's says each value that it gets. At one of
/// Python's the adapter looks when it is called and before the program writes: a value that no
/// output showed may be missing.
fn promised(case: &Expect, runtime: Runtime) -> Expect {
    let mut case = case.clone();
    if runtime == Runtime::Python {
        let is_variable = |selector: &Selector| selector.kind == "variable.set";
        case.counts.retain(|count| !is_variable(&count.of));
        case.before.retain(|(first, then)| !(is_variable(first) && is_variable(then)));
    }
    case
}

/// Runs a switch of both twins; in which ways they differ.
fn compare_switch(twins: &Twins, id: &str, switch: &Switch) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut run = |runtime| {
        let (log, broken) = twins.run(id, runtime, &switch.params, switches::SEED, None);
        wrong.extend(broken.into_iter().map(|line| format!("{runtime:?}: {line}")));
        roles::without_trackers(log)
    };
    let logs = [run(Runtime::Rust), run(Runtime::Python)];
    let cases = scenarios::expectations(id);
    let cut = logs.iter().flat_map(|log| outline::cut(log)).collect();
    let [rust, python] = logs.each_ref().map(|log| Outline::of_switch(log, &cases));
    match were_cut_short(&logs) {
        true => wrong.extend(rust.contradictions(&python)),
        false => wrong.extend(rust.differences(&python, &cut)),
    }
    wrong
}
