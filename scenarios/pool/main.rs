//! A pool: few workers, many tasks; whoever is free takes the next.
use super::{Call, PARAMS, random};
use multiprocessing::{Pool, Result, getpid, time::sleep};
use std::time::Instant;

const TASKS: &str = "听音乐 吃饭 打游戏 散步 睡觉 学习 打球 \
                     洗衣服 做饭 看书 画画 下棋 写信 浇花";

fn task(name: String) {
    println!("开始 {name} 进程 {}", getpid());
    let start = Instant::now();
    sleep(random(&name) * PARAMS.longest);
    println!("完成 {name} 用时 {:.2} s 进程 {}", start.elapsed().as_secs_f64(), getpid());
}

pub fn main() -> Result<()> {
    let pool = Pool::new(PARAMS.size)?;
    for name in TASKS.split_whitespace().take(PARAMS.tasks) {
        match PARAMS.call {
            Call::Apply => pool.apply(task, (name.into(),))?,
            Call::ApplyAsync => drop(pool.apply_async(task, (name.into(),))?),
        }
    }
    if PARAMS.close {
        pool.close();
    }
    if PARAMS.join {
        pool.join()?;
    }
    println!("over!!!");
    Ok(())
}
