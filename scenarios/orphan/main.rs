//! An orphan: its parent is gone; who is its parent now?
use super::PARAMS;
use multiprocessing::{Result, current_process, getpid, getppid, os, sys, time::sleep};

const NAMES: [&str; 4] = ["小明", "爸爸", "爷爷", "太爷爷"];

/// Forks the process of that generation, which forks the next.
fn begin(generation: usize) -> Result<i32> {
    let father = getpid();
    let pid = os::fork()?;
    if pid > 0 {
        return Ok(pid);
    }
    let name = NAMES[generation];
    current_process().set_name(name);
    println!("{name} 进程 {} 父进程 {father}", getpid());
    if generation > 0 {
        let child = begin(generation - 1)?;
        sleep(PARAMS.life);
        if PARAMS.wait {
            os::waitpid(child, 0)?;
        }
    } else {
        while !PARAMS.wait && getppid() == father {
            sleep(0.05);
        }
        println!("{name} 现在的父进程 {}", getppid());
        sleep(PARAMS.life);
    }
    println!("{name} 走了");
    sys::exit(0)
}

pub fn main() -> Result<()> {
    let child = begin(PARAMS.elders)?;
    os::waitpid(child, 0)?;
    println!("主进程 {} 收走了 {child}", getpid());
    sleep(2.0 * PARAMS.life);
    Ok(())
}
