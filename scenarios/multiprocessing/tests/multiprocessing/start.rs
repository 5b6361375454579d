//! Start methods: what a child has of its parent, what it has not, and what cannot go to it.

use std::sync::atomic::{AtomicI64, Ordering};

use multiprocessing::{Method, Process, Queue, Value, sys};

use crate::support::tests;

/// A variable outside of any function.
static M: AtomicI64 = AtomicI64::new(1);

fn tell_m(q: &Queue<i64>) {
    q.put(M.load(Ordering::Relaxed)).unwrap();
}

fn mixed(q: Queue<String>, text: &str, m: &Value<i64>, list: Vec<u8>) {
    m.update(|m| m + 1);
    q.put(format!("{text} {list:?}")).unwrap();
}

fn exit_with(code: i32) {
    sys::exit(code)
}

fn run_to_the_end(mut p: Process<'_>) {
    p.start().unwrap();
    p.join().unwrap();
    assert_eq!(p.exitcode(), Some(0));
}

tests! {
    fn fork_copies_what_is_there_and_the_others_begin_anew(ctx: Context) {
        M.store(5, Ordering::Relaxed);
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(tell_m, (&q,)));
        let expected = if ctx.get_start_method() == Method::Fork { 5 } else { 1 };
        assert_eq!(q.get().unwrap(), expected);
    }

    fn arguments_travel_as_values_references_and_shared_objects(ctx: Context) {
        let (q, m) = (ctx.queue(0).unwrap(), ctx.value(10).unwrap());
        run_to_the_end(ctx.process(mixed, (q.clone(), "听音乐", &m, vec![1, 2])));
        assert_eq!((q.get().unwrap(), m.get()), ("听音乐 [1, 2]".to_owned(), 11));
    }

    fn exit_codes_arrive(ctx: Context) {
        for code in [0, 1, 7, 255] {
            let mut p = ctx.process(exit_with, (code,));
            p.start().unwrap();
            p.join().unwrap();
            assert_eq!(p.exitcode(), Some(code));
        }
    }
}
