//! `Process`: target, arguments, names, start, run, join, for every start method.

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use multiprocessing::{
    Context, Error, Method, Process, Queue, active_children, current_process, getpid, getppid,
    parent_process, sys, time, wait,
};

use crate::support::{kill, tests, wait_for_end};

type Told = (i32, i32, String);

/// A target that tells who ran it.
fn tell(q: &Queue<Told>) {
    let parent = parent_process().map_or(getppid(), |parent| parent.pid());
    q.put((getpid(), parent, current_process().name().to_owned())).unwrap();
}

fn sum(q: &Queue<i32>, a: i32, b: i32, c: i32) {
    q.put(a + b + c).unwrap();
}

/// A target that ends when it gets an item.
fn take(q: &Queue<()>) {
    q.get().unwrap();
}

fn nothing() {}

/// What the children of a child of a context are started with.
fn again(method: Method) -> Context {
    multiprocessing::get_context(method).unwrap()
}

/// Starts, joins, and expects exit code 0.
fn run_to_the_end(mut p: Process<'_>) {
    p.start().unwrap();
    p.join().unwrap();
    assert_eq!(p.exitcode(), Some(0));
}

tests! {
    fn the_target_runs_in_a_child_of_this_process(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(tell, (&q,));
        assert_eq!((p.pid(), p.is_alive(), p.exitcode()), (None, false, None));
        p.start().unwrap();
        let (pid, parent, _) = q.get().unwrap();
        assert_eq!((Some(pid), parent), (p.pid(), getpid()));
        p.join().unwrap();
        assert_eq!((p.is_alive(), p.exitcode()), (false, Some(0)));
        assert_eq!(p.pid(), Some(pid));
    }

    fn for_the_kernel_the_parent_is_who_forked(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        for _ in 0..2 {
            run_to_the_end(ctx.process(|q: &Queue<i32>| q.put(getppid()).unwrap(), (&q,)));
        }
        let (first, second) = (q.get().unwrap(), q.get().unwrap());
        assert_eq!(first, second);
        assert_eq!(first == getpid(), ctx.get_start_method() != Method::ForkServer);
    }

    fn a_target_takes_up_to_four_arguments(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(sum, (&q, 1, 20, 300)));
        assert_eq!(q.get().unwrap(), 321);
        run_to_the_end(ctx.process(|q: Queue<i32>| q.put(7).unwrap(), (q.clone(),)));
        assert_eq!(q.get().unwrap(), 7);
        run_to_the_end(ctx.process(nothing, ()));
    }

    fn a_forked_target_may_capture() {
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| q.put(7).unwrap(), ()));
        assert_eq!(q.get().unwrap(), 7);
    }

    fn names_are_python_s(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        assert_eq!(current_process().name(), "MainProcess");
        assert!(parent_process().is_none());
        let class = match ctx.get_start_method() {
            Method::Fork => "ForkProcess",
            Method::Spawn => "SpawnProcess",
            Method::ForkServer => "ForkServerProcess",
        };
        for number in 1..=2 {
            let p = ctx.process(tell, (&q,));
            let expected = format!("{class}-{number}");
            assert_eq!(p.get_name(), expected);
            run_to_the_end(p);
            assert_eq!(q.get().unwrap().2, expected);
        }
        run_to_the_end(ctx.process(tell, (&q,)).name("听歌"));
        assert_eq!(q.get().unwrap().2, "听歌");
        assert_eq!(Process::new(nothing, ()).get_name(), "Process-4");
    }

    fn a_child_of_a_child_counts_from_one_again(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(|q: &Queue<Told>, method| {
            assert_eq!(parent_process().unwrap().name(), "MainProcess");
            run_to_the_end(again(method).process(tell, (q,)));
            run_to_the_end(again(method).process(tell, (q,)));
        }, (&q, ctx.get_start_method())).name("父"));
        assert!(q.get().unwrap().2.ends_with("Process-1:1"));
        assert!(q.get().unwrap().2.ends_with("Process-1:2"));
    }

    fn the_methods_can_be_nested(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        for inner in Method::ALL {
            run_to_the_end(ctx.process(|q: &Queue<Told>, inner| {
                run_to_the_end(again(inner).process(tell, (q,)));
            }, (&q, inner)));
            assert!(q.get().unwrap().2.ends_with(":1"));
        }
    }

    fn a_child_may_rename_itself(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(|q: &Queue<Told>| {
            current_process().set_name("小明");
            tell(q);
        }, (&q,)));
        assert_eq!(q.get().unwrap().2, "小明");
    }

    fn a_forked_child_changes_its_own_copy_only() {
        let mut m = 10;
        let q = Queue::new(0).unwrap();
        run_to_the_end(Process::new(|| { m += 1; q.put(m).unwrap() }, ()));
        assert_eq!(q.get().unwrap(), 11);
        assert_eq!(m, 10);
    }

    fn run_stays_in_the_present_process(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(tell, (&q,));
        p.run().unwrap();
        assert_eq!(q.get().unwrap(), (getpid(), getppid(), "MainProcess".to_owned()));
        assert!(matches!(p.run(), Err(Error::RunTwice)));
        assert_eq!(p.pid(), None);
    }

    fn start_twice_is_an_error(ctx: Context) {
        let mut p = ctx.process(nothing, ());
        p.start().unwrap();
        assert_eq!(p.start().unwrap_err().to_string(), "cannot start a process twice");
        p.join().unwrap();
        assert!(matches!(p.start(), Err(Error::StartedTwice)));
    }

    fn what_needs_a_started_process_says_so(ctx: Context) {
        let p = ctx.process(nothing, ());
        assert_eq!(p.join().unwrap_err().to_string(), "can only join a started process");
        assert!(matches!(p.terminate(), Err(Error::NotStarted("terminate"))));
        assert!(matches!(p.kill(), Err(Error::NotStarted("kill"))));
        assert!(p.sentinel().is_err());
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

    fn join_with_a_timeout_gives_up(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(take, (&q,));
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

    fn a_sentinel_is_ready_when_its_process_has_ended(ctx: Context) {
        let qs = [ctx.queue(0).unwrap(), ctx.queue(0).unwrap()];
        let mut ps = qs.each_ref().map(|q| ctx.process(take, (q,)));
        ps.iter_mut().for_each(|p| p.start().unwrap());
        let sentinels = [ps[0].sentinel().unwrap(), ps[1].sentinel().unwrap()];
        assert!(wait(&sentinels, Some(Duration::from_millis(20))).unwrap().is_empty());
        qs[1].put(()).unwrap();
        assert_eq!(wait(&sentinels, None).unwrap(), [1]);
        assert_eq!(ps[1].exitcode(), Some(0));
        kill(ps[0].pid().unwrap(), libc::SIGKILL);
        assert_eq!(wait(&[ps[0].sentinel().unwrap(), io::stderr().as_fd()], None).unwrap(), [0]);
        assert_eq!(ps[0].exitcode(), Some(-9));
    }

    fn a_closed_process_is_good_for_nothing(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(take, (&q,));
        p.start().unwrap();
        let error = p.close().unwrap_err().to_string();
        assert_eq!(error, "Cannot close a process while it is still running. You should first call join() or terminate().");
        q.put(()).unwrap();
        p.join().unwrap();
        p.close().unwrap();
        assert_eq!(p.join().unwrap_err().to_string(), "process object is closed");
        assert!(matches!(p.terminate(), Err(Error::ProcessClosed)));
        assert!(matches!(p.start(), Err(Error::ProcessClosed)));
        assert_eq!(p.exitcode(), None);
        p.close().unwrap();
        let mut unborn = ctx.process(nothing, ());
        unborn.close().unwrap();
        assert!(matches!(unborn.start(), Err(Error::ProcessClosed)));
    }

    fn active_children_are_those_that_have_not_ended(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut children: Vec<_> = (0..3).map(|_| ctx.process(take, (&q,))).collect();
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

    fn fifty_at_once(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut children: Vec<_> = (0..50).map(|n| ctx.process(|q: &Queue<i32>, n| q.put(n).unwrap(), (&q, n))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        let mut seen: Vec<i32> = (0..50).map(|_| q.get().unwrap()).collect();
        children.iter().for_each(|p| p.join().unwrap());
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..50));
    }

    fn a_daemon_may_have_no_children_and_hands_that_down(ctx: Context) {
        let mut p = ctx.process(|method| {
            assert!(current_process().daemon());
            let mut child = again(method).process(nothing, ());
            assert!(child.is_daemon());
            let error = child.start().unwrap_err();
            assert_eq!(error.to_string(), "daemonic processes are not allowed to have children");
            sys::exit(42);
        }, (ctx.get_start_method(),)).daemon(true);
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(42));
    }

    fn a_child_has_no_standard_input(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(|q: &Queue<usize>| {
            let mut line = String::new();
            q.put(std::io::stdin().read_line(&mut line).unwrap()).unwrap();
        }, (&q,)));
        assert_eq!(q.get().unwrap(), 0);
    }

    fn a_child_knows_whether_its_parent_lives(ctx: Context) {
        let (q, told) = (ctx.queue(0).unwrap(), ctx.queue::<(i32, bool)>(0).unwrap());
        let mut parent = ctx.process(|q: &Queue<()>, told: &Queue<(i32, bool)>, method| {
            let mut p = again(method).process(|q: &Queue<()>, told: &Queue<(i32, bool)>| {
                told.put((getpid(), parent_process().unwrap().is_alive())).unwrap();
                q.get().unwrap();
                told.put((getpid(), parent_process().unwrap().is_alive())).unwrap();
            }, (q, told));
            p.start().unwrap();
            p.join().unwrap();
        }, (&q, &told, ctx.get_start_method()));
        parent.start().unwrap();
        let (child, alive) = told.get().unwrap();
        assert!(alive);
        parent.kill().unwrap();
        parent.join().unwrap();
        q.put(()).unwrap();
        assert_eq!(told.get().unwrap(), (child, false));
        // It is nobody's child here any more; the harness buries it, once it has ended.
        wait_for_end(child);
    }
}
