//! `Pool` when it is ended from within, or while others still want something of it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use multiprocessing::{Error, Pool, getpid, time};

use crate::support::{kill, tests};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

/// From now on this process gets no new descriptor, so it cannot make a child it could wait for.
fn forbid_descriptors() {
    let limit = libc::rlimit { rlim_cur: 3, rlim_max: 3 };
    // SAFETY: the limit is a local that outlives the call.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
}

fn same(n: i64) -> i64 {
    n
}

tests! {
    fn a_callback_may_terminate_its_pool_while_main_joins() {
        let pool = Arc::new(Pool::new(2).unwrap());
        let busy = pool.apply_async(time::sleep, (60.0,)).unwrap();
        let of_callback = Arc::clone(&pool);
        let (told, heard) = mpsc::channel();
        let called = pool.apply_async(same, (1,)).unwrap().callback(move |_| {
            // For `join` to be under way; without it the test passes, but shows less.
            time::sleep(0.1);
            of_callback.terminate();
            told.send("terminated").unwrap();
        });
        pool.close();
        pool.join().unwrap();
        assert_eq!(heard.try_recv().unwrap(), "terminated");
        assert!(called.ready() && !busy.ready());
    }

    fn several_threads_may_join_one_pool() {
        let pool = Pool::new(2).unwrap();
        let result = pool.apply_async(|| time::sleep(0.1), ()).unwrap();
        pool.close();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    pool.join().unwrap();
                    assert!(result.ready());
                    assert!(matches!(pool.apply(same, (1,)), Err(Error::PoolNotRunning)));
                });
            }
        });
    }

    fn a_callback_that_comes_late_to_a_pool_that_is_terminated_is_called_and_get_returns() {
        let pool = Arc::new(Pool::new(1).unwrap());
        let early = pool.apply_async(same, (1,)).unwrap();
        early.wait();
        let of_callback = Arc::clone(&pool);
        let (go, gone) = mpsc::channel::<()>();
        let (begin, begun) = mpsc::channel();
        let terminator = pool.apply_async(same, (2,)).unwrap().callback(move |_| {
            begin.send(()).unwrap();
            gone.recv().unwrap();
            of_callback.terminate();
        });
        begun.recv().unwrap();
        // The thread that would call the next one is inside the callback above, and will find the pool terminated.
        let (told, heard) = mpsc::channel();
        let early = early.callback(move |value| told.send(value).unwrap());
        go.send(()).unwrap();
        assert_eq!(early.get_timeout(LONG).unwrap(), 1);
        assert_eq!(heard.recv().unwrap(), 1);
        terminator.wait();
    }

    fn a_pool_that_can_make_no_worker_any_more_fails_its_tasks() {
        let pool = Pool::new(1).unwrap();
        let worker = pool.apply(getpid, ()).unwrap();
        let (told, heard) = mpsc::channel();
        let lost = pool.apply_async(time::sleep, (60.0,)).unwrap().error_callback(move |error| told.send(error).unwrap());
        forbid_descriptors();
        kill(worker, libc::SIGKILL);
        let Err(Error::Task(error)) = lost.get_timeout(LONG) else { panic!("no error") };
        assert!(error.message.starts_with("pidfd_open: "), "{error}");
        assert_eq!(heard.try_recv().unwrap(), error);
        assert!(matches!(pool.apply(same, (1,)), Err(Error::PoolNotRunning)));
        pool.join().unwrap();
    }
}
