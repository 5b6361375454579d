//! Custom processes: a type of one's own that says what `run` does.

use std::time::Duration;

use multiprocessing::{
    BaseProcess, CustomProcess, Error, Queue, active_children, get_context, getpid, set_start_method, sys,
};
use serde::{Deserialize, Serialize};

use crate::support::{captured, tests};

#[derive(Default, Serialize, Deserialize)]
struct MyProcess {
    base: BaseProcess,
    count: i32,
    q: Option<Queue<(String, i32, Option<i32>)>>,
}

impl MyProcess {
    fn new(name: &str, count: i32) -> MyProcess {
        let mut this = MyProcess { count, ..MyProcess::default() };
        this.init();
        this.set_name(name);
        this
    }

    fn without_base_initialiser(name: &str) -> MyProcess {
        let mut this = MyProcess::default();
        this.set_name(name);
        this
    }
}

impl CustomProcess for MyProcess {
    type Outcome = ();

    fn base(&self) -> &BaseProcess {
        &self.base
    }

    fn base_mut(&mut self) -> &mut BaseProcess {
        &mut self.base
    }

    fn run(&mut self) {
        self.count += 1;
        if let Some(q) = &self.q {
            assert!(self.is_alive());
            q.put((self.name().to_owned(), self.count, self.pid())).unwrap();
        }
    }
}

/// A type whose `run` fails.
#[derive(Default, Serialize, Deserialize)]
struct Failing<const CODE: i32> {
    base: BaseProcess,
}

impl<const CODE: i32> CustomProcess for Failing<CODE> {
    type Outcome = Result<(), String>;

    fn base(&self) -> &BaseProcess {
        &self.base
    }

    fn base_mut(&mut self) -> &mut BaseProcess {
        &mut self.base
    }

    fn run(&mut self) -> Result<(), String> {
        if CODE == 1 { Err("run 失败了".to_owned()) } else { sys::exit(CODE) }
    }
}

tests! {
    fn run_is_what_the_child_does(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        for name in ["小明", "小红"] {
            let mut p = MyProcess::new(name, 10);
            p.q = Some(q.clone());
            p.start_with(ctx).unwrap();
            assert_eq!(q.get().unwrap(), (name.to_owned(), 11, p.pid()));
            p.join().unwrap();
            assert_eq!((p.count, p.exitcode(), p.is_alive()), (10, Some(0), false));
        }
    }

    fn the_name_is_the_class_s_by_default() {
        let mut first = MyProcess::default();
        first.init();
        assert_eq!(first.name(), "MyProcess-1");
        let mut second = Failing::<3>::default();
        second.init();
        assert_eq!(second.name(), "Failing-2");
    }

    fn run_called_directly_stays_here() {
        let mut p = MyProcess::new("here", 1);
        p.run();
        assert_eq!((p.count, p.pid()), (2, None));
    }

    fn a_forgotten_base_initialiser_fails_as_in_python() {
        let mut p = MyProcess::without_base_initialiser("小明");
        let error = p.start().unwrap_err();
        assert!(matches!(error, Error::NotInitialised("MyProcess")));
        assert!(error.to_string().starts_with("'MyProcess' object has no attribute '_closed'"));
        assert!(matches!(p.join(), Err(Error::NotInitialised(_))));
        assert!(active_children().is_empty());
        assert_eq!(p.name(), "小明");
    }

    fn start_without_a_context_is_the_default_method_s() {
        set_start_method("spawn").unwrap();
        let mut p = MyProcess::new("小明", 1);
        assert!(p.start().unwrap_err().to_string().starts_with("Can't pickle local object"));
        assert!(active_children().is_empty() && p.pid().is_none());
        // It may still be started otherwise.
        p.start_with(get_context("fork").unwrap()).unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }

    fn an_error_is_exit_code_1_and_a_message(ctx: Context) {
        let text = captured(2, || {
            let mut p = Failing::<1>::default();
            p.init();
            p.start_with(ctx).unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(1));
        });
        assert!(text.starts_with("Process Failing-1:\n") && text.contains("run 失败了"), "{text}");
    }

    fn exit_codes_signals_and_timeouts_are_those_of_process(ctx: Context) {
        let mut p = Failing::<9>::default();
        p.init();
        p.start_with(ctx).unwrap();
        assert!(p.join_timeout(Duration::from_secs(60)).unwrap());
        assert_eq!(p.exitcode(), Some(9));
        p.terminate().unwrap();
        assert!(matches!(p.start(), Err(Error::StartedTwice)));
        p.set_daemon(true);
        assert!(p.daemon() && getpid() > 0);
    }
}
