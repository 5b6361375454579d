//! What the elements of a job returned, as it came: serialised, one chunk a message.
//!
//! The chunks are read where they lie. To join them first would take as long as all the rest of a big `map`: a page
//! of memory that is touched for the first time costs the kernel as much as a hundred numbers cost us.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::error::Result;

/// The values of so many elements, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) elements: u32,
    pub(super) bytes: Arc<[u8]>,
}

impl Chunk {
    fn read<T: DeserializeOwned>(&self, values: &mut Vec<T>) -> Result<()> {
        let mut unread = &*self.bytes;
        for _ in 0..self.elements {
            let value;
            (value, unread) = postcard::take_from_bytes(unread)?;
            values.push(value);
        }
        Ok(())
    }
}

/// The values of all elements. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Serialised {
    first: Chunk,
    others: Arc<[Chunk]>,
}

impl Serialised {
    /// The one value there is.
    ///
    /// # Errors
    /// When it is none of that type.
    pub(super) fn value<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(postcard::from_bytes(&self.first.bytes)?)
    }

    /// All values, in the order of the chunks.
    ///
    /// # Errors
    /// When they are not of that type.
    pub(super) fn list<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let chunks = || [&self.first].into_iter().chain(&*self.others);
        let mut values = Vec::with_capacity(chunks().map(|chunk| chunk.elements as usize).sum());
        chunks().try_for_each(|chunk| chunk.read(&mut values))?;
        Ok(values)
    }
}

impl FromIterator<Chunk> for Serialised {
    fn from_iter<I: IntoIterator<Item = Chunk>>(chunks: I) -> Serialised {
        let mut chunks = chunks.into_iter();
        Serialised { first: chunks.next().unwrap_or_default(), others: chunks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(texts: &[&str]) -> Chunk {
        let texts_bytes = texts.iter().flat_map(|text| postcard::to_stdvec(text).expect("a text"));
        Chunk { elements: texts.len() as u32, bytes: texts_bytes.collect() }
    }

    fn read(chunks: &[Chunk]) -> Result<Vec<String>> {
        chunks.iter().cloned().collect::<Serialised>().list()
    }

    #[test]
    fn a_list_is_read_from_its_chunks() {
        let list = [chunk(&["a", ""]), chunk(&[]), chunk(&["甲乙"]), chunk(&["d"])];
        assert_eq!(read(&list).expect("a list"), ["a", "", "甲乙", "d"]);
        assert_eq!(read(&[]).expect("a list"), [""; 0]);
    }

    #[test]
    fn what_has_no_bytes_is_counted_all_the_same() {
        let units = Chunk { elements: 3, bytes: Arc::default() };
        assert_eq!(Serialised::from_iter([units]).list::<()>().expect("a list"), [(); 3]);
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        let torn = Chunk { elements: 1, bytes: [5, b'a'].into() };
        assert!(read(&[torn]).is_err());
    }

    #[test]
    fn a_value_is_the_only_one() {
        let bytes = postcard::to_stdvec(&(7_u8, "x")).expect("it can be serialised").into();
        let value = Serialised::from_iter([Chunk { elements: 1, bytes }]);
        assert_eq!(value.value::<(u8, String)>().expect("a pair"), (7, "x".to_owned()));
    }
}
