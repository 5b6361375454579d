//! One program and three ways to start a child: what does it know of its parent, and who is that?
use super::{Global, PARAMS};
use multiprocessing::{Event, Result, get_context, getpid, getppid, time::sleep};
use std::time::Instant;

const NAMES: [&str; 4] = ["小明", "小红", "小刚", "小丽"];

static M: Global<i64> = Global::new("m", 1);

fn task(name: &str, n: i64, ready: Event) {
    println!("{name} 全局变量 m = {} 参数 n = {n} 父进程 {}", M.get(), getppid());
    ready.set();
    sleep(PARAMS.stay);
}

pub fn main() -> Result<()> {
    M.update(|m| m + 1);
    println!("主进程 全局变量 m = {} 进程 {}", M.get(), getpid());
    let ctx = get_context(PARAMS.method)?;
    let mut children = Vec::new();
    for name in NAMES.into_iter().take(PARAMS.children) {
        let ready = Event::new()?;
        let mut p = ctx.process(task, (name, M.get(), ready.clone())).name(name);
        let start = Instant::now();
        p.start()?;
        ready.wait();
        println!("{name} 就绪用时 {:.4} s", start.elapsed().as_secs_f64());
        children.push(p);
    }
    children.iter().try_for_each(|p| p.join())?;
    println!("over!!!");
    Ok(())
}
