//! Each task's result goes to a callback, which runs in the parent.
use super::{Global, PARAMS, random};
use multiprocessing::{Pool, Result, getpid, time::sleep};
use std::time::Instant;

const TASKS: &str = "听音乐 吃饭 打游戏 散步 睡觉 学习 打球 \
                     洗衣服 做饭 看书 画画 下棋 写信 浇花";
static RESULTS: Global<Vec<String>> = Global::new("results", Vec::new());

fn task(name: String) -> String {
    let start = Instant::now();
    sleep(random(&name) * PARAMS.longest);
    if PARAMS.raises && name == "听音乐" {
        panic!("耳机没电了");
    }
    format!("完成 {name} 用时 {:.2} s 进程 {}", start.elapsed().as_secs_f64(), getpid())
}

pub fn main() -> Result<()> {
    let pool = Pool::new(PARAMS.size)?;
    for name in TASKS.split_whitespace().take(PARAMS.tasks) {
        let result = pool.apply_async(task, (name.into(),))?.callback(|result| {
            println!("回调 进程 {}: {result}", getpid());
            RESULTS.push(result);
        });
        if PARAMS.error_callback {
            drop(result.error_callback(|error| println!("出错 进程 {}: {error}", getpid())));
        }
    }
    pool.close();
    pool.join()?;
    println!("{} 个任务 {} 个结果", PARAMS.tasks, RESULTS.get().len());
    println!("over!!!");
    Ok(())
}
