//! A signal comes: what a process does about it, and what it cannot choose.
use super::{Action, PARAMS};
use multiprocessing::{Event, Process, Result, os, signal::*, sys, time::sleep};

fn on_signal(signum: i32) {
    println!("小明 收到 {}", Signals(signum).name());
    if PARAMS.action == Action::Leave {
        sys::exit(0);
    }
}

fn dream(ready: &Event, signum: i32) {
    let action = match PARAMS.action {
        Action::Default => SIG_DFL,
        Action::Ignore => SIG_IGN,
        Action::Handle | Action::Leave => on_signal.into(),
    };
    if signal(signum, action).is_err() {
        println!("小明 {} 由不得我", Signals(signum).name());
    }
    ready.set();
    sleep(PARAMS.sleep);
    println!("小明 睡醒了");
}

pub fn main() -> Result<()> {
    let signums = [&[SIGTERM][..], &[SIGUSR1], &[SIGKILL], &[SIGSTOP, SIGCONT]][PARAMS.signal as usize];
    let ready = Event::new()?;
    let mut p = Process::new(dream, (&ready, signums[0])).name("小明");
    p.start()?;
    ready.wait();
    for signum in signums {
        sleep(PARAMS.sleep / 4.0);
        println!("主进程 发出 {}", Signals(*signum).name());
        os::kill(p.pid().unwrap_or_default(), *signum)?;
    }
    p.join()?;
    println!("小明 的退出码 {}", p.exitcode().unwrap_or_default());
    Ok(())
}
