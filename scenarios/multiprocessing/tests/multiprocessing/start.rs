//! Start methods: what a child has of its parent, what it has not, and what cannot go to it.

use std::fs::DirEntry;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use multiprocessing::{
    Array, Barrier, BoundedSemaphore, Condition, Connection, Error, Event, JoinableQueue, Lock, Method, Pool,
    Process, Queue, RLock, Semaphore, SimpleQueue, Value, active_children, current_process,
    get_all_start_methods, get_context, get_start_method, getpid, getppid, parent_process, set_start_method,
    signal, sys, time,
};

use crate::support::{Random, kill, tests, wait_for_end};

/// A variable outside of any function.
static M: AtomicI64 = AtomicI64::new(1);

fn tell_m(q: &Queue<i64>) {
    q.put(M.load(Ordering::Relaxed)).unwrap();
}

fn mixed(q: Queue<String>, text: &str, m: &Value<i64>, list: Vec<u8>) {
    m.update(|m| m + 1);
    q.put(format!("{text} {list:?}")).unwrap();
}

fn run_to_the_end(mut p: Process<'_>) {
    p.start().unwrap();
    p.join().unwrap();
    assert_eq!(p.exitcode(), Some(0));
}

/// The fork server, which is all that the kernel knows as a child of this process.
fn only_child() -> i32 {
    let children = std::fs::read_to_string(format!("/proc/self/task/{}/children", getpid())).unwrap();
    children.trim().parse().unwrap()
}

/// Uses what it was given, and says when it has done so.
fn use_locks(all: &(Lock, RLock, Semaphore, BoundedSemaphore), n: &Value<i64>, done: &Event) {
    let (lock, rlock, semaphore, bounded) = all;
    lock.with(|| rlock.with(|| semaphore.with(|| bounded.with(|| n.set(n.get() + 1)))));
    done.set();
}

fn use_meetings(cond: &Condition, barrier: &Barrier, a: &Array<i32>) -> multiprocessing::Result<()> {
    cond.with(|| {
        a.set(1, 7);
        cond.notify(1)
    })?;
    barrier.wait().map(drop)
}

fn use_ways(
    conn: Connection,
    simple: &SimpleQueue<String>,
    tasks: &JoinableQueue<i32>,
) -> multiprocessing::Result<()> {
    simple.put(conn.recv::<String>()?)?;
    tasks.get()?;
    conn.send("before task_done")?;
    tasks.task_done()
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

    fn what_an_argument_shares_is_refused_elsewhere(ctx: Context) {
        let q = ctx.queue::<Queue<i32>>(0).unwrap();
        let error = q.put(ctx.queue(0).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "Queue objects should only be shared between processes through inheritance");
        let pool = ctx.pool(1).unwrap();
        let error = pool.apply(|m: Value<i32>| m.get(), (ctx.value(1).unwrap(),)).unwrap_err();
        assert!(matches!(error, Error::Inheritance("Value")), "{error}");
    }

    fn many_shared_objects_go_along(ctx: Context) {
        let values: Vec<Value<u64>> = (0..1000).map(|n| ctx.value(n).unwrap()).collect();
        run_to_the_end(ctx.process(|values: &Vec<Value<u64>>| {
            values.iter().for_each(|value| value.set(value.get() + 1));
        }, (&values,)));
        assert!((1..=1000).eq(values.iter().map(Value::get)));
    }

    fn every_shared_object_goes_along_and_is_the_same(ctx: Context) {
        let all = (ctx.lock().unwrap(), ctx.rlock().unwrap(), ctx.semaphore(1).unwrap(), ctx.bounded_semaphore(1).unwrap());
        let (n, done) = (ctx.value(1).unwrap(), ctx.event().unwrap());
        let mut p = ctx.process(use_locks, (&all, &n, &done));
        all.0.acquire();
        p.start().unwrap();
        assert!(!done.wait_timeout(Duration::from_millis(20)));
        all.0.release().unwrap();
        done.wait();
        p.join().unwrap();
        assert_eq!((n.get(), p.exitcode()), (2, Some(0)));

        let (cond, barrier, a) = (ctx.condition().unwrap(), ctx.barrier(2).unwrap(), ctx.array([1, 2, 3]).unwrap());
        let mut p = ctx.process(use_meetings, (&cond, &barrier, &a));
        p.start().unwrap();
        cond.with(|| cond.wait_for(|| a.get(1) == 7)).unwrap();
        barrier.wait().unwrap();
        p.join().unwrap();
        assert_eq!((a.to_vec(), p.exitcode()), (vec![1, 7, 3], Some(0)));

        let (here, there) = ctx.pipe().unwrap();
        let (simple, tasks) = (ctx.simple_queue().unwrap(), ctx.joinable_queue(0).unwrap());
        let mut p = ctx.process(use_ways, (there, &simple, &tasks));
        tasks.put(5).unwrap();
        p.start().unwrap();
        here.send("听音乐").unwrap();
        assert_eq!(simple.get().unwrap(), "听音乐");
        tasks.join();
        assert_eq!(here.recv::<String>().unwrap(), "before task_done");
        p.join().unwrap();
        // `start` dropped this process's copy of the other end, and the child is gone.
        assert!(matches!(here.recv::<String>(), Err(Error::EndOfFile)));
    }

    fn large_arguments_travel(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let picture = "乐".repeat(10 << 20);
        run_to_the_end(ctx.process(|q: &Queue<usize>, picture: &String| q.put(picture.len()).unwrap(), (&q, &picture)));
        assert_eq!(q.get().unwrap(), 30 << 20);
    }

    fn only_what_goes_along_is_open_in_the_child(ctx: Context) {
        let (q, secret) = (ctx.queue(0).unwrap(), tempfile::tempfile().unwrap());
        let inode = secret.metadata().unwrap().ino();
        run_to_the_end(ctx.process(|q: &Queue<bool>, inode: u64| {
            let open = std::fs::read_dir("/proc/self/fd").unwrap();
            let is_secret = |entry: DirEntry| std::fs::metadata(entry.path()).is_ok_and(|file| file.ino() == inode);
            q.put(open.flatten().any(is_secret)).unwrap();
        }, (&q, inode)));
        assert_eq!(q.get().unwrap(), ctx.get_start_method() == Method::Fork);
    }

    fn the_child_works_where_its_parent_does(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        // A fork server begins elsewhere.
        run_to_the_end(ctx.process(|| (), ()));
        let folder = tempfile::tempdir().unwrap();
        std::env::set_current_dir(folder.path()).unwrap();
        run_to_the_end(ctx.process(|q: &Queue<PathBuf>| q.put(std::env::current_dir().unwrap()).unwrap(), (&q,)));
        assert_eq!(q.get().unwrap(), std::env::current_dir().unwrap());
    }

    fn a_pool_s_workers_are_started_by_the_method(ctx: Context) {
        let pool = ctx.pool(2).unwrap();
        assert_eq!(pool.apply(|n: i64| n + M.fetch_add(1, Ordering::Relaxed), (6,)).unwrap(), 7);
        let (name, parent, maker) =
            pool.apply(|| (current_process().name().to_owned(), parent_process().unwrap().pid(), getppid()), ()).unwrap();
        assert_eq!(parent, getpid());
        assert_eq!(maker == getpid(), ctx.get_start_method() != Method::ForkServer);
        let class = ["ForkPoolWorker-", "SpawnPoolWorker-", "ForkServerPoolWorker-"][ctx.get_start_method() as usize];
        assert!(name.starts_with(class), "{name}");
    }

    fn a_killed_worker_is_replaced_by_the_method(ctx: Context) {
        let pool = ctx.pool(1).unwrap();
        let worker = pool.apply(getpid, ()).unwrap();
        kill(worker, libc::SIGKILL);
        assert_ne!(pool.apply(getpid, ()).unwrap(), worker);
    }

    fn workers_are_killed_with_their_parent(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut parent = ctx.process(|q: &Queue<i32>, method: Method| {
            let pool = get_context(method).unwrap().pool(2).unwrap();
            let slow = || { time::sleep(0.05); getpid() };
            let pids: Vec<_> = (0..4).map(|_| pool.apply_async(slow, ()).unwrap()).collect();
            pids.iter().for_each(|pid| q.put(pid.get().unwrap()).unwrap());
            q.put(0).unwrap();
            (0..2).for_each(|_| drop(pool.apply_async(time::sleep, (60.0,)).unwrap()));
            time::sleep(60.0);
        }, (&q, ctx.get_start_method()));
        parent.start().unwrap();
        let workers: Vec<i32> = std::iter::from_fn(|| q.get().ok().filter(|pid| *pid != 0)).collect();
        assert_eq!(workers.len(), 4);
        parent.kill().unwrap();
        parent.join().unwrap();
        workers.into_iter().for_each(wait_for_end);
    }

    fn what_processes_inherit_is_the_default(ctx: Context) {
        set_start_method(ctx.get_start_method()).unwrap();
        let q = ctx.queue(0).unwrap();
        run_to_the_end(ctx.process(|q: &Queue<Method>| q.put(get_start_method()).unwrap(), (&q,)));
        assert_eq!(q.get().unwrap(), ctx.get_start_method());
        assert!(matches!(set_start_method("fork"), Err(Error::ContextSet)));
    }

    fn the_default_is_fork_and_asking_fixes_it() {
        assert_eq!(get_all_start_methods().map(Method::as_str), ["fork", "spawn", "forkserver"]);
        assert_eq!(get_start_method(), Method::Fork);
        assert_eq!(set_start_method("spawn").unwrap_err().to_string(), "context has already been set");
        assert_eq!(get_context("thread").unwrap_err().to_string(), "cannot find context for 'thread'");
    }

    fn a_default_that_is_no_fork_starts_what_can_travel() {
        set_start_method("spawn").unwrap();
        let mut p = Process::new(|| (), ());
        assert!(matches!(p.start(), Err(Error::Local(_))));
        assert!(active_children().is_empty());
        let pool = Pool::new(1).unwrap();
        assert!(pool.apply(|| current_process().name().to_owned(), ()).unwrap().starts_with("SpawnPoolWorker-"));
    }

    fn a_fork_server_that_is_killed_is_replaced_and_its_children_s_codes_are_lost() {
        let ctx = get_context(Method::ForkServer).unwrap();
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(|q: &Queue<i32>| { q.put(getppid()).unwrap(); time::sleep(60.0) }, (&q,));
        p.start().unwrap();
        let server = q.get().unwrap();
        kill(server, libc::SIGKILL);
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(255));
        // The child itself lives on, as in CPython; its pidfd still names it.
        p.kill().unwrap();
        wait_for_end(p.pid().unwrap());
        let mut next = ctx.process(|q: &Queue<i32>| q.put(getppid()).unwrap(), (&q,));
        next.start().unwrap();
        next.join().unwrap();
        assert_eq!(next.exitcode(), Some(0));
        assert_ne!(q.get().unwrap(), server);
    }

    fn a_fork_server_tells_codes_also_to_who_ignores_children() {
        signal::signal(signal::SIGCHLD, signal::SIG_IGN).unwrap();
        let mut p = get_context(Method::ForkServer).unwrap().process(|| sys::exit(7), ());
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(7));
    }

    fn a_fork_server_killed_at_any_moment_keeps_nobody_waiting() {
        let ctx = get_context(Method::ForkServer).unwrap();
        let mut random = Random::new(3);
        // It may be killed while it is asked, which is an error as in CPython.
        let end = |mut p: Process<'_>| p.start().is_ok() && {
            assert!(p.join_timeout(Duration::from_secs(60)).unwrap());
            assert!([Some(0), Some(255)].contains(&p.exitcode()), "{:?}", p.exitcode());
            p.exitcode() == Some(0)
        };
        let rounds = (0..40).filter(|_| {
            if !end(ctx.process(|| (), ())) {
                return false;
            }
            let (server, pause) = (only_child(), Duration::from_micros(random.below(3000)));
            let killer = std::thread::spawn(move || {
                std::thread::sleep(pause);
                kill(server, libc::SIGKILL);
                wait_for_end(server);
            });
            (0..6).for_each(|_| _ = end(ctx.process(|| (), ())));
            killer.join().unwrap();
            true
        });
        assert!(rounds.count() >= 20);
    }

    fn forked_children_share_their_family_s_fork_server() {
        let ctx = get_context(Method::ForkServer).unwrap();
        let q = ctx.queue(0).unwrap();
        let told = |q: &Queue<i32>| {
            let mut p = get_context(Method::ForkServer).unwrap().process(|q: &Queue<i32>| q.put(getppid()).unwrap(), (q,));
            p.start().unwrap();
            p.join().unwrap();
        };
        told(&q);
        run_to_the_end(Process::new(told, (&q,)));
        run_to_the_end(ctx.process(told, (&q,)));
        let servers = [q.get().unwrap(), q.get().unwrap(), q.get().unwrap()];
        assert!(servers.iter().all(|server| *server == servers[0]));
    }

    fn a_stopped_fork_server_does_not_keep_its_family_from_ending() {
        let ctx = get_context(Method::ForkServer).unwrap();
        let q = ctx.queue(0).unwrap();
        run_to_the_end(Process::new(|| {
            run_to_the_end(ctx.process(|q: &Queue<i32>| q.put(getppid()).unwrap(), (&q,)));
            let server = q.get().unwrap();
            kill(server, libc::SIGSTOP);
            q.put(server).unwrap();
        }, ()));
        // It is nobody's any more and ends as soon as it can.
        let server = q.get().unwrap();
        kill(server, libc::SIGCONT);
        wait_for_end(server);
    }
}
