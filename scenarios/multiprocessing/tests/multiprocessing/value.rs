//! `Value`: one number for all processes.

use multiprocessing::{Process, Queue, Value, getpid};

use crate::support::{kill, tests};

tests! {
    fn a_child_changes_the_parent_s_value() {
        let m = Value::new(10i64).unwrap();
        let mut p = Process::new(|| m.set(m.get() + 1), ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(m.get(), 11);
    }

    fn update_loses_no_count() {
        let m = Value::new(0u32).unwrap();
        let count = |m: Value<u32>| {
            for _ in 0..5_000 {
                m.update(|m| m + 1);
            }
        };
        let mut children: Vec<_> = (0..4).map(|_| Process::new(count, (m.clone(),))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        children.iter().for_each(|p| p.join().unwrap());
        assert_eq!(m.get(), 20_000);
    }

    fn a_process_killed_inside_update_leaves_the_value_and_the_lock() {
        let m = Value::new(1.5f64).unwrap();
        let q: Queue<()> = Queue::new(0).unwrap();
        let die = |_| { q.put(()).unwrap(); kill(getpid(), libc::SIGKILL); 9.0 };
        let mut p = Process::new(|| { m.update(die); }, ());
        p.start().unwrap();
        q.get().unwrap();
        p.join().unwrap();
        assert_eq!((p.exitcode(), m.get()), (Some(-9), 1.5));
        m.set(2.5);
        assert_eq!(m.get(), 2.5);
    }
}
