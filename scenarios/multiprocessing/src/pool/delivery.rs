//! Handing results to whoever waits for them, and running callbacks: the second thread of a pool.

use std::sync::Arc;

use super::TaskError;
use super::office::{Office, Outcome, Phase};
use super::slot::Slot;
use super::task::{Part, Reply};
use crate::queue::channel::Limit;

impl Office {
    /// The thread that hands out results, until the channel is closed or the pool terminated.
    pub(super) fn handle_results(&self) {
        self.hand_out_all();
        // Those results were there before the end, so nobody waits for them in vain.
        self.end_late().iter().for_each(|slot| slot.call_back());
    }

    fn hand_out_all(&self) {
        let mut bytes = Vec::new();
        while self.desk.outbox.get(&mut bytes, Limit::Never, &mut ()).is_ok() {
            if self.phase() == Phase::Terminate {
                break;
            }
            if let Ok((reply, rest)) = Reply::decode(&bytes) {
                self.hand_out(reply, rest);
            }
        }
    }

    fn hand_out(&self, reply: Reply, rest: &[u8]) {
        match reply {
            Reply::Finished { part, elements } => self.settle(part, elements, Ok(rest.into())),
            Reply::Failed(part) => self.settle(part, 0, Err(error_from(rest))),
            Reply::Abandoned(job) => self.abandon(job, &error_from(rest)),
            Reply::Unfit => {
                let error = error_from(rest);
                self.end_of_work().into_iter().for_each(|job| self.abandon(job, &error));
            }
            Reply::CalledBackLate(job) => {
                if let Some(slot) = self.take_late(job) {
                    slot.call_back();
                }
            }
        }
    }

    /// A part of a job has its result. A job counts as outstanding until its callbacks have returned.
    pub(super) fn settle(&self, part: Part, elements: u32, outcome: Outcome) {
        let job = self.job(part.job);
        if job.is_none_or(|job| job.settle(part.index, elements, outcome)) {
            self.forget(part.job);
        }
    }

    fn abandon(&self, job: u64, error: &TaskError) {
        if let Some(outstanding) = self.job(job) {
            outstanding.abandon(error);
        }
        self.forget(job);
    }

    /// A callback came after its result: `handle_results` runs it, or this thread if that one has ended.
    pub(super) fn call_back_late(&self, slot: &Arc<Slot>) {
        if !self.leave_late(slot) {
            return slot.call_back();
        }
        if let Ok(message) = Reply::CalledBackLate(slot.job).encode() {
            // Only a closed channel refuses it, and then that thread looks for late callbacks before it ends.
            let _ = self.desk.outbox.put(&message, 0, Limit::Never, &mut ());
        }
    }
}

fn error_from(bytes: &[u8]) -> TaskError {
    postcard::from_bytes(bytes).unwrap_or_else(|error| TaskError::of(&error))
}
