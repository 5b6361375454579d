//! `Array`, and the lock of `Value` and `Array`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use multiprocessing::{Array, Queue, RLock, Value, time};

use crate::support::{BRIEFLY, PLENTY, tests};

tests! {
    fn an_array_is_read_and_written_by_index_and_by_slice() {
        let a = Array::new([680, 626, 934, 821, 150, 233, 548, 982, 714, 831]).unwrap();
        assert_eq!((a.len(), a.is_empty(), a.get(2)), (10, false, 934));
        assert_eq!(a.slice(2..7), [934, 821, 150, 233, 548]);
        a.set(2, -1);
        a.set_slice(4, &[5, 6]);
        assert_eq!(a.update(9, |n| n + 1), 832);
        assert_eq!(a.to_vec(), [680, 626, -1, 821, 5, 6, 548, 982, 714, 832]);
        assert_eq!(Array::<f64>::zeroed(3).unwrap().to_vec(), [0.0; 3]);
        assert!(Array::<bool>::zeroed(0).unwrap().is_empty());
    }

    fn a_child_changes_the_parent_s_array(ctx: Context) {
        let a = ctx.array([1.5, 2.5]).unwrap();
        let mut p = ctx.process(|a: &Array<f64>| a.set_slice(0, &[a.get(1), a.get(0)]), (&a,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(a.to_vec(), [2.5, 1.5]);
    }

    fn an_index_beyond_the_end_panics_and_releases_the_lock(ctx: Context) {
        let a = Array::new([1u8, 2]).unwrap();
        for beyond in [
            catch_unwind(AssertUnwindSafe(|| { a.get(2); })),
            catch_unwind(AssertUnwindSafe(|| a.set(2, 0))),
            catch_unwind(AssertUnwindSafe(|| a.set_slice(1, &[0, 0]))),
            catch_unwind(AssertUnwindSafe(|| { a.slice(1..3); })),
        ] {
            assert!(beyond.unwrap_err().downcast::<String>().is_ok_and(|text| text.starts_with("invalid index")));
        }
        assert_eq!(a.to_vec(), [1, 2]);
        let mut p = ctx.process(|a: &Array<u8>| a.set(0, 3), (&a,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(a.get(0), 3);
    }

    fn its_lock_is_held_over_several_calls(ctx: Context) {
        let (a, n) = (ctx.array([0i64; 2]).unwrap(), ctx.value(0i64).unwrap());
        let swap = |a: &Array<i64>, n: &Value<i64>| for _ in 0..1_000 {
            a.get_lock().with(|| { a.set(0, a.get(0) + 1); a.set(1, a.get(1) - 1); });
            n.get_lock().with(|| n.set(n.get() + 1));
        };
        let mut children: Vec<_> = (0..4).map(|_| ctx.process(swap, (&a, &n))).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        for _ in 0..1_000 {
            assert_eq!(a.get_lock().with(|| a.get(0) + a.get(1)), 0);
        }
        children.iter().for_each(|p| p.join().unwrap());
        assert_eq!((a.to_vec(), n.get()), (vec![4_000, -4_000], 4_000));
    }

    fn who_holds_the_lock_keeps_others_from_the_value(ctx: Context) {
        let (n, got) = (ctx.value(1).unwrap(), ctx.queue(0).unwrap());
        n.get_lock().with(|| {
            let mut p = ctx.process(|n: &Value<i32>, got: &Queue<i32>| got.put(n.get()), (&n, &got)).daemon(true);
            p.start().unwrap();
            assert!(got.get_timeout(BRIEFLY).is_err());
            n.set(2);
        });
        assert_eq!(got.get_timeout(PLENTY).unwrap(), 2);
    }

    fn a_value_survives_who_is_killed_with_its_lock(ctx: Context) {
        let (n, a, held) = (ctx.value(1).unwrap(), ctx.array([1]).unwrap(), ctx.queue(0).unwrap());
        let hold = |lock: &RLock, held: &Queue<()>| lock.with(|| { held.put(()).unwrap(); time::sleep(100.0) });
        for lock in [n.get_lock(), a.get_lock()] {
            let mut p = ctx.process(hold, (lock, &held));
            p.start().unwrap();
            held.get().unwrap();
            p.kill().unwrap();
            p.join().unwrap();
        }
        n.get_lock().with(|| assert!(n.get_lock().holder_died()));
        assert_eq!((n.update(|n| n + 1), a.update(0, |n| n + 1)), (2, 2));
    }

    fn a_lock_outlives_the_value_it_belongs_to() {
        let n = Value::new(0).unwrap();
        n.get_lock().acquire();
        drop(n);
        // The C library has a chain of the locks that this thread holds, which goes through that value's memory.
        let others: Vec<_> = (0..100).map(|n| Value::new(n).unwrap()).collect();
        assert_eq!(others.iter().map(Value::get).sum::<i32>(), 4950);
    }
}
