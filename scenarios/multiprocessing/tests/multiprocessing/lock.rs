//! `Lock` and `RLock`: one process at a time, and what a dead holder leaves.

use std::time::Duration;

use multiprocessing::{Context, Error, Lock, Queue, RLock, Value, getpid, time};

use crate::support::{BRIEFLY, PLENTY, kill, tests};

/// What all locks can do.
trait Acquire: serde::Serialize + serde::de::DeserializeOwned {
    fn acquire(&self);
    fn with(&self, body: impl FnOnce());
}

impl Acquire for Lock {
    fn acquire(&self) {
        self.acquire();
    }
    fn with(&self, body: impl FnOnce()) {
        self.with(body);
    }
}

impl Acquire for RLock {
    fn acquire(&self) {
        self.acquire();
    }
    fn with(&self, body: impl FnOnce()) {
        self.with(|| self.with(body));
    }
}

/// A child that acquires, says so, and is killed.
fn killed_with<L: Acquire>(ctx: Context, lock: &L) {
    let taken = ctx.queue(0).unwrap();
    let hold = |lock: &L, taken: &Queue<()>| {
        lock.acquire();
        taken.put(()).unwrap();
        time::sleep(100.0)
    };
    let mut holder = ctx.process(hold, (lock, &taken));
    holder.start().unwrap();
    taken.get().unwrap();
    holder.kill().unwrap();
    holder.join().unwrap();
}

/// Several children count without losing a count.
fn counts_are_whole<L: Acquire>(ctx: Context, lock: &L) {
    let n = ctx.value(0u32).unwrap();
    let count = |lock: &L, n: &Value<u32>| (0..2_000).for_each(|_| lock.with(|| n.set(n.get() + 1)));
    let mut children: Vec<_> = (0..4).map(|_| ctx.process(count, (lock, &n))).collect();
    children.iter_mut().for_each(|p| p.start().unwrap());
    children.iter().for_each(|p| p.join().unwrap());
    assert_eq!(n.get(), 8_000);
}

tests! {
    fn a_lock_is_taken_once_and_released_once() {
        let lock = Lock::new().unwrap();
        lock.acquire();
        assert!(!lock.acquire_nowait());
        lock.release().unwrap();
        let error = lock.release().unwrap_err();
        assert!(matches!(error, Error::ReleasedTooOften));
        assert_eq!(error.to_string(), "semaphore or lock released too many times");
        assert!(lock.acquire_nowait());
    }

    fn acquiring_with_a_timeout_waits_that_long() {
        let lock = Lock::new().unwrap();
        assert!(lock.acquire_timeout(BRIEFLY));
        let began = std::time::Instant::now();
        assert!(!lock.acquire_timeout(BRIEFLY));
        assert!(began.elapsed() >= BRIEFLY);
        assert!(!lock.acquire_timeout(Duration::ZERO));
    }

    fn any_process_may_release_a_lock(ctx: Context) {
        let lock = ctx.lock().unwrap();
        lock.acquire();
        let mut p = ctx.process(|lock: &Lock| lock.release(), (&lock,));
        p.start().unwrap();
        assert!(lock.acquire_timeout(PLENTY));
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }

    fn who_waits_for_a_lock_gets_it_when_it_is_released(ctx: Context) {
        let (lock, q) = (ctx.lock().unwrap(), ctx.queue(0).unwrap());
        let wait = |lock: &Lock, q: &Queue<i32>| lock.with(|| q.put(getpid()));
        lock.acquire();
        let mut waiters: Vec<_> = (0..3).map(|_| ctx.process(wait, (&lock, &q))).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        assert!(q.get_timeout(BRIEFLY).is_err());
        lock.release().unwrap();
        let mut pids: Vec<_> = waiters.iter().map(|_| q.get().unwrap()).collect();
        waiters.iter().for_each(|p| p.join().unwrap());
        let mut expected: Vec<_> = waiters.iter().map(|p| p.pid().unwrap()).collect();
        pids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(pids, expected);
    }

    fn counting_under_a_lock_loses_nothing(ctx: Context) {
        counts_are_whole(ctx, &ctx.lock().unwrap());
    }

    fn counting_under_a_robust_lock_loses_nothing(ctx: Context) {
        counts_are_whole(ctx, &Lock::robust().unwrap());
    }

    fn counting_under_an_rlock_loses_nothing(ctx: Context) {
        counts_are_whole(ctx, &ctx.rlock().unwrap());
    }

    fn a_block_releases_also_when_it_panics(ctx: Context) {
        let lock = ctx.lock().unwrap();
        let mut p = ctx.process(|lock: &Lock| lock.with(|| panic!("inside")), (&lock,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(1));
        assert!(lock.acquire_nowait());
    }

    fn a_guard_releases_when_it_is_dropped() {
        let lock = Lock::new().unwrap();
        {
            let _held = lock.hold();
            assert!(!lock.acquire_nowait());
        }
        assert!(lock.acquire_nowait());
    }

    fn a_killed_holder_s_lock_stays_taken(ctx: Context) {
        let lock = ctx.lock().unwrap();
        killed_with(ctx, &lock);
        assert!(!lock.acquire_timeout(BRIEFLY));
        lock.release().unwrap();
        assert!(lock.acquire_nowait());
    }

    fn a_killed_holder_s_rlock_stays_taken(ctx: Context) {
        let lock = ctx.rlock().unwrap();
        killed_with(ctx, &lock);
        assert!(!lock.acquire_timeout(BRIEFLY));
        assert!(matches!(lock.release(), Err(Error::NotOwner)));
    }

    fn a_killed_holder_s_robust_lock_goes_to_the_next_who_can_tell(ctx: Context) {
        let lock = Lock::robust().unwrap();
        lock.with(|| assert!(!lock.holder_died()));
        killed_with(ctx, &lock);
        lock.with(|| assert!(lock.holder_died()));
        lock.with(|| assert!(!lock.holder_died()));
    }

    fn who_waits_for_a_robust_lock_gets_it_when_the_holder_is_killed(ctx: Context) {
        let (lock, taken, got) = (RLock::robust().unwrap(), ctx.queue(0).unwrap(), ctx.queue(0).unwrap());
        let hold = |lock: &RLock, taken: &Queue<()>| lock.with(|| { lock.acquire(); taken.put(()).unwrap(); time::sleep(100.0) });
        let wait = |lock: &RLock, got: &Queue<bool>| lock.with(|| got.put(lock.holder_died()));
        let mut holder = ctx.process(hold, (&lock, &taken));
        holder.start().unwrap();
        taken.get().unwrap();
        let mut waiter = ctx.process(wait, (&lock, &got));
        waiter.start().unwrap();
        assert!(got.get_timeout(BRIEFLY).is_err());
        holder.kill().unwrap();
        assert!(got.get_timeout(PLENTY).unwrap());
        waiter.join().unwrap();
        holder.join().unwrap();
        assert!(lock.acquire_timeout(PLENTY));
    }

    fn only_its_holder_releases_a_robust_lock(ctx: Context) {
        let lock = Lock::robust().unwrap();
        assert!(matches!(lock.release(), Err(Error::ReleasedTooOften)));
        lock.acquire();
        let mut p = ctx.process(|lock: &Lock| assert!(matches!(lock.release(), Err(Error::NotOwner))), (&lock,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
        assert!(!lock.acquire_nowait());
        lock.release().unwrap();
    }

    fn an_rlock_is_free_when_released_as_often_as_acquired(ctx: Context) {
        let lock = ctx.rlock().unwrap();
        let tries = |lock: RLock, expected: bool| assert_eq!(lock.acquire_nowait(), expected);
        let other = |expected| {
            let mut p = ctx.process(tries, (lock.clone(), expected));
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(0));
        };
        (0..3).for_each(|_| lock.acquire());
        assert!(lock.acquire_nowait());
        (0..3).for_each(|_| lock.release().unwrap());
        other(false);
        lock.release().unwrap();
        let error = lock.release().unwrap_err();
        assert!(matches!(error, Error::NotOwner));
        assert_eq!(error.to_string(), "attempt to release recursive lock not owned by thread");
        other(true);
        // The child ended without releasing it.
        other(false);
    }

    fn a_child_does_not_own_what_its_parent_holds(ctx: Context) {
        let lock = ctx.rlock().unwrap();
        let child = |lock: &RLock| {
            assert!(!lock.acquire_nowait());
            assert!(matches!(lock.release(), Err(Error::NotOwner)));
        };
        lock.with(|| {
            let mut p = ctx.process(child, (&lock,));
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(0));
        });
        assert!(lock.acquire_nowait());
    }

    fn threads_own_an_rlock_apart() {
        let lock = RLock::new().unwrap();
        lock.acquire();
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(!lock.acquire_nowait()));
            scope.spawn(|| assert!(matches!(lock.release(), Err(Error::NotOwner))));
        });
        lock.release().unwrap();
    }

    fn a_killed_waiter_leaves_the_lock_to_the_others(ctx: Context) {
        let (lock, q) = (ctx.lock().unwrap(), ctx.queue(0).unwrap());
        lock.acquire();
        for _ in 0..5 {
            let mut doomed = ctx.process(|lock: &Lock| lock.acquire(), (&lock,));
            let mut lucky = ctx.process(|lock: &Lock, q: &Queue<()>| lock.with(|| q.put(())), (&lock, &q));
            doomed.start().unwrap();
            lucky.start().unwrap();
            kill(doomed.pid().unwrap(), libc::SIGSTOP);
            doomed.kill().unwrap();
            doomed.join().unwrap();
            lock.release().unwrap();
            q.get_timeout(PLENTY).unwrap();
            lucky.join().unwrap();
            assert!(lock.acquire_timeout(PLENTY));
        }
    }
}
