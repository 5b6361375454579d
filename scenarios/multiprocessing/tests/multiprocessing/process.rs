//! `Process`: target, arguments, names, start, run, join.

use std::time::{Duration, Instant};

use multiprocessing::{
    Error, Process, Queue, active_children, current_process, getpid, getppid, parent_process, sys, time,
};

use crate::support::tests;

type Told = (i32, i32, String);

/// A target that tells who ran it.
fn tell(q: &Queue<Told>) {
    q.put((getpid(), getppid(), current_process().name().to_owned())).unwrap();
}

fn sum(q: &Queue<i32>, a: i32, b: i32, c: i32) {
    q.put(a + b + c).unwrap();
}

/// Starts, joins, and expects exit code 0.
fn run_to_the_end(mut p: Process<'_>) {
    p.start().unwrap();
    p.join().unwrap();
    assert_eq!(p.exitcode(), Some(0));
}

tests! {
    fn the_target_runs_in_a_child_of_this_process() {
        let q = Queue::new(0).unwrap();
        let mut p = Process::new(tell, (&q,));
        assert_eq!((p.pid(), p.is_alive(), p.exitcode()), (None, false, None));
        p.start().unwrap();
        let (pid, ppid, _) = q.get().unwrap();
        assert_eq!((Some(pid), ppid), (p.pid(), getpid()));
        p.join().unwrap();
        assert_eq!((p.is_alive(), p.exitcode()), (false, Some(0)));
        assert_eq!(p.pid(), Some(pid));
    }

    fn a_target_takes_up_to_four_arguments() {
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(sum, (&q, 1, 20, 300)));
        assert_eq!(q.get().unwrap(), 321);
        run_to_the_end(Process::new(|| q.put(7).unwrap(), ()));
        assert_eq!(q.get().unwrap(), 7);
    }

    fn names_are_python_s() {
        let q = Queue::new(0).unwrap();
        assert_eq!(current_process().name(), "MainProcess");
        assert!(parent_process().is_none());
        for expected in ["Process-1", "Process-2"] {
            let p = Process::new(tell, (&q,));
            assert_eq!(p.get_name(), expected);
            run_to_the_end(p);
            assert_eq!(q.get().unwrap().2, expected);
        }
        run_to_the_end(Process::new(tell, (&q,)).name("听歌"));
        assert_eq!(q.get().unwrap().2, "听歌");
    }

    fn a_child_of_a_child_counts_from_one_again() {
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| {
            assert_eq!(parent_process().unwrap().name(), "MainProcess");
            run_to_the_end(Process::new(tell, (&q,)));
            run_to_the_end(Process::new(tell, (&q,)));
        }, ()));
        assert_eq!(q.get().unwrap().2, "Process-1:1");
        assert_eq!(q.get().unwrap().2, "Process-1:2");
    }

    fn a_child_may_rename_itself() {
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| {
            current_process().set_name("小明");
            tell(&q);
        }, ()));
        assert_eq!(q.get().unwrap().2, "小明");
    }

    fn a_child_changes_its_own_copy_only() {
        let mut m = 10;
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| { m += 1; q.put(m).unwrap() }, ()));
        assert_eq!(q.get().unwrap(), 11);
        assert_eq!(m, 10);
    }

    fn run_stays_in_the_present_process() {
        let q = Queue::new(0).unwrap();
        let mut p = Process::new(tell, (&q,));
        p.run().unwrap();
        assert_eq!(q.get().unwrap(), (getpid(), getppid(), "MainProcess".to_owned()));
        assert!(matches!(p.run(), Err(Error::RunTwice)));
        assert_eq!(p.pid(), None);
    }

    fn start_twice_is_an_error() {
        let mut p = Process::new(|| (), ());
        p.start().unwrap();
        assert_eq!(p.start().unwrap_err().to_string(), "cannot start a process twice");
        p.join().unwrap();
        assert!(matches!(p.start(), Err(Error::StartedTwice)));
    }

    fn what_needs_a_started_process_says_so() {
        let p = Process::new(|| (), ());
        assert_eq!(p.join().unwrap_err().to_string(), "can only join a started process");
        assert!(matches!(p.terminate(), Err(Error::NotStarted("terminate"))));
        assert!(matches!(p.kill(), Err(Error::NotStarted("kill"))));
    }

    fn only_the_parent_may_start_and_join() {
        let mut brother = Process::new(|| time::sleep(60.0), ());
        brother.start().unwrap();
        let mut unborn = Process::new(|| (), ());
        run_to_the_end(Process::new(|| {
            assert!(matches!(unborn.start(), Err(Error::NotCreator)));
            assert!(matches!(brother.join(), Err(Error::NotChild("join"))));
            assert!(!brother.is_alive());
        }, ()));
        brother.kill().unwrap();
        brother.join().unwrap();
    }

    fn join_with_a_timeout_gives_up() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let mut p = Process::new(|| q.get().unwrap(), ());
        p.start().unwrap();
        let began = Instant::now();
        assert!(!p.join_timeout(Duration::from_millis(80)).unwrap());
        assert!(began.elapsed() >= Duration::from_millis(80));
        assert!(!p.join_timeout(Duration::ZERO).unwrap());
        assert_eq!((p.exitcode(), p.is_alive()), (None, true));
        q.put(()).unwrap();
        assert!(p.join_timeout(Duration::MAX).unwrap());
        assert_eq!(p.exitcode(), Some(0));
        assert!(p.join_timeout(Duration::ZERO).unwrap());
        p.join().unwrap();
    }

    fn active_children_are_those_that_have_not_ended() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let mut children: Vec<_> = (0..3).map(|_| Process::new(|| q.get().unwrap(), ())).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        let pids: Vec<_> = children.iter().filter_map(Process::pid).collect();
        assert_eq!(active_children(), pids);
        children[1].kill().unwrap();
        children[1].join().unwrap();
        assert_eq!(active_children(), [pids[0], pids[2]]);
        q.put(()).unwrap();
        q.put(()).unwrap();
        children.iter().for_each(|p| p.join().unwrap());
        assert!(active_children().is_empty());
    }

    fn fifty_at_once() {
        let q = Queue::new(0).unwrap();
        let mut children: Vec<_> = (0..50).map(|n| Process::new(|q: &Queue<i32>, n| q.put(n).unwrap(), (&q, n))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        let mut seen: Vec<i32> = (0..50).map(|_| q.get().unwrap()).collect();
        children.iter().for_each(|p| p.join().unwrap());
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..50));
    }

    fn a_daemon_may_have_no_children_and_hands_that_down() {
        let mut p = Process::new(|| {
            assert!(current_process().daemon());
            let mut child = Process::new(|| (), ());
            assert!(child.is_daemon());
            let error = child.start().unwrap_err();
            assert_eq!(error.to_string(), "daemonic processes are not allowed to have children");
            sys::exit(42);
        }, ()).daemon(true);
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(42));
    }

    fn a_child_has_no_standard_input() {
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| {
            let mut line = String::new();
            q.put(std::io::stdin().read_line(&mut line).unwrap()).unwrap();
        }, ()));
        assert_eq!(q.get().unwrap(), 0);
    }
}
