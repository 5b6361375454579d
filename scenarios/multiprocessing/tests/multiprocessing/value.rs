//! `Value`: one number for all processes.

use multiprocessing::{Queue, Value, getpid};

use crate::support::{kill, tests};

tests! {
    fn a_child_changes_the_parent_s_value(ctx: Context) {
        let m = ctx.value(10i64).unwrap();
        let mut p = ctx.process(|m: &Value<i64>| m.set(m.get() + 1), (&m,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(m.get(), 11);
    }

    fn update_loses_no_count(ctx: Context) {
        let m = ctx.value(0u32).unwrap();
        let count = |m: Value<u32>| {
            for _ in 0..5_000 {
                m.update(|m| m + 1);
            }
        };
        let mut children: Vec<_> = (0..4).map(|_| ctx.process(count, (m.clone(),))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        children.iter().for_each(|p| p.join().unwrap());
        assert_eq!(m.get(), 20_000);
    }

    fn a_process_killed_inside_update_leaves_the_value_and_the_lock(ctx: Context) {
        let m = ctx.value(1.5f64).unwrap();
        let q = ctx.queue(0).unwrap();
        let die = |m: &Value<f64>, q: &Queue<()>| {
            m.update(|_| { q.put(()).unwrap(); kill(getpid(), libc::SIGKILL); 9.0 });
        };
        let mut p = ctx.process(die, (&m, &q));
        p.start().unwrap();
        q.get().unwrap();
        p.join().unwrap();
        assert_eq!((p.exitcode(), m.get()), (Some(-9), 1.5));
        m.set(2.5);
        assert_eq!(m.get(), 2.5);
    }
}
