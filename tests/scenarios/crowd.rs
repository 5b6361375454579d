//! Many runs, several at once: runs mostly sleep, and neighbours make races likelier.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs at the same time.
const AT_ONCE: usize = 8;

/// Both tests want the machine; one after the other they have it.
static TURN: Mutex<()> = Mutex::new(());

/// Does all the work and fails with everything that went wrong.
#[track_caller]
pub fn all_succeed<Work>(works: impl Iterator<Item = Work>)
where
    Work: FnOnce() -> Result<(), String> + Send,
{
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let works: Vec<_> = works.collect();
    let total = works.len();
    let (queue, failures) = (Mutex::new(works.into_iter()), Mutex::new(Vec::new()));
    let done = AtomicUsize::new(0);
    let next = || queue.lock().expect("no panic while it is held").next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(work) = next() {
                    if let Err(failure) = work() {
                        failures.lock().expect("as above").push(failure);
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let failures = failures.into_inner().expect("all threads are done");
    assert_eq!(done.into_inner(), total, "every run was made");
    assert!(failures.is_empty(), "{} of {total} runs:\n{}", failures.len(), failures.join("\n"));
}
