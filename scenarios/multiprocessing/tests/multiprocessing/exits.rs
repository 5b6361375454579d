//! How processes end: exit codes, signals, panics, and what becomes of children.

use std::io::{Write, stdout};
use std::time::Duration;

use multiprocessing::{Process, Queue, getpid, getppid, sys, time};

use crate::support::{captured, kill, tests};

/// The exit code of a process that runs `body`.
fn exitcode_of(body: impl FnOnce()) -> Option<i32> {
    let mut p = Process::new(body, ());
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

tests! {
    fn every_exit_code_arrives() {
        for code in 0..=255 {
            assert_eq!(exitcode_of(|| sys::exit(code)), Some(code));
        }
        assert_eq!(exitcode_of(|| sys::exit(256)), Some(0));
        assert_eq!(exitcode_of(|| sys::exit(-1)), Some(255));
    }

    fn every_deadly_signal_is_a_negative_code() {
        let harmless = [libc::SIGCHLD, libc::SIGCONT, libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU,
            libc::SIGURG, libc::SIGWINCH];
        for signal in (1..32).filter(|signal| !harmless.contains(signal)) {
            assert_eq!(exitcode_of(|| die_by(signal)), Some(-signal));
        }
    }

    fn terminate_and_kill_are_term_and_kill() {
        for code in [-15, -9] {
            let mut p = Process::new(time::sleep, (60.0,));
            let end = |p: &Process<'_>| if code == -15 { p.terminate() } else { p.kill() };
            p.start().unwrap();
            end(&p).unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(code));
            // Too late does no harm, not even to whoever has the pid by then.
            end(&p).unwrap();
        }
    }

    fn exit_unwinds_what_is_on_the_stack() {
        struct Farewell<'a>(&'a Queue<String>);
        impl Drop for Farewell<'_> {
            fn drop(&mut self) {
                self.0.put("dropped".to_owned()).unwrap();
            }
        }
        let q = Queue::new(0).unwrap();
        assert_eq!(exitcode_of(|| { let _farewell = Farewell(&q); sys::exit(3) }), Some(3));
        assert_eq!(q.qsize(), 1);
    }

    fn a_panic_is_exit_code_1_and_a_message_with_the_name() {
        let text = captured(2, || assert_eq!(exitcode_of(|| panic!("太累了")), Some(1)));
        let (first, rest) = text.split_once('\n').unwrap();
        assert_eq!(first, "Process Process-1:");
        assert!(rest.contains("太累了") && rest.contains("exits.rs"), "{text}");
    }

    fn an_error_of_the_target_is_exit_code_1_and_a_message() {
        let text = captured(2, || {
            let mut p = Process::new(|| Err::<(), _>("no pictures"), ()).name("下载");
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(1));
        });
        assert!(text.starts_with("Process 下载:\n") && text.contains("no pictures"), "{text}");
    }

    fn what_was_printed_before_the_fork_is_printed_once() {
        let text = captured(1, || {
            print!("before ");
            assert_eq!(exitcode_of(|| print!("child ")), Some(0));
            println!("after");
        });
        assert_eq!(text, "before child after\n");
    }

    fn a_child_that_ends_joins_its_own_children() {
        let q = Queue::new(0).unwrap();
        let code = exitcode_of(|| {
            let mut grandchild = Process::new(|| { time::sleep(0.1); q.put(getppid()).unwrap() }, ());
            grandchild.start().unwrap();
            q.put(getpid()).unwrap();
        });
        assert_eq!(code, Some(0));
        // Its parent was still there when the grandchild looked, and both are done when the join returns.
        assert_eq!(q.get_nowait().unwrap(), q.get_nowait().unwrap());
    }

    fn a_child_that_ends_terminates_its_daemons() {
        let q = Queue::new(0).unwrap();
        let code = exitcode_of(|| {
            let mut daemon = Process::new(time::sleep, (60.0,)).daemon(true);
            daemon.start().unwrap();
            q.put(daemon.pid().unwrap()).unwrap();
        });
        assert_eq!(code, Some(0));
        let daemon = q.get().unwrap();
        // SAFETY: asks only whether the process exists.
        assert_eq!(unsafe { libc::kill(daemon, 0) }, -1, "the daemon was reaped before its parent ended");
    }

    fn the_main_process_joins_and_terminates_at_its_end() {
        // The harness fails this test if one of the two outlives it.
        let mut daemon = Process::new(time::sleep, (60.0,)).daemon(true);
        daemon.start().unwrap();
        let mut child = Process::new(|| time::sleep(0.1), ());
        child.start().unwrap();
        drop((daemon, child));
    }

    fn exit_in_the_main_process_looks_after_children_too() {
        // The harness fails this test if one of them outlives it, or if the code is not 0.
        let mut daemon = Process::new(time::sleep, (60.0,)).daemon(true);
        daemon.start().unwrap();
        let mut child = Process::new(|| time::sleep(0.1), ());
        child.start().unwrap();
        sys::exit(0);
    }

    fn the_standard_exit_ends_a_child_without_its_parent_s_duties() {
        let mut brother = Process::new(time::sleep, (60.0,)).daemon(true);
        brother.start().unwrap();
        assert_eq!(exitcode_of(|| std::process::exit(6)), Some(6));
        assert!(brother.is_alive());
    }

    fn ended_children_are_buried_at_the_next_start() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let mut first = Process::new(|| (), ());
        first.start().unwrap();
        let pid = first.pid().unwrap();
        assert!(first.join_timeout(Duration::from_secs(60)).unwrap());
        drop(first);
        let mut second = Process::new(|| q.get().unwrap(), ());
        second.start().unwrap();
        // SAFETY: a null status is allowed.
        assert_eq!(unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG) }, -1);
        q.put(()).unwrap();
        second.join().unwrap();
    }

    fn output_of_a_child_that_is_flushed_survives_its_kill() {
        let text = captured(1, || {
            let code = exitcode_of(|| {
                print!("half a line");
                stdout().flush().unwrap();
                kill(getpid(), libc::SIGKILL);
            });
            assert_eq!(code, Some(-9));
        });
        assert_eq!(text, "half a line");
    }
}
