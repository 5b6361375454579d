//! Two child processes, each with a target, arguments and a name.
use super::{Call, PARAMS};
use multiprocessing::{Process, Result, getpid, getppid, time::sleep};

fn listen(period: f64) {
    loop {
        println!("听歌 进程 {} 父进程 {}", getpid(), getppid());
        sleep(period);
    }
}

fn eat(period: f64) {
    loop {
        println!("吃饭 进程 {} 父进程 {}", getpid(), getppid());
        sleep(period);
    }
}

pub fn main() -> Result<()> {
    println!("主进程 {}", getpid());
    let jobs: [(fn(f64), _, _); 2] =
        [(listen, "听歌", PARAMS.listen_period), (eat, "吃饭", PARAMS.eat_period)];
    for n in 0..PARAMS.children {
        let (target, name, period) = jobs[n % 2];
        let mut p = Process::new(target, (period,)).name(name);
        match PARAMS.call {
            Call::Start => p.start()?,
            Call::Run => p.run()?,
        }
    }
    println!("主进程的代码到此为止");
    Ok(())
}
