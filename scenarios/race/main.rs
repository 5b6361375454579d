//! Several processes count on one counter: read, add, write. Who was in between?
use super::{PARAMS, random};
use multiprocessing::{Process, Result, Value, time::sleep};

const NAMES: [&str; 6] = ["小明", "小红", "小刚", "小丽", "小强", "小芳"];

fn count(name: &str, n: &Value<i64>) {
    for i in 0..PARAMS.times {
        sleep(random(&format!("{name} 等人 {i}")) * PARAMS.every);
        let held = PARAMS.lock.then(|| n.get_lock().hold());
        let seen = n.get();
        sleep(random(&format!("{name} {i}")) * PARAMS.gap);
        n.set(seen + 1);
        drop(held);
    }
    println!("{name} 数了 {} 个人", PARAMS.times);
}

pub fn main() -> Result<()> {
    let n = Value::new(0)?.name("n");
    let mut counters: Vec<_> =
        NAMES[..PARAMS.doors].iter().map(|name| Process::new(count, (name, &n)).name(*name)).collect();
    counters.iter_mut().try_for_each(|p| p.start())?;
    counters.iter().try_for_each(|p| p.join())?;
    let (people, n) = (PARAMS.doors * PARAMS.times, n.get() as usize);
    println!("进来 {people} 人，计数器上是 {n}，少了 {}", people - n);
    Ok(())
}
