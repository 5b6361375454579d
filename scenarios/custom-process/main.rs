//! A process type of one's own: it overrides run.
use super::PARAMS;
use multiprocessing::{BaseProcess, CustomProcess, Result, getpid, getppid, time::sleep};

struct MyProcess(BaseProcess);

impl MyProcess {
    fn new(name: &str) -> Self {
        let mut this = MyProcess(BaseProcess::default());
        if !PARAMS.forget_init {
            this.init();
        }
        this.set_name(name);
        this
    }
}

impl CustomProcess for MyProcess {
    type Outcome = ();
    fn run(&mut self) {
        for n in 1..=PARAMS.rounds {
            println!("{} 第 {n} 次 进程 {} 父进程 {}", self.name(), getpid(), getppid());
            sleep(PARAMS.period);
        }
    }
    fn base(&self) -> &BaseProcess {
        &self.0
    }
    fn base_mut(&mut self) -> &mut BaseProcess {
        &mut self.0
    }
}

pub fn main() -> Result<()> {
    for name in [&PARAMS.first_name, &PARAMS.second_name] {
        MyProcess::new(name).start()?;
    }
    println!("主进程的代码到此为止");
    Ok(())
}
