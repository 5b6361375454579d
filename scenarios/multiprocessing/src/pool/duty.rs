//! What a worker is started for, and how that travels to one that is no copy of its parent.

use serde::{Deserialize, Serialize};

use super::office::Office;
use super::worker::{self, Desk, Hand};
use crate::error::Result;
use crate::image;
use crate::process::Target;
use crate::reduction::Carried;
use crate::start::arguments::Arguments;
use crate::start::work::{Entry, Work};

/// What workers do before their first task.
pub(super) trait Initializer: Send + Sync {
    /// Does it.
    fn run(&self);

    /// Writes the arguments behind `bytes`; returns what reads them, as a distance in the program.
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<i64>;
}

/// Reads the arguments of an initializer.
type Reader = fn(&'static [u8]) -> Result<Box<dyn FnOnce()>>;

/// A function and its arguments, which every worker gets a copy of.
pub(super) struct Initargs<F, Args, K> {
    pub(super) initializer: F,
    pub(super) initargs: Args,
    pub(super) kinds: std::marker::PhantomData<fn(K)>,
}

impl<F, Args, K> Initializer for Initargs<F, Args, K>
where
    F: Target<Args> + Copy + Send + Sync + 'static,
    Args: Arguments<K> + Clone + Send + Sync + 'static,
    K: 'static,
{
    fn run(&self) {
        self.initializer.call(self.initargs.clone());
    }

    fn pack(&self, bytes: &mut Vec<u8>) -> Result<i64> {
        self.initargs.pack(bytes)?;
        let reader: Reader = read::<F, Args, K>;
        Ok(image::distance(reader as usize))
    }
}

fn read<F, Args, K>(mut bytes: &'static [u8]) -> Result<Box<dyn FnOnce()>>
where
    F: Target<Args> + Copy + 'static,
    Args: Arguments<K> + 'static,
{
    let args = Args::unpack(&mut bytes)?;
    // SAFETY: the parent had one, in its `Initargs`.
    let initializer = unsafe { image::function::<F>() };
    Ok(Box::new(move || initializer.call(args)))
}

/// All that a worker needs of its pool.
pub(super) struct Duty<'a> {
    pub(super) office: &'a Office,
    pub(super) hand: Option<&'a Hand>,
}

/// As it is written, in front of the arguments of the initializer.
#[derive(Serialize, Deserialize)]
struct Written<D, H> {
    desk: D,
    hand: Option<H>,
    /// The distance of a [`Reader`].
    initializer: Option<i64>,
}

impl Work for Duty<'_> {
    fn run(self: Box<Self>) {
        let Duty { office, hand } = *self;
        let initializer = office.terms.initializer.as_deref();
        worker::live(&office.desk, hand, || initializer.into_iter().for_each(Initializer::run));
    }

    fn pack(&self, bytes: &mut Vec<u8>) -> Result<Entry> {
        let mut initargs = Vec::new();
        let initializer = self.office.terms.initializer.as_ref();
        let initializer = initializer.map(|initializer| initializer.pack(&mut initargs)).transpose()?;
        let head = Written { desk: &self.office.desk, hand: self.hand, initializer };
        *bytes = postcard::to_extend(&head, std::mem::take(bytes))?;
        bytes.append(&mut initargs);
        Ok(begin)
    }
}

fn begin(bytes: &'static [u8], carried: Carried) -> Result<()> {
    let (written, rest) = postcard::take_from_bytes::<Written<Desk, Hand>>(bytes)?;
    let initializer = written.initializer.map(|distance| {
        let address = image::address(distance);
        // SAFETY: the parent, a process of this very program, measured the distance to a function of this type.
        let read = unsafe { std::mem::transmute::<usize, Reader>(address) };
        read(rest)
    });
    let initializer = initializer.transpose()?;
    drop(carried);
    worker::live(&written.desk, written.hand.as_ref(), || {
        initializer.into_iter().for_each(|initializer| initializer())
    });
    Ok(())
}
