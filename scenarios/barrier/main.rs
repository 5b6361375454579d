//! Runners come to the line at different times; nobody starts before all are there.
use super::{Hong, PARAMS, random, seconds};
use multiprocessing::{Barrier, Process, Result, sys, time::sleep};
use std::time::Duration;

const NAMES: [&str; 6] = ["小明", "小红", "小刚", "小丽", "小强", "小芳"];

fn warm_up(name: &str) {
    if name != "小红" {
        return sleep(random(name) * PARAMS.warm_up);
    }
    sleep(PARAMS.warm_up);
    match PARAMS.hong {
        Hong::Comes => {}
        Hong::Late => sleep(PARAMS.timeout + 0.5),
        Hong::Falls => {
            println!("小红 扭伤了脚，回家了");
            sys::exit(1);
        }
    }
}

fn run(name: &str, line: &Barrier, patience: Duration) {
    warm_up(name);
    println!("{name} 到了起跑线");
    match line.wait_timeout(patience) {
        Ok(_) => println!("{name} 起跑"),
        Err(_) => println!("{name} 不跑了: BrokenBarrierError"),
    }
}

pub fn main() -> Result<()> {
    let patience = if PARAMS.timeout > 0.0 { seconds(PARAMS.timeout) } else { Duration::MAX };
    let line = Barrier::new(PARAMS.runners as u32)?.name("起跑线").action(|| println!("砰！"));
    let runner = |name: &'static str| Process::new(run, (name, &line, patience)).name(name);
    let mut runners: Vec<_> = NAMES.into_iter().take(PARAMS.runners).map(runner).collect();
    runners.iter_mut().try_for_each(|p| p.start())?;
    runners.iter().try_for_each(|p| p.join())
}
