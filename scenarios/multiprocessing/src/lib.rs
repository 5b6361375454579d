//! Python's `multiprocessing`, in Rust: real processes, the same names, the
//! same defaults, the same exit codes.
//!
//! A program in this library reads line by line like its Python twin:
//!
//! ```no_run
//! use multiprocessing::{Process, getpid, getppid, time::sleep};
//!
//! fn task(period: f64) {
//!     for _ in 0..3 {
//!         println!("I am {}, my parent is {}", getpid(), getppid());
//!         sleep(period);
//!     }
//! }
//!
//! let mut p = Process::new(task, (1.0,));
//! p.start()?;
//! p.join()?;
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! # One at a time: `Lock`, `RLock`, `Semaphore`
//!
//! ```no_run
//! use multiprocessing::{Lock, Process, Value};
//!
//! fn count(lock: Lock, n: Value<i64>) {
//!     for _ in 0..1000 {
//!         lock.with(|| {                  // with lock:
//!             n.set(n.get() + 1);         //     n.value += 1
//!         });
//!     }
//! }
//!
//! let (lock, n) = (Lock::new()?.name("A"), Value::new(0)?.name("n"));
//! let mut p = Process::new(count, (lock.clone(), n.clone()));
//! p.start()?;
//! lock.acquire();                         // or acquire_timeout(…), acquire_nowait(): did it?
//! lock.release()?;
//! let held = lock.hold();                 // released when `held` is dropped
//! # drop(held);
//! p.join()?;
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! [`RLock`] has the same methods and may be acquired again by its holder, [`Semaphore`] and
//! [`BoundedSemaphore`] by so many at once. Who is killed with a lock keeps it for ever, as in
//! CPython; [`Lock::robust`] goes to the next, who can ask [`holder_died`](Lock::holder_died).
//!
//! # Many tasks, few workers: `Pool`
//!
//! ```no_run
//! use multiprocessing::{Error, Pool};
//!
//! fn square(n: i64) -> i64 {
//!     n * n
//! }
//!
//! let pool = Pool::new(5)?;               // with Pool(5) as pool: it is terminated when it is dropped
//! assert_eq!(pool.apply(square, (7,))?, 49);
//! let r = pool.apply_async(square, (8,))?.callback(|value| println!("{value}"));
//! assert_eq!(r.get()?, 64);               // or get_timeout(…), wait(), ready(), successful()
//! assert_eq!(pool.map(square, 0..4)?, [0, 1, 4, 9]);
//! pool.chunksize(10).map(square, 0..1000)?;
//! pool.starmap(i64::pow, [(2, 10), (3, 3)])?;
//! for value in pool.imap_unordered(square, 0..100)? {
//!     match value {
//!         Ok(value) => println!("{value}"),
//!         Err(Error::Task(error)) => println!("one raised: {error}"),
//!         Err(error) => return Err(error),
//!     }
//! }
//! pool.close();
//! pool.join()?;
//!
//! // Pool(2, initializer=…, initargs=(…,), maxtasksperchild=3)
//! let hello = |name: String| println!("a worker for {name}");
//! let pool = Pool::options().processes(2).initializer(hello, ("小明".to_owned(),)).maxtasksperchild(3).start()?;
//! # drop(pool);
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! # Until it is time: `Event`, `Condition`, `Barrier`
//!
//! ```no_run
//! use multiprocessing::{Barrier, Condition, Event, Process, Value};
//!
//! let (ready, cond, n) = (Event::new()?, Condition::new()?, Value::new(0)?);
//! let together = Barrier::new(2)?;
//! let mut p = Process::new(|| -> multiprocessing::Result<()> {
//!     ready.wait();                       // or wait_timeout(…): is it set?
//!     cond.with(|| {                      // with cond:
//!         n.set(5);
//!         cond.notify_all()               //     or notify(1)
//!     })?;
//!     together.wait()?;                   // which one am I?
//!     Ok(())
//! }, ());
//! p.start()?;
//! ready.set();
//! cond.with(|| cond.wait_for(|| n.get() == 5))?;
//! together.wait()?;
//! p.join()?;
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! # From one to the other: `Pipe`, `SimpleQueue`, `JoinableQueue`
//!
//! ```no_run
//! use multiprocessing::connection::{ReadOnly, WriteOnly};
//! use multiprocessing::{Connection, Error, JoinableQueue, Pipe, Process};
//!
//! fn shout(conn: Connection) -> multiprocessing::Result<()> {
//!     let text: String = conn.recv()?;
//!     conn.send(&text.to_uppercase())
//! }
//!
//! let (here, there) = Pipe::duplex()?;    // here, there = Pipe()
//! let mut p = Process::new(shout, (there,));
//! p.start()?;                             // drops this process's copy of `there`
//! here.send("hello")?;
//! assert_eq!(here.recv::<String>()?, "HELLO");
//!
//! let (r, w) = Pipe::simplex()?;          // r, w = Pipe(duplex=False)
//! let read = |r: Connection<ReadOnly>, w: Connection<WriteOnly>| {
//!     w.close();                          // what this process inherited keeps the pipe open, too
//!     while let Ok(line) = r.recv::<String>() {
//!         println!("{line}");
//!     }                                   // Err(Error::EndOfFile) is Python's EOFError
//! };
//! let mut reader = Process::new(read, (r, w.clone()));
//! reader.start()?;
//! w.send("the only line")?;
//! w.close();                              // else the reader waits for ever
//! reader.join()?;
//!
//! let tasks = JoinableQueue::new(0)?;
//! let work = |tasks: JoinableQueue<u32>| while tasks.get().is_ok() {
//!     tasks.task_done().expect("one for each get");
//! };
//! let mut worker = Process::new(work, (tasks.clone(),)).daemon(true);
//! worker.start()?;
//! tasks.put(1)?;
//! tasks.join();                           // all that was put is done
//! # Ok::<(), Error>(())
//! ```
//!
//! # Memory that is one: `Value`, `Array`, `SharedMemory`
//!
//! ```no_run
//! use multiprocessing::{Array, Process, SharedMemory, Value};
//!
//! let (x, a) = (Value::new(0.5)?, Array::new([1, 2, 3])?);
//! let shm = SharedMemory::create(10)?;
//! let name = shm.name().to_owned();
//! let mut p = Process::new(|| -> multiprocessing::Result<()> {
//!     x.get_lock().with(|| x.set(x.get() * 2.0));
//!     a.set(0, 100);
//!     SharedMemory::attach(&name)?.write(0, b"hello");
//!     Ok(())
//! }, ());
//! p.start()?;
//! p.join()?;
//! assert_eq!((x.get(), a.to_vec(), shm.read(0, 5)), (1.0, vec![100, 2, 3], b"hello".to_vec()));
//! shm.unlink()?;
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! # As a copy, anew, or from a server: `get_context`
//!
//! ```no_run
//! use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
//!
//! use multiprocessing::{Queue, get_context};
//!
//! static M: AtomicI64 = AtomicI64::new(1);
//!
//! fn task(q: &Queue<i64>, n: i64) -> multiprocessing::Result<()> {
//!     q.put(n * M.load(Relaxed))
//! }
//!
//! multiprocessing::freeze_support();      // first of all: this may be a child that begins anew
//! M.store(5, Relaxed);
//! for method in ["fork", "spawn", "forkserver"] {
//!     let ctx = get_context(method)?;
//!     let q = ctx.queue(0)?;
//!     let mut p = ctx.process(task, (&q, 7)).name("child");
//!     p.start()?;
//!     assert_eq!(q.get()?, if method == "fork" { 35 } else { 7 });
//!     p.join()?;
//! }
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! A fork has everything that its parent had, `M` with its present value too.
//! The others begin anew and have what they are called with; [`start`] explains
//! what that costs and what it saves. [`Process::new`] takes any closure and is
//! for `fork`; a context's [`process`](Context::process) takes what can travel
//! to all, and what cannot does not compile: a closure that captures something,
//! where Python fails with *Can't pickle local object*.
//!
//! # Bare processes: `os`, `signal`
//!
//! ```no_run
//! use multiprocessing::{os, signal, sys, time};
//!
//! signal::signal(signal::SIGTERM, |_| sys::exit(0))?;
//! let pid = os::fork()?;                  // called once, returns twice
//! if pid == 0 {
//!     time::sleep(60.0);                  // the handler runs in here
//!     os::_exit(1);
//! }
//! os::kill(pid, signal::SIGTERM)?;
//! let (_, status) = os::waitpid(pid, 0)?;
//! assert_eq!(os::waitstatus_to_exitcode(status), 0);
//! # Ok::<(), multiprocessing::Error>(())
//! ```
//!
//! # Waiting and dying
//!
//! Everything that waits sleeps in the kernel (`futex(2)`, `waitpid(2)`,
//! `poll(2)` on a pidfd) until what it waits for happens: nothing polls. What
//! processes share survives any of them being killed at any instruction.
//!
//! # Where it differs from CPython 3.11
//!
//! | here | there | why |
//! |---|---|---|
//! | failures are [`Error`]s with CPython's texts | exceptions | Rust |
//! | a target or task that panics *raises*; so does a target that returns `Err` | it raises | Rust |
//! | a target is consumed by `start` or `run` | it can run again | `FnOnce` lets it own what it uses |
//! | items, arguments and results are `serde` types | anything that can be pickled | Rust |
//! | an item is in the queue when `put` returns | a feeder thread puts it there later | no thread, no surprise at exit |
//! | a queue has 256 MiB; a `put` that finds them full waits | memory and a 64 KiB pipe | it lies in shared memory |
//! | a peer that is killed takes at most its own item along | it may leave a lock behind for ever | robust locks |
//! | a lock inside a `Value` or `Array` outlives its holder | it stays taken for ever | robust locks |
//! | `notify` of a `Condition` waits for nobody | it waits until those it woke are awake, for ever if one was killed | tickets |
//! | who waits for an `Event` goes on although it is cleared at once | it may have waited in vain | the same |
//! | a barrier is usable again after a waiter was killed and all others left | nobody gets in any more | generations |
//! | which way a `Pipe` goes is in the type of its ends | `OSError` at run time | misuse does not compile |
//! | `start` drops the ends of a pipe that it was given | the parent must close its copies | ownership |
//! | a `SimpleQueue` has the memory of a `Queue` | 64 KiB, and `put` waits | it is one |
//! | a pool whose initializer raises is broken: its tasks fail with that error | it starts workers for ever | one storm less |
//! | a chunk of no elements is an error in `map`, too | `map(…, chunksize=0)` returns a list of `None` | nothing was called |
//! | a pool's task is a `fn` or a closure without captures | any importable function | only its address travels |
//! | a panic in a callback is printed and that is all | it ends the result thread, and `join` hangs | nothing is gained by the hang |
//! | `callback` may be added late | it is an argument of `apply_async` | Rust has no keyword arguments |
//! | workers are killed with their parent | they end after their task | a task can last for ever |
//! | signal handlers run at the next call that sleeps or waits | at the next bytecode | there are no bytecodes ([`signal`]) |
//! | a child of `os.fork` has no `Process` children | it has its parent's objects, and its exit terminates the parent's daemons | they are not its own |
//! | a child that begins anew enters by `freeze_support`, in the first line of `main` or of [`run`] | it imports the main module under another name | there is no importing in Rust |
//! | `Process::new` is for `fork`; with another default its `start` fails | the target fails to be pickled, or not | a closure cannot say whether it can travel |
//! | shared objects of any context go to processes of any other | `RuntimeError` for locks | they lie in memory, not in names |
//! | arguments of a child that begins anew are never dropped where they are references | they are collected | so it is after a fork |
//! | a fork server ends with the process that made it | a moment later | nothing is left behind |
//! | the resource tracker starts with the first `SharedMemory`, and a new one knows what the old one knew | with the first spawned process or named object; a new one knows nothing | nothing is left behind, whoever is killed |
//! | a message in a `Pipe` has a number before it | it has not | the log can tell which one arrives |
//! | `join_timeout` says whether the process ended | `join(timeout)` returns nothing | one question less |
//!
//! What is *not* different, although one might wish it: the task of a killed
//! worker is lost and its `get` waits for ever; so does `join` of that pool.
//! (A pool can be told otherwise: [`lost_tasks_fail`](pool::PoolOptions::lost_tasks_fail).)
//! A `terminate`d process leaves its own children behind as orphans.
//!
//! Inside the playground each call also tells the supervisor what it does and
//! from which line (`probe`); outside it is silent and costs nothing.

mod array;
pub mod connection;
mod context;
mod error;
mod futex;
mod heap;
mod ids;
mod image;
mod lock;
pub mod os;
mod plain;
pub mod pool;
mod probe;
pub mod process;
pub mod queue;
mod reduction;
mod resource_tracker;
mod scratch;
mod shared;
mod shared_memory;
pub mod signal;
mod spin;
pub mod start;
pub mod sync;
pub mod sys;
pub mod time;
mod value;
mod wait;

use std::io::{self, Write};
use std::process::ExitCode;

use protocol::event::Role;

pub use array::Array;
pub use connection::{Connection, Pipe};
pub use context::{Context, get_all_start_methods, get_context, get_start_method, set_start_method};
pub use error::Error::{Empty, Full};
pub use error::{Error, Result};
pub use plain::Plain;
pub use pool::Pool;
pub use probe::variable;
pub use process::current::{getpid, getppid};
pub use process::{
    BaseProcess, CustomProcess, Outcome, Process, active_children, current_process, parent_process,
};
pub use queue::{JoinableQueue, Queue, SimpleQueue};
pub use shared_memory::SharedMemory;
pub use start::{Method, freeze_support, is_forking};
pub use sync::{Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore};
pub use value::Value;
pub use wait::wait;

/// Runs a program's `main` as Python runs a script.
///
/// Names the process `MainProcess`; returns exit code 0, that of [`sys::exit`],
/// or 1 after a panic or an error, whose message is on standard error. Children
/// that are left are looked after when the process ends.
pub fn run<O: Outcome>(main: impl FnOnce() -> O) -> ExitCode {
    freeze_support();
    init();
    process::current::set_unwinds_on_exit();
    let code = start::life::outcome(|| main().settle());
    let _ = io::stdout().flush();
    ExitCode::from((code & 0xff) as u8)
}

/// Names this process `MainProcess` for whoever watches and makes sure that its end ends its children.
///
/// [`run`] does this too; a program without it may begin with `init`.
pub fn init() {
    process::exit::register();
    process::panics::install();
    // No line of the program made the main process.
    probe::process_named(None, "MainProcess", Role::Main);
}
