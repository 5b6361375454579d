//! `Queue`: order, bounds, waiting, items of every kind and length.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use multiprocessing::{Empty, Error, Full, Method, Process, Queue, get_context};
use serde::{Deserialize, Serialize};

use crate::support::tests;

const SOON: Duration = Duration::from_millis(60);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Item {
    Picture { name: String, bytes: Vec<u8> },
    Point(f64, Option<i64>),
    Done,
}

/// Runs `p` while `here` runs here, and joins.
fn beside<R>(mut p: Process<'_>, here: impl FnOnce() -> R) -> R {
    p.start().unwrap();
    let result = here();
    p.join().unwrap();
    assert_eq!(p.exitcode(), Some(0));
    result
}

/// Puts `0..count`.
fn put_all(q: &Queue<i32>, count: i32) {
    (0..count).for_each(|n| q.put(n).unwrap());
}

fn put_one(q: &Queue<String>, item: String) {
    q.put(item).unwrap();
}

/// An item of so many bytes.
fn content(len: usize) -> String {
    "0123456789abcdefghijklmnopqrstuvwxyz#".repeat(len / 37 + 1).split_at(len).0.to_owned()
}

tests! {
    fn items_come_out_in_the_order_they_went_in(ctx: Context) {
        for capacity in [0, 1, 2, 5, 1000] {
            let q = ctx.queue(capacity).unwrap();
            beside(ctx.process(put_all, (&q, 3000)), || {
                (0..3000).for_each(|n| assert_eq!(q.get().unwrap(), n));
            });
            assert!(q.empty());
        }
    }

    fn a_full_queue_says_so() {
        let q = Queue::new(2).unwrap();
        assert_eq!((q.qsize(), q.empty(), q.full()), (0, true, false));
        q.put(1).unwrap();
        assert_eq!((q.qsize(), q.empty(), q.full()), (1, false, false));
        q.put_nowait(2).unwrap();
        assert_eq!((q.qsize(), q.empty(), q.full()), (2, false, true));
        assert!(matches!(q.put_nowait(3), Err(Full)));
        assert!(matches!(q.put_timeout(3, Duration::ZERO), Err(Full)));
        let began = Instant::now();
        assert!(matches!(q.put_timeout(3, SOON), Err(Full)));
        assert!(began.elapsed() >= SOON);
        assert_eq!((q.get().unwrap(), q.get_nowait().unwrap()), (1, 2));
    }

    fn an_empty_queue_says_so() {
        let q = Queue::<()>::new(2).unwrap();
        assert!(matches!(q.get_nowait(), Err(Empty)));
        assert!(matches!(q.get_timeout(Duration::ZERO), Err(Empty)));
        let began = Instant::now();
        assert!(matches!(q.get_timeout(SOON), Err(Empty)));
        assert!(began.elapsed() >= SOON);
        q.put(()).unwrap();
        q.get_timeout(SOON).unwrap();
    }

    fn a_get_that_waits_is_woken_by_a_put(ctx: Context) {
        let (there, q) = (ctx.queue(1).unwrap(), ctx.queue(5).unwrap());
        let get = |there: &Queue<()>, q: &Queue<i32>| { there.put(()).unwrap(); assert_eq!(q.get().unwrap(), 7) };
        beside(ctx.process(get, (&there, &q)), || {
            there.get().unwrap();
            std::thread::sleep(SOON);
            q.put(7).unwrap();
        });
    }

    fn a_put_that_waits_is_woken_by_a_get(ctx: Context) {
        let q = ctx.queue(1).unwrap();
        q.put(1).unwrap();
        beside(ctx.process(|q: &Queue<i32>| q.put_timeout(2, Duration::MAX).unwrap(), (&q,)), || {
            std::thread::sleep(SOON);
            assert_eq!(q.qsize(), 1);
            assert_eq!((q.get().unwrap(), q.get().unwrap()), (1, 2));
        });
    }

    fn everybody_who_waits_is_served(ctx: Context) {
        let q = ctx.queue(1).unwrap();
        let mut children: Vec<_> = (0..8).map(|_| ctx.process(|q: Queue<i32>| assert!(q.get().is_ok()), (q.clone(),))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        (0..8).for_each(|n| q.put(n).unwrap());
        children.iter().for_each(|p| p.join().unwrap());
        assert!(children.iter().all(|p| p.exitcode() == Some(0)));
    }

    fn many_producers_and_consumers_see_every_item_once(ctx: Context) {
        const EACH: u32 = 2000;
        for capacity in [1, 5, 0] {
            let (q, seen) = (ctx.queue(capacity).unwrap(), ctx.queue(0).unwrap());
            let produce = |q: &Queue<Option<u32>>, who: u32| (0..EACH).for_each(|n| q.put(Some(who * EACH + n)).unwrap());
            let consume = |q: &Queue<Option<u32>>, seen: &Queue<u32>| while let Some(n) = q.get().unwrap() { seen.put(n).unwrap() };
            let mut producers: Vec<_> = (0..4).map(|who| ctx.process(produce, (&q, who))).collect();
            let mut consumers: Vec<_> = (0..4).map(|_| ctx.process(consume, (&q, &seen))).collect();
            producers.iter_mut().chain(&mut consumers).for_each(|p| p.start().unwrap());
            producers.iter().for_each(|p| p.join().unwrap());
            (0..4).for_each(|_| q.put(None).unwrap());
            consumers.iter().for_each(|p| p.join().unwrap());
            let mut numbers: Vec<u32> = (0..4 * EACH).map(|_| seen.get_nowait().unwrap()).collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..4 * EACH));
            assert!(seen.empty() && q.empty());
        }
    }

    fn one_consumer_sees_each_producer_s_order(ctx: Context) {
        let q = ctx.queue(3).unwrap();
        let produce = |q: &Queue<(usize, u32)>, who: usize| (0..2000).for_each(|n| q.put((who, n)).unwrap());
        let mut producers: Vec<_> = (0..3).map(|who| ctx.process(produce, (&q, who))).collect();
        producers.iter_mut().for_each(|p| p.start().unwrap());
        let mut next = BTreeMap::new();
        for _ in 0..6000 {
            let (who, n) = q.get().unwrap();
            let expected = next.entry(who).or_insert(0);
            assert_eq!(n, *expected);
            *expected += 1;
        }
        producers.iter().for_each(|p| p.join().unwrap());
    }

    fn values_of_every_kind_arrive_as_they_were(ctx: Context) {
        let items = vec![
            Item::Picture { name: "小红的照片.png 🖼".to_owned(), bytes: (0..=255).collect() },
            Item::Point(-0.0, Some(i64::MIN)),
            Item::Point(f64::MAX, None),
            Item::Done,
        ];
        let q = ctx.queue(0).unwrap();
        let put = |q: &Queue<Item>, items: &Vec<Item>| items.iter().for_each(|item| q.put(item.clone()).unwrap());
        beside(ctx.process(put, (&q, &items)), || {
            items.iter().for_each(|item| assert_eq!(&q.get().unwrap(), item));
        });
    }

    fn lengths_around_the_block_size_and_huge_ones_arrive(ctx: Context) {
        let q = ctx.queue::<String>(5).unwrap();
        let lengths = vec![0, 1, 200, 229, 230, 231, 232, 233, 461, 462, 464, 70_000, 1 << 20, 9 << 20, 33 << 20];
        let put = |q: &Queue<String>, lengths: Vec<usize>| lengths.into_iter().for_each(|len| q.put(content(len)).unwrap());
        beside(
            ctx.process(put, (&q, lengths.clone())),
            || {
                for len in lengths {
                    assert!(q.get().unwrap() == content(len), "an item of {len} bytes");
                }
            },
        );
    }

    fn five_megabytes_times_capacity_fit_without_a_reader() {
        let q = Queue::new(5).unwrap();
        let item = |n: u8| char::from(b'0' + n).to_string().repeat(5 << 20);
        (0..5).for_each(|n| q.put_nowait(item(n)).unwrap());
        assert!(q.full());
        (0..5).for_each(|n| assert!(q.get_nowait().unwrap() == item(n)));
    }

    fn an_item_longer_than_the_memory_is_refused() {
        let q = Queue::new(5).unwrap();
        let error = q.put("x".repeat(multiprocessing::queue::MEMORY_BYTES)).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        assert!(q.empty());
    }

    fn without_a_bound_put_does_not_wait() {
        let q = Queue::new(0).unwrap();
        (0..200_000u32).for_each(|n| q.put_nowait(n).unwrap());
        assert_eq!((q.qsize(), q.full()), (200_000, false));
        (0..200_000).for_each(|n| assert_eq!(q.get_nowait().unwrap(), n));
    }

    fn a_queue_reaches_grandchildren(ctx: Context) {
        let q = ctx.queue(1).unwrap();
        let child = |q: &Queue<String>, method: Method| {
            beside(get_context(method).unwrap().process(put_one, (q, "孙".to_owned())), || ());
        };
        beside(ctx.process(child, (&q, ctx.get_start_method())), || assert_eq!(q.get().unwrap(), "孙"));
    }

    fn a_stopped_process_that_holds_nothing_keeps_nobody_waiting() {
        let q = Queue::<i32>::new(1).unwrap();
        let mut p = Process::new(|| drop(q.get()), ());
        p.start().unwrap();
        let pid = p.pid().unwrap();
        crate::support::kill(pid, libc::SIGSTOP);
        // SAFETY: a null status is allowed; returns when the child has stopped.
        assert_eq!(unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WUNTRACED) }, pid);
        q.put(1).unwrap();
        assert_eq!(q.get().unwrap(), 1);
        crate::support::kill(pid, libc::SIGCONT);
        q.put(2).unwrap();
        p.join().unwrap();
    }
}
