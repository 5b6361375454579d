//! Which way messages go through one end: a part of its type, so that misuse does not compile.
//!
//! Python finds out at run time: `OSError: connection is read-only`.

/// Which way messages go.
pub trait Direction: sealed::Sealed + 'static {}

/// Messages can be received.
pub trait Readable: Direction {}

/// Messages can be sent.
pub trait Writable: Direction {}

/// Both ways.
pub enum Duplex {}

/// This end receives only.
pub enum ReadOnly {}

/// This end sends only.
pub enum WriteOnly {}

impl Direction for Duplex {}
impl Direction for ReadOnly {}
impl Direction for WriteOnly {}
impl Readable for Duplex {}
impl Readable for ReadOnly {}
impl Writable for Duplex {}
impl Writable for WriteOnly {}

mod sealed {
    /// Nobody else makes directions.
    pub trait Sealed {}
    impl Sealed for super::Duplex {}
    impl Sealed for super::ReadOnly {}
    impl Sealed for super::WriteOnly {}
}
