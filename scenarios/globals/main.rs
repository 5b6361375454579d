//! Global variables: every process counts in a copy of its own.
use super::{Global, PARAMS, Writer};
use multiprocessing::{Process, Result, Value, time::sleep};

static M: Global<i64> = Global::new("m", 1);
static LIST: Global<Vec<i64>> = Global::new("list", Vec::new());

fn value(shared: &Option<Value<i64>>) -> i64 {
    shared.as_ref().map_or_else(|| M.get(), |shared| shared.get())
}

fn count(name: &str, period: f64, writes: bool, shared: &Option<Value<i64>>) {
    for _ in 0..PARAMS.rounds {
        if writes {
            let m = shared.as_ref().map_or_else(|| M.update(|m| m + 1), |shared| shared.update(|m| m + 1));
            LIST.push(m);
        }
        println!("{name} m = {} list = {:?}", value(shared), LIST.get());
        sleep(period);
    }
}

pub fn main() -> Result<()> {
    let shared = PARAMS.shared.then_some(M.get()).map(Value::new).transpose()?.map(|m| m.name("m"));
    let writes = |who| PARAMS.writer == Writer::Both || PARAMS.writer == who;
    let first = ("任务1", PARAMS.first_period, writes(Writer::First), &shared);
    let second = ("任务2", PARAMS.second_period, writes(Writer::Second), &shared);
    let mut ps = [first, second].map(|job| Process::new(count, job).name(job.0));
    ps.iter_mut().try_for_each(|p| p.start())?;
    if PARAMS.writer == Writer::Main {
        count("主进程", PARAMS.first_period, true, &shared);
    }
    if PARAMS.report {
        ps.iter().try_for_each(|p| p.join())?;
        println!("主进程 最后 m = {} list = {:?}", value(&shared), LIST.get());
    }
    Ok(())
}
