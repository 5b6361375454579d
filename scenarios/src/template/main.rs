//! A few children say hello, and the parent waits for them.
use super::PARAMS;
use multiprocessing::{Process, Result, getpid, getppid, time::sleep};

fn hello(n: usize) {
    println!("{n} 号向大家问好，进程 {} 父进程 {}", getpid(), getppid());
    sleep(PARAMS.pause);
}

pub fn main() -> Result<()> {
    let mut ps: Vec<_> =
        (1..=PARAMS.children).map(|n| Process::new(hello, (n,)).name(format!("child-{n}"))).collect();
    ps.iter_mut().try_for_each(|p| p.start())?;
    ps.iter().try_for_each(|p| p.join())?;
    println!("都结束了");
    Ok(())
}
