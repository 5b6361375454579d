//! What being watched costs a program: `pool` with the same seed, supervised and not.

use std::process::{Command, Stdio};

use crate::measure::{PROGRAM, Times, ratio};

const ROUNDS: usize = 7;

/// Measures in turns; both times are those of the whole command.
pub fn report() {
    let (mut watched, mut alone) = (Times::default(), Times::default());
    for _ in 0..ROUNDS {
        watched.time(|| run(&["run", "pool", "--seed", "7", "--format", "ndjson"]));
        alone.time(|| run(&["scenario", "pool"]));
    }
    println!("\npool, supervised                  {watched}");
    println!("pool, alone                       {alone}");
    println!("supervised / alone                {:.3}   goal: <= 1.05", ratio(&watched, &alone));
}

/// Without parameters the scenario's role takes the defaults, as `run` does.
fn run(arguments: &[&str]) {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env("PLAYGROUND_SEED", "7").env("PLAYGROUND_PARAMS", "{}").stdout(Stdio::null());
    assert!(command.status().expect("it starts").success(), "{arguments:?}");
}
