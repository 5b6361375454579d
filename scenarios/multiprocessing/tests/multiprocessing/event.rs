//! `Event`: a flag that processes wait for.

use multiprocessing::{Event, Queue};

use crate::support::{BRIEFLY, PLENTY, tests};

tests! {
    fn an_event_is_set_until_it_is_cleared() {
        let event = Event::new().unwrap();
        assert!(!event.is_set());
        assert!(!event.wait_timeout(std::time::Duration::ZERO));
        let began = std::time::Instant::now();
        assert!(!event.wait_timeout(BRIEFLY));
        assert!(began.elapsed() >= BRIEFLY);
        event.set();
        event.set();
        assert!(event.is_set());
        event.wait();
        assert!(event.wait_timeout(BRIEFLY));
        event.clear();
        assert!(!event.is_set());
        assert!(!event.wait_timeout(BRIEFLY));
    }

    fn a_child_sets_what_its_parent_waits_for(ctx: Context) {
        let event = ctx.event().unwrap();
        let mut p = ctx.process(|event: &Event| event.set(), (&event,));
        p.start().unwrap();
        assert!(event.wait_timeout(PLENTY));
        p.join().unwrap();
    }

    fn all_who_wait_go_on(ctx: Context) {
        let (event, ready, done) = (ctx.event().unwrap(), ctx.queue(0).unwrap(), ctx.queue(0).unwrap());
        let wait = |event: &Event, ready: &Queue<()>, done: &Queue<u32>, n: u32| { ready.put(()).unwrap(); event.wait(); done.put(n).unwrap(); };
        let mut waiters: Vec<_> = (0..4).map(|n| ctx.process(wait, (&event, &ready, &done, n))).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        waiters.iter().for_each(|_| ready.get().unwrap());
        assert!(done.get_timeout(BRIEFLY).is_err());
        event.set();
        waiters.iter().for_each(|p| p.join().unwrap());
        let mut numbers: Vec<u32> = (0..4).map(|_| done.get().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
    }

    fn who_waits_goes_on_although_it_is_cleared_at_once(ctx: Context) {
        let (event, ready) = (ctx.event().unwrap(), ctx.queue(0).unwrap());
        let wait = |event: &Event, ready: &Queue<()>| { ready.put(()).unwrap(); event.wait() };
        for _ in 0..20 {
            let mut waiter = ctx.process(wait, (&event, &ready));
            waiter.start().unwrap();
            ready.get().unwrap();
            // Until it waits, setting and clearing may be over before it looks: so again.
            while !waiter.join_timeout(std::time::Duration::from_millis(1)).unwrap() {
                event.set();
                event.clear();
            }
        }
    }

    fn killed_waiters_keep_nobody_from_going_on(ctx: Context) {
        let (event, ready) = (ctx.event().unwrap(), ctx.queue(0).unwrap());
        let wait = |event: &Event, ready: &Queue<()>| { ready.put(()).unwrap(); event.wait() };
        let mut waiters: Vec<_> = (0..4).map(|_| ctx.process(wait, (&event, &ready))).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        waiters.iter().for_each(|_| ready.get().unwrap());
        waiters[..2].iter().for_each(|p| p.kill().unwrap());
        waiters[..2].iter().for_each(|p| p.join().unwrap());
        event.set();
        assert!(waiters[2..].iter().all(|p| p.join_timeout(PLENTY).unwrap()));
    }
}
