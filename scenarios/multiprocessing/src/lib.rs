//! Python's `multiprocessing`, in Rust: real processes by `fork(2)`, the same
//! names, the same defaults, the same exit codes.
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
//! | a pool's task is a `fn` or a closure without captures | any importable function | only its address travels |
//! | a panic in a callback is printed and that is all | it ends the result thread, and `join` hangs | nothing is gained by the hang |
//! | `callback` may be added late | it is an argument of `apply_async` | Rust has no keyword arguments |
//! | workers are killed with their parent | they end after their task | a task can last for ever |
//! | signal handlers run at the next call that sleeps or waits | at the next bytecode | there are no bytecodes ([`signal`]) |
//! | a child of `os.fork` has no `Process` children | it has its parent's objects, and its exit terminates the parent's daemons | they are not its own |
//! | `join_timeout` says whether the process ended | `join(timeout)` returns nothing | one question less |
//!
//! What is *not* different, although one might wish it: the task of a killed
//! worker is lost and its `get` waits for ever; so does `join` of that pool.
//! A `terminate`d process leaves its own children behind as orphans.
//!
//! Inside the playground each call also tells the supervisor what it does and
//! from which line (`probe`); outside it is silent and costs nothing.

mod context;
mod error;
mod futex;
mod heap;
mod ids;
mod image;
mod lock;
pub mod os;
pub mod pool;
mod probe;
pub mod process;
pub mod queue;
mod reduction;
mod shared;
pub mod signal;
mod spin;
pub mod start;
pub mod sys;
pub mod time;
mod value;
mod wait;

use std::io::{self, Write};
use std::process::ExitCode;

use protocol::event::Role;

pub use context::{Context, get_all_start_methods, get_context, get_start_method, set_start_method};
pub use error::Error::{Empty, Full};
pub use error::{Error, Result};
pub use pool::Pool;
pub use probe::variable;
pub use process::current::{getpid, getppid};
pub use process::{
    BaseProcess, CustomProcess, Outcome, Process, active_children, current_process, parent_process,
};
pub use queue::Queue;
pub use start::{Method, freeze_support, is_forking};
pub use value::{Plain, Value};
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
