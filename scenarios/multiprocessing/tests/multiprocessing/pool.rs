//! `Pool`: apply, results, callbacks, close and join.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use multiprocessing::{Error, Pool, Process, current_process, getpid, getppid, time};

use crate::support::{captured, tests};

fn square(n: i64) -> i64 {
    n * n
}

fn slowly(seconds: f64, value: String) -> String {
    time::sleep(seconds);
    value
}

fn raise(text: String) {
    panic!("{text}")
}

fn who() -> (i32, i32, String) {
    time::sleep(0.02);
    (getpid(), getppid(), current_process().name().to_owned())
}

tests! {
    fn callbacks_run_in_order_in_one_thread_while_another_waits_for_results() {
        let pool = Pool::new(1).unwrap();
        let called = Arc::new(Mutex::new(Vec::new()));
        for n in 0..200 {
            let called = Arc::clone(&called);
            let note = move |n: i32| called.lock().unwrap().push((n, std::thread::current().id()));
            let _ = pool.apply_async(|n: i32| n, (n,)).unwrap().callback(note);
            assert_eq!(pool.apply(|n: i32| -n, (n,)).unwrap(), -n);
        }
        pool.close();
        pool.join().unwrap();
        let called = called.lock().unwrap();
        assert!(called.iter().map(|(n, _)| *n).eq(0..200));
        let threads: std::collections::HashSet<_> = called.iter().map(|(_, thread)| *thread).collect();
        assert!(threads.len() == 1 && !threads.contains(&std::thread::current().id()));
    }

    fn apply_returns_what_the_task_returns() {
        let pool = Pool::new(2).unwrap();
        assert_eq!(pool.apply(square, (12,)).unwrap(), 144);
        assert_eq!(pool.apply(|a: i32, b: String, c: bool, d: f64| (a, b, c, d), (1, "二".to_owned(), true, 4.5)).unwrap(),
            (1, "二".to_owned(), true, 4.5));
        assert_eq!(pool.apply(|| (), ()).unwrap(), ());
    }

    fn results_belong_to_their_tasks() {
        let pool = Pool::new(4).unwrap();
        let results: Vec<_> = (0..2000).map(|n| pool.apply_async(square, (n,)).unwrap()).collect();
        for (n, result) in (0..).zip(&results) {
            assert_eq!(result.get().unwrap(), n * n);
        }
        // A result may be asked for again.
        assert_eq!(results[7].get().unwrap(), 49);
    }

    fn workers_are_named_children_of_this_process() {
        let pool = Pool::new(3).unwrap();
        let results: Vec<_> = (0..30).map(|_| pool.apply_async(who, ()).unwrap()).collect();
        let seen: BTreeSet<_> = results.iter().map(|result| result.get().unwrap()).collect();
        assert!(seen.len() <= 3);
        for (pid, ppid, name) in seen {
            assert!(pid != getpid() && ppid == getpid());
            assert!(["ForkPoolWorker-1", "ForkPoolWorker-2", "ForkPoolWorker-3"].contains(&&*name));
        }
    }

    fn five_workers_do_five_tasks_at_once() {
        let pool = Pool::new(5).unwrap();
        let began = Instant::now();
        let results: Vec<_> = (0..5).map(|n| pool.apply_async(slowly, (0.5, n.to_string())).unwrap()).collect();
        results.iter().for_each(|result| result.wait());
        assert!(began.elapsed() < 5 * Duration::from_millis(500), "{:?}", began.elapsed());
    }

    fn large_and_unicode_arguments_and_results_arrive() {
        let pool = Pool::new(2).unwrap();
        let long = "吃饭".repeat(500_000);
        assert!(pool.apply(slowly, (0.0, long.clone())).unwrap() == long);
    }

    fn a_task_that_raises_gives_its_error_to_get_and_prints_nothing() {
        let text = captured(2, || {
            let pool = Pool::new(2).unwrap();
            let result = pool.apply_async(raise, ("太累了".to_owned(),)).unwrap();
            let Err(Error::Task(error)) = result.get() else { panic!("no error") };
            assert_eq!(error.to_string(), "太累了");
            assert!(error.place.contains("pool.rs"), "{}", error.place);
            assert!(!result.successful().unwrap());
            // The worker lives on.
            assert_eq!(pool.apply(square, (3,)).unwrap(), 9);
        });
        assert_eq!(text, "");
    }

    fn ready_and_successful_follow_the_result() {
        let pool = Pool::new(1).unwrap();
        let result = pool.apply_async(slowly, (0.2, String::new())).unwrap();
        assert!(!result.ready());
        assert_eq!(result.successful().unwrap_err().to_string(), "<multiprocessing.pool.ApplyResult object> not ready");
        assert!(matches!(result.get_timeout(Duration::from_millis(20)), Err(Error::Timeout)));
        assert!(!result.wait_timeout(Duration::from_millis(20)));
        result.wait();
        assert!(result.ready() && result.successful().unwrap());
        assert_eq!(result.get_timeout(Duration::ZERO).unwrap(), "");
    }

    fn a_callback_runs_in_the_parent_before_get_returns() {
        let pool = Pool::new(2).unwrap();
        let (told, heard) = mpsc::channel();
        let here = getpid();
        let result = pool.apply_async(slowly, (0.05, "听音乐".to_owned())).unwrap().callback(move |value| {
            assert_eq!(getpid(), here);
            std::thread::sleep(Duration::from_millis(30));
            told.send(value).unwrap();
        });
        assert_eq!(result.get().unwrap(), "听音乐");
        assert_eq!(heard.try_recv().unwrap(), "听音乐");
    }

    fn only_the_callback_that_fits_the_outcome_is_called() {
        let pool = Pool::new(2).unwrap();
        let (told, heard) = mpsc::channel();
        for fails in [false, true] {
            let (value_told, error_told) = (told.clone(), told.clone());
            let task = |fails: bool| if fails { panic!("no") } else { 5 };
            pool.apply_async(task, (fails,)).unwrap()
                .callback(move |value| value_told.send(format!("value {value}")).unwrap())
                .error_callback(move |error| error_told.send(format!("error {error}")).unwrap())
                .wait();
        }
        drop(told);
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["value 5", "error no"]);
    }

    fn callbacks_run_one_after_the_other_in_one_thread() {
        let pool = Pool::new(4).unwrap();
        let (told, heard) = mpsc::channel();
        let results: Vec<_> = (0..50).map(|n| {
            let told = told.clone();
            pool.apply_async(square, (n,)).unwrap().callback(move |_| told.send(std::thread::current().id()).unwrap())
        }).collect();
        pool.close();
        pool.join().unwrap();
        assert!(results.iter().all(|result| result.ready()));
        drop(told);
        let threads: Vec<_> = heard.iter().collect();
        assert_eq!(threads.len(), 50);
        assert!(threads.iter().all(|thread| *thread == threads[0] && *thread != std::thread::current().id()));
    }

    fn a_callback_added_after_the_result_is_called_too() {
        let pool = Pool::new(1).unwrap();
        let (told, heard) = mpsc::channel();
        let result = pool.apply_async(square, (5,)).unwrap();
        result.wait();
        let late = told.clone();
        let result = result.callback(move |value| late.send((value, std::thread::current().id())).unwrap());
        assert_eq!(result.get().unwrap(), 25);
        let (value, thread) = heard.try_recv().unwrap();
        assert!(value == 25 && thread != std::thread::current().id());
        pool.close();
        pool.join().unwrap();
        let result = result.callback(move |value| told.send((value, std::thread::current().id())).unwrap());
        assert_eq!(heard.try_recv().unwrap(), (25, std::thread::current().id()));
        assert!(result.ready());
    }

    fn a_panic_in_a_callback_harms_no_other_result() {
        let text = captured(2, || {
            let pool = Pool::new(2).unwrap();
            let bad = pool.apply_async(square, (1,)).unwrap().callback(|_| panic!("bad callback"));
            assert_eq!(bad.get().unwrap(), 1);
            assert_eq!(pool.apply(square, (2,)).unwrap(), 4);
            pool.close();
            pool.join().unwrap();
        });
        assert!(text.contains("bad callback"));
    }

    fn a_callback_may_submit_the_next_task() {
        let pool = std::sync::Arc::new(Pool::new(2).unwrap());
        let (told, heard) = mpsc::channel();
        let next = pool.clone();
        let first = pool.apply_async(square, (3,)).unwrap().callback(move |value| {
            told.send(next.apply_async(square, (value,)).unwrap()).unwrap();
        });
        first.wait();
        assert_eq!(heard.recv().unwrap().get().unwrap(), 81);
    }

    fn a_closed_pool_takes_nothing_and_finishes_all() {
        let pool = Pool::new(2).unwrap();
        assert_eq!(pool.join().unwrap_err().to_string(), "Pool is still running");
        let results: Vec<_> = (0..6).map(|n| pool.apply_async(slowly, (0.03, n.to_string())).unwrap()).collect();
        pool.close();
        assert_eq!(pool.apply_async(square, (1,)).err().unwrap().to_string(), "Pool not running");
        assert!(matches!(pool.apply(square, (1,)), Err(Error::PoolNotRunning)));
        pool.join().unwrap();
        assert!(results.iter().all(|result| result.ready()));
        pool.join().unwrap();
        pool.terminate();
    }

    fn an_idle_pool_closes_and_joins() {
        for size in [1, 2, 16] {
            let pool = Pool::new(size).unwrap();
            pool.close();
            pool.join().unwrap();
        }
    }

    fn terminate_ends_workers_in_mid_task() {
        let pool = Pool::new(3).unwrap();
        let results: Vec<_> = (0..6).map(|_| pool.apply_async(slowly, (60.0, String::new())).unwrap()).collect();
        let began = Instant::now();
        pool.terminate();
        pool.join().unwrap();
        assert!(began.elapsed() < Duration::from_secs(20));
        assert!(results.iter().all(|result| !result.ready()));
        assert!(matches!(pool.apply(square, (1,)), Err(Error::PoolNotRunning)));
    }

    fn a_pool_that_is_dropped_or_left_at_the_end_is_gone() {
        // The harness fails this test if a worker outlives it.
        let dropped = Pool::new(2).unwrap();
        let result = dropped.apply_async(slowly, (60.0, String::new())).unwrap();
        drop(dropped);
        assert!(!result.ready());
        let left = Pool::new(2).unwrap();
        left.apply_async(slowly, (60.0, String::new())).unwrap();
        std::mem::forget(left);
    }

    fn a_pool_needs_a_worker() {
        assert_eq!(Pool::new(0).err().unwrap().to_string(), "Number of processes must be at least 1");
    }

    fn a_worker_may_have_no_pool() {
        let pool = Pool::new(1).unwrap();
        let told = pool.apply(|| Pool::new(1).err().map(|error| error.to_string()), ()).unwrap();
        assert_eq!(told.unwrap(), "daemonic processes are not allowed to have children");
    }

    fn a_copy_of_a_pool_in_a_child_is_only_a_copy() {
        let pool = Pool::new(2).unwrap();
        let mut p = Process::new(|| {
            assert!(matches!(pool.apply(square, (1,)), Err(Error::PoolNotRunning)));
            pool.close();
            pool.terminate();
        }, ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
        assert_eq!(pool.apply(square, (6,)).unwrap(), 36);
    }

    fn a_child_may_have_a_pool_of_its_own() {
        let mut p = Process::new(|| {
            let pool = Pool::new(2).unwrap();
            assert_eq!(pool.apply(who, ()).unwrap().2.split_once(':').unwrap().0, "ForkPoolWorker-1");
        }, ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }
}
