//! Memory for the bytes of one item on its way, kept from call to call.

use std::cell::Cell;

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
    *bytes = postcard::to_extend(value, std::mem::take(bytes))?;
    Ok(())
}
