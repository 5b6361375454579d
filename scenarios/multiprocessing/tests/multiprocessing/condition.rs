//! `Condition`: waiting until notified, with the lock given back meanwhile.

use std::time::{Duration, Instant};

use multiprocessing::{Condition, Context, Error, Lock, Process, Queue, RLock, Value, signal, sys};

use crate::support::{BRIEFLY, PLENTY, tests};

/// Children that wait for `cond` and then put their number; all wait when this returns.
fn waiters<'a>(
    ctx: Context,
    cond: &'a Condition,
    woken: &'a Queue<u32>,
    numbers: std::ops::Range<u32>,
) -> Vec<Process<'a>> {
    let ready = ctx.queue(0).unwrap();
    let wait = |cond: &Condition, woken: &Queue<u32>, ready: Queue<()>, n: u32| {
        cond.with(|| {
            ready.put(())?;
            cond.wait()?;
            woken.put(n)
        })
    };
    let mut waiters: Vec<_> = numbers.map(|n| ctx.process(wait, (cond, woken, ready.clone(), n))).collect();
    waiters.iter_mut().for_each(|p| p.start().unwrap());
    waiters.iter().for_each(|_| ready.get().unwrap());
    // Who was ready had the lock, and gives it back only to wait.
    cond.with(|| {});
    waiters
}

fn none_wakes(woken: &Queue<u32>) {
    assert!(matches!(woken.get_timeout(BRIEFLY), Err(Error::Empty)));
}

tests! {
    fn notify_wakes_as_many_as_it_says(ctx: Context) {
        let (cond, woken) = (ctx.condition().unwrap(), ctx.queue(0).unwrap());
        let children = waiters(ctx, &cond, &woken, 0..5);
        none_wakes(&woken);
        for n in [1, 2] {
            cond.with(|| cond.notify(n)).unwrap();
            (0..n).for_each(|_| assert!(woken.get_timeout(PLENTY).is_ok()));
            none_wakes(&woken);
        }
        cond.with(|| cond.notify_all()).unwrap();
        (0..2).for_each(|_| assert!(woken.get_timeout(PLENTY).is_ok()));
        children.iter().for_each(|p| p.join().unwrap());
        assert!(children.iter().all(|p| p.exitcode() == Some(0)));
    }

    fn a_notification_is_not_kept_for_who_comes_later(ctx: Context) {
        let (cond, woken) = (ctx.condition().unwrap(), ctx.queue(0).unwrap());
        cond.with(|| cond.notify_all()).unwrap();
        cond.with(|| assert!(!cond.wait_timeout(BRIEFLY).unwrap()));
        let children = waiters(ctx, &cond, &woken, 0..1);
        none_wakes(&woken);
        cond.with(|| cond.notify(7)).unwrap();
        children.iter().for_each(|p| p.join().unwrap());
        let later = waiters(ctx, &cond, &woken, 1..2);
        assert_eq!(woken.get().unwrap(), 0);
        none_wakes(&woken);
        cond.with(|| cond.notify(1)).unwrap();
        later.iter().for_each(|p| p.join().unwrap());
    }

    fn waiting_and_notifying_need_the_lock(ctx: Context) {
        let cond = Condition::new().unwrap();
        let error = cond.wait().unwrap_err();
        assert_eq!(error.to_string(), "must acquire() condition before using wait()");
        assert_eq!(cond.notify(1).unwrap_err().to_string(), "lock is not owned");
        cond.with(|| {
            let mut p = ctx.process(|cond: &Condition| assert!(cond.notify_all().is_err()), (&cond,));
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(0));
        });
        assert!(matches!(cond.release(), Err(Error::NotOwner)));
    }

    fn a_timeout_is_over_in_time_and_the_lock_is_held_again() {
        let lock = Lock::new().unwrap();
        let cond = Condition::with_lock(lock.clone()).unwrap();
        cond.acquire();
        let began = Instant::now();
        assert!(!cond.wait_timeout(BRIEFLY).unwrap());
        assert!(began.elapsed() >= BRIEFLY);
        assert!(!lock.acquire_nowait());
        cond.release().unwrap();
        assert!(lock.acquire_nowait());
    }

    fn a_recursive_lock_is_given_back_wholly_and_taken_again_as_often(ctx: Context) {
        let lock = RLock::new().unwrap();
        let cond = Condition::with_lock(lock.clone()).unwrap();
        let free = ctx.queue(0).unwrap();
        let child = |lock: &RLock, cond: &Condition, free: &Queue<bool>| cond.with(|| cond.with(|| {
            free.put(true)?;
            cond.wait()?;
            lock.release()?;
            lock.release()?;
            assert!(matches!(lock.release(), Err(Error::NotOwner)));
            // As often as the two blocks will release it.
            lock.acquire();
            lock.acquire();
            Ok::<(), Error>(())
        }));
        let mut p = ctx.process(child, (&lock, &cond, &free));
        p.start().unwrap();
        free.get().unwrap();
        cond.with(|| cond.notify(1)).unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
        assert!(lock.acquire_nowait());
    }

    fn wait_for_asks_until_it_is_true(ctx: Context) {
        let (cond, n) = (ctx.condition().unwrap(), ctx.value(0).unwrap());
        let child = |cond: &Condition, n: &Value<i32>| cond.with(|| cond.wait_for(|| n.get() == 4));
        let mut p = ctx.process(child, (&cond, &n));
        p.start().unwrap();
        for _ in 0..4 {
            cond.with(|| { n.update(|n| n + 1); cond.notify(1) }).unwrap();
        }
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
        cond.with(|| {
            assert!(cond.wait_for_timeout(|| n.get() == 4, Duration::ZERO).unwrap());
            let began = Instant::now();
            assert!(!cond.wait_for_timeout(|| n.get() == 5, BRIEFLY).unwrap());
            assert!(began.elapsed() >= BRIEFLY);
        });
    }

    fn a_notification_finds_the_living_among_the_dead(ctx: Context) {
        let (cond, woken) = (ctx.condition().unwrap(), ctx.queue(0).unwrap());
        let doomed = waiters(ctx, &cond, &woken, 0..3);
        let living = waiters(ctx, &cond, &woken, 3..5);
        doomed.iter().for_each(|p| p.kill().unwrap());
        doomed.iter().for_each(|p| p.join().unwrap());
        cond.with(|| cond.notify(1)).unwrap();
        assert!(woken.get_timeout(PLENTY).unwrap() >= 3);
        cond.with(|| cond.notify(1)).unwrap();
        assert!(woken.get_timeout(PLENTY).unwrap() >= 3);
        living.iter().for_each(|p| p.join().unwrap());
        // And nobody waits for the dead.
        cond.with(|| cond.notify_all()).unwrap();
    }

    fn who_is_told_to_end_while_it_waits_gives_back_the_lock(ctx: Context) {
        let (cond, ready) = (ctx.condition().unwrap(), ctx.queue(0).unwrap());
        let child = |cond: &Condition, ready: &Queue<()>| -> multiprocessing::Result<()> {
            signal::signal(signal::SIGTERM, |_| sys::exit(3))?;
            cond.with(|| {
                ready.put(())?;
                cond.wait()
            })
        };
        let mut p = ctx.process(child, (&cond, &ready));
        p.start().unwrap();
        ready.get().unwrap();
        // As in CPython, one that comes just before the wait is noticed after it.
        while !p.join_timeout(BRIEFLY).unwrap() {
            cond.with(|| p.terminate()).unwrap();
        }
        assert_eq!(p.exitcode(), Some(3));
        assert!(cond.acquire_timeout(PLENTY));
        cond.release().unwrap();
    }
}
