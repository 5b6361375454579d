//! Contexts: the library's functions with a start method of one's choice.
//!
//! Python's `ctx = multiprocessing.get_context("spawn")` has everything that
//! the module has, and what it makes is started by that method. So has a
//! [`Context`]. What needs no process (queues, values) is the same in every
//! context; CPython makes locks of one context refuse to go to another's
//! processes, here all go everywhere.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::array::Array;
use crate::connection::{Connection, Pipe};
use crate::error::{Error, Result};
use crate::plain::Plain;
use crate::pool::{Pool, PoolOptions};
use crate::process::{Process, Target};
use crate::queue::{JoinableQueue, Queue, SimpleQueue};
use crate::start::Method;
use crate::start::arguments::Arguments;
use crate::start::work::Call;
use crate::sync::{Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore};
use crate::value::Value;

/// The default of this process, once it was chosen or used: its place in [`Method::ALL`], plus one.
///
/// No lock, so that no fork can find it locked.
static CHOSEN: AtomicUsize = AtomicUsize::new(NONE);

const NONE: usize = 0;

/// The default if there is one, as it goes to children.
pub(crate) fn chosen() -> Option<Method> {
    CHOSEN.load(Ordering::Relaxed).checked_sub(1).map(|place| Method::ALL[place])
}

/// Chooses if nothing was chosen; says whether it has.
fn choose(method: Method) -> bool {
    CHOSEN.compare_exchange(NONE, method as usize + 1, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}

/// In a child: the default that its parent had.
pub(crate) fn inherit(method: Option<Method>) {
    method.map(choose);
}

/// The method of processes that were not made by a context. From now on it is fixed.
pub(crate) fn default_method() -> Method {
    choose(Method::Fork);
    chosen().unwrap_or(Method::Fork)
}

/// The start methods that this system has: all three, the default first.
pub fn get_all_start_methods() -> [Method; 3] {
    Method::ALL
}

/// The method by which processes are started that no context made; `fork` unless another was set.
///
/// As in CPython, asking fixes it: [`set_start_method`] is an error from now on.
pub fn get_start_method() -> Method {
    default_method()
}

/// Has processes that no context makes started by this method; once, and before the first is started.
///
/// # Errors
/// [`Error::ContextSet`] when it was set or used before; [`Error::NoContext`] when there is no such method.
pub fn set_start_method(method: impl AsRef<str>) -> Result<()> {
    let method = Method::named(method.as_ref())?;
    choose(method).then_some(()).ok_or(Error::ContextSet)
}

/// The library with this start method: a [`Method`] or its name.
///
/// ```no_run
/// use multiprocessing::{Queue, get_context};
///
/// fn task(q: &Queue<i64>, n: i64) -> multiprocessing::Result<()> {
///     q.put(n)
/// }
///
/// multiprocessing::freeze_support();
/// let ctx = get_context("spawn")?;
/// let q = ctx.queue(0)?;
/// let mut p = ctx.process(task, (&q, 1)).name("child");
/// p.start()?;
/// assert_eq!(q.get()?, 1);
/// p.join()?;
/// # Ok::<(), multiprocessing::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoContext`] when there is no such method.
pub fn get_context(method: impl AsRef<str>) -> Result<Context> {
    Method::named(method.as_ref()).map(|method| Context { method })
}

impl Method {
    fn named(name: &str) -> Result<Method> {
        let found = Method::ALL.into_iter().find(|method| method.as_str() == name);
        found.ok_or_else(|| Error::NoContext(name.to_owned()))
    }
}

/// The library with a start method; see [`get_context`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    method: Method,
}

impl Context {
    /// Its start method.
    pub fn get_start_method(self) -> Method {
        self.method
    }

    /// A process that will call `target` with `args`, a tuple of up to four: Python's `ctx.Process(target=…, args=…)`.
    ///
    /// The target is a `fn` or a closure that captures nothing; another one
    /// does not compile. The arguments are `serde` values, or shared objects, or
    /// references to one of these.
    ///
    /// ```compile_fail
    /// # let ctx = multiprocessing::get_context("spawn")?;
    /// let n = 7;
    /// ctx.process(move || println!("{n}"), ());    // Can't pickle local object
    /// # Ok::<(), multiprocessing::Error>(())
    /// ```
    ///
    /// Its name is `ForkProcess-1`, `SpawnProcess-1` or `ForkServerProcess-1`, as in CPython.
    pub fn process<'a, F, A, K>(self, target: F, args: A) -> Process<'a>
    where
        F: Target<A> + Copy + 'a,
        A: Arguments<K> + 'a,
        K: 'a,
    {
        let class = format!("{}Process", self.method.prefix());
        Process::of_context(self.method, &class, Box::new(Call::new(target, args)))
    }

    /// A pool whose workers are started by this method, as by [`Pool::new`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn pool(self, processes: usize) -> Result<Pool> {
        self.pool_options().processes(processes).start()
    }

    /// The same, of which more is to be said before it starts: [`Pool::options`].
    pub fn pool_options(self) -> PoolOptions {
        Pool::options().context(self)
    }

    /// [`Queue::new`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn queue<T: Serialize + DeserializeOwned>(self, maxsize: usize) -> Result<Queue<T>> {
        Queue::new(maxsize)
    }

    /// [`SimpleQueue::new`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn simple_queue<T: Serialize + DeserializeOwned>(self) -> Result<SimpleQueue<T>> {
        SimpleQueue::new()
    }

    /// [`JoinableQueue::new`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn joinable_queue<T: Serialize + DeserializeOwned>(self, maxsize: usize) -> Result<JoinableQueue<T>> {
        JoinableQueue::new(maxsize)
    }

    /// [`Pipe::duplex`]; [`Pipe::simplex`] is the same in every context.
    ///
    /// # Errors
    /// As there.
    pub fn pipe(self) -> Result<(Connection, Connection)> {
        Pipe::duplex()
    }

    /// [`Value::new`].
    ///
    /// # Errors
    /// As there.
    pub fn value<T: Plain>(self, value: T) -> Result<Value<T>> {
        Value::new(value)
    }

    /// [`Array::new`].
    ///
    /// # Errors
    /// As there.
    pub fn array<T: Plain>(self, values: impl AsRef<[T]>) -> Result<Array<T>> {
        Array::new(values)
    }
}

/// What has a `new` of its own and is the same in every context.
macro_rules! as_everywhere {
    ($($name:ident($($argument:ident: $type:ty)?) -> $object:ident;)*) => {
        impl Context {
            $(
                #[doc = concat!("[`", stringify!($object), "::new`].")]
                ///
                /// # Errors
                /// As there.
                pub fn $name(self $(, $argument: $type)?) -> Result<$object> {
                    $object::new($($argument)?)
                }
            )*
        }
    };
}

as_everywhere! {
    lock() -> Lock;
    rlock() -> RLock;
    semaphore(value: u32) -> Semaphore;
    bounded_semaphore(value: u32) -> BoundedSemaphore;
    event() -> Event;
    condition() -> Condition;
    barrier(parties: u32) -> Barrier;
}
