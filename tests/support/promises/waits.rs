//! Waiting for locks and the like: who waits, who got it, who holds it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Faults, require};

/// A kind of object and its number.
type Object = (String, u64);

/// What has been said so far of objects that processes wait for.
#[derive(Default)]
pub(crate) struct Waits {
    /// How many threads of a process wait for an object.
    waiting: HashMap<(i64, Object), u32>,
    /// Which process has a lock.
    holders: HashMap<Object, i64>,
    /// Locks whose holder died: they stay taken until somebody releases them, or go to the next.
    orphans: HashSet<Object>,
}

impl Waits {
    /// `sync.waiting` and what ends it.
    pub(crate) fn event(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        require(faults, event, &["object", "name", "kind"]);
        let what = event["kind"].as_str().unwrap_or_default();
        let kinds = ["lock", "semaphore", "event", "barrier", "condition", "process", "task", "pipe"];
        if !kinds.contains(&what) {
            return faults.add(event, "waits for something of no known kind");
        }
        let pid = event["pid"].as_i64().unwrap_or(-1);
        let object = (what.to_owned(), event["object"].as_u64().unwrap_or(u64::MAX));
        let waited = match kind {
            "sync.waiting" => {
                *self.waiting.entry((pid, object)).or_default() += 1;
                return;
            }
            "sync.released" => false,
            _ => self.waits_no_longer(pid, &object),
        };
        match kind {
            "sync.timeout" if !waited => faults.add(event, "gives up what it did not wait for"),
            "sync.acquired" if what == "lock" => self.taken(pid, object, event, faults),
            "sync.released" if what == "lock" => {
                let held = self.holders.remove(&object).is_some() || self.orphans.remove(&object);
                if !held {
                    faults.add(event, "releases what nobody holds");
                }
            }
            _ => {}
        }
    }

    /// A process is gone, and with it all its waits.
    pub(crate) fn exited(&mut self, pid: i64) {
        self.waiting.retain(|(who, _), _| *who != pid);
        let left = self.holders.extract_if(|_, who| *who == pid);
        self.orphans.extend(left.map(|(object, _)| object));
    }

    fn waits_no_longer(&mut self, pid: i64, object: &Object) -> bool {
        let key = (pid, object.clone());
        let Some(threads) = self.waiting.get_mut(&key) else { return false };
        *threads -= 1;
        if *threads == 0 {
            self.waiting.remove(&key);
        }
        true
    }

    /// A lock has one holder at a time; a recursive one may be taken again by the process that has it.
    fn taken(&mut self, pid: i64, lock: Object, event: &Value, faults: &mut Faults) {
        self.orphans.remove(&lock);
        let holder = self.holders.insert(lock, pid).unwrap_or(pid);
        if holder != pid {
            faults.add(event, format_args!("{} is held by {holder}", event["name"]));
        }
    }
}
