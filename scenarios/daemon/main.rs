//! A daemonic child ends with its parent; for others the parent waits.
use super::PARAMS;
use multiprocessing::{Process, Result, current_process, time::sleep};

fn sing(with_child: bool) -> Result<()> {
    let name = current_process().name().to_owned();
    if with_child {
        Process::new(sing, (false,)).name("小红").start()?;
    }
    for n in 1..=PARAMS.songs {
        println!("{name} 唱第 {n} 首");
        sleep(PARAMS.period);
    }
    println!("{name} 唱完了");
    Ok(())
}

pub fn main() -> Result<()> {
    let mut p = Process::new(sing, (PARAMS.with_child,)).name("小明").daemon(PARAMS.daemon);
    p.start()?;
    sleep(PARAMS.life);
    if PARAMS.join {
        p.join()?;
    }
    println!("主进程的代码到此为止");
    Ok(())
}
