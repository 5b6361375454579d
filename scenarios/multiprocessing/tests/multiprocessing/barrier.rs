//! `Barrier`: nobody goes on before all are here.

use std::time::Duration;

use multiprocessing::{Barrier, Error, Process, Queue, Value, time};

use crate::support::{BRIEFLY, PLENTY, tests};

const PARTIES: u32 = 4;

/// Runs `body` in all parties; returns what each of them found.
fn parties<T>(body: impl Fn(u32) -> T) -> Vec<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let found = Queue::new(0).unwrap();
    let run = |n: u32| found.put(body(n));
    let mut children: Vec<_> = (0..PARTIES).map(|n| Process::new(run, (n,))).collect();
    children.iter_mut().for_each(|p| p.start().unwrap());
    children.iter().for_each(|p| p.join().unwrap());
    assert!(children.iter().all(|p| p.exitcode() == Some(0)));
    children.iter().map(|_| found.get().unwrap()).collect()
}

fn is_broken<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::BrokenBarrier))
}

/// A child that waits; it waits when this returns.
fn waiter<'a>(barrier: &'a Barrier, result: &'a Queue<Option<u32>>) -> Process<'a> {
    let before = barrier.n_waiting();
    let mut p = Process::new(|| result.put(barrier.wait().ok()), ());
    p.start().unwrap();
    while barrier.n_waiting() == before {
        std::thread::yield_now();
    }
    p
}

tests! {
    fn each_gets_a_number_of_its_own() {
        let barrier = Barrier::new(PARTIES).unwrap();
        assert_eq!((barrier.parties(), barrier.n_waiting(), barrier.broken()), (PARTIES, 0, false));
        let mut numbers = parties(|_| barrier.wait().unwrap());
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
        assert_eq!(barrier.n_waiting(), 0);
    }

    fn nobody_goes_on_before_all_are_here_again_and_again() {
        let barrier = Barrier::new(PARTIES).unwrap();
        let arrived = Value::new(0u32).unwrap();
        parties(|_| for round in 1..=200 {
            arrived.update(|n| n + 1);
            barrier.wait().unwrap();
            assert_eq!(arrived.get(), round * PARTIES);
            barrier.wait().unwrap();
        });
    }

    fn the_last_one_acts_before_anybody_goes_on() {
        let acted = Value::new(0u32).unwrap();
        let looked = Barrier::new(PARTIES).unwrap();
        let barrier = Barrier::new(PARTIES).unwrap().action({ let acted = acted.clone(); move || { acted.update(|n| n + 1); } });
        parties(|_| for round in 1..=20 {
            barrier.wait().unwrap();
            // Nobody arrives a second time in this round before all have looked.
            assert_eq!(acted.get(), round);
            looked.wait().unwrap();
        });
        assert_eq!(acted.get(), 20);
    }

    fn an_action_that_panics_breaks_the_barrier() {
        let barrier = Barrier::new(2).unwrap().action(|| panic!("no"));
        let result = Queue::new(0).unwrap();
        let first = waiter(&barrier, &result);
        let mut last = Process::new(|| barrier.wait().map(drop), ());
        last.start().unwrap();
        last.join().unwrap();
        assert_eq!((result.get().unwrap(), last.exitcode()), (None, Some(1)));
        assert!(barrier.broken());
        first.join().unwrap();
    }

    fn who_is_killed_in_the_action_breaks_the_barrier() {
        let (acting, result) = (Queue::new(0).unwrap(), Queue::new(0).unwrap());
        let barrier = Barrier::new(2).unwrap().action({ let acting = acting.clone(); move || { acting.put(()).unwrap(); time::sleep(100.0) } });
        let first = waiter(&barrier, &result);
        let mut last = Process::new(|| barrier.wait().map(drop), ());
        last.start().unwrap();
        acting.get().unwrap();
        last.kill().unwrap();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        assert!(barrier.broken());
        first.join().unwrap();
        last.join().unwrap();
    }

    fn a_timeout_breaks_it_for_all() {
        let barrier = Barrier::new(3).unwrap();
        let result = Queue::new(0).unwrap();
        let first = waiter(&barrier, &result);
        assert!(is_broken(&barrier.wait_timeout(BRIEFLY)));
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        assert!(barrier.broken() && is_broken(&barrier.wait()));
        first.join().unwrap();
        let impatient = Barrier::new(2).unwrap().timeout(BRIEFLY);
        assert!(is_broken(&impatient.wait()));
    }

    fn an_aborted_barrier_is_broken_until_it_is_reset() {
        let barrier = Barrier::new(2).unwrap();
        let result = Queue::new(0).unwrap();
        let first = waiter(&barrier, &result);
        barrier.abort();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        first.join().unwrap();
        assert!(is_broken(&barrier.wait()) && barrier.n_waiting() == 0);
        barrier.reset();
        assert!(!barrier.broken());
        let second = waiter(&barrier, &result);
        assert_eq!(barrier.wait().unwrap(), 1);
        assert_eq!(result.get_timeout(PLENTY).unwrap(), Some(0));
        second.join().unwrap();
    }

    fn a_reset_sends_away_who_waits_and_nobody_else() {
        let barrier = Barrier::new(2).unwrap();
        let result = Queue::new(0).unwrap();
        let first = waiter(&barrier, &result);
        barrier.reset();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        let second = waiter(&barrier, &result);
        assert_eq!(barrier.wait().unwrap(), 1);
        assert_eq!(result.get_timeout(PLENTY).unwrap(), Some(0));
        first.join().unwrap();
        second.join().unwrap();
    }

    fn a_killed_waiter_counts_as_arrived_and_the_barrier_goes_on() {
        let barrier = Barrier::new(2).unwrap();
        let result = Queue::new(0).unwrap();
        let doomed = waiter(&barrier, &result);
        doomed.kill().unwrap();
        doomed.join().unwrap();
        assert_eq!(barrier.wait_timeout(PLENTY).unwrap(), 1);
        let next = waiter(&barrier, &result);
        assert_eq!(barrier.wait_timeout(PLENTY).unwrap(), 1);
        next.join().unwrap();
        assert_eq!(result.get().unwrap(), Some(0));
    }

    fn a_barrier_of_one_lets_everybody_through() {
        let barrier = Barrier::new(1).unwrap();
        assert_eq!((barrier.wait().unwrap(), barrier.wait_timeout(Duration::ZERO).unwrap()), (0, 0));
        assert!(matches!(Barrier::new(0), Err(Error::NoParties)));
    }
}
