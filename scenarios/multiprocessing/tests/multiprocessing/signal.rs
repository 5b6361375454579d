//! Signal handlers: when they run, in which thread, and what they interrupt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::signal::{
    Handler, SIG_DFL, SIG_IGN, SIGKILL, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2, Signals, getsignal, pause,
    raise_signal, signal,
};
use multiprocessing::{Error, Lock, Process, Queue, getpid, getppid, os, sys, time};

use crate::support::{kill, tests};

/// The signals whose handler has run, as decimal digits: 10 and then 12 is 1012.
static SEEN: AtomicI32 = AtomicI32::new(0);

fn note(signum: i32) {
    SEEN.store(SEEN.load(Ordering::Relaxed) * 100 + signum, Ordering::Relaxed);
}

fn seen() -> i32 {
    SEEN.load(Ordering::Relaxed)
}

/// The exit code of a process that runs `body`.
fn exitcode_of(body: impl FnOnce()) -> Option<i32> {
    let mut p = Process::new(body, ());
    p.start().unwrap();
    p.join().unwrap();
    p.exitcode()
}

fn is_invalid<T>(result: multiprocessing::Result<T>) -> bool {
    matches!(result, Err(Error::Os { source, .. }) if source.raw_os_error() == Some(libc::EINVAL))
}

tests! {
    fn a_handler_runs_in_the_middle_of_a_sleep_and_the_sleep_goes_on() {
        signal(SIGUSR1, note).unwrap();
        let start = Instant::now();
        let mut p = Process::new(|| os::kill(getppid(), SIGUSR1).unwrap(), ());
        p.start().unwrap();
        time::sleep(0.5);
        assert_eq!(seen(), SIGUSR1);
        assert!(start.elapsed() >= Duration::from_millis(500));
    }

    fn a_signal_just_before_a_sleep_is_not_slept_through() {
        // Its handler throws, so a sleep that let it pass would last a minute.
        signal(SIGUSR1, |_| sys::exit(5)).unwrap();
        let code = exitcode_of(|| {
            kill(getpid(), SIGUSR1);
            time::sleep(60.0);
        });
        assert_eq!(code, Some(5));
    }

    fn nothing_runs_before_a_call_that_waits() {
        signal(SIGUSR1, note).unwrap();
        kill(getpid(), SIGUSR1);
        assert_eq!(seen(), 0);
        time::sleep(0.0);
        assert_eq!(seen(), SIGUSR1);
    }

    fn who_signals_itself_has_run_its_handler() {
        signal(SIGUSR2, note).unwrap();
        raise_signal(SIGUSR2).unwrap();
        assert_eq!(seen(), SIGUSR2);
    }

    fn pause_waits_for_a_handler() {
        let q = Queue::new(0).unwrap();
        let mut p = Process::new(|| {
            signal(SIGUSR1, note).unwrap();
            q.put(()).unwrap();
            pause();
            assert_eq!(seen(), SIGUSR1);
        }, ());
        p.start().unwrap();
        q.get().unwrap();
        os::kill(p.pid().unwrap(), SIGUSR1).unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }

    fn join_and_waitpid_run_handlers_while_they_wait() {
        // The child ends only when the handler has run, and the parent does nothing but wait.
        let q = Queue::new(0).unwrap();
        let answer = q.clone();
        signal(SIGUSR1, move |_| answer.put(()).unwrap()).unwrap();
        let knock = || { os::kill(getppid(), SIGUSR1).unwrap(); q.get().unwrap(); };
        assert_eq!(exitcode_of(knock), Some(0));
        let mut p = Process::new(knock, ());
        p.start().unwrap();
        assert!(p.join_timeout(Duration::from_secs(60)).unwrap());
        match os::fork().unwrap() {
            0 => { knock(); os::_exit(9) }
            pid => assert_eq!(os::waitstatus_to_exitcode(os::waitpid(pid, 0).unwrap().1), 9),
        }
    }

    fn whoever_waits_for_an_item_or_a_lock_runs_handlers() {
        let (q, lock, started) = (Queue::<()>::new(0).unwrap(), Lock::new().unwrap(), Queue::new(0).unwrap());
        lock.acquire();
        let waits: [&dyn Fn(); 2] = [&|| q.get().unwrap(), &|| lock.acquire()];
        for wait in waits {
            let mut p = Process::new(|| {
                signal(SIGTERM, |_| sys::exit(6)).unwrap();
                started.put(()).unwrap();
                wait();
            }, ());
            p.start().unwrap();
            started.get().unwrap();
            p.terminate().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(6));
        }
        // Between a signal that was sent and a wait that begins nothing gets lost, either.
        signal(SIGTERM, |_| sys::exit(7)).unwrap();
        assert_eq!(exitcode_of(|| { kill(getpid(), SIGTERM); q.get().unwrap() }), Some(7));
    }

    fn a_signal_that_another_thread_catches_runs_its_handler_in_the_main_one() {
        let main = thread::current().id();
        signal(SIGUSR1, move |signum| { assert_eq!(thread::current().id(), main); note(signum) }).unwrap();
        // SAFETY: sends the calling thread a signal that has a handler.
        let other = thread::spawn(|| unsafe { libc::raise(SIGUSR1) });
        pause();
        assert_eq!((other.join().unwrap(), seen()), (0, SIGUSR1));
    }

    fn only_the_main_thread_sets_handlers() {
        let refused = thread::spawn(|| matches!(signal(SIGUSR1, SIG_IGN), Err(Error::NotMainThread)));
        assert!(refused.join().unwrap());
    }

    fn lower_numbers_first_and_a_handler_that_throws_leaves_the_others() {
        signal(SIGUSR1, |_| panic!("tired")).unwrap();
        signal(SIGUSR2, note).unwrap();
        kill(getpid(), SIGUSR2);
        kill(getpid(), SIGUSR1);
        assert!(catch_unwind(AssertUnwindSafe(|| time::sleep(0.0))).is_err());
        assert_eq!(seen(), 0);
        time::sleep(0.0);
        assert_eq!(seen(), SIGUSR2);
    }

    fn ignored_and_default_are_the_kernel_s_affair() {
        signal(SIGTERM, SIG_IGN).unwrap();
        assert_eq!(exitcode_of(|| kill(getpid(), SIGTERM)), Some(0));
        assert!(matches!(signal(SIGTERM, SIG_DFL).unwrap(), Handler::Ignore));
        assert_eq!(exitcode_of(|| { kill(getpid(), SIGTERM); time::sleep(60.0) }), Some(-15));
        assert!(matches!(getsignal(SIGTERM), Handler::Default));
    }

    fn two_signals_leave_no_choice_and_others_do_not_exist() {
        for signum in [SIGKILL, SIGSTOP, 0, -1, 65] {
            assert!(is_invalid(signal(signum, SIG_IGN)), "{signum}");
        }
        assert!(matches!(getsignal(SIGKILL), Handler::Default));
    }

    fn a_handler_may_leave() {
        signal(SIGTERM, |_| sys::exit(0)).unwrap();
        assert_eq!(exitcode_of(|| { kill(getpid(), SIGTERM); time::sleep(60.0) }), Some(0));
    }

    fn a_child_inherits_handlers_and_nothing_that_waits_for_them() {
        signal(SIGUSR1, note).unwrap();
        kill(getpid(), SIGUSR1);
        let code = exitcode_of(|| {
            time::sleep(0.0);
            assert_eq!(seen(), 0);
            raise_signal(SIGUSR1).unwrap();
            assert_eq!(seen(), SIGUSR1);
        });
        assert_eq!(code, Some(0));
    }

    fn signals_have_names() {
        assert_eq!(Signals(SIGTERM).name(), "SIGTERM");
        assert_eq!(Signals::named("SIGSTOP"), Some(Signals(SIGSTOP)));
        assert_eq!(Signals::named("SIGNONE"), None);
    }
}
