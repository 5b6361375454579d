//! A zombie: a child that has ended and that nobody has waited for.
use super::{Collect, PARAMS};
use multiprocessing::signal::{SIG_IGN, SIGCHLD, signal};
use multiprocessing::{Result, current_process, os, sys, time::sleep};

const NAMES: &str = "小明 小红 小刚 小丽 小强 小芳 小军 小燕";

fn collect(pids: &[i32]) {
    for pid in pids {
        match os::waitpid(*pid, 0) {
            Ok((_, status)) => println!("收走 {pid} 退出码 {}", os::waitstatus_to_exitcode(status)),
            Err(_) => println!("没有 {pid} 这个孩子了"),
        }
    }
}

pub fn main() -> Result<()> {
    if PARAMS.ignore {
        signal(SIGCHLD, SIG_IGN)?;
    }
    let mut pids = Vec::new();
    for name in NAMES.split(' ').take(PARAMS.children) {
        let pid = os::fork()?;
        if pid == 0 {
            current_process().set_name(name);
            println!("{name} 做完了 进程 {}", os::getpid());
            sys::exit(7);
        }
        pids.push(pid);
    }
    if PARAMS.collect != Collect::AtOnce {
        println!("主进程 去忙别的");
        sleep(PARAMS.busy);
    }
    if PARAMS.collect != Collect::Never {
        println!("主进程 来收孩子");
        collect(&pids);
    }
    Ok(())
}
