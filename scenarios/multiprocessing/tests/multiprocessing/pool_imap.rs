//! `Pool`: `imap` and `imap_unordered`.

use std::iter;
use std::sync::mpsc;
use std::time::Duration;

use multiprocessing::{Error, time};

use crate::support::tests;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

fn square(n: i64) -> i64 {
    n * n
}

fn no_threes(n: i64) -> i64 {
    assert_ne!(n % 3, 0, "three");
    n
}

fn slowly(seconds: f64) -> f64 {
    time::sleep(seconds);
    seconds
}

tests! {
    fn imap_gives_the_results_in_the_order_of_the_items(ctx: Context) {
        let pool = ctx.pool(4).unwrap();
        for chunksize in [1, 7, 5000] {
            let results = pool.chunksize(chunksize).imap(square, 0..3000).unwrap();
            let squares: Vec<i64> = results.map(Result::unwrap).collect();
            assert_eq!(squares, (0..3000).map(|n| n * n).collect::<Vec<_>>());
        }
        assert_eq!(pool.imap(square, []).unwrap().count(), 0);
    }

    fn imap_waits_for_its_turn_and_imap_unordered_does_not(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        let seconds = [0.3, 0.0];
        assert_eq!(pool.imap(slowly, seconds).unwrap().collect::<Result<Vec<_>, _>>().unwrap(), [0.3, 0.0]);
        assert_eq!(pool.imap_unordered(slowly, seconds).unwrap().collect::<Result<Vec<_>, _>>().unwrap(), [0.0, 0.3]);
    }

    fn imap_unordered_gives_each_result_once(ctx: Context) {
        let pool = ctx.pool(4).unwrap();
        for chunksize in [1, 7] {
            let results = pool.chunksize(chunksize).imap_unordered(square, 0..3000).unwrap();
            let mut squares: Vec<i64> = results.map(Result::unwrap).collect();
            squares.sort_unstable();
            assert_eq!(squares, (0..3000).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    fn an_error_comes_in_its_place_and_the_next_results_follow(ctx: Context) {
        let pool = ctx.pool(3).unwrap();
        let results: Vec<_> = pool.imap(no_threes, 1..8).unwrap().map(Result::ok).collect();
        assert_eq!(results, [Some(1), Some(2), None, Some(4), Some(5), None, Some(7)]);
        let mut unordered: Vec<_> = pool.imap_unordered(no_threes, 1..8).unwrap().map(Result::ok).collect();
        unordered.sort_unstable();
        assert_eq!(unordered, [None, None, Some(1), Some(2), Some(4), Some(5), Some(7)]);
    }

    fn in_chunks_the_first_error_takes_the_place_of_its_chunk_and_is_the_end(ctx: Context) {
        let pool = ctx.pool(3).unwrap();
        let mut results = pool.chunksize(2).imap(no_threes, 1..100).unwrap();
        assert_eq!([results.next().unwrap().unwrap(), results.next().unwrap().unwrap()], [1, 2]);
        let Err(Error::Task(error)) = results.next().unwrap() else { panic!("no error") };
        assert!(error.message.contains("three"));
        assert!(results.next().is_none() && results.next().is_none());
    }

    fn next_timeout_gives_up_and_may_be_asked_again(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        let mut results = pool.imap(slowly, [0.3]).unwrap();
        assert!(matches!(results.next_timeout(Duration::from_millis(10)), Some(Err(Error::Timeout))));
        assert_eq!(results.next_timeout(LONG).unwrap().unwrap(), 0.3);
        assert!(results.next_timeout(LONG).is_none());
    }

    fn items_may_come_slowly_and_results_come_before_the_last_of_them(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        let (give, given) = mpsc::channel::<i64>();
        let mut results = pool.imap(square, given).unwrap();
        for n in 1..5 {
            give.send(n).unwrap();
            assert_eq!(results.next_timeout(LONG).unwrap().unwrap(), n * n);
        }
        drop(give);
        assert!(results.next_timeout(LONG).is_none());
    }

    fn items_may_be_without_end(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        let results = pool.imap(square, 0..).unwrap();
        let first: Vec<i64> = results.take(5000).map(Result::unwrap).collect();
        assert_eq!(first[4999], 4999 * 4999);
        pool.terminate();
        pool.join().unwrap();
    }

    fn a_panic_of_the_iterator_comes_as_an_error_behind_what_it_gave(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        for chunksize in [1, 2] {
            let items = (0..10).inspect(|n| assert_ne!(*n, 4, "no four"));
            let results: Vec<_> = pool.chunksize(chunksize).imap(square, items).unwrap().collect();
            assert_eq!(results.len(), 5);
            assert!(results[..4].iter().zip(0..).all(|(result, n)| *result.as_ref().unwrap() == n * n));
            assert!(results[4].as_ref().unwrap_err().to_string().contains("no four"));
        }
    }

    fn an_imap_that_nobody_looks_at_is_done_before_join_returns(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        let mut results = pool.imap(square, 0..500).unwrap();
        let dropped = pool.imap_unordered(square, 0..500).unwrap();
        drop(dropped);
        pool.close();
        pool.join().unwrap();
        for n in 0..500 {
            assert_eq!(results.next_timeout(Duration::ZERO).unwrap().unwrap(), n * n);
        }
        assert!(results.next().is_none());
    }

    fn what_is_submitted_later_comes_later(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        let mut results = pool.imap(slowly, iter::repeat_n(0.01, 20)).unwrap();
        let behind = pool.apply_async(square, (3,)).unwrap();
        let list = pool.map_async(square, [4]).unwrap();
        assert_eq!(behind.get().unwrap(), 9);
        for _ in 0..20 {
            assert!(results.next_timeout(Duration::from_millis(1)).unwrap().is_ok());
        }
        assert_eq!(list.get().unwrap(), [16]);
    }

    fn several_imaps_share_a_pool(ctx: Context) {
        let pool = ctx.pool(3).unwrap();
        let mut all: Vec<_> = (0..5).map(|n| pool.imap(square, n..n + 100).unwrap()).collect();
        for step in 0..100 {
            for (n, results) in (0..).zip(&mut all) {
                assert_eq!(results.next().unwrap().unwrap(), (n + step) * (n + step));
            }
        }
        assert!(all.iter_mut().all(|results| results.next().is_none()));
    }

    fn items_that_cannot_be_serialised_are_errors_in_their_place(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        let items = [Picky(1), Picky(2), Picky(3)];
        let results: Vec<_> = pool.imap(|picky: Picky| picky.0, items).unwrap().map(Result::ok).collect();
        assert_eq!(results, [Some(1), None, Some(3)]);
        assert!(pool.map(|picky: Picky| picky.0, [Picky(2)]).is_err());
        assert_eq!(pool.apply(|picky: Picky| picky.0, (Picky(5),)).unwrap(), 5);
    }
}

/// A number that refuses to be serialised when it is even.
#[derive(serde::Deserialize)]
struct Picky(u32);

impl serde::Serialize for Picky {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % 2 {
            0 => Err(serde::ser::Error::custom("even")),
            _ => serializer.serialize_newtype_struct("Picky", &self.0),
        }
    }
}
