//! download puts pictures into a queue, getfile takes them out.
use super::{PARAMS, seconds};
use multiprocessing::{Empty, Process, Queue, Result, time::sleep};

fn download(q: &Queue<String>, n: usize) -> Result<()> {
    for i in (n - 1) * PARAMS.items + 1..=n * PARAMS.items {
        let file = format!("{i}.png");
        println!("正在下载 {file}");
        sleep(PARAMS.put_period);
        q.put(file)?;
    }
    Ok(())
}

fn getfile(q: &Queue<String>) -> Result<()> {
    loop {
        let file = match q.get_timeout(seconds(PARAMS.timeout)) {
            Err(Empty) => break,
            file => file?,
        };
        sleep(PARAMS.get_period);
        println!("保存 {file}");
    }
    println!("没有新的图片了");
    Ok(())
}

pub fn main() -> Result<()> {
    let q = Queue::new(PARAMS.capacity)?;
    let producer = |n| Process::new(download, (&q, n)).name(format!("download-{n}"));
    let consumer = |n| Process::new(getfile, (&q,)).name(format!("getfile-{n}"));
    let mut ps: Vec<_> = (1..=PARAMS.producers).map(producer).collect();
    ps.extend((1..=PARAMS.consumers).map(consumer));
    ps.iter_mut().try_for_each(|p| p.start())?;
    if PARAMS.join {
        ps.iter().try_for_each(|p| p.join())?;
    }
    println!("over!!!");
    Ok(())
}
