//! `Pool`: what can be said of it before it starts.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use multiprocessing::{Error, Pool, Queue, Value, current_process, getpid, sys, time};

use crate::support::{Random, captured, kill, tests};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// What the initializer left in this process.
static LEFT: AtomicI32 = AtomicI32::new(0);

fn leave(n: i32) {
    LEFT.fetch_add(n, Ordering::Relaxed);
}

fn left() -> i32 {
    LEFT.load(Ordering::Relaxed)
}

fn pid_and_name() -> (i32, String) {
    (getpid(), current_process().name().to_owned())
}

tests! {
    fn the_initializer_runs_once_in_each_worker_and_not_here(ctx: Context) {
        let pool = ctx.pool_options().processes(3).initializer(leave, (7,)).start().unwrap();
        let seen = pool.chunksize(1).map(|_: i32| { time::sleep(0.01); left() }, 0..30).unwrap();
        assert!(seen.iter().all(|left| *left == 7));
        assert_eq!(left(), 0);
    }

    fn workers_that_replace_others_are_initialised_too(ctx: Context) {
        let pool = ctx.pool_options().processes(1).initializer(leave, (5,)).start().unwrap();
        let worker = pool.apply(getpid, ()).unwrap();
        kill(worker, libc::SIGKILL);
        let (pid, name) = pool.apply(pid_and_name, ()).unwrap();
        assert!(pid != worker && name.ends_with("PoolWorker-2"));
        assert_eq!(pool.apply(left, ()).unwrap(), 5);
    }

    fn an_initializer_may_own_what_workers_share(ctx: Context) {
        static OURS: OnceLock<Value<i64>> = OnceLock::new();
        let value = Value::new(0i64).unwrap();
        let initializer = |value: Value<i64>| OURS.set(value).ok().unwrap();
        let pool = ctx.pool_options().processes(2).initializer(initializer, (value.clone(),)).start().unwrap();
        pool.map(|n: i64| { OURS.get().unwrap().update(|sum| sum + n); }, 0..101).unwrap();
        assert_eq!(value.get(), 5050);
    }

    fn an_initializer_that_raises_breaks_the_pool_and_starts_no_storm(ctx: Context) {
        let starts = Value::new(0i64).unwrap();
        let text = captured(2, || {
            let initializer = |starts: Value<i64>| { starts.update(|n| n + 1); panic!("no way in"); };
            let pool = ctx.pool_options().processes(3).initializer(initializer, (starts.clone(),)).start().unwrap();
            // It may be broken before this is submitted.
            if let Ok(result) = pool.apply_async(getpid, ()) {
                let Err(Error::Task(error)) = result.get_timeout(LONG) else { panic!("no error") };
                assert_eq!(error.message, "no way in");
            }
            let lists = [pool.map_async(|n: i32| n, 0..10), pool.map_async(|n: i32| n, 0..10)];
            assert!(lists.into_iter().all(|list| list.is_err()));
            pool.join().unwrap();
        });
        assert!(text.contains("PoolWorker-") && text.contains("no way in"), "{text}");
        assert!((1..=3).contains(&starts.get()), "{} starts", starts.get());
    }

    fn an_initializer_that_exits_breaks_the_pool_too(ctx: Context) {
        let pool = ctx.pool_options().processes(1).initializer(|| { time::sleep(0.1); sys::exit(3) }, ()).start().unwrap();
        let one = pool.apply_async(getpid, ()).unwrap();
        let mut many = pool.imap(|n: i32| n, 0..).unwrap();
        let Err(Error::Task(error)) = one.get_timeout(LONG) else { panic!("no error") };
        assert_eq!(error.message, "SystemExit: 3");
        let Some(Err(Error::Task(error))) = many.next_timeout(LONG) else { panic!("no error") };
        assert_eq!(error.message, "SystemExit: 3");
        assert!(many.next_timeout(LONG).is_none());
        pool.join().unwrap();
    }

    fn a_worker_killed_in_its_initializer_is_replaced(ctx: Context) {
        let tries = Value::new(0i64).unwrap();
        let initializer = |tries: Value<i64>| if tries.update(|n| n + 1) < 4 { kill(getpid(), libc::SIGKILL) };
        let pool = ctx.pool_options().processes(1).initializer(initializer, (tries.clone(),)).start().unwrap();
        assert_eq!(pool.apply(|n: i32| n, (1,)).unwrap(), 1);
        assert_eq!(tries.get(), 4);
    }

    fn maxtasksperchild_replaces_workers(ctx: Context) {
        let pool = ctx.pool_options().processes(2).maxtasksperchild(3).start().unwrap();
        let seen = pool.chunksize(1).map(|_: i32| pid_and_name(), 0..12).unwrap();
        let workers: BTreeSet<_> = seen.iter().collect();
        assert!(workers.len() >= 4, "{workers:?}");
        for worker in &workers {
            assert!(seen.iter().filter(|seen| seen == worker).count() <= 3);
        }
        pool.close();
        pool.join().unwrap();
    }

    fn a_chunk_counts_as_one_task_of_a_child(ctx: Context) {
        let pool = ctx.pool_options().processes(1).maxtasksperchild(1).start().unwrap();
        let pids = pool.chunksize(5).map(|_: i32| getpid(), 0..10).unwrap();
        assert!(pids[..5].iter().all(|pid| *pid == pids[0]) && pids[5..].iter().all(|pid| *pid == pids[5]));
        assert_ne!(pids[0], pids[5]);
    }

    fn many_short_lived_workers_lose_no_task(ctx: Context) {
        let pool = ctx.pool_options().processes(4).maxtasksperchild(1).start().unwrap();
        assert_eq!(pool.chunksize(1).map(|n: i64| n, 0..200).unwrap(), (0..200).collect::<Vec<_>>());
        pool.close();
        pool.join().unwrap();
    }

    fn a_task_whose_worker_dies_fails_if_that_is_wanted(ctx: Context) {
        let pool = ctx.pool_options().processes(2).lost_tasks_fail().start().unwrap();
        let lost = pool.apply_async(|| kill(getpid(), libc::SIGKILL), ()).unwrap();
        let left = pool.apply_async(|| -> i32 { sys::exit(3) }, ()).unwrap();
        let list = pool.chunksize(2).map_async(|n: i32| if n == 5 { kill(getpid(), libc::SIGKILL) }, 0..8).unwrap();
        let abruptly = "A process in the process pool was terminated abruptly while the future was running or pending.";
        assert_eq!(lost.get_timeout(LONG).unwrap_err().to_string(), abruptly);
        assert_eq!(left.get_timeout(LONG).unwrap_err().to_string(), abruptly);
        assert_eq!(list.get_timeout(LONG).unwrap_err().to_string(), abruptly);
        let results = pool.imap(|n: i32| { if n == 1 { kill(getpid(), libc::SIGKILL) } n }, 0..3).unwrap();
        assert_eq!(results.map(Result::ok).collect::<Vec<_>>(), [Some(0), None, Some(2)]);
        // So `join` does not wait for what never comes.
        pool.close();
        pool.join().unwrap();
    }

    fn random_kills_leave_nobody_waiting_if_that_is_wanted() {
        let mut random = Random::new(3);
        for _ in 0..5 {
            let q = Queue::new(0).unwrap();
            let tell = |q: Queue<i32>| q.put(getpid());
            let pool = Pool::options().processes(4).initializer(tell, (q.clone(),)).lost_tasks_fail().start().unwrap();
            let results: Vec<_> = (0..400).map(|n: u64| pool.apply_async(|n: u64| {
                std::hint::black_box((0..3000).sum::<u64>());
                n
            }, (n,)).unwrap()).collect();
            for _ in 0..6 {
                std::thread::sleep(Duration::from_micros(random.below(2000)));
                kill(q.get_timeout(LONG).unwrap(), libc::SIGKILL);
            }
            let lost = (0..).zip(&results).filter(|(n, result)| match result.get_timeout(LONG) {
                Ok(value) => { assert_eq!(value, *n); false }
                Err(error) => { assert!(matches!(error, Error::Task(_)), "{error}"); true }
            });
            assert!(lost.count() <= 6);
            pool.close();
            pool.join().unwrap();
        }
    }

    fn numbers_are_checked() {
        assert_eq!(Pool::options().processes(0).start().err().unwrap().to_string(), "Number of processes must be at least 1");
        assert_eq!(Pool::options().maxtasksperchild(0).start().err().unwrap().to_string(), "maxtasksperchild must be a positive int or None");
    }

    fn without_a_number_there_is_a_worker_for_each_processor() {
        // SAFETY: plain numbers.
        let online = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) } as usize;
        let q = Queue::new(0).unwrap();
        let pool = Pool::options().initializer(|q: Queue<i32>| q.put(getpid()), (q.clone(),)).start().unwrap();
        let pids: BTreeSet<i32> = (0..online).map(|_| q.get_timeout(LONG).unwrap()).collect();
        assert_eq!(pids.len(), online);
        assert!(q.get_timeout(Duration::from_millis(50)).is_err());
        pool.terminate();
    }
}
