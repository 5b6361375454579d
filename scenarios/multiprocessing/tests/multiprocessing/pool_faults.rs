//! `Pool` when workers or the parent die.

use std::time::Duration;

use multiprocessing::{Error, Pool, Process, Queue, active_children, getpid, sys, time};

use crate::support::{Random, kill, tests};

fn pid_after(seconds: f64) -> i32 {
    time::sleep(seconds);
    getpid()
}

/// Every result that comes within `patience`, in order; `None` for the lost.
fn outcomes<T: serde::Serialize + serde::de::DeserializeOwned>(
    results: &[multiprocessing::pool::AsyncResult<T>],
    patience: Duration,
) -> Vec<Option<T>> {
    results.iter().map(|result| result.get_timeout(patience).ok()).collect()
}

tests! {
    fn a_killed_worker_is_replaced_and_its_task_is_lost() {
        let pool = Pool::new(1).unwrap();
        let worker = pool.apply(pid_after, (0.0,)).unwrap();
        let lost = pool.apply_async(|pid: i32| kill(pid, libc::SIGKILL), (worker,)).unwrap();
        let next = pool.apply(pid_after, (0.0,)).unwrap();
        assert_ne!(next, worker);
        assert!(matches!(lost.get_timeout(Duration::from_millis(50)), Err(Error::Timeout)));
    }

    fn the_replacement_has_the_next_name() {
        let pool = Pool::new(1).unwrap();
        pool.apply_async(|| kill(getpid(), libc::SIGKILL), ()).unwrap();
        let name = pool.apply(|| multiprocessing::current_process().name().to_owned(), ()).unwrap();
        assert_eq!(name, "ForkPoolWorker-2");
    }

    fn who_holds_a_stream_may_ask_who_it_is_while_a_worker_is_replaced() {
        let pool = Pool::new(1).unwrap();
        let worker = pool.apply(pid_after, (0.0,)).unwrap();
        let streams = (std::io::stdout().lock(), std::io::stderr().lock());
        kill(worker, libc::SIGKILL);
        // The thread that replaces workers reads the status first, then forks, which needs what is held here.
        let is_there = |pid: i32| std::path::Path::new(&format!("/proc/{pid}")).exists();
        while is_there(worker) {}
        for _ in 0..1_000_000 {
            assert_eq!(multiprocessing::current_process().name(), "MainProcess");
        }
        drop(streams);
        assert_ne!(pool.apply(pid_after, (0.0,)).unwrap(), worker);
    }

    fn exit_in_a_task_ends_the_worker_not_the_pool() {
        let pool = Pool::new(1).unwrap();
        let lost = pool.apply_async(|| -> i32 { sys::exit(3) }, ()).unwrap();
        assert_eq!(pool.apply(|| 4, ()).unwrap(), 4);
        assert!(!lost.ready());
    }

    fn a_closed_pool_still_replaces_workers_while_results_are_to_come() {
        let pool = Pool::new(1).unwrap();
        let first = pool.apply_async(pid_after, (0.1,)).unwrap();
        let second = pool.apply_async(pid_after, (0.0,)).unwrap();
        let lost = pool.apply_async(|| kill(getpid(), libc::SIGKILL), ()).unwrap();
        let last = pool.apply_async(pid_after, (0.0,)).unwrap();
        pool.close();
        assert_eq!(first.get().unwrap(), second.get().unwrap());
        assert_ne!(last.get().unwrap(), first.get().unwrap());
        assert!(!lost.ready());
        // As in CPython, `join` would wait for the lost result for ever.
        pool.terminate();
    }

    fn random_kills_lose_at_most_the_victims_tasks() {
        let mut random = Random::new(5);
        for _ in 0..10 {
            let pool = Pool::new(4).unwrap();
            let results: Vec<_> = (0..400).map(|n: u64| pool.apply_async(|n: u64| {
                std::hint::black_box((0..3000).sum::<u64>());
                n
            }, (n,)).unwrap()).collect();
            let kills = 6;
            for _ in 0..kills {
                std::thread::sleep(Duration::from_micros(random.below(2000)));
                let workers = children_of(getpid());
                if let Some(pid) = workers.get(random.below(4) as usize) {
                    kill(*pid, libc::SIGKILL);
                }
            }
            // A task behind all others shows that those that were not lost are done.
            pool.apply(|| (), ()).unwrap();
            let outcomes = outcomes(&results, Duration::from_millis(200));
            let lost = outcomes.iter().filter(|outcome| outcome.is_none()).count();
            assert!(lost <= kills, "{lost} tasks lost by {kills} kills");
            assert!((0..).zip(&outcomes).all(|(n, outcome)| outcome.is_none_or(|value| value == n)));
        }
    }

    fn a_worker_killed_while_it_looks_for_a_task_strands_none() {
        let pool = Pool::new(3).unwrap();
        for _ in 0..30 {
            let worker = pool.apply(pid_after, (0.0,)).unwrap();
            kill(worker, libc::SIGKILL);
            let is_there = || std::path::Path::new(&format!("/proc/{worker}")).exists();
            while is_there() {
                std::thread::yield_now();
            }
            // Long enough for all the others to have gone to sleep.
            std::thread::sleep(Duration::from_millis(5));
            let next = pool.apply_async(pid_after, (0.0,)).unwrap();
            assert_ne!(next.get_timeout(crate::crash::BOUND).unwrap(), worker);
        }
    }

    fn who_reads_the_results_of_others_minds_its_own_timeout() {
        let pool = Pool::new(2).unwrap();
        let slow = pool.apply_async(pid_after, (2.0,)).unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                pool.apply_async(|n: i32| n, (1,)).unwrap();
            });
            let got = slow.get_timeout(Duration::from_millis(50));
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(matches!(got, Err(Error::Timeout)));
        });
    }

    fn workers_do_not_outlive_a_killed_parent() {
        let q = Queue::new(0).unwrap();
        let mut parent = Process::new(|| {
            let pool = Pool::new(3).unwrap();
            let busy = pool.apply_async(pid_after, (60.0,)).unwrap();
            q.put(children_of(getpid())).unwrap();
            busy.wait();
        }, ());
        parent.start().unwrap();
        let workers: Vec<i32> = q.get().unwrap();
        assert_eq!(workers.len(), 3);
        let watched: Vec<i32> = workers.iter().map(|pid| pidfd(*pid)).collect();
        parent.kill().unwrap();
        parent.join().unwrap();
        for fd in watched {
            let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            // SAFETY: one local entry that outlives the call.
            assert_eq!(unsafe { libc::poll(&mut poll, 1, 30_000) }, 1, "a worker is still there");
        }
        // They were orphans of the killed parent; the harness, a subreaper, buries them.
        assert!(active_children().is_empty());
    }

    fn pools_come_and_go() {
        for n in 0..60 {
            let pool = Pool::new(3).unwrap();
            let result = pool.apply_async(|n: i32| n, (n,)).unwrap();
            if n % 3 == 0 {
                pool.close();
                pool.join().unwrap();
            } else if n % 3 == 1 {
                pool.terminate();
            }
            drop(pool);
            assert!(n % 3 != 0 || result.get().unwrap() == n);
        }
    }
}

/// The children of a process, oldest first, as the kernel lists them.
fn children_of(pid: i32) -> Vec<i32> {
    let mut children: Vec<i32> = std::fs::read_dir(format!("/proc/{pid}/task"))
        .unwrap()
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<i32>>())
        .collect();
    children.sort_unstable();
    children
}

fn pidfd(pid: i32) -> i32 {
    // SAFETY: plain numbers; the descriptor stays open to the end of the test.
    unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) as i32 }
}
