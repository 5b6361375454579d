//! A worker is killed in mid-task: who notices?
use super::{End, How, PARAMS, seconds};
use multiprocessing::signal::SIGKILL;
use multiprocessing::{Error, Pool, Result, getpid, os, time::sleep};

const TASKS: [&str; 5] = ["听音乐", "吃饭", "打游戏", "散步", "睡觉"];

fn task(name: String) -> String {
    println!("开始 {name} 进程 {}", getpid());
    sleep(PARAMS.length);
    if name == "打游戏" {
        match PARAMS.how {
            How::Kill => drop(os::kill(getpid(), SIGKILL)),
            How::Exit => os::_exit(1),
            How::Raise => panic!("手柄坏了"),
            How::Fine => {}
        }
    }
    format!("{name} 做完了")
}

pub fn main() -> Result<()> {
    let pool = Pool::new(PARAMS.size)?;
    let results = TASKS.map(|name| (name, pool.apply_async(task, (name.into(),))));
    for (name, result) in results {
        match result?.get_timeout(seconds(PARAMS.timeout)) {
            Err(Error::Timeout) => println!("{name} 没有等到结果"),
            Err(error) => println!("{name} 出错: {error}"),
            Ok(text) => println!("{text}"),
        }
    }
    match PARAMS.end {
        End::Terminate => pool.terminate(),
        End::Close => pool.close(),
    }
    pool.join()?;
    println!("over!!!");
    Ok(())
}
