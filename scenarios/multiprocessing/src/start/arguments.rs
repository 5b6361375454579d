//! What a target can be called with in a child that is no copy of its parent.
//!
//! A value that can be written and read (`serde`) travels as a copy. A
//! reference to one travels, too: the child reads the value, keeps it to its
//! end, and calls the target with a reference to its own. So a program passes
//! `(&q, 1)` whichever way its processes are started.
//!
//! The marker in `Argument<Kind>` is not to be written in programs: the
//! compiler finds the only one that fits.

use serde::{Deserialize, Serialize};

use crate::error::Result;

/// One argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    note = "what can be sent: `serde` values that own what they are, shared objects (queues, locks, values …), and \
            references to these; `Process::new` takes anything, for `fork` alone"
)]
pub trait Argument<Kind>: Sized {
    /// Writes it behind `bytes`.
    #[doc(hidden)]
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<()>;

    /// Reads it from the front of `bytes`.
    #[doc(hidden)]
    fn unpack(bytes: &mut &'static [u8]) -> Result<Self>;
}

/// The kind of an [`Argument`] that is a value.
pub struct ByValue;

/// The kind of an [`Argument`] that is a reference to a value.
pub struct ByReference;

impl<T: Serialize + Deserialize<'static>> Argument<ByValue> for T {
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<()> {
        *bytes = postcard::to_extend(self, std::mem::take(bytes))?;
        Ok(())
    }

    fn unpack(bytes: &mut &'static [u8]) -> Result<Self> {
        let (value, rest) = postcard::take_from_bytes(bytes)?;
        *bytes = rest;
        Ok(value)
    }
}

impl<T: Serialize + Deserialize<'static>> Argument<ByReference> for &T {
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<()> {
        (**self).pack(bytes)
    }

    /// The value is never dropped, as what a forked child's target borrows is not either.
    fn unpack(bytes: &mut &'static [u8]) -> Result<Self> {
        Ok(Box::leak(Box::new(T::unpack(bytes)?)))
    }
}

/// A tuple of up to four arguments.
pub trait Arguments<Kinds>: Sized {
    /// Writes all behind `bytes`.
    #[doc(hidden)]
    fn pack(&self, bytes: &mut Vec<u8>) -> Result<()>;

    /// Reads all from the front of `bytes`.
    #[doc(hidden)]
    fn unpack(bytes: &mut &'static [u8]) -> Result<Self>;
}

macro_rules! arguments {
    ($($name:ident $kind:ident $arg:ident),*) => {
        impl<$($name: Argument<$kind>, $kind),*> Arguments<($($kind,)*)> for ($($name,)*) {
            fn pack(&self, bytes: &mut Vec<u8>) -> Result<()> {
                let ($($arg,)*) = self;
                $($arg.pack(bytes)?;)*
                let _ = bytes;
                Ok(())
            }

            fn unpack(bytes: &mut &'static [u8]) -> Result<Self> {
                $(let $arg = $name::unpack(bytes)?;)*
                let _ = bytes;
                Ok(($($arg,)*))
            }
        }
    };
}

arguments!();
arguments!(A KA a);
arguments!(A KA a, B KB b);
arguments!(A KA a, B KB b, C KC c);
arguments!(A KA a, B KB b, C KC c, D KD d);
