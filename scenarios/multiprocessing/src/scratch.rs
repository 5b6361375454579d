//! Memory for the bytes of one item on its way, kept from call to call.

use std::cell::Cell;

use postcard::ser_flavors::Flavor;
use serde::Serialize;

use crate::error::Result;

/// What a thread keeps; more goes back.
const KEPT_BYTES: usize = 64 << 10;

thread_local! {
    static KEPT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Lends an empty vector. Whoever borrows it inside of `body` once more gets another one.
pub(crate) fn with<R>(body: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    let mut bytes = KEPT.take();
    bytes.clear();
    let result = body(&mut bytes);
    if bytes.capacity() <= KEPT_BYTES {
        KEPT.set(bytes);
    }
    result
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
        match bytes.len() {
            0..=4 => bytes.iter().for_each(|byte| self.0.push(*byte)),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
