//! The same work by 1, 2, 3 … processes: how much faster?
use super::{Global, PARAMS};
use multiprocessing::{Process, Result, time};

static TIMES: Global<Vec<f64>> = Global::new("times", Vec::new());

/// Real work for a processor: a thousand square roots a block.
fn work(blocks: f64) {
    for _ in 0..blocks as usize {
        std::hint::black_box((0..1000).map(|i| f64::from(i).sqrt()).sum::<f64>());
    }
}

/// How many blocks one processor does in a second.
fn measure() -> f64 {
    let (start, mut blocks) = (time::process_time(), 0.0);
    while time::process_time() - start < 0.1 {
        work(1.0);
        blocks += 1.0;
    }
    blocks / 0.1
}

pub fn main() -> Result<()> {
    let blocks = measure() * PARAMS.seconds;
    let alone = blocks * PARAMS.serial / 100.0;
    for n in 1..=PARAMS.processes {
        let start = time::monotonic();
        work(alone);
        let process = |i| Process::new(work, ((blocks - alone) / n as f64,)).name(format!("{i}/{n}"));
        let mut ps: Vec<_> = (1..=n).map(process).collect();
        ps.iter_mut().try_for_each(|p| p.start())?;
        ps.iter().try_for_each(|p| p.join())?;
        TIMES.push(((time::monotonic() - start) * 1000.0).round() / 1000.0);
        let times = TIMES.get();
        println!("{n} 个进程 用时 {:.2} s 快 {:.2} 倍", times[n - 1], times[0] / times[n - 1]);
    }
    println!("最多快 {:.2} 倍", TIMES.get()[0] / TIMES.get().into_iter().fold(f64::MAX, f64::min));
    Ok(())
}
