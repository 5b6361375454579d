//! Memory for the bytes of one item on its way, kept from call to call.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use postcard::ser_flavors::Flavor;
use serde::Serialize;

use crate::error::Result;

/// What a thread keeps; more goes back.
const KEPT_BYTES: usize = 64 << 10;

thread_local! {
    static KEPT: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// In a box, because it is lent and given back for every item, and a pointer is moved faster than a vector.
#[derive(Default)]
struct Scratch(Vec<u8>);

/// A vector that is given back when it is dropped.
///
/// A guard and not a function that takes a closure: what that returned, perhaps an error of many words, would be
/// copied right after it was written, for which the processor waits.
pub(crate) struct Lent(Option<Box<Scratch>>);

/// Lends an empty vector. Whoever borrows once more before it is given back gets another one.
pub(crate) fn lend() -> Lent {
    let mut scratch = KEPT.take().unwrap_or_default();
    scratch.0.clear();
    Lent(Some(scratch))
}

const STILL_LENT: &str = "it is given back only when it is dropped";

impl Deref for Lent {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0.as_ref().expect(STILL_LENT).0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0.as_mut().expect(STILL_LENT).0
    }
}

impl Drop for Lent {
    #[inline]
    fn drop(&mut self) {
        let kept = self.0.take().filter(|scratch| scratch.0.capacity() <= KEPT_BYTES);
        // A thread that is ending keeps nothing.
        let _ = KEPT.try_with(|place| place.set(kept));
    }
}

/// Serialises `value` behind `bytes`.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<()> {
    Ok(postcard::serialize_with_flavor(value, Behind(bytes))?)
}

/// Where serialised bytes go: behind those that are there.
struct Behind<'a>(&'a mut Vec<u8>);

impl Flavor for Behind<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    /// A number comes as a few bytes, for which a call of `memcpy(3)` would take longer than all the rest.
    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        match *bytes {
            [a] => self.0.push(a),
            [a, b] => self.0.extend_from_slice(&[a, b]),
            [a, b, c] => self.0.extend_from_slice(&[a, b, c]),
            [a, b, c, d] => self.0.extend_from_slice(&[a, b, c, d]),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
