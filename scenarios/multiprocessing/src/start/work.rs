//! What a child is to do, and how that is written down for one that is no copy.

use std::any;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::arguments::Arguments;
use crate::error::{Error, Result};
use crate::image;
use crate::process::{CustomProcess, Outcome, Target};
use crate::reduction::Carried;

/// What a child is to do.
pub(crate) trait Work {
    /// Does it, in this process.
    fn run(self: Box<Self>);

    /// Writes it behind `bytes`, as the function that is returned will read it in the child.
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<Entry>;
}

/// Reads what [`Work::pack`] wrote and, without the files that came along for that, does it.
pub(crate) type Entry = fn(bytes: &'static [u8], carried: Carried) -> Result<()>;

/// A function and its arguments.
pub(crate) struct Call<F, A, K> {
    target: F,
    args: A,
    kinds: PhantomData<fn(K)>,
}

impl<F, A, K> Call<F, A, K> {
    pub(crate) fn new(target: F, args: A) -> Self {
        Call { target, args, kinds: PhantomData }
    }
}

impl<F, A, K> Work for Call<F, A, K>
where
    F: Target<A> + Copy,
    A: Arguments<K>,
{
    fn run(self: Box<Self>) {
        self.target.call(self.args);
    }

    fn pack(&self, bytes: &mut Vec<u8>) -> Result<Entry> {
        self.args.pack(bytes)?;
        Ok(call::<F, A, K>)
    }
}

fn call<F, A, K>(mut bytes: &'static [u8], carried: Carried) -> Result<()>
where
    F: Target<A> + Copy,
    A: Arguments<K>,
{
    let args = A::unpack(&mut bytes)?;
    drop(carried);
    // SAFETY: the parent had one, in its `Call`.
    let target = unsafe { image::function::<F>() };
    target.call(args);
    Ok(())
}

/// A function or closure of any kind. It may borrow and capture, so it can only be copied as a whole.
pub(crate) struct Closure<F, A> {
    pub(crate) target: F,
    pub(crate) args: A,
}

impl<F: Target<A>, A> Work for Closure<F, A> {
    fn run(self: Box<Self>) {
        self.target.call(self.args);
    }

    fn pack(&self, _: &mut Vec<u8>) -> Result<Entry> {
        Err(Error::Local(any::type_name::<F>()))
    }
}

/// A custom process as its own `start` knows it.
pub(crate) struct Object<'a, T: ?Sized>(pub(crate) &'a mut T);

impl<T: CustomProcess + ?Sized> Work for Object<'_, T> {
    fn run(self: Box<Self>) {
        self.0.run().settle();
    }

    fn pack(&self, _: &mut Vec<u8>) -> Result<Entry> {
        Err(Error::Local(any::type_name::<T>()))
    }
}

/// A custom process that can be written down.
pub(crate) struct Portable<'a, T>(pub(crate) &'a mut T);

impl<T: CustomProcess + Serialize + Deserialize<'static>> Work for Portable<'_, T> {
    fn run(self: Box<Self>) {
        self.0.run().settle();
    }

    fn pack(&self, bytes: &mut Vec<u8>) -> Result<Entry> {
        *bytes = postcard::to_extend(&*self.0, std::mem::take(bytes))?;
        Ok(run_object::<T>)
    }
}

fn run_object<T>(bytes: &'static [u8], carried: Carried) -> Result<()>
where
    T: CustomProcess + Deserialize<'static>,
{
    let mut object: T = postcard::from_bytes(bytes)?;
    drop(carried);
    object.run().settle();
    Ok(())
}
