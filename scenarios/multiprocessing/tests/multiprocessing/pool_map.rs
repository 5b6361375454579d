//! `Pool`: `map`, `starmap` and their asynchronous kin.

use std::sync::mpsc;
use std::time::Duration;

use multiprocessing::{Error, Value, getpid, time};

use crate::support::tests;

fn square(n: i64) -> i64 {
    n * n
}

/// Raises at multiples of ten, after a while that grows with the number.
fn no_tens(n: i64) -> i64 {
    if n % 10 == 0 {
        time::sleep(n as f64 / 100.0);
        panic!("{n} is round");
    }
    n
}

fn who(_: usize) -> i32 {
    time::sleep(0.01);
    getpid()
}

fn message(error: Error) -> String {
    match error {
        Error::Task(error) => error.message,
        other => panic!("{other}"),
    }
}

tests! {
    fn map_gives_the_results_in_the_order_of_the_items(ctx: Context) {
        let pool = ctx.pool(4).unwrap();
        let squares: Vec<i64> = (0..1000).map(|n| n * n).collect();
        assert_eq!(pool.map(square, 0..1000).unwrap(), squares);
        for chunksize in [1, 3, 20, 999, 1000, 5000] {
            assert_eq!(pool.chunksize(chunksize).map(square, 0..1000).unwrap(), squares);
        }
        assert_eq!(pool.map(|text: String| text.len(), ["听".to_owned(), String::new()]).unwrap(), [3, 0]);
    }

    fn map_of_nothing_is_nothing_and_its_callback_is_not_called(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        assert!(pool.map(square, []).unwrap().is_empty());
        let result = pool.map_async(square, []).unwrap().callback(|_| panic!("called"));
        assert!(result.ready() && result.successful().unwrap());
        assert!(result.get().unwrap().is_empty());
        pool.close();
        pool.join().unwrap();
    }

    fn results_without_bytes_are_counted_too(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        assert_eq!(pool.map(|_: i32| (), 0..100).unwrap().len(), 100);
        assert_eq!(pool.starmap(|| (), [(), (), ()]).unwrap().len(), 3);
    }

    fn starmap_spreads_tuples(ctx: Context) {
        let pool = ctx.pool(3).unwrap();
        let power = |base: i64, exponent: u32| base.pow(exponent);
        assert_eq!(pool.starmap(power, (0..100).map(|n| (n, 2))).unwrap(), (0..100).map(|n| n * n).collect::<Vec<_>>());
        let result = pool.chunksize(7).starmap_async(power, [(2, 10), (3, 3)]).unwrap();
        assert_eq!(result.get_timeout(Duration::from_secs(60)).unwrap(), [1024, 27]);
    }

    fn a_chunk_is_done_by_one_worker(ctx: Context) {
        let pool = ctx.pool(3).unwrap();
        let pids = pool.chunksize(4).map(who, 0..24).unwrap();
        assert!(pids.chunks(4).all(|chunk| chunk.iter().all(|pid| *pid == chunk[0])), "{pids:?}");
        assert!(pids.iter().any(|pid| *pid != pids[0]));
    }

    fn map_async_calls_back_once_with_the_whole_list(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        let (told, heard) = mpsc::channel();
        let result = pool.chunksize(1).map_async(square, 0..10).unwrap().callback(move |list| told.send(list).unwrap());
        result.wait();
        assert_eq!(heard.iter().collect::<Vec<_>>(), [(0..10).map(|n| n * n).collect::<Vec<_>>()]);
    }

    fn the_first_error_in_time_is_the_one_and_comes_when_all_chunks_are_done(ctx: Context) {
        let pool = ctx.pool(4).unwrap();
        let (told, heard) = mpsc::channel();
        let result = pool.chunksize(1).map_async(no_tens, 5..45).unwrap()
            .callback(|_| panic!("called"))
            .error_callback(move |error| told.send(error.message).unwrap());
        // Number 10 sleeps least.
        assert_eq!(message(result.get().unwrap_err()), "10 is round");
        assert!(!result.successful().unwrap());
        assert_eq!(heard.iter().collect::<Vec<_>>(), ["10 is round"]);
        assert_eq!(message(pool.map(no_tens, [7, 20]).unwrap_err()), "20 is round");
    }

    fn an_error_ends_its_chunk_and_no_other(ctx: Context) {
        let done = Value::new(0i64).unwrap();
        let know = |done: Value<i64>| DONE.set(done).ok().unwrap();
        let pool = ctx.pool_options().processes(2).initializer(know, (done.clone(),)).start().unwrap();
        let count = |n: i64| {
            assert_ne!(n, 1, "no");
            DONE.get().unwrap().update(|done| done + 1);
        };
        assert!(message(pool.chunksize(3).map(count, 0..9).unwrap_err()).contains("no"));
        // Of the first chunk only number 0, all of the two others.
        assert_eq!(done.get(), 7);
    }

    fn chunks_need_an_element(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        assert_eq!(pool.chunksize(0).map(square, 0..3).unwrap_err().to_string(), "Chunksize must be 1+, not 0");
        assert!(matches!(pool.chunksize(0).imap(square, 0..3).err(), Some(Error::Chunksize(0))));
    }

    fn a_pool_that_does_not_run_takes_no_map(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        pool.close();
        assert_eq!(pool.map(square, 0..3).unwrap_err().to_string(), "Pool not running");
        assert!(matches!(pool.map(square, []), Err(Error::PoolNotRunning)));
        assert!(matches!(pool.imap(square, 0..3), Err(Error::PoolNotRunning)));
        assert!(matches!(pool.starmap_async(square, [(1,)]), Err(Error::PoolNotRunning)));
    }

    fn a_panic_of_the_iterator_of_map_is_the_caller_s(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        let items = (0..10).inspect(|n| assert_ne!(*n, 5, "no five"));
        let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.map(square, items)));
        assert!(thrown.is_err());
        assert_eq!(pool.map(square, 0..3).unwrap(), [0, 1, 4]);
    }
}

/// What workers count in.
static DONE: std::sync::OnceLock<Value<i64>> = std::sync::OnceLock::new();
