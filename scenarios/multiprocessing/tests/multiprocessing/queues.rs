//! `SimpleQueue` and `JoinableQueue`.

use std::time::Duration;

use multiprocessing::{Error, JoinableQueue, Queue, SimpleQueue};

use crate::support::{BRIEFLY, PLENTY, tests};

tests! {
    fn a_simple_queue_puts_and_gets(ctx: Context) {
        let q = ctx.simple_queue().unwrap();
        assert!(q.empty().unwrap());
        let mut p = ctx.process(|q: &SimpleQueue<i32>| (0..3).try_for_each(|n| q.put(n)), (&q,));
        p.start().unwrap();
        assert_eq!((0..3).map(|_| q.get().unwrap()).collect::<Vec<i32>>(), [0, 1, 2]);
        p.join().unwrap();
        assert!(q.empty().unwrap());
    }

    fn a_closed_simple_queue_is_closed_here_only(ctx: Context) {
        let q = ctx.simple_queue().unwrap();
        q.put(1).unwrap();
        let mut p = ctx.process(|q: &SimpleQueue<i32>| q.close(), (&q,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(q.get().unwrap(), 1);
        q.close();
        assert!(matches!(q.get(), Err(Error::Closed)) && matches!(q.put(2), Err(Error::Closed)));
        assert!(matches!(q.empty(), Err(Error::Closed)));
    }

    fn join_waits_until_every_item_is_done(ctx: Context) {
        let (q, seen) = (ctx.joinable_queue(0).unwrap(), ctx.queue(0).unwrap());
        let work = |q: JoinableQueue<u32>, seen: Queue<u32>| loop {
            let item = q.get().unwrap();
            seen.put(item).unwrap();
            q.task_done().unwrap();
        };
        let mut workers: Vec<_> = (0..4).map(|_| ctx.process(work, (q.clone(), seen.clone())).daemon(true)).collect();
        workers.iter_mut().for_each(|p| p.start().unwrap());
        for round in 1..=20u32 {
            (0..10).for_each(|n| q.put(n).unwrap());
            q.join();
            assert_eq!(seen.qsize() as u32, round * 10);
        }
        assert!(matches!(q.task_done(), Err(Error::TooManyTasksDone)));
        workers.iter().for_each(|p| p.terminate().unwrap());
        workers.iter().for_each(|p| p.join().unwrap());
    }

    fn nobody_joins_before_the_last_item_is_done(ctx: Context) {
        let q = ctx.joinable_queue(2).unwrap();
        q.join();
        q.put(1).unwrap();
        q.put_timeout(2, BRIEFLY).unwrap();
        assert!(matches!(q.put_nowait(3), Err(Error::Full)) && matches!(q.put_timeout(3, BRIEFLY), Err(Error::Full)));
        let mut p = ctx.process(|q: &JoinableQueue<u32>| q.join(), (&q,));
        p.start().unwrap();
        q.get().unwrap();
        q.get_timeout(PLENTY).unwrap();
        q.task_done().unwrap();
        assert!(!p.join_timeout(BRIEFLY).unwrap());
        q.task_done().unwrap();
        assert!(p.join_timeout(PLENTY).unwrap());
        let error = q.task_done().unwrap_err();
        assert!(matches!(error, Error::TooManyTasksDone));
        assert_eq!(error.to_string(), "task_done() called too many times");
    }

    fn who_is_killed_while_the_queue_is_full_leaves_nothing_to_be_done(ctx: Context) {
        let q = ctx.joinable_queue(1).unwrap();
        q.put(1).unwrap();
        let mut p = ctx.process(|q: &JoinableQueue<u32>| q.put(2), (&q,));
        p.start().unwrap();
        assert!(!p.join_timeout(Duration::from_millis(50)).unwrap());
        p.kill().unwrap();
        p.join().unwrap();
        q.get().unwrap();
        q.task_done().unwrap();
        q.join();
    }
}
