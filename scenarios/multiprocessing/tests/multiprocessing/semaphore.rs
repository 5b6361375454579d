//! `Semaphore` and `BoundedSemaphore`: so many at a time.

use multiprocessing::{BoundedSemaphore, Error, Queue, Semaphore, Value, time};

use crate::support::{BRIEFLY, PLENTY, tests};

tests! {
    fn a_semaphore_has_so_many_units() {
        let sem = Semaphore::new(2).unwrap();
        assert_eq!(sem.get_value(), 2);
        sem.acquire();
        sem.acquire();
        assert_eq!(sem.get_value(), 0);
        assert!(!sem.acquire_nowait());
        sem.release().unwrap();
        sem.release().unwrap();
        sem.release().unwrap();
        assert_eq!(sem.get_value(), 3);
    }

    fn a_bounded_semaphore_never_has_more() {
        let sem = BoundedSemaphore::new(2).unwrap();
        sem.acquire();
        sem.release().unwrap();
        let error = sem.release().unwrap_err();
        assert!(matches!(error, Error::ReleasedTooOften));
        assert_eq!(sem.get_value(), 2);
    }

    fn never_more_hold_a_unit_than_there_are(ctx: Context) {
        let sem = ctx.semaphore(3).unwrap();
        let (inside, most) = (ctx.value(0u32).unwrap(), ctx.value(0u32).unwrap());
        let eat = |sem: &Semaphore, inside: &Value<u32>, most: &Value<u32>| (0..300).for_each(|_| sem.with(|| {
            let now = inside.update(|n| n + 1);
            most.update(|most| most.max(now));
            std::thread::yield_now();
            inside.update(|n| n - 1);
        }));
        let mut guests: Vec<_> = (0..8).map(|_| ctx.process(eat, (&sem, &inside, &most))).collect();
        guests.iter_mut().for_each(|p| p.start().unwrap());
        guests.iter().for_each(|p| p.join().unwrap());
        assert_eq!(sem.get_value(), 3);
        assert!((1..=3).contains(&most.get()));
    }

    fn a_release_lets_one_waiter_go_on(ctx: Context) {
        let (sem, q) = (ctx.semaphore(0).unwrap(), ctx.queue(0).unwrap());
        let wait = |sem: &Semaphore, q: &Queue<u32>, n: u32| { sem.acquire(); q.put(n).unwrap(); };
        let mut waiters: Vec<_> = (0..4).map(|n| ctx.process(wait, (&sem, &q, n))).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        assert!(q.get_timeout(BRIEFLY).is_err());
        for _ in 0..4 {
            sem.release().unwrap();
            q.get_timeout(PLENTY).unwrap();
            assert!(q.get_timeout(BRIEFLY).is_err());
        }
        waiters.iter().for_each(|p| p.join().unwrap());
    }

    fn a_semaphore_s_timeout_is_over_in_time() {
        let sem = Semaphore::new(0).unwrap();
        let began = std::time::Instant::now();
        assert!(!sem.acquire_timeout(BRIEFLY));
        assert!(began.elapsed() >= BRIEFLY);
        sem.release().unwrap();
        assert!(sem.acquire_timeout(PLENTY));
    }

    fn a_killed_process_takes_its_unit_along(ctx: Context) {
        let sem = ctx.bounded_semaphore(2).unwrap();
        let q = ctx.queue(0).unwrap();
        let eat = |sem: &BoundedSemaphore, q: &Queue<()>| { sem.acquire(); q.put(()).unwrap(); time::sleep(100.0) };
        let mut p = ctx.process(eat, (&sem, &q));
        p.start().unwrap();
        q.get().unwrap();
        p.kill().unwrap();
        p.join().unwrap();
        assert_eq!(sem.get_value(), 1);
    }
}
