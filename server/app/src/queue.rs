//! Places for runs, and the line of those that wait for one.
//!
//! So many runs at a time, the others first come, first served. Whoever waits is
//! told its position and an estimate at every change. A [`Place`] is given back
//! when it is dropped, a [`Ticket`] leaves the line when it is dropped, so nothing
//! that ends early can block the line.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use protocol::socket::Queued;
use tokio::sync::oneshot;

/// What a run is taken to last before any has ended.
const FIRST_GUESS: Duration = Duration::from_secs(5);

/// All places and the line before them.
#[derive(Clone)]
pub struct Places(Arc<Mutex<Line>>);

struct Line {
    places: usize,
    free: usize,
    room: usize,
    waiting: VecDeque<Waiting>,
    next: u64,
    mean: Duration,
}

struct Waiting {
    number: u64,
    grant: oneshot::Sender<Place>,
    tell: Box<dyn Fn(Queued) + Send>,
}

/// The right to run; given back when dropped.
pub struct Place {
    places: Places,
    since: Instant,
}

/// A promise of a [`Place`]: a future.
pub struct Ticket {
    places: Places,
    number: u64,
    granted: oneshot::Receiver<Place>,
}

/// The line is full.
#[derive(Debug, PartialEq)]
pub struct Full {
    /// When to try again.
    pub retry_after_s: u64,
}

impl Places {
    /// So many places, and room for so many that wait.
    pub fn new(places: usize, room: usize) -> Self {
        Places(Arc::new(Mutex::new(Line {
            places: places.max(1),
            free: places.max(1),
            room,
            waiting: VecDeque::new(),
            next: 0,
            mean: FIRST_GUESS,
        })))
    }

    /// Takes a free place or stands in line; `tell` hears of the position, at first
    /// and whenever it changes.
    ///
    /// # Errors
    /// The line is full.
    pub fn join(&self, tell: impl Fn(Queued) + Send + 'static) -> Result<Ticket, Full> {
        let mut line = self.line();
        if line.waiting.len() >= line.room && line.free == 0 {
            return Err(Full { retry_after_s: line.eta_s(1) });
        }
        let (grant, granted) = oneshot::channel();
        let number = line.next;
        line.next += 1;
        line.waiting.push_back(Waiting { number, grant, tell: Box::new(tell) });
        let grants = line.grants();
        if let Some(last) = line.waiting.back().filter(|last| last.number == number) {
            (last.tell)(line.place(line.waiting.len()));
        }
        drop(line);
        self.hand_out(grants);
        Ok(Ticket { places: self.clone(), number, granted })
    }

    /// Hands out places outside the lock, since one that nobody takes comes back at once.
    fn hand_out(&self, grants: Vec<oneshot::Sender<Place>>) {
        for grant in grants {
            drop(grant.send(Place { places: self.clone(), since: Instant::now() }));
        }
    }

    fn give_back(&self, held: Duration) {
        let mut line = self.line();
        line.free += 1;
        line.mean = (line.mean * 7 + held) / 8;
        let grants = line.grants();
        line.tell_all();
        drop(line);
        self.hand_out(grants);
    }

    fn leave(&self, number: u64) {
        let mut line = self.line();
        let before = line.waiting.len();
        line.waiting.retain(|waiting| waiting.number != number);
        if line.waiting.len() < before {
            line.tell_all();
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// Those at the head for whom there are places.
    fn grants(&mut self) -> Vec<oneshot::Sender<Place>> {
        let granted = self.free.min(self.waiting.len());
        self.free -= granted;
        self.waiting.drain(..granted).map(|waiting| waiting.grant).collect()
    }

    fn tell_all(&self) {
        for (index, waiting) in self.waiting.iter().enumerate() {
            (waiting.tell)(self.place(index + 1));
        }
    }

    fn place(&self, position: usize) -> Queued {
        Queued { position: position as u64, eta_s: self.eta_s(position) }
    }

    /// A place becomes free every `mean / places` on average.
    fn eta_s(&self, position: usize) -> u64 {
        (self.mean.as_secs_f64() * position as f64 / self.places as f64).ceil() as u64
    }
}

impl Future for Ticket {
    type Output = Place;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Place> {
        let granted = ready!(Pin::new(&mut self.granted).poll(context));
        Poll::Ready(granted.expect("a waiting entry is dropped only by its own ticket"))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.places.leave(self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.give_back(self.since.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    type Told = Arc<Mutex<Vec<u64>>>;

    fn join(places: &Places) -> (Ticket, Told) {
        let told = Told::default();
        let hear = told.clone();
        let ticket = places.join(move |queued| hear.lock().unwrap().push(queued.position)).unwrap();
        (ticket, told)
    }

    #[test]
    fn first_come_first_served_and_everybody_knows_where_they_stand() {
        let places = Places::new(1, 10);
        let (first, told_first) = join(&places);
        let place = first.now_or_never().expect("there is a free place");
        assert!(told_first.lock().unwrap().is_empty(), "who need not wait is not told of a line");
        let (mut second, told_second) = join(&places);
        let (mut third, told_third) = join(&places);
        assert!((&mut second).now_or_never().is_none());
        drop(place);
        let place = (&mut second).now_or_never().expect("the next in line");
        assert!((&mut third).now_or_never().is_none());
        drop(place);
        assert!(third.now_or_never().is_some());
        assert_eq!(*told_second.lock().unwrap(), [1]);
        assert_eq!(*told_third.lock().unwrap(), [2, 1]);
    }

    #[test]
    fn who_leaves_the_line_makes_room_and_blocks_nobody() {
        let places = Places::new(1, 2);
        let place = join(&places).0.now_or_never();
        let (second, _) = join(&places);
        let (mut third, told) = join(&places);
        assert_eq!(places.join(|_| ()).err(), Some(Full { retry_after_s: 5 }));
        drop(second);
        assert_eq!(*told.lock().unwrap(), [2, 1]);
        drop(place);
        assert!((&mut third).now_or_never().is_some());
    }

    #[test]
    fn a_place_that_was_granted_and_never_taken_goes_to_the_next() {
        let places = Places::new(1, 2);
        drop(join(&places));
        assert!(join(&places).0.now_or_never().is_some());
    }

    #[test]
    fn the_estimate_follows_what_runs_last() {
        let places = Places::new(2, 10);
        assert_eq!(places.line().eta_s(2), 5);
        for _ in 0..60 {
            places.line().free -= 1;
            places.give_back(Duration::from_secs(1));
        }
        assert_eq!(places.line().eta_s(4), 3, "a little more than two seconds, rounded up");
    }
}
