//! Everybody takes one chopstick and waits for the other: round the table, and for ever.
use super::{Order, PARAMS, seconds};
use multiprocessing::{Lock, Process, Result, time::sleep};
use std::time::Duration;

const NAMES: [&str; 5] = ["小明", "小红", "小刚", "小丽", "小强"];

fn eat(name: &str, first: &Lock, second: &Lock) -> Result<()> {
    let gives_way = name == "小明" && PARAMS.patience > 0.0;
    let patience = if gives_way { seconds(PARAMS.patience) } else { Duration::MAX };
    let _held = first.hold();
    println!("{name} 拿起一根筷子");
    sleep(PARAMS.pause);
    if second.acquire_timeout(patience) {
        println!("{name} 两根都有了，吃面");
        second.release()?;
    } else {
        println!("{name} 不等了，放下筷子，饿着走");
    }
    Ok(())
}

pub fn main() -> Result<()> {
    let n = PARAMS.people;
    let sticks = (1..=n).map(|i| Ok(Lock::new()?.name(format!("筷子{i}")))).collect::<Result<Vec<_>>>()?;
    let mut guests = Vec::new();
    for (i, name) in NAMES.into_iter().enumerate().take(n) {
        let mut pair = [i, (i + 1) % n];
        if PARAMS.order == Order::SmallerFirst {
            pair.sort();
        }
        guests.push(Process::new(eat, (name, &sticks[pair[0]], &sticks[pair[1]])).name(name));
    }
    guests.iter_mut().try_for_each(|p| p.start())?;
    guests.iter().try_for_each(|p| p.join())?;
    println!("散席");
    Ok(())
}
