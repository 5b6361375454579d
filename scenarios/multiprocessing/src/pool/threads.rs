//! The threads of a pool, and waiting for them from anywhere.
//!
//! Several threads may wait for a pool at once, and one of them may be a
//! thread of the pool itself: a callback may `terminate` the pool while the
//! main thread is in `join`. So nobody holds the lock while it waits, nobody
//! waits for itself, and everybody waits for the same thing: that the others
//! have said they are done.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};

use crate::error::{Error, Result};

/// The stack of the thread that forks the workers, which is the stack they run on: as long as a main thread's.
const STACK_BYTES: usize = 8 << 20;

/// Threads that can be waited for by each other.
#[derive(Default)]
pub(super) struct Threads {
    members: Mutex<Vec<Member>>,
    /// Some member is done.
    done: Condvar,
}

struct Member {
    handle: JoinHandle<()>,
    done: bool,
}

impl Threads {
    /// Starts one more.
    pub(super) fn spawn(self: &Arc<Self>, body: impl FnOnce() + Send + 'static) -> Result<()> {
        let threads = Arc::clone(self);
        // Held until the thread is in the list, where its last word finds it.
        let mut members = self.lock();
        let handle = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
            let _last_word = LastWord(threads);
            body();
        });
        let handle = handle.map_err(|source| Error::Os { step: "pthread_create", source })?;
        members.push(Member { handle, done: false });
        Ok(())
    }

    /// Waits until all are done, except the one that asks if it is one of them.
    pub(super) fn join(&self) {
        let here = thread::current().id();
        let busy =
            |members: &mut Vec<Member>| members.iter().any(|member| !member.done && member.id() != here);
        let mut members = self.done.wait_while(self.lock(), busy).unwrap_or_else(PoisonError::into_inner);
        let done: Vec<Member> = members.extract_if(.., |member| member.done).collect();
        drop(members);
        // They have nothing left to do but to leave.
        for member in done {
            let _ = member.handle.join();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    fn id(&self) -> ThreadId {
        self.handle.thread().id()
    }
}

/// Says that its thread is done, also when that panics.
struct LastWord(Arc<Threads>);

impl Drop for LastWord {
    fn drop(&mut self) {
        let here = thread::current().id();
        self.0.lock().iter_mut().filter(|member| member.id() == here).for_each(|member| member.done = true);
        self.0.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_member_and_another_can_wait_at_once_and_neither_returns_too_early() {
        let threads = Arc::new(Threads::default());
        let (release, released) = mpsc::channel::<()>();
        let (told, heard) = mpsc::channel();
        let first_told = told.clone();
        threads
            .spawn(move || {
                released.recv().unwrap();
                first_told.send("first is done").unwrap();
            })
            .unwrap();
        let inner = Arc::clone(&threads);
        let second_told = told.clone();
        threads
            .spawn(move || {
                inner.join();
                second_told.send("second saw it").unwrap();
            })
            .unwrap();
        thread::scope(|scope| {
            for _ in 0..2 {
                let (threads, told) = (&threads, told.clone());
                scope.spawn(move || {
                    threads.join();
                    told.send("outsider saw both").unwrap();
                });
            }
            release.send(()).unwrap();
        });
        drop(told);
        let said: Vec<_> = heard.iter().take(4).collect();
        assert_eq!(said, ["first is done", "second saw it", "outsider saw both", "outsider saw both"]);
    }
}
