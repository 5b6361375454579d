//! `Pool` when it is ended from within, or while others still want something of it.

use std::sync::{Arc, mpsc};

use multiprocessing::{Error, Pool, time};

use crate::support::tests;

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
}
