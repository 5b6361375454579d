//! `Lock` and `RLock`: one process at a time, and what a dead holder leaves.

use std::time::Duration;

use multiprocessing::{Error, Lock, Process, Queue, RLock, Result, Value, getpid, time};

use crate::support::{BRIEFLY, PLENTY, kill, tests};

/// A child that acquires, says so, and is killed.
fn killed_while(acquire: impl Fn()) {
    let taken: Queue<()> = Queue::new(0).unwrap();
    let mut holder = Process::new(
        || {
            acquire();
            taken.put(()).unwrap();
            time::sleep(100.0)
        },
        (),
    );
    holder.start().unwrap();
    taken.get().unwrap();
    holder.kill().unwrap();
    holder.join().unwrap();
}

/// Several children count without losing a count.
fn counts_are_whole(with: impl Fn(&dyn Fn())) {
    let n = Value::new(0u32).unwrap();
    let count = || (0..2_000).for_each(|_| with(&|| n.set(n.get() + 1)));
    let mut children: Vec<_> = (0..4).map(|_| Process::new(count, ())).collect();
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

    fn any_process_may_release_a_lock() {
        let lock = Lock::new().unwrap();
        lock.acquire();
        let mut p = Process::new(|| lock.release(), ());
        p.start().unwrap();
        assert!(lock.acquire_timeout(PLENTY));
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }

    fn who_waits_for_a_lock_gets_it_when_it_is_released() {
        let lock = Lock::new().unwrap();
        let q: Queue<i32> = Queue::new(0).unwrap();
        lock.acquire();
        let mut waiters: Vec<_> = (0..3).map(|_| Process::new(|| lock.with(|| q.put(getpid())), ())).collect();
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

    fn counting_under_a_lock_loses_nothing() {
        let lock = Lock::new().unwrap();
        counts_are_whole(|count| lock.with(count));
    }

    fn counting_under_a_robust_lock_loses_nothing() {
        let lock = Lock::robust().unwrap();
        counts_are_whole(|count| lock.with(count));
    }

    fn counting_under_an_rlock_loses_nothing() {
        let lock = RLock::new().unwrap();
        counts_are_whole(|count| lock.with(|| lock.with(count)));
    }

    fn a_block_releases_also_when_it_panics() {
        let lock = Lock::new().unwrap();
        let mut p = Process::new(|| lock.with(|| panic!("inside")), ());
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

    fn a_killed_holder_s_lock_stays_taken() {
        let lock = Lock::new().unwrap();
        killed_while(|| lock.acquire());
        assert!(!lock.acquire_timeout(BRIEFLY));
        lock.release().unwrap();
        assert!(lock.acquire_nowait());
    }

    fn a_killed_holder_s_rlock_stays_taken() {
        let lock = RLock::new().unwrap();
        killed_while(|| lock.acquire());
        assert!(!lock.acquire_timeout(BRIEFLY));
        assert!(matches!(lock.release(), Err(Error::NotOwner)));
    }

    fn a_killed_holder_s_robust_lock_goes_to_the_next_who_can_tell() {
        let lock = Lock::robust().unwrap();
        lock.with(|| assert!(!lock.holder_died()));
        killed_while(|| lock.acquire());
        lock.with(|| assert!(lock.holder_died()));
        lock.with(|| assert!(!lock.holder_died()));
    }

    fn who_waits_for_a_robust_lock_gets_it_when_the_holder_is_killed() {
        let lock = RLock::robust().unwrap();
        let (taken, got): (Queue<()>, Queue<bool>) = (Queue::new(0).unwrap(), Queue::new(0).unwrap());
        let mut holder = Process::new(|| lock.with(|| { lock.acquire(); taken.put(()).unwrap(); time::sleep(100.0) }), ());
        holder.start().unwrap();
        taken.get().unwrap();
        let mut waiter = Process::new(|| lock.with(|| got.put(lock.holder_died())), ());
        waiter.start().unwrap();
        assert!(got.get_timeout(BRIEFLY).is_err());
        holder.kill().unwrap();
        assert!(got.get_timeout(PLENTY).unwrap());
        waiter.join().unwrap();
        holder.join().unwrap();
        assert!(lock.acquire_timeout(PLENTY));
    }

    fn only_its_holder_releases_a_robust_lock() {
        let lock = Lock::robust().unwrap();
        assert!(matches!(lock.release(), Err(Error::ReleasedTooOften)));
        lock.acquire();
        let mut p = Process::new(|| matches!(lock.release(), Err(Error::NotOwner)).then_some(()).ok_or(Error::NotReady), ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
        assert!(!lock.acquire_nowait());
        lock.release().unwrap();
    }

    fn an_rlock_is_free_when_released_as_often_as_acquired() {
        let lock = RLock::new().unwrap();
        let tries = |lock: RLock, expected: bool| assert_eq!(lock.acquire_nowait(), expected);
        let other = |expected| {
            let mut p = Process::new(tries, (lock.clone(), expected));
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

    fn a_child_does_not_own_what_its_parent_holds() {
        let lock = RLock::new().unwrap();
        lock.with(|| {
            let child = || -> Result<()> {
                assert!(!lock.acquire_nowait());
                assert!(matches!(lock.release(), Err(Error::NotOwner)));
                Ok(())
            };
            let mut p = Process::new(child, ());
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

    fn a_killed_waiter_leaves_the_lock_to_the_others() {
        let lock = Lock::new().unwrap();
        let q: Queue<()> = Queue::new(0).unwrap();
        lock.acquire();
        for _ in 0..20 {
            let mut doomed = Process::new(|| lock.acquire(), ());
            let mut lucky = Process::new(|| lock.with(|| q.put(())), ());
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
