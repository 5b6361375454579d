//! Bare `fork`, `wait`, `kill` and `_exit`, and how they live beside `Process`.

use std::io::{Write, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use multiprocessing::signal::{SIG_IGN, SIGCHLD, SIGCONT, SIGKILL, SIGSTOP, signal};
use multiprocessing::{Error, Process, Queue, current_process, getpid, getppid, os, sys, time};

use crate::support::{captured, tests};

/// Forks a child that runs `body` and leaves; returns its pid.
fn child(body: impl FnOnce()) -> i32 {
    match os::fork().unwrap() {
        0 => {
            let code = catch_unwind(AssertUnwindSafe(body)).map_or(101, |()| 0);
            stdout().flush().unwrap();
            os::_exit(code)
        }
        pid => pid,
    }
}

/// Waits for a child and says how it ended.
fn exitcode(pid: i32) -> i32 {
    let (ended, status) = os::waitpid(pid, 0).unwrap();
    assert_eq!(ended, pid);
    os::waitstatus_to_exitcode(status)
}

fn errno<T>(result: multiprocessing::Result<T>) -> Option<i32> {
    match result {
        Err(Error::Os { source, .. }) => source.raw_os_error(),
        _ => None,
    }
}

tests! {
    fn fork_returns_twice() {
        let parent = getpid();
        let pid = child(|| assert_eq!((getppid(), getpid() == parent), (parent, false)));
        assert_eq!(exitcode(pid), 0);
    }

    fn every_end_has_its_code() {
        for code in [0, 1, 7, 255] {
            assert_eq!(exitcode(child(|| os::_exit(code))), code);
        }
        assert_eq!(exitcode(child(|| os::_exit(256))), 0);
        assert_eq!(exitcode(child(|| os::kill(getpid(), SIGKILL).unwrap())), -9);
    }

    fn a_child_that_does_not_leave_runs_the_rest_of_the_program() {
        // Both come to the end of this test, and both processes' ends are looked at: this one's by the
        // harness, the child's here, where it left by `sys::exit` through `main`.
        let pid = os::fork().unwrap();
        if pid == 0 {
            sys::exit(23);
        }
        assert_eq!(exitcode(pid), 23);
    }

    fn its_end_looks_after_its_own_children_and_nobody_else_s() {
        let q = Queue::new(0).unwrap();
        let mut brother = Process::new(time::sleep, (60.0,)).daemon(true);
        brother.start().unwrap();
        let pid = os::fork().unwrap();
        if pid == 0 {
            let mut own = Process::new(|| { time::sleep(0.1); q.put(getppid()).unwrap() }, ());
            own.start().unwrap();
            sys::exit(0);
        }
        assert_eq!(exitcode(pid), 0);
        assert_eq!(q.get_nowait().unwrap(), pid);
        assert!(brother.is_alive());
    }

    fn a_fork_in_a_target_runs_the_rest_of_the_target() {
        let q = Queue::new(0).unwrap();
        let mut p = Process::new(|| {
            let pid = os::fork().unwrap();
            q.put(getpid()).unwrap();
            if pid > 0 {
                assert_eq!(exitcode(pid), 0);
            }
        }, ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!((p.exitcode(), q.qsize()), (Some(0), 2));
        assert_ne!(q.get().unwrap(), q.get().unwrap());
    }

    fn it_is_what_its_parent_was_and_numbers_its_processes_anew() {
        let pid = child(|| {
            assert_eq!(current_process().name(), "MainProcess");
            assert_eq!(Process::new(|| (), ()).get_name(), "Process-1");
        });
        assert_eq!(Process::new(|| (), ()).get_name(), "Process-1");
        assert_eq!(exitcode(pid), 0);
    }

    fn what_waits_in_the_buffer_is_copied() {
        let text = captured(1, || {
            print!("who am I? ");
            let pid = child(|| println!("the child"));
            assert_eq!(exitcode(pid), 0);
            println!("the parent");
        });
        assert_eq!(text, "who am I? the child\nwho am I? the parent\n");
    }

    fn exit_at_once_writes_no_buffer() {
        let text = captured(1, || {
            let pid = os::fork().unwrap();
            if pid == 0 {
                print!("never seen");
                os::_exit(4);
            }
            assert_eq!(exitcode(pid), 4);
        });
        assert_eq!(text, "");
    }

    fn wait_takes_any_child_and_knows_when_there_is_none() {
        let mut pids = vec![child(|| os::_exit(1)), child(|| os::_exit(2))];
        let mut ended = vec![os::wait().unwrap(), os::wait().unwrap()];
        ended.sort_by_key(|(_, status)| *status);
        let codes: Vec<_> = ended.iter().map(|(_, status)| os::waitstatus_to_exitcode(*status)).collect();
        assert_eq!(codes, [1, 2]);
        let mut found: Vec<_> = ended.into_iter().map(|(pid, _)| pid).collect();
        pids.sort();
        found.sort();
        assert_eq!(found, pids);
        assert_eq!(errno(os::wait()), Some(libc::ECHILD));
        assert_eq!(errno(os::waitpid(getppid(), 0)), Some(libc::ECHILD));
    }

    fn without_hanging_it_only_looks() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let pid = child(|| q.get().unwrap());
        assert_eq!(os::waitpid(pid, os::WNOHANG).unwrap(), (0, 0));
        q.put(()).unwrap();
        assert_eq!(exitcode(pid), 0);
    }

    fn who_ignores_sigchld_learns_nothing() {
        signal(SIGCHLD, SIG_IGN).unwrap();
        let pid = child(|| os::_exit(3));
        assert_eq!(errno(os::waitpid(pid, 0)), Some(libc::ECHILD));
    }

    fn a_join_whose_status_is_gone_returns_and_there_is_no_exit_code() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let mut p = Process::new(|| (), ());
        p.start().unwrap();
        assert_eq!(exitcode(p.pid().unwrap()), 0);
        p.join().unwrap();
        assert_eq!((p.exitcode(), p.is_alive()), (None, true));
        // The kernel's own burial is waited for, too.
        signal(SIGCHLD, SIG_IGN).unwrap();
        let mut p = Process::new(|| { time::sleep(0.1); q.put(()).unwrap() }, ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!((p.exitcode(), q.qsize()), (None, 1));
    }

    fn a_stop_and_a_continue_can_be_waited_for() {
        let pid = child(|| time::sleep(60.0));
        os::kill(pid, SIGSTOP).unwrap();
        let (_, status) = os::waitpid(pid, os::WUNTRACED).unwrap();
        assert!(os::wifstopped(status) && !os::wifcontinued(status));
        os::kill(pid, SIGCONT).unwrap();
        let (_, status) = os::waitpid(pid, os::WCONTINUED).unwrap();
        assert!(os::wifcontinued(status) && !os::wifstopped(status));
        os::kill(pid, SIGKILL).unwrap();
        assert_eq!(exitcode(pid), -9);
    }

    fn signal_0_asks_whether_a_process_is_there() {
        let pid = child(|| time::sleep(60.0));
        os::kill(pid, 0).unwrap();
        os::kill(pid, SIGKILL).unwrap();
        assert_eq!(exitcode(pid), -9);
        assert_eq!(errno(os::kill(pid, 0)), Some(libc::ESRCH));
        assert_eq!(errno(os::kill(getpid(), 1000)), Some(libc::EINVAL));
    }

    fn a_text_for_sys_exit_is_code_1_and_a_line_of_standard_error() {
        let text = captured(2, || {
            let mut p = Process::new(|| sys::exit("不干了"), ());
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(1));
        });
        assert_eq!(text, "不干了\n");
    }
}
