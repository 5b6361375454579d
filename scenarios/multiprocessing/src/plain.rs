//! Numbers that fit into one word of shared memory, and how.

/// What a [`Value`](crate::Value) or an [`Array`](crate::Array) can hold: Python's type codes `b` to `Q`, `f`, `d` and `?`.
pub trait Plain: Copy + serde::Serialize + sealed::Bits {}

mod sealed {
    /// A type that fits into 64 bits, and how.
    pub trait Bits {
        fn to_bits(self) -> u64;
        fn from_bits(bits: u64) -> Self;
    }
}

macro_rules! plain {
    ($type:ty, $value:ident => $to:expr, $bits:ident => $from:expr) => {
        impl Plain for $type {}

        impl sealed::Bits for $type {
            fn to_bits(self) -> u64 {
                let $value = self;
                $to
            }

            fn from_bits($bits: u64) -> $type {
                $from
            }
        }
    };
}

plain!(i8, value => value as u64, bits => bits as i8);
plain!(u8, value => value.into(), bits => bits as u8);
plain!(i16, value => value as u64, bits => bits as i16);
plain!(u16, value => value.into(), bits => bits as u16);
plain!(i32, value => value as u64, bits => bits as i32);
plain!(u32, value => value.into(), bits => bits as u32);
plain!(i64, value => value as u64, bits => bits as i64);
plain!(u64, value => value, bits => bits);
plain!(f32, value => value.to_bits().into(), bits => f32::from_bits(bits as u32));
plain!(f64, value => value.to_bits(), bits => f64::from_bits(bits));
plain!(bool, value => value.into(), bits => bits != 0);
