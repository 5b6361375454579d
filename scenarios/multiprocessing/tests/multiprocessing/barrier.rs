//! `Barrier`: nobody goes on before all are here.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::Duration;

use multiprocessing::{Barrier, Context, Error, Process, Queue, Value, time};

use crate::support::{BRIEFLY, PLENTY, tests};

const PARTIES: u32 = 4;

/// Whom the action tells that it runs.
static ACTING: OnceLock<Queue<()>> = OnceLock::new();

thread_local! {
    /// How often this process has acted for all.
    static ACTED: Cell<u32> = const { Cell::new(0) };
}

/// Runs all parties to their end.
fn run(parties: impl Iterator<Item = Process<'static>>) {
    let mut parties: Vec<_> = parties.collect();
    parties.iter_mut().for_each(|p| p.start().unwrap());
    parties.iter().for_each(|p| p.join().unwrap());
    assert!(parties.iter().all(|p| p.exitcode() == Some(0)));
}

fn is_broken<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::BrokenBarrier))
}

/// A child that waits; it waits when this returns.
fn waiter<'a>(ctx: Context, barrier: &'a Barrier, result: &'a Queue<Option<u32>>) -> Process<'a> {
    let before = barrier.n_waiting();
    let wait = |barrier: &Barrier, result: &Queue<Option<u32>>| result.put(barrier.wait().ok());
    let mut p = ctx.process(wait, (barrier, result));
    p.start().unwrap();
    while barrier.n_waiting() == before {
        std::thread::yield_now();
    }
    p
}

tests! {
    fn each_gets_a_number_of_its_own(ctx: Context) {
        let (barrier, numbers) = (ctx.barrier(PARTIES).unwrap(), ctx.queue(0).unwrap());
        assert_eq!((barrier.parties(), barrier.n_waiting(), barrier.broken()), (PARTIES, 0, false));
        let wait = |barrier: Barrier, numbers: Queue<u32>| numbers.put(barrier.wait()?);
        run((0..PARTIES).map(|_| ctx.process(wait, (barrier.clone(), numbers.clone()))));
        let mut numbers: Vec<u32> = (0..PARTIES).map(|_| numbers.get().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
        assert_eq!(barrier.n_waiting(), 0);
    }

    fn nobody_goes_on_before_all_are_here_again_and_again(ctx: Context) {
        let (barrier, arrived) = (ctx.barrier(PARTIES).unwrap(), ctx.value(0u32).unwrap());
        let meet = |barrier: Barrier, arrived: Value<u32>| for round in 1..=200 {
            arrived.update(|n| n + 1);
            barrier.wait().unwrap();
            assert_eq!(arrived.get(), round * PARTIES);
            barrier.wait().unwrap();
        };
        run((0..PARTIES).map(|_| ctx.process(meet, (barrier.clone(), arrived.clone()))));
    }

    fn the_last_one_acts_before_anybody_goes_on(ctx: Context) {
        let act = || { ACTED.with(|acted| acted.set(acted.get() + 1)); };
        let (barrier, looked) = (ctx.barrier(PARTIES).unwrap().action(act), ctx.barrier(PARTIES).unwrap());
        let acted = ctx.value(0u32).unwrap();
        let meet = |barrier: Barrier, looked: Barrier, acted: Value<u32>| for round in 1..=20 {
            let index = barrier.wait().unwrap();
            // The action ran in the process that came last, and only there.
            let mine = ACTED.take();
            assert_eq!(mine, u32::from(index == PARTIES - 1));
            acted.update(|acted| acted + mine);
            looked.wait().unwrap();
            assert_eq!(acted.get(), round);
            looked.wait().unwrap();
        };
        run((0..PARTIES).map(|_| ctx.process(meet, (barrier.clone(), looked.clone(), acted.clone()))));
        assert_eq!(acted.get(), 20);
    }

    fn an_action_may_capture_where_children_are_forked() {
        let (acted, q) = (Value::new(0).unwrap(), Queue::new(0).unwrap());
        let barrier = Barrier::new(2).unwrap().action({ let acted = acted.clone(); move || acted.set(7) });
        let p = waiter(multiprocessing::get_context("fork").unwrap(), &barrier, &q);
        assert_eq!((barrier.wait().unwrap(), acted.get()), (1, 7));
        p.join().unwrap();
        let ctx = multiprocessing::get_context("spawn").unwrap();
        assert!(ctx.process(|_: &Barrier| {}, (&barrier,)).start().is_err());
    }

    fn an_action_that_panics_breaks_the_barrier(ctx: Context) {
        let barrier = Barrier::new(2).unwrap().action(|| panic!("no"));
        let result = ctx.queue(0).unwrap();
        let first = waiter(ctx, &barrier, &result);
        let mut last = ctx.process(|barrier: &Barrier| barrier.wait().map(drop), (&barrier,));
        last.start().unwrap();
        last.join().unwrap();
        assert_eq!((result.get().unwrap(), last.exitcode()), (None, Some(1)));
        assert!(barrier.broken());
        first.join().unwrap();
    }

    fn who_is_killed_in_the_action_breaks_the_barrier(ctx: Context) {
        let (acting, result) = (ctx.queue(0).unwrap(), ctx.queue(0).unwrap());
        let act = || { ACTING.get().unwrap().put(()).unwrap(); time::sleep(100.0) };
        let wait = |barrier: &Barrier, acting: Queue<()>| { ACTING.get_or_init(|| acting); barrier.wait().map(drop) };
        let barrier = ctx.barrier(2).unwrap().action(act);
        let first = waiter(ctx, &barrier, &result);
        let mut last = ctx.process(wait, (&barrier, acting.clone()));
        last.start().unwrap();
        acting.get().unwrap();
        last.kill().unwrap();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        assert!(barrier.broken());
        first.join().unwrap();
        last.join().unwrap();
    }

    fn a_timeout_breaks_it_for_all(ctx: Context) {
        let barrier = Barrier::new(3).unwrap();
        let result = ctx.queue(0).unwrap();
        let first = waiter(ctx, &barrier, &result);
        assert!(is_broken(&barrier.wait_timeout(BRIEFLY)));
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        assert!(barrier.broken() && is_broken(&barrier.wait()));
        first.join().unwrap();
        let impatient = Barrier::new(2).unwrap().timeout(BRIEFLY);
        assert!(is_broken(&impatient.wait()));
    }

    fn an_aborted_barrier_is_broken_until_it_is_reset(ctx: Context) {
        let barrier = Barrier::new(2).unwrap();
        let result = ctx.queue(0).unwrap();
        let first = waiter(ctx, &barrier, &result);
        barrier.abort();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        first.join().unwrap();
        assert!(is_broken(&barrier.wait()) && barrier.n_waiting() == 0);
        barrier.reset();
        assert!(!barrier.broken());
        let second = waiter(ctx, &barrier, &result);
        assert_eq!(barrier.wait().unwrap(), 1);
        assert_eq!(result.get_timeout(PLENTY).unwrap(), Some(0));
        second.join().unwrap();
    }

    fn a_reset_sends_away_who_waits_and_nobody_else(ctx: Context) {
        let barrier = Barrier::new(2).unwrap();
        let result = ctx.queue(0).unwrap();
        let first = waiter(ctx, &barrier, &result);
        barrier.reset();
        assert_eq!(result.get_timeout(PLENTY).unwrap(), None);
        let second = waiter(ctx, &barrier, &result);
        assert_eq!(barrier.wait().unwrap(), 1);
        assert_eq!(result.get_timeout(PLENTY).unwrap(), Some(0));
        first.join().unwrap();
        second.join().unwrap();
    }

    fn a_killed_waiter_counts_as_arrived_and_the_barrier_goes_on(ctx: Context) {
        let barrier = Barrier::new(2).unwrap();
        let result = ctx.queue(0).unwrap();
        let doomed = waiter(ctx, &barrier, &result);
        doomed.kill().unwrap();
        doomed.join().unwrap();
        assert_eq!(barrier.wait_timeout(PLENTY).unwrap(), 1);
        let next = waiter(ctx, &barrier, &result);
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
