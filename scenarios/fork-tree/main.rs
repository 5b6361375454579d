//! fork in a loop: n calls, and how many processes?
use super::{PARAMS, Who};
use multiprocessing::{Result, getpid, getppid, os, time::sleep};

pub fn main() -> Result<()> {
    if PARAMS.half_line {
        print!("我是谁？");
    }
    for _ in 0..PARAMS.forks {
        let child = os::fork()?;
        if PARAMS.who == Who::Parent && child == 0 || PARAMS.who == Who::Child && child > 0 {
            break;
        }
    }
    println!("进程 {} 父进程 {}", getpid(), getppid());
    sleep(PARAMS.life);
    if PARAMS.wait {
        while os::wait().is_ok() {}
    }
    Ok(())
}
