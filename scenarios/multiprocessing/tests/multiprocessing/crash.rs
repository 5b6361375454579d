//! Queues whose users are killed at every point of what they do.

use std::time::Duration;

use multiprocessing::{Empty, Process, Queue};

use crate::support::{Random, kill, tests};

/// Longer than anything here takes, so that a hang is a failure and not a wait.
pub const BOUND: Duration = Duration::from_secs(60);

/// At how many places of an operation to kill.
const PLACES: u64 = 80;

/// Forks a child that does `body`, and kills it after so many machine instructions; says how many it did, if it
/// was done before.
pub fn killed_after(steps: usize, body: impl FnOnce()) -> Option<usize> {
    // SAFETY: the child runs test code that the library supports after a fork, and leaves by `_exit`.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        // SAFETY: asks the parent to trace this process, and stops until it does.
        unsafe {
            libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
            libc::raise(libc::SIGSTOP);
        }
        body();
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(0) };
    }
    let mut status = wait(pid);
    for done in 0..steps {
        if libc::WIFEXITED(status) {
            return Some(done);
        }
        // SAFETY: the child is stopped and traced by this thread.
        unsafe { libc::ptrace(libc::PTRACE_SINGLESTEP, pid, 0, 0) };
        status = wait(pid);
    }
    kill(pid, libc::SIGKILL);
    while !libc::WIFSIGNALED(status) && !libc::WIFEXITED(status) {
        status = wait(pid);
    }
    None
}

fn wait(pid: i32) -> i32 {
    let mut status = 0;
    // SAFETY: `status` is a local that the call fills.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, libc::__WALL) }, pid);
    status
}

/// Numbers of instructions after which to kill a process that does `body`: one at random in each of so many parts.
pub fn places(body: impl FnOnce()) -> impl Iterator<Item = usize> {
    let steps = killed_after(usize::MAX, body).expect("nothing kills it") as u64;
    let part = steps.div_ceil(PLACES);
    let mut random = Random::new(steps);
    (0..PLACES).map(move |n| (n * part + random.below(part)) as usize)
}

/// Takes everything out.
fn drained(q: &Queue<String>) -> Vec<u8> {
    let mut items = Vec::new();
    loop {
        match q.get_nowait() {
            Ok(item) => items.push(number(&item)),
            Err(Empty) => return items,
            Err(error) => panic!("{error}"),
        }
    }
}

/// What an item was made from.
fn number(item: &str) -> u8 {
    item.as_bytes()[0] - b'0'
}

/// An item of three blocks; text, because that is copied in one go and not stepped through byte by byte.
fn item(n: u8) -> String {
    char::from(b'0' + n).to_string().repeat(600)
}

tests! {
    fn a_put_killed_at_any_instruction_is_whole_or_nothing() {
        let q = Queue::new(0).unwrap();
        let nine = item(9);
        for steps in places(|| q.put(nine.clone()).unwrap()) {
            drained(&q);
            q.put(item(1)).unwrap();
            q.put(item(2)).unwrap();
            killed_after(steps, || q.put(nine.clone()).unwrap());
            let size = q.qsize();
            q.put(item(3)).unwrap();
            let items = drained(&q);
            assert_eq!(items.len(), size + 1);
            assert!(items == [1, 2, 3] || items == [1, 2, 9, 3], "{items:?} after {steps} instructions");
        }
    }

    fn a_get_killed_at_any_instruction_takes_at_most_its_item() {
        let q = Queue::new(0).unwrap();
        q.put(item(0)).unwrap();
        for steps in places(|| drop(q.get().unwrap())) {
            drained(&q);
            (1..4).for_each(|n| q.put(item(n)).unwrap());
            killed_after(steps, || drop(q.get().unwrap()));
            let size = q.qsize();
            q.put(item(4)).unwrap();
            let items = drained(&q);
            assert_eq!(items.len(), size + 1);
            assert!(items == [1, 2, 3, 4] || items == [2, 3, 4], "{items:?} after {steps} instructions");
        }
    }

    fn a_consumer_that_waits_survives_a_producer_killed_at_any_instruction() {
        let q = Queue::<String>::new(0).unwrap();
        let nine = item(9);
        for steps in places(|| q.put(nine.clone()).unwrap()) {
            drained(&q);
            let mut consumer = Process::new(|| assert!([1, 9].contains(&number(&q.get().unwrap()))), ());
            consumer.start().unwrap();
            killed_after(steps, || q.put(nine.clone()).unwrap());
            q.put(item(1)).unwrap();
            assert!(consumer.join_timeout(BOUND).unwrap(), "it waits for ever after {steps} instructions");
            assert_eq!(consumer.exitcode(), Some(0));
        }
    }

    fn a_producer_that_waits_survives_a_consumer_killed_at_any_instruction() {
        let q = Queue::<String>::new(1).unwrap();
        q.put(item(0)).unwrap();
        for steps in places(|| drop(q.get().unwrap())) {
            drained(&q);
            q.put(item(1)).unwrap();
            let mut producer = Process::new(|| q.put(item(2)).unwrap(), ());
            producer.start().unwrap();
            killed_after(steps, || drop(q.get().unwrap()));
            let mut last = number(&q.get_timeout(BOUND).unwrap());
            if last == 1 {
                last = number(&q.get_timeout(BOUND).unwrap());
            }
            assert!(last == 2 && producer.join_timeout(BOUND).unwrap(), "it waits for ever after {steps} instructions");
        }
    }

    fn a_waiter_killed_in_its_sleep_takes_nobody_s_wake_up() {
        let q = Queue::<String>::new(1).unwrap();
        for _ in 0..50 {
            let mut waiters: Vec<_> = (0..3).map(|_| Process::new(|| drop(q.get().unwrap()), ())).collect();
            waiters.iter_mut().for_each(|p| p.start().unwrap());
            waiters[1].kill().unwrap();
            q.put(item(1)).unwrap();
            q.put_timeout(item(2), BOUND).unwrap();
            waiters[1].join().unwrap();
            // If the killed one had taken an item before, one is still missing.
            while [0, 2].into_iter().any(|n| !waiters[n].join_timeout(Duration::from_millis(20)).unwrap()) {
                let _ = q.put_nowait(item(3));
            }
            drained(&q);
        }
    }

    fn producers_and_consumers_killed_at_random_moments_lose_only_their_own_items() {
        let mut random = Random::new(11);
        for round in 0..12 {
            let q = Queue::<(u32, u32)>::new([1, 5, 0][round % 3]).unwrap();
            let seen = Queue::<(u32, u32)>::new(0).unwrap();
            let produce = |who: u32| (0..u32::MAX).for_each(|n| q.put((who, n)).unwrap());
            let consume = || loop { seen.put(q.get().unwrap()).unwrap() };
            let mut producers: Vec<_> = (0..6).map(|who| Process::new(produce, (who,))).collect();
            let mut consumers: Vec<_> = (0..6).map(|_| Process::new(consume, ())).collect();
            producers.iter_mut().chain(&mut consumers).for_each(|p| p.start().unwrap());
            // All but the first of each side die, one after the other.
            for n in 1..6 {
                std::thread::sleep(Duration::from_micros(random.below(3000)));
                producers[n].kill().unwrap();
                std::thread::sleep(Duration::from_micros(random.below(3000)));
                consumers[n].kill().unwrap();
                consumers[n].join().unwrap();
                producers[n].join().unwrap();
            }
            drain(&seen);
            // Those who are left still work: fresh items arrive.
            (0..100).for_each(|_| assert!(seen.get_timeout(BOUND).is_ok()));
            producers[0].kill().unwrap();
            producers[0].join().unwrap();
            consumers[0].kill().unwrap();
            consumers[0].join().unwrap();
            drain(&seen);
            drain(&q);
            q.put((99, 0)).unwrap();
            assert_eq!(q.get_timeout(BOUND).unwrap(), (99, 0));
        }
    }

    fn what_a_lone_consumer_sees_of_killed_producers_is_a_prefix_of_each() {
        let mut random = Random::new(23);
        for capacity in [1, 5, 0] {
            let q = Queue::<(usize, u32)>::new(capacity).unwrap();
            let produce = |who: usize| (0..u32::MAX).for_each(|n| q.put((who, n)).unwrap());
            let mut producers: Vec<_> = (0..4).map(|who| Process::new(produce, (who,))).collect();
            producers.iter_mut().for_each(|p| p.start().unwrap());
            let mut next = [0; 4];
            for producer in &producers {
                for _ in 0..random.below(2000) {
                    follow(&mut next, q.get_timeout(BOUND).unwrap());
                }
                producer.kill().unwrap();
                producer.join().unwrap();
            }
            while let Ok(item) = q.get_nowait() {
                follow(&mut next, item);
            }
        }
    }
}

/// Checks that each producer's items come in order and without a gap.
fn follow(next: &mut [u32], (who, n): (usize, u32)) {
    assert_eq!(n, next[who], "of producer {who}");
    next[who] += 1;
}

fn drain<T: serde::Serialize + serde::de::DeserializeOwned>(q: &Queue<T>) {
    while q.get_nowait().is_ok() {}
}
