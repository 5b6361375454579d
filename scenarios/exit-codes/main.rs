//! Six ways to end a process, and what its parent is told.
use super::PARAMS;
use multiprocessing::signal::{SIGABRT, SIGKILL, SIGTERM, SIGUSR1};
use multiprocessing::{Process, Result, getpid, os, sys};

const WAYS: [&str; 6] = ["return", "sys.exit(n)", "sys.exit(text)", "raise", "os._exit(n)", "kill"];

/// Python's `finally`.
struct Finally(&'static str);

impl Drop for Finally {
    fn drop(&mut self) {
        println!("{} 收尾", self.0);
    }
}

fn end(way: &'static str) -> Result<()> {
    let _finally = Finally(way);
    match way {
        "sys.exit(n)" => sys::exit(PARAMS.code as i32),
        "sys.exit(text)" => sys::exit("不干了"),
        "raise" => panic!("出错了"),
        "os._exit(n)" => os::_exit(PARAMS.code as i32),
        "kill" => os::kill(getpid(), [SIGKILL, SIGTERM, SIGUSR1, SIGABRT][PARAMS.signal as usize]),
        _ => Ok(()),
    }
}

pub fn main() -> Result<()> {
    let mut ps = WAYS.map(|way| Process::new(end, (way,)).name(way));
    ps.iter_mut().try_for_each(|p| p.start())?;
    for p in &ps {
        p.join()?;
        println!("{} 的退出码 {}", p.get_name(), p.exitcode().unwrap_or_default());
    }
    Ok(())
}
