//! fork copies no memory: a page is copied when somebody writes to it.
use super::{Data, PARAMS, Touch};
use multiprocessing::{Process, Result, time::sleep};
use std::{fs, hint::black_box, rc::Rc};

/// The memory that is this process's alone, in MiB.
fn private() -> f64 {
    let kib = |line: &str| line.strip_prefix("Private")?.split_whitespace().nth(1)?.parse::<f64>().ok();
    let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    text.lines().filter_map(kib).sum::<f64>() / 1024.0
}

fn visit<T>(data: &mut [T], step: usize, write: fn(&mut T)) {
    let before = private();
    for (n, part) in data.chunks_exact_mut(data.len() / 4).enumerate() {
        let items = part.iter_mut().step_by(step);
        match PARAMS.touch {
            Touch::Nothing => {}
            Touch::Read => items.for_each(|item| _ = black_box(&*item)),
            Touch::Write => items.for_each(write),
        }
        println!("第 {} 段之后 多出 {:.0} MiB", n + 1, (private() - before).max(0.0));
        sleep(PARAMS.pause);
    }
}

fn share<T>(mut data: Vec<T>, step: usize, write: fn(&mut T)) -> Result<()> {
    println!("fork 之前 独有 {:.0} MiB", private());
    let mut p = Process::new(visit, (&mut data[..], step, write)).name("小明");
    p.start()?;
    p.join()
}

pub fn main() -> Result<()> {
    let bytes = PARAMS.mib * 1024 * 1024;
    match PARAMS.data {
        Data::Bytearray => share(vec![1u8; bytes], 4096, |byte| *byte += 2),
        Data::List => share((0..bytes / 40).map(Rc::new).collect(), 1, |item| *item = Rc::new(**item + 2)),
    }
}
