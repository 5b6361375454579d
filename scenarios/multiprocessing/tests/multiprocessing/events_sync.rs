//! What an observer hears of locks, events, barriers, conditions, pipes and shared variables.

use std::time::Duration;

use multiprocessing::{
    Array, Barrier, Condition, Connection, Event, JoinableQueue, Lock, Pipe, Process, Queue, RLock,
    Semaphore, Value, getpid,
};
use protocol::event::{ProgramEvent, SyncKind, SyncObject};
use serde_json::json;

use crate::observer::{Heard, heard};
use crate::support::{BRIEFLY, tests};

/// An event about an object that processes wait for: who, what in one word, and the object.
fn waits(heard: &[Heard]) -> Vec<(i32, &'static str, SyncObject)> {
    let told = heard.iter().filter_map(|(pid, said)| match said.event.clone() {
        ProgramEvent::SyncWaiting(object) => Some((*pid, "waiting", object)),
        ProgramEvent::SyncAcquired(object) => Some((*pid, "acquired", object)),
        ProgramEvent::SyncReleased(object) => Some((*pid, "released", object)),
        ProgramEvent::SyncTimeout(object) => Some((*pid, "timeout", object)),
        _ => None,
    });
    // Of the processes themselves another test tells.
    told.filter(|(_, _, object)| object.kind != SyncKind::Process).collect()
}

/// Words and names only, of one process.
fn in_short(pid: i32, heard: &[Heard]) -> Vec<String> {
    let waits = waits(heard).into_iter().filter(|(who, ..)| *who == pid);
    waits.map(|(_, what, object)| format!("{what} {}", object.name)).collect()
}

/// Keeps on listening until a process is heard to wait for something of this name.
fn until_somebody_waits(so_far: &mut Vec<Heard>, name: &str) {
    while !waits(so_far).iter().any(|(_, what, object)| *what == "waiting" && object.name == name) {
        so_far.extend(heard());
    }
}

tests! {
    fn a_lock_tells_who_has_it_and_who_waits() {
        let lock = Lock::new().unwrap();
        let mut told = Vec::new();
        lock.acquire();
        let mut p = Process::new(|| lock.with(|| {}), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "Lock-1");
        lock.release().unwrap();
        p.join().unwrap();
        told.extend(heard());
        let (here, there) = (getpid(), p.pid().unwrap());
        let order: Vec<_> = waits(&told).into_iter().map(|(pid, what, _)| (pid, what)).collect();
        let expected = [(here, "acquired"), (there, "waiting"), (here, "released"), (there, "acquired"), (there, "released")];
        assert_eq!(order, expected);
        assert!(waits(&told).iter().all(|(_, _, object)| object.object == 1 && object.kind == SyncKind::Lock));
    }

    fn waiting_in_vain_is_told_and_not_waiting_is_not() {
        let lock = Lock::new().unwrap().name("A");
        lock.acquire();
        assert!(!lock.acquire_nowait());
        assert!(!lock.acquire_timeout(BRIEFLY));
        assert_eq!(in_short(getpid(), &heard()), ["acquired A", "waiting A", "timeout A"]);
    }

    fn a_recursive_lock_is_told_when_it_is_taken_and_when_it_is_free() {
        let lock = RLock::new().unwrap().name("R");
        lock.with(|| lock.with(|| {}));
        assert_eq!(in_short(getpid(), &heard()), ["acquired R", "released R"]);
    }

    fn locks_tell_their_true_order() {
        for lock in [Lock::new().unwrap(), Lock::robust().unwrap()] {
            let work = || (0..100).for_each(|_| lock.with(|| {}));
            let mut children: Vec<_> = (0..3).map(|_| Process::new(work, ())).collect();
            children.iter_mut().for_each(|p| p.start().unwrap());
            children.iter().for_each(|p| p.join().unwrap());
            let mut holder = None;
            let mut times = 0;
            for (pid, what, _) in waits(&heard()) {
                match what {
                    "acquired" => assert_eq!(holder.replace(pid), None),
                    "released" => assert_eq!(holder.take(), Some(pid)),
                    _ => continue,
                }
                times += 1;
            }
            assert_eq!((holder, times), (None, 600));
        }
    }

    fn a_semaphore_never_tells_of_more_units_than_it_has() {
        let sem = Semaphore::new(2).unwrap();
        let work = || (0..50).for_each(|_| sem.with(|| {}));
        let mut children: Vec<_> = (0..4).map(|_| Process::new(work, ())).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        children.iter().for_each(|p| p.join().unwrap());
        let mut held: i32 = 0;
        for (_, what, object) in waits(&heard()) {
            assert_eq!(object.kind, SyncKind::Semaphore);
            held += match what { "acquired" => 1, "released" => -1, _ => 0 };
            assert!((0..=2).contains(&held));
        }
        assert_eq!(held, 0);
    }

    fn an_event_is_released_by_set_and_acquired_by_wait() {
        let event = Event::new().unwrap();
        let mut told = Vec::new();
        let mut p = Process::new(|| event.wait(), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "Event-1");
        event.set();
        p.join().unwrap();
        event.wait();
        event.clear();
        assert!(!event.wait_timeout(BRIEFLY));
        told.extend(heard());
        assert_eq!(in_short(p.pid().unwrap(), &told), ["waiting Event-1", "acquired Event-1"]);
        let here = ["released Event-1", "acquired Event-1", "waiting Event-1", "timeout Event-1"];
        assert_eq!(in_short(getpid(), &told), here);
    }

    fn a_condition_and_its_lock_are_two_objects() {
        let cond = Condition::new().unwrap().name("table");
        let mut told = Vec::new();
        let mut p = Process::new(|| cond.with(|| cond.wait()), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "table");
        cond.with(|| cond.notify(1)).unwrap();
        p.join().unwrap();
        told.extend(heard());
        let mut there = in_short(p.pid().unwrap(), &told);
        // Whether it waits for the lock after the wake-up is a matter of luck.
        there.retain(|said| said != "waiting table.lock");
        assert_eq!(there, [
            "acquired table.lock", "waiting table", "released table.lock",
            "acquired table", "acquired table.lock", "released table.lock",
        ]);
        let mut here = in_short(getpid(), &told);
        here.retain(|said| said != "waiting table.lock");
        assert_eq!(here, ["acquired table.lock", "released table", "released table.lock"]);
    }

    fn the_last_at_a_barrier_releases_the_others() {
        let barrier = Barrier::new(2).unwrap();
        let mut told = Vec::new();
        let mut p = Process::new(|| barrier.wait().map(drop), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "Barrier-1");
        barrier.wait().unwrap();
        p.join().unwrap();
        assert!(barrier.wait_timeout(BRIEFLY).is_err());
        told.extend(heard());
        assert_eq!(in_short(p.pid().unwrap(), &told), ["waiting Barrier-1", "acquired Barrier-1"]);
        let here = ["released Barrier-1", "acquired Barrier-1", "waiting Barrier-1", "timeout Barrier-1"];
        assert_eq!(in_short(getpid(), &told), here);
    }

    fn messages_are_sent_before_they_are_received() {
        let (here, there) = Pipe::duplex().unwrap();
        let echo = |conn: Connection| (0..50).try_for_each(|_| conn.send(&conn.recv::<String>()?));
        let mut p = Process::new(echo, (there,));
        p.start().unwrap();
        for n in 0..50 {
            here.send(&format!("{n}")).unwrap();
            assert_eq!(here.recv::<String>().unwrap(), n.to_string());
        }
        p.join().unwrap();
        let told = heard();
        let mut under_way = Vec::new();
        let mut received = 0;
        for (pid, said) in &told {
            match &said.event {
                ProgramEvent::PipeSent(sent) => under_way.push((*pid, sent.clone())),
                ProgramEvent::PipeReceived(got) => {
                    let (sender, sent) = under_way.remove(0);
                    assert_eq!(&sent, got);
                    assert_ne!(sender, *pid);
                    received += 1;
                }
                _ => {}
            }
        }
        assert_eq!((received, under_way.len()), (100, 0));
        let words = waits(&told).into_iter().map(|(_, what, object)| (what, object.name));
        assert!(words.clone().all(|(_, name)| name == "Pipe-1"));
        let waited = words.clone().filter(|(what, _)| *what == "waiting").count();
        assert_eq!(words.filter(|(what, _)| *what == "acquired").count(), waited);
    }

    fn a_full_pipe_and_an_empty_one_are_waited_for() {
        let (r, w) = Pipe::simplex().unwrap();
        let (r, w) = (r.name("tube"), w.name("tube"));
        let mut told = Vec::new();
        let mut p = Process::new(|| w.send_bytes(&[0; 200_000]), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "tube");
        assert_eq!(r.recv_bytes().unwrap().len(), 200_000);
        p.join().unwrap();
        assert!(!r.poll_timeout(BRIEFLY).unwrap());
        told.extend(heard());
        let there = in_short(p.pid().unwrap(), &told);
        assert!(there.chunks(2).all(|pair| pair == ["waiting tube", "acquired tube"]));
        assert_eq!(in_short(getpid(), &told).last().unwrap(), "timeout tube");
    }

    fn shared_variables_tell_their_memory_and_every_value() {
        let (n, m) = (Value::new(0).unwrap().name("n"), Value::new(0).unwrap().name("m"));
        let a = Array::new([1, 2]).unwrap().name("a");
        let mut p = Process::new(|| n.set(n.get() + 1), ());
        p.start().unwrap();
        p.join().unwrap();
        n.update(|n| n + 1);
        m.set(5);
        a.set(1, 7);
        let told = heard();
        let set: Vec<_> = told.iter().filter_map(|(pid, said)| match &said.event {
            ProgramEvent::VariableSet(set) => Some((*pid, set.name.as_str(), set.value.clone(), set.shared)),
            _ => None,
        }).collect();
        let (here, there) = (getpid(), p.pid().unwrap());
        assert_eq!(set, [
            (there, "n", json!(1), Some(1)),
            (here, "n", json!(2), Some(1)),
            (here, "m", json!(5), Some(2)),
            (here, "a", json!([1, 7]), Some(3)),
        ]);
        // The locks are held for a moment only, which is not worth telling.
        assert_eq!(in_short(here, &told), Vec::<String>::new());
    }

    fn a_value_s_lock_is_told_when_the_program_holds_it() {
        let n = Value::new(0).unwrap().name("n");
        let mut told = Vec::new();
        n.get_lock().acquire();
        let mut p = Process::new(|| n.set(1), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "n.lock");
        n.get_lock().release().unwrap();
        p.join().unwrap();
        told.extend(heard());
        assert_eq!(in_short(getpid(), &told), ["acquired n.lock", "released n.lock"]);
        assert_eq!(in_short(p.pid().unwrap(), &told), ["waiting n.lock", "acquired n.lock", "released n.lock"]);
    }

    fn joining_a_queue_is_told_as_a_wait() {
        let q: JoinableQueue<u8> = JoinableQueue::new(0).unwrap();
        let mut told = Vec::new();
        q.put(1).unwrap();
        let mut p = Process::new(|| q.join(), ());
        p.start().unwrap();
        until_somebody_waits(&mut told, "JoinableQueue-1.join");
        q.get().unwrap();
        q.task_done().unwrap();
        p.join().unwrap();
        told.extend(heard());
        assert_eq!(in_short(getpid(), &told), ["released JoinableQueue-1.join"]);
        assert_eq!(in_short(p.pid().unwrap(), &told), ["waiting JoinableQueue-1.join", "acquired JoinableQueue-1.join"]);
    }

    fn objects_have_numbers_of_their_own_kind() {
        let _locks = (Lock::new().unwrap(), RLock::new().unwrap());
        let (third, sem, event) = (Lock::new().unwrap(), Semaphore::new(1).unwrap(), Event::new().unwrap());
        third.with(|| sem.with(|| event.set()));
        let names: Vec<_> = waits(&heard()).into_iter().map(|(_, _, object)| (object.name, object.object)).collect();
        assert_eq!(names[..3], [("Lock-3".to_owned(), 3), ("Semaphore-1".to_owned(), 1), ("Event-1".to_owned(), 1)]);
    }

    fn a_killed_holder_stands_in_the_log_as_the_last_who_acquired() {
        let (lock, q) = (Lock::new().unwrap(), Queue::new(0).unwrap());
        let mut p = Process::new(|| lock.with(|| { q.put(()).unwrap(); multiprocessing::time::sleep(100.0) }), ());
        p.start().unwrap();
        q.get().unwrap();
        p.kill().unwrap();
        p.join().unwrap();
        assert!(!lock.acquire_timeout(Duration::from_millis(20)));
        let told = heard();
        assert_eq!(in_short(p.pid().unwrap(), &told), ["acquired Lock-1"]);
        assert_eq!(in_short(getpid(), &told), ["waiting Lock-1", "timeout Lock-1"]);
    }
}
