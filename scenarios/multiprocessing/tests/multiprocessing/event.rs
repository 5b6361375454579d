//! `Event`: a flag that processes wait for.

use multiprocessing::{Event, Process, Queue};

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

    fn a_child_sets_what_its_parent_waits_for() {
        let event = Event::new().unwrap();
        let mut p = Process::new(|| event.set(), ());
        p.start().unwrap();
        assert!(event.wait_timeout(PLENTY));
        p.join().unwrap();
    }

    fn all_who_wait_go_on() {
        let (event, ready, done) = (Event::new().unwrap(), Queue::new(0).unwrap(), Queue::new(0).unwrap());
        let wait = |n: u32| { ready.put(()).unwrap(); event.wait(); done.put(n).unwrap(); };
        let mut waiters: Vec<_> = (0..4).map(|n| Process::new(wait, (n,))).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        waiters.iter().for_each(|_| ready.get().unwrap());
        assert!(done.get_timeout(BRIEFLY).is_err());
        event.set();
        waiters.iter().for_each(|p| p.join().unwrap());
        let mut numbers: Vec<u32> = (0..4).map(|_| done.get().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
    }

    fn who_waits_goes_on_although_it_is_cleared_at_once() {
        let (event, ready): (Event, Queue<()>) = (Event::new().unwrap(), Queue::new(0).unwrap());
        for _ in 0..50 {
            let mut waiter = Process::new(|| { ready.put(()).unwrap(); event.wait() }, ());
            waiter.start().unwrap();
            ready.get().unwrap();
            // Until it waits, setting and clearing may be over before it looks: so again.
            while !waiter.join_timeout(std::time::Duration::from_millis(1)).unwrap() {
                event.set();
                event.clear();
            }
        }
    }

    fn killed_waiters_keep_nobody_from_going_on() {
        let (event, ready): (Event, Queue<()>) = (Event::new().unwrap(), Queue::new(0).unwrap());
        let wait = || { ready.put(()).unwrap(); event.wait() };
        let mut waiters: Vec<_> = (0..4).map(|_| Process::new(wait, ())).collect();
        waiters.iter_mut().for_each(|p| p.start().unwrap());
        waiters.iter().for_each(|_| ready.get().unwrap());
        waiters[..2].iter().for_each(|p| p.kill().unwrap());
        waiters[..2].iter().for_each(|p| p.join().unwrap());
        event.set();
        assert!(waiters[2..].iter().all(|p| p.join_timeout(PLENTY).unwrap()));
    }
}
