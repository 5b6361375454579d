//! All that goes to a child that is no copy of its parent: CPython's preparation data and process object.
//!
//! A parcel is a text of bytes and the files that go along with it. In the
//! bytes stand, one behind the other: who the child is, the family's counters
//! and resource tracker, and what [`Work::pack`] wrote. Nothing else of the parent reaches the child:
//! its variables have the values that the program gives them at its start.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::sync::Arc;

use protocol::At;
use protocol::event::Role;
use serde::{Deserialize, Serialize};

use super::life::{self, Born};
use super::work::{Entry, Work};
use super::{Birth, Method};
use crate::error::{Error, Result};
use crate::process::current::{self, Identity, ParentProcess};
use crate::process::panics;
use crate::reduction::{self, Carried};
use crate::{context, ids, image, probe, resource_tracker, shared};

/// A parcel in its parent's hands.
pub(super) struct Parcel {
    pub(super) bytes: Vec<u8>,
    files: Vec<Arc<OwnedFd>>,
}

/// Who the child is, and what to read next.
#[derive(Serialize, Deserialize)]
struct Preparation {
    identity: Identity,
    role: Role,
    at: Option<At>,
    tied: bool,
    parent_name: String,
    parent_pid: i32,
    /// The parent's default, if it has one.
    method: Option<Method>,
    /// Where the parent works; a fork server may work elsewhere.
    directory: Vec<u8>,
    /// The distance of an [`Entry`].
    entry: i64,
}

impl Parcel {
    /// Writes everything down. Fails, before anything is started, when something cannot travel.
    pub(super) fn pack<'a>(
        identity: &Identity,
        birth: Birth,
        work: &Option<Box<dyn Work + 'a>>,
    ) -> Result<Parcel> {
        let work = work.as_ref().ok_or(Error::RunTwice)?;
        let (bytes, files) = reduction::pack(|| {
            let mut body = Vec::new();
            let entry = work.pack(&mut body)?;
            let head = Preparation::of(identity, birth, entry);
            let head = postcard::to_extend(ids::shared()?, postcard::to_stdvec(&head)?)?;
            let head = postcard::to_extend(&*resource_tracker::lock(), head)?;
            Ok([head, body].concat())
        })?;
        Ok(Parcel { bytes, files })
    }

    /// The descriptors that go along, in their order.
    pub(super) fn files(&self) -> impl Iterator<Item = RawFd> {
        self.files.iter().map(|file| file.as_raw_fd())
    }

    /// The bytes in a file that has no name.
    pub(super) fn to_file(&self) -> Result<OwnedFd> {
        let mut file = File::from(shared::memory_file(self.bytes.len())?);
        file.write_all(&self.bytes).map_err(|source| Error::Os { step: "write", source })?;
        Ok(file.into())
    }
}

/// In the child: all that stands in such a file.
pub(super) fn read_file(file: OwnedFd) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = File::from(file);
    let read = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|source| Error::Os { step: "read", source })
}

impl Preparation {
    fn of(identity: &Identity, birth: Birth, entry: Entry) -> Preparation {
        let parent = super::parent();
        Preparation {
            identity: identity.clone(),
            role: birth.role,
            at: probe::on().then(|| probe::place(birth.line)),
            tied: birth.tied,
            parent_name: parent.name().to_owned(),
            parent_pid: parent.pid(),
            method: context::chosen(),
            directory: env::current_dir()
                .map_or_else(|_| Vec::new(), |dir| dir.as_os_str().as_bytes().to_owned()),
            entry: image::distance(entry as usize),
        }
    }
}

/// A parcel in its child's hands.
pub(super) struct Delivered {
    pub(super) bytes: Result<Vec<u8>>,
    /// The files that came along, in their order.
    pub(super) files: Vec<OwnedFd>,
    /// The fork server that made this child, if one did.
    pub(super) server: Option<i32>,
    /// Becomes readable when the parent ends, if a fork server made this child.
    pub(super) parent: Option<OwnedFd>,
}

/// Opens the parcel and lives as it says.
pub(super) fn open(delivered: Delivered) -> ! {
    let Delivered { bytes, files, server, parent } = delivered;
    let carried = reduction::carry(files);
    let (preparation, rest) = bytes.and_then(prepare).unwrap_or_else(|error| {
        eprintln!("multiprocessing: a child could not read what it is to do: {error}");
        std::process::exit(1)
    });
    let Preparation { identity, role, at, tied, parent_name, parent_pid, method, directory, entry } =
        preparation;
    if server.is_some() && !directory.is_empty() {
        // As in CPython, the child stays where it is if that place is gone.
        let _ = env::set_current_dir(OsString::from_vec(directory));
    }
    context::inherit(method);
    let name = identity.name.clone();
    current::lock().begin(identity, role, ParentProcess::new(parent_name, parent_pid, parent));
    panics::install();
    let born = Born { name: &name, role, at, tied_to: tied.then_some(server.unwrap_or(parent_pid)) };
    life::live(born, || begin(entry, rest, carried))
}

/// Reads the parcel up to what the child is to do.
fn prepare(bytes: Vec<u8>) -> Result<(Preparation, &'static [u8])> {
    // It is needed to the end of the process: arguments may point into it.
    let (preparation, rest) = postcard::take_from_bytes::<Preparation>(bytes.leak())?;
    let (counters, rest) = postcard::take_from_bytes(rest)?;
    ids::inherit(counters);
    let (tracker, rest) = postcard::take_from_bytes(rest)?;
    resource_tracker::inherit(tracker);
    Ok((preparation, rest))
}

fn begin(entry: i64, rest: &'static [u8], carried: Carried) {
    let address = image::address(entry);
    // SAFETY: the parent, a process of this very program, measured the distance to a function of this type.
    let entry = unsafe { std::mem::transmute::<usize, Entry>(address) };
    if let Err(error) = entry(rest, carried) {
        std::panic::panic_any(error.to_string());
    }
}
