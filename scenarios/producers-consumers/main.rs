//! Cooks fill a steamer with few places, guests empty it; who tells them that it is over?
use super::{PARAMS, Sentinels};
use multiprocessing::{Process, Queue, Result, time::sleep};

fn cook(q: &Queue<Option<usize>>, n: usize) -> Result<()> {
    for i in 1..=PARAMS.buns {
        let bun = (n - 1) * PARAMS.buns + i;
        sleep(PARAMS.make);
        println!("做好 {bun} 号包子");
        q.put(Some(bun))?;
    }
    Ok(())
}

fn guest(q: &Queue<Option<usize>>) -> Result<()> {
    while let Some(bun) = q.get()? {
        println!("吃 {bun} 号包子");
        sleep(PARAMS.eat);
    }
    if PARAMS.sentinels == Sentinels::PassedOn {
        q.put(None)?;
    }
    println!("没有包子了，回家");
    Ok(())
}

pub fn main() -> Result<()> {
    let q = Queue::new(PARAMS.capacity)?;
    let cook = |n| Process::new(cook, (&q, n)).name(format!("厨师-{n}"));
    let mut cooks: Vec<_> = (1..=PARAMS.cooks).map(cook).collect();
    let mut guests: Vec<_> =
        (1..=PARAMS.guests).map(|n| Process::new(guest, (&q,)).name(format!("客人-{n}"))).collect();
    cooks.iter_mut().chain(&mut guests).try_for_each(|p| p.start())?;
    cooks.iter().try_for_each(|p| p.join())?;
    let each = PARAMS.sentinels == Sentinels::Each;
    (0..if each { PARAMS.guests } else { 1 }).try_for_each(|_| q.put(None))?;
    guests.iter().try_for_each(|p| p.join())?;
    println!("打烊");
    Ok(())
}
