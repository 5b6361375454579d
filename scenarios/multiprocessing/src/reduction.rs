//! What travels to a child that is no copy of its parent: CPython's `reduction`.
//!
//! A forked child finds everything where the parent had it. A spawned one
//! starts with an empty memory, and what it is to work with is written down by
//! the parent and read by the child. Values are written as they are (`serde`,
//! in the format `postcard`). Objects that processes *share* cannot be copied:
//! what is written of them is which open file they lie in, and the file itself
//! goes along, by inheritance (`spawn`) or in a message (`forkserver`).
//!
//! A file can go along only while a child is being started. At any other time,
//! say in an item of a queue, a shared object refuses to be written, in
//! CPython's words ([`assert_spawning`]).

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;

thread_local! {
    /// In a parent, while it writes: the files that go along, each once.
    static PACKED: RefCell<Option<Vec<Arc<OwnedFd>>>> = const { RefCell::new(None) };
    /// In a child, while it reads: the files that came along, in the same order.
    static CARRIED: RefCell<Vec<Arc<OwnedFd>>> = const { RefCell::new(Vec::new()) };
    /// The class of the last object that refused to be written.
    static REFUSED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Runs `write` with leave to write shared objects; returns what it wrote and the files that go along.
pub(crate) fn pack(write: impl FnOnce() -> Result<Vec<u8>>) -> Result<(Vec<u8>, Vec<Arc<OwnedFd>>)> {
    PACKED.set(Some(Vec::new()));
    let written = write();
    let files = PACKED.take().unwrap_or_default();
    Ok((written?, files))
}

/// While it lives, this thread may read shared objects that lie in these files; those that nothing has asked for are
/// closed with it.
pub(crate) fn carry(files: Vec<OwnedFd>) -> Carried {
    CARRIED.set(files.into_iter().map(Arc::new).collect());
    Carried(PhantomData)
}

/// The files that came along with what this thread reads.
pub(crate) struct Carried(PhantomData<*const ()>);

impl Drop for Carried {
    fn drop(&mut self) {
        CARRIED.take();
    }
}

/// Whether a child is being started by this thread.
pub(crate) fn is_spawning() -> bool {
    PACKED.with_borrow(Option::is_some)
}

/// Refuses to write an object of this class unless a child is being started.
pub(crate) fn assert_spawning<E: serde::ser::Error>(class: &'static str) -> std::result::Result<(), E> {
    if is_spawning() {
        return Ok(());
    }
    REFUSED.set(Some(class));
    Err(E::custom(format_args!(
        "{class} objects should only be shared between processes through inheritance"
    )))
}

/// The class of the object that has just refused to be written; asked once.
///
/// The format drops the words of an error, so they are kept here for whoever reports it.
pub(crate) fn take_refusal() -> Option<&'static str> {
    REFUSED.take()
}

/// An open file that goes along with the object that lies in it.
#[derive(Clone)]
pub(crate) struct DupFd(Arc<OwnedFd>);

impl DupFd {
    pub(crate) fn new(file: OwnedFd) -> DupFd {
        DupFd(Arc::new(file))
    }

    /// The file itself, which is open as long as anybody has it.
    pub(crate) fn shared(&self) -> Arc<OwnedFd> {
        Arc::clone(&self.0)
    }
}

impl AsRawFd for DupFd {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Written as its place in the list of files.
impl Serialize for DupFd {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let place = PACKED.with_borrow_mut(|files| {
            let files = files.as_mut()?;
            let known = files.iter().position(|file| Arc::ptr_eq(file, &self.0));
            Some(known.unwrap_or_else(|| {
                files.push(Arc::clone(&self.0));
                files.len() - 1
            }))
        });
        let place =
            place.ok_or_else(|| S::Error::custom("an open file goes along with a new process only"))?;
        (place as u32).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DupFd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let place = u32::deserialize(deserializer)? as usize;
        let file = CARRIED.with_borrow(|files| files.get(place).cloned());
        file.map(DupFd).ok_or_else(|| D::Error::custom("no such file came along"))
    }
}

/// Makes a class of shared objects travel: its fields, in this order, and only while a child is being started.
///
/// Every field must travel, and none may point into this process's memory.
/// What belongs to this process alone is a field that is made anew: `field = expression`.
macro_rules! inherited {
    ($class:ident $(<$($param:ident),+>)? { $($field:ident),+ $(; $($own:ident = $made:expr),+)? }) => {
        impl $(<$($param),+>)? serde::Serialize for $class $(<$($param),+>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                $crate::reduction::assert_spawning(stringify!($class))?;
                serde::Serialize::serialize(&($(&self.$field,)+), serializer)
            }
        }

        impl<'de $($(, $param)+)?> serde::Deserialize<'de> for $class $(<$($param),+>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let ($($field,)+) = serde::Deserialize::deserialize(deserializer)?;
                Ok($class { $($field,)+ $($($own: $made,)+)? })
            }
        }
    };
}
pub(crate) use inherited;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, Queue, Value};

    /// What arrives of a value that goes to another process.
    fn sent<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
        let (bytes, files) = pack(|| Ok(postcard::to_stdvec(value)?)).unwrap();
        let files = files.iter().map(|file| file.try_clone().unwrap()).collect();
        let _carried = carry(files);
        postcard::from_bytes(&bytes).unwrap()
    }

    #[test]
    fn shared_objects_arrive_as_the_same_and_values_as_copies() {
        let (q, m) = (Queue::new(5).unwrap(), Value::new(10i64).unwrap().name("m"));
        let (q2, m2, n): (Queue<String>, Value<i64>, i32) = sent(&(q.clone(), m.clone(), 7));
        q2.put("1.png".to_owned()).unwrap();
        m2.update(|m| m + 1);
        assert_eq!((q.get().unwrap(), m.get(), n), ("1.png".to_owned(), 11, 7));
        // The one that travelled does not need the one it came from.
        drop((q, m));
        assert!((0..5).try_for_each(|n| q2.put_nowait(n.to_string())).is_ok() && q2.full());
        assert_eq!(m2.get(), 11);
    }

    #[test]
    fn a_file_goes_along_once() {
        let m = Value::new(1u8).unwrap();
        let (_, files) = pack(|| Ok(postcard::to_stdvec(&(m.clone(), m))?)).unwrap();
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn shared_objects_go_nowhere_else() {
        let q = Queue::new(1).unwrap();
        let text = "Queue objects should only be shared between processes through inheritance";
        assert_eq!(q.put(Queue::<i32>::new(1).unwrap()).unwrap_err().to_string(), text);
        let values = Queue::new(1).unwrap();
        assert!(matches!(values.put(Value::new(1u8).unwrap()), Err(Error::Inheritance("Value"))));
        // Another error is not taken for that one.
        assert!(matches!(
            postcard::from_bytes::<String>(&[]).map_err(Error::from),
            Err(Error::Serialisation(_))
        ));
    }

    #[test]
    fn what_did_not_come_along_cannot_be_read() {
        let (bytes, _) = pack(|| Ok(postcard::to_stdvec(&Value::new(1u8)?)?)).unwrap();
        assert!(postcard::from_bytes::<Value<u8>>(&bytes).is_err());
        let _carried = carry(Vec::new());
        assert!(postcard::from_bytes::<Value<u8>>(&bytes).is_err());
    }
}
