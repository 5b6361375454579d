//! Every scenario, every case of its `[[expect]]`, again and again: watched by the
//! real supervisor, as root and as an unprivileged user, left alone and with
//! processes killed at random, several runs at once.
//!
//! Each log is checked by two witnesses that share no code with the supervisor:
//! the promises of the contract (`support/promises.rs`) and the kernel's own
//! process events (`support/oracle.rs`). What a scenario promises of itself is
//! checked where nobody was killed.
//!
//! Twenty runs of each scenario, each way; `PLAYGROUND_SOAK=1` makes it 200, and
//! `PLAYGROUND_ONLY=zombie,pool` leaves out all others. Those that are touched, in Rust and
//! in Python, are three each way, and eleven with `PLAYGROUND_SOAK=1`: 1,000 runs in all. A failure names the seed of
//! the dice and keeps the log.

#[path = "support/mod.rs"]
mod support;

#[path = "scenarios/crowd.rs"]
mod crowd;
#[path = "scenarios/dice.rs"]
mod dice;
#[path = "scenarios/identity.rs"]
mod identity;
#[path = "scenarios/killing.rs"]
mod killing;
#[path = "scenarios/program.rs"]
mod program;
#[path = "scenarios/touching.rs"]
mod touching;
#[path = "scenarios/watching.rs"]
mod watching;
#[path = "scenarios/witnesses.rs"]
mod witnesses;

use identity::Identity;
use protocol::event::Runtime;
use scenarios::Expect;

/// Runs of each scenario, for each way to run it.
fn rounds() -> usize {
    if is_soak() { 200 } else { 20 }
}

/// The same for runs that take their whole time, because somebody in them was stopped.
fn long_rounds() -> usize {
    if is_soak() { 11 } else { 3 }
}

fn is_soak() -> bool {
    std::env::var_os("PLAYGROUND_SOAK").is_some()
}

#[test]
fn every_case_holds_every_time() {
    let plans = plans(|cases| rounds().max(cases));
    crowd::all_succeed(
        plans.map(|plan| move || watching::left_alone(plan.identity, plan.scenario, &plan.case)),
    );
}

#[test]
fn whoever_is_killed_the_log_keeps_its_promises() {
    let plans = plans(|_| rounds());
    crowd::all_succeed(
        plans.map(|plan| move || killing::with_kills(plan.identity, plan.scenario, &plan.case, plan.round)),
    );
}

#[test]
fn whoever_is_touched_the_log_keeps_its_promises_and_nothing_is_left() {
    let works = Identity::all().into_iter().flat_map(|identity| {
        let python = touching::has_python(&mut identity.command());
        assert!(
            python,
            "python3 is needed, for {identity:?} too; `process-playground list` says what is wrong"
        );
        [Runtime::Rust, Runtime::Python].map(|runtime| (identity, runtime))
    });
    let works: Vec<_> = works.collect();
    let plans = plans(|_| long_rounds()).flat_map(move |plan| {
        let (identity, works) = (plan.identity, works.clone());
        let runtimes = works.into_iter().filter(move |(who, _)| *who == identity);
        runtimes.map(move |(_, runtime)| (plan.clone(), runtime))
    });
    crowd::all_succeed(plans.map(|(Plan { identity, scenario, case, round }, runtime)| {
        move || touching::with_touches(identity, runtime, scenario, &case, round)
    }));
}

/// One run to be made.
#[derive(Clone)]
struct Plan {
    identity: Identity,
    scenario: &'static str,
    case: Expect,
    round: usize,
}

/// Each scenario for each identity, its cases in turn, as often as told by their number.
fn plans(often: impl Fn(usize) -> usize) -> impl Iterator<Item = Plan> {
    let mut plans = Vec::new();
    for card in scenarios::cards().iter().filter(|card| support::wanted(&card.id)) {
        let scenario = card.id.as_str();
        let cases = scenarios::expectations(scenario);
        for identity in Identity::all() {
            let turns = cases.iter().cycle().take(often(cases.len())).enumerate();
            plans.extend(turns.map(|(round, case)| Plan { identity, scenario, case: case.clone(), round }));
        }
    }
    assert!(!plans.is_empty(), "PLAYGROUND_ONLY names no scenario");
    plans.into_iter()
}
