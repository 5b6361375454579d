//! The seat: of all who wait for an item, one stays awake and looks.
//!
//! To wake a sleeper takes the waker a few microseconds and the sleeper some
//! twenty. So whoever has just been busy takes the seat, if it is free, and
//! looks for the next item for about as long as a sleep and a wake would cost;
//! the others sleep. Who puts an item in wakes nobody while somebody sits, if
//! it is the only item; else it wakes one sleeper.
//!
//! **The promise** of whoever sits is to leave the seat *before* it takes an
//! item, or else to pass through the writers' lock when it has left, and see
//! whether an item came. So of a put that relied on the seat, one of two is
//! true: its item is the one that is taken next, or it is found under the lock.
//! A seat may be taken ahead, by who will soon look: a worker takes it before
//! it sends its reply, so that the next task, which may come at once, wakes
//! nobody.
//!
//! Who is killed breaks the promise, and so may one that was woken alone. So
//! only a channel that is *tended* has a seat: somebody learns of the death of
//! everyone who uses it, and then wakes all, [`Channel::relieve`]. A pool does,
//! because it replaces the dead. Any other queue wakes all at each item.
//! Who is *stopped* in its seat is not dead: an item may wait for it until it is
//! continued. In CPython a worker stopped while it waits holds up all others.

use std::sync::atomic::{AtomicU32, Ordering};

use super::channel::{Channel, Limit, Watch};
use crate::error::{Error, Result};
use crate::spin;

/// Nobody sits.
const FREE: u32 = 0;

/// Who sits: a number that is not 0.
#[derive(Default)]
pub(super) struct Chair(AtomicU32);

impl Chair {
    /// Whether somebody sits.
    pub(super) fn is_taken(&self) -> bool {
        self.0.load(Ordering::Acquire) != FREE
    }

    fn take(&self, who: u32) -> bool {
        !self.is_taken() && self.0.compare_exchange(FREE, who, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    fn leave(&self) {
        self.0.store(FREE, Ordering::Release);
    }

    fn clear(&self, dead: u32) {
        let _ = self.0.compare_exchange(dead, FREE, Ordering::AcqRel, Ordering::Relaxed);
    }
}

/// The seat of a channel, taken. Given up with care when it is dropped.
pub(crate) struct Seat<'a> {
    channel: &'a Channel,
}

impl Seat<'_> {
    /// Looks for an item for a moment, but no longer than until `enough`. Gives the seat up, and says whether there is
    /// an item: then it must be taken, or somebody be woken for it.
    pub(crate) fn look(self, enough: impl Fn() -> bool) -> bool {
        let channel = self.channel;
        let came = || channel.len() > 0;
        let over = || came() || enough() || channel.is_closed();
        spin::for_a_peer(channel.writers().taken_on(), over);
        let came = came();
        if came {
            channel.readers().chair().leave();
            std::mem::forget(self);
        }
        came
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.channel.readers().chair().leave();
        self.channel.wake_for_the_left();
    }
}

impl Channel {
    /// The seat for `who`, which is not 0, if it is free.
    pub(crate) fn sit(&self, who: u32) -> Option<Seat<'_>> {
        self.readers().chair().take(who).then_some(Seat { channel: self })
    }

    /// Waits for a moment, but no longer than until `enough`, for somebody else to give up the seat; says whether it is
    /// free.
    pub(crate) fn wait_for_the_seat(&self, enough: impl Fn() -> bool) -> bool {
        let is_free = || !self.readers().chair().is_taken();
        spin::for_a_peer(self.writers().taken_on(), || enough() || is_free());
        is_free()
    }

    /// As [`get`](Self::get) without limit, by `who`, which may sit already. Who finds the seat taken goes to sleep.
    pub(crate) fn get_attentively<'a>(
        &'a self,
        who: u32,
        seat: Option<Seat<'a>>,
        bytes: &mut Vec<u8>,
        watch: &mut impl Watch,
    ) -> Result<()> {
        let mut seat = seat.or_else(|| self.sit(who));
        while seat.take().is_some_and(|seat| seat.look(|| false)) {
            match self.get(bytes, Limit::AtOnce, watch) {
                // Somebody else was faster.
                Err(Error::Empty) if !self.is_closed() => seat = self.sit(who),
                done => return done,
            }
        }
        self.get(bytes, Limit::Never, watch)
    }

    /// A user of this channel has died: it sits no more, and if it was woken for an item, others are.
    pub(crate) fn relieve(&self, dead: u32) {
        self.readers().chair().clear(dead);
        self.wake_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_sits_until_it_stands_up_or_dies() {
        let channel = Channel::tended().unwrap();
        let seat = channel.sit(1).unwrap();
        assert!(channel.sit(2).is_none());
        drop(seat);
        std::mem::forget(channel.sit(2).unwrap());
        channel.relieve(1);
        assert!(channel.sit(1).is_none());
        channel.relieve(2);
        assert!(channel.sit(1).is_some());
    }

    #[test]
    fn who_sits_finds_what_is_put_in() {
        let channel = Channel::tended().unwrap();
        assert!(!channel.sit(1).unwrap().look(|| true));
        channel.put(b"item", 0, Limit::Never, &mut ()).unwrap();
        assert!(channel.sit(1).unwrap().look(|| false));
        assert!(channel.sit(1).is_some(), "the seat was not given up");
    }

    #[test]
    fn an_item_that_was_left_to_who_sat_wakes_another_when_that_one_goes() {
        for _ in 0..200 {
            let channel = Channel::tended().unwrap();
            let (told, heard) = mpsc::channel();
            thread::scope(|scope| {
                let seat = channel.sit(1);
                scope.spawn(|| {
                    let mut bytes = Vec::new();
                    channel.get_attentively(2, None, &mut bytes, &mut ()).unwrap();
                    told.send(bytes).unwrap();
                });
                channel.put(b"item", 0, Limit::Never, &mut ()).unwrap();
                drop(seat);
                let came = heard.recv_timeout(Duration::from_secs(60));
                // Else the other would sleep on, and the test with it.
                channel.close();
                assert_eq!(came.unwrap(), b"item");
            });
        }
    }
}
