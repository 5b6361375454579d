//! Finished runs, kept: one file a run, in a directory or in a bucket.
//!
//! - [`Recordings`] is the whole interface: keep, get, delete, look after.
//! - [`Recording`] is the file format, version 1, which is described there and is read for ever.
//! - [`Place`] is where: a directory, or a bucket of any store that speaks S3.
//! - [`Trouble`] is why a run was not kept; [`Damage`] why a file cannot be read.
//!
//! There is no index. A run's name is its file's name, so that a run is found again by whoever looks
//! into the same place, after a restart or beside another server. What is gone leaves a note under
//! the same name ([`Gone`]), for a while.
//!
//! A file is written aside, flushed, renamed, and its directory flushed, all by `object_store`; a
//! bucket takes an object whole or not at all. So there is the whole recording or none.
//!
//! It knows logs and files. Who may delete, what viewers are told and how long they wait for it is the
//! application's.

mod file;
mod owner;
mod place;
mod recordings;
mod shelf;
mod terms;
mod trouble;

pub use file::{Content, Damage, Gone, MAGIC, Recording, read};
pub use owner::Owner;
pub use place::{NoPlace, Place};
pub use recordings::{Found, Recordings, Tally};
pub use terms::Terms;
pub use trouble::Trouble;
