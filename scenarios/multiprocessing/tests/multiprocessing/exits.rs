//! How processes end: exit codes, signals, panics, and what becomes of children.

use std::io::{Write, stdout};

use multiprocessing::{Method, Process, Queue, get_context, getpid, parent_process, sys, time, wait};

use crate::support::{captured, kill, tests, wait_for_end};

/// The exit code of a process.
fn exitcode_of(mut p: Process<'_>) -> Option<i32> {
    p.start().unwrap();
    p.join().unwrap();
    p.exitcode()
}

/// Ends the calling process by a signal, whatever it does about it.
fn die_by(signal: i32) {
    // SAFETY: sets the default action and a limit of this process, then sends itself a signal.
    unsafe {
        let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        libc::setrlimit(libc::RLIMIT_CORE, &none);
        libc::signal(signal, libc::SIG_DFL);
    }
    kill(getpid(), signal);
}

/// Says on its way out that it goes.
struct Farewell<'a>(&'a Queue<String>);

impl Drop for Farewell<'_> {
    fn drop(&mut self) {
        self.0.put("dropped".to_owned()).unwrap();
    }
}

tests! {
    fn every_exit_code_arrives(ctx: Context) {
        // Spawning takes longer, and what happens to the code is the same.
        let step = if ctx.get_start_method() == Method::Spawn { 17 } else { 1 };
        for code in (0..=255).step_by(step) {
            assert_eq!(exitcode_of(ctx.process(|code: i32| sys::exit(code), (code,))), Some(code));
        }
        assert_eq!(exitcode_of(ctx.process(|| sys::exit(256), ())), Some(0));
        assert_eq!(exitcode_of(ctx.process(|| sys::exit(-1), ())), Some(255));
    }

    fn every_deadly_signal_is_a_negative_code(ctx: Context) {
        let harmless = [libc::SIGCHLD, libc::SIGCONT, libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU,
            libc::SIGURG, libc::SIGWINCH];
        for signal in (1..32).filter(|signal| !harmless.contains(signal)) {
            assert_eq!(exitcode_of(ctx.process(die_by, (signal,))), Some(-signal));
        }
    }

    fn terminate_and_kill_are_term_and_kill(ctx: Context) {
        for code in [-15, -9] {
            let mut p = ctx.process(time::sleep, (60.0,));
            let end = |p: &Process<'_>| if code == -15 { p.terminate() } else { p.kill() };
            p.start().unwrap();
            end(&p).unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(code));
            // Too late does no harm, not even to whoever has the pid by then.
            end(&p).unwrap();
        }
    }

    fn exit_unwinds_what_is_on_the_stack(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let target = |q: &Queue<String>| { let _farewell = Farewell(q); sys::exit(3) };
        assert_eq!(exitcode_of(ctx.process(target, (&q,))), Some(3));
        assert_eq!(q.qsize(), 1);
    }

    fn a_panic_is_exit_code_1_and_a_message_with_the_name(ctx: Context) {
        let text = captured(2, || {
            assert_eq!(exitcode_of(ctx.process(|| -> () { panic!("太累了") }, ()).name("学习")), Some(1));
        });
        let (first, rest) = text.split_once('\n').unwrap();
        assert_eq!(first, "Process 学习:");
        assert!(rest.contains("太累了") && rest.contains("exits.rs"), "{text}");
    }

    fn an_error_of_the_target_is_exit_code_1_and_a_message(ctx: Context) {
        let text = captured(2, || {
            assert_eq!(exitcode_of(ctx.process(|| Err::<(), _>("no pictures"), ()).name("下载")), Some(1));
        });
        assert!(text.starts_with("Process 下载:\n") && text.contains("no pictures"), "{text}");
    }

    fn what_was_printed_before_the_start_is_printed_once(ctx: Context) {
        let text = captured(1, || {
            print!("before ");
            // Only a fork has to look after what waits in its parent's buffer.
            stdout().flush().unwrap();
            print!("still before ");
            if ctx.get_start_method() != Method::Fork {
                stdout().flush().unwrap();
            }
            assert_eq!(exitcode_of(ctx.process(|| print!("child "), ())), Some(0));
            println!("after");
        });
        assert_eq!(text, "before still before child after\n");
    }

    fn a_child_that_ends_joins_its_own_children(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let code = exitcode_of(ctx.process(|q: &Queue<i32>, method: Method| {
            let slow = |q: &Queue<i32>| { time::sleep(0.1); q.put(parent_process().unwrap().pid()).unwrap() };
            get_context(method).unwrap().process(slow, (q,)).start().unwrap();
            q.put(getpid()).unwrap();
        }, (&q, ctx.get_start_method())));
        assert_eq!(code, Some(0));
        // Its parent was still there when the grandchild looked, and both are done when the join returns.
        assert_eq!(q.get_nowait().unwrap(), q.get_nowait().unwrap());
    }

    fn a_child_that_ends_terminates_its_daemons(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let code = exitcode_of(ctx.process(|q: &Queue<i32>, method: Method| {
            let mut daemon = get_context(method).unwrap().process(time::sleep, (60.0,)).daemon(true);
            daemon.start().unwrap();
            q.put(daemon.pid().unwrap()).unwrap();
        }, (&q, ctx.get_start_method())));
        assert_eq!(code, Some(0));
        let daemon = q.get().unwrap();
        // SAFETY: asks only whether the process exists.
        assert_eq!(unsafe { libc::kill(daemon, 0) }, -1, "the daemon was reaped before its parent ended");
    }

    fn the_main_process_joins_and_terminates_at_its_end(ctx: Context) {
        // The harness fails this test if one of the two outlives it, or a fork server.
        ctx.process(time::sleep, (60.0,)).daemon(true).start().unwrap();
        ctx.process(time::sleep, (0.1,)).start().unwrap();
    }

    fn exit_in_the_main_process_looks_after_children_too(ctx: Context) {
        // The harness fails this test if one of them outlives it, or if the code is not 0.
        ctx.process(time::sleep, (60.0,)).daemon(true).start().unwrap();
        ctx.process(time::sleep, (0.1,)).start().unwrap();
        sys::exit(0);
    }

    fn the_standard_exit_ends_a_child_without_its_parent_s_duties(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut brother = ctx.process(time::sleep, (60.0,)).daemon(true);
        brother.start().unwrap();
        let code = exitcode_of(ctx.process(|q: &Queue<i32>, method: Method| {
            let mut orphan = get_context(method).unwrap().process(time::sleep, (60.0,)).daemon(true);
            orphan.start().unwrap();
            q.put(orphan.pid().unwrap()).unwrap();
            std::process::exit(6)
        }, (&q, ctx.get_start_method())));
        assert_eq!(code, Some(6));
        assert!(brother.is_alive());
        let orphan = q.get().unwrap();
        kill(orphan, libc::SIGKILL);
        wait_for_end(orphan);
    }

    fn ended_children_are_buried_at_the_next_start(ctx: Context) {
        let q: Queue<()> = ctx.queue(0).unwrap();
        let mut first = ctx.process(|| (), ());
        first.start().unwrap();
        let pid = first.pid().unwrap();
        assert_eq!(wait(&[first.sentinel().unwrap()], None).unwrap(), [0]);
        drop(first);
        let mut second = ctx.process(|q: &Queue<()>| q.get().unwrap(), (&q,));
        second.start().unwrap();
        // SAFETY: a null status is allowed.
        assert_eq!(unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG) }, -1);
        q.put(()).unwrap();
        second.join().unwrap();
    }

    fn output_of_a_child_that_is_flushed_survives_its_kill(ctx: Context) {
        let text = captured(1, || {
            let code = exitcode_of(ctx.process(|| {
                print!("half a line");
                stdout().flush().unwrap();
                kill(getpid(), libc::SIGKILL);
            }, ()));
            assert_eq!(code, Some(-9));
        });
        assert_eq!(text, "half a line");
    }
}
