//! Locks, events, conditions and barriers whose users are killed at every point of what they do.

use multiprocessing::{Barrier, Condition, Error, Event, Lock, Process, Queue, RLock, Semaphore, Value};

use crate::crash::{BOUND, killed_after, places};
use crate::support::tests;

/// A child that does `body`, and has begun when this returns.
fn begun<'a>(body: impl FnOnce() + 'a) -> Process<'a> {
    let ready: Queue<()> = Queue::new(0).unwrap();
    let begins = ready.clone();
    let mut p = Process::new(
        move || {
            begins.put(()).unwrap();
            body();
        },
        (),
    );
    p.start().unwrap();
    ready.get().unwrap();
    p
}

fn ends(p: &Process, steps: usize) {
    assert!(p.join_timeout(BOUND).unwrap(), "it waits for ever after {steps} instructions");
    assert_eq!(p.exitcode(), Some(0));
}

/// Whoever is killed in `acquire` has the lock or has it not; both is told by whether it can be released.
fn is_whole(lock: &Lock) {
    if !lock.acquire_nowait() {
        lock.release().unwrap();
        assert!(lock.acquire_nowait());
    }
    lock.release().unwrap();
    assert!(matches!(lock.release(), Err(Error::ReleasedTooOften)));
}

tests! {
    fn a_lock_is_whole_after_an_acquire_killed_at_any_instruction() {
        let lock = Lock::new().unwrap();
        for steps in places(|| { lock.acquire(); lock.release().unwrap() }) {
            killed_after(steps, || { lock.acquire(); lock.release().unwrap() });
            is_whole(&lock);
        }
    }

    fn who_waits_gets_the_lock_whose_release_was_killed_at_any_instruction() {
        let lock = Lock::new().unwrap();
        lock.acquire();
        for steps in places(|| { lock.release().unwrap(); lock.acquire() }) {
            let waiter = begun(|| lock.acquire());
            killed_after(steps, || lock.release().unwrap());
            // If it was killed before it had released, this does.
            let _ = lock.release();
            ends(&waiter, steps);
            // Now nobody has it, or the waiter, which has ended.
            let _ = lock.acquire_nowait();
        }
    }

    fn the_others_get_the_units_of_a_semaphore_whose_release_was_killed_at_any_instruction() {
        let sem = Semaphore::new(0).unwrap();
        for steps in places(|| { sem.release().unwrap(); sem.acquire() }) {
            let waiters = [begun(|| sem.acquire()), begun(|| sem.acquire())];
            killed_after(steps, || sem.release().unwrap());
            sem.release().unwrap();
            sem.release().unwrap();
            waiters.iter().for_each(|waiter| ends(waiter, steps));
            // The third unit is there if the killed one had released it.
            assert!(sem.get_value() <= 1);
            let _ = sem.acquire_nowait();
        }
    }

    fn a_robust_lock_is_free_after_its_holder_was_killed_at_any_instruction() {
        let lock = RLock::robust().unwrap();
        let work = || lock.with(|| lock.with(|| {}));
        for steps in places(work) {
            let waiter = begun(work);
            killed_after(steps, work);
            ends(&waiter, steps);
            assert!(lock.acquire_timeout(BOUND));
            lock.release().unwrap();
        }
    }

    fn a_value_is_whole_after_an_update_killed_at_any_instruction() {
        let n = Value::new(0u32).unwrap();
        for steps in places(|| { n.update(|n| n + 1); }) {
            let before = n.get();
            let other = begun(|| { n.update(|n| n + 1); });
            let done = killed_after(steps, || { n.update(|n| n + 1); }).is_some();
            ends(&other, steps);
            let counted = n.get() - before;
            assert!(counted == 2 || counted == 1 && !done, "{counted} after {steps} instructions");
        }
    }

    fn who_waits_for_an_event_goes_on_after_a_set_killed_at_any_instruction() {
        let event = Event::new().unwrap();
        for steps in places(|| event.set()) {
            event.clear();
            let waiters = [begun(|| event.wait()), begun(|| event.wait())];
            killed_after(steps, || event.set());
            event.set();
            waiters.iter().for_each(|waiter| ends(waiter, steps));
        }
    }

    fn who_waits_for_a_condition_goes_on_after_a_notify_killed_at_any_instruction() {
        let cond = Condition::with_lock(RLock::robust().unwrap()).unwrap();
        let done = Value::new(false).unwrap();
        let work = || cond.with(|| cond.notify(1)).unwrap();
        for steps in places(work) {
            done.set(false);
            let waiter = begun(|| cond.with(|| cond.wait_for(|| done.get())).unwrap());
            killed_after(steps, work);
            cond.with(|| { done.set(true); cond.notify_all() }).unwrap();
            ends(&waiter, steps);
        }
    }

    fn a_barrier_can_be_reset_after_a_wait_killed_at_any_instruction() {
        let barrier = Barrier::new(2).unwrap();
        let alone = Barrier::new(1).unwrap();
        for steps in places(|| drop(alone.wait())) {
            let waiter = begun(|| drop(barrier.wait()));
            killed_after(steps, || drop(barrier.wait_timeout(std::time::Duration::ZERO)));
            barrier.reset();
            ends(&waiter, steps);
            barrier.reset();
            let waiter = begun(|| assert!(barrier.wait().is_ok()));
            assert!(barrier.wait_timeout(BOUND).is_ok(), "it is broken after {steps} instructions");
            ends(&waiter, steps);
        }
    }
}
