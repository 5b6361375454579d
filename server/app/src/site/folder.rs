//! The folder that a site is written into: only one that is empty or our own.
//!
//! A list of all files stands in it before the first of them is written, so that a folder that was left half-written is
//! known for ours too. What an earlier site had and this one has not is removed; nothing else is.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The list: its first line says whose it is.
const LIST: &str = "process-playground-site.txt";
const TITLE: &str =
    "The files that `process-playground export-site` wrote here; it removes and writes only these.";

/// Something else is in the folder.
#[derive(Debug)]
pub struct NotOurs {
    dir: PathBuf,
}

impl fmt::Display for NotOurs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dir = self.dir.display();
        write!(
            formatter,
            "{dir} has files in it that export-site did not write; name an empty folder or a new one"
        )
    }
}

impl std::error::Error for NotOurs {}

/// A folder that is being written.
pub struct Folder {
    dir: PathBuf,
    former: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Folder {
    /// Makes the folder, or takes one that is empty or ours.
    ///
    /// # Errors
    /// [`NotOurs`], or it cannot be made or read.
    pub fn open(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let list = match fs::read_to_string(dir.join(LIST)) {
            Ok(list) if list.lines().next() == Some(TITLE) => list,
            Err(error) if error.kind() == ErrorKind::NotFound && fs::read_dir(dir)?.next().is_none() => {
                String::new()
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => return Err(io::Error::other(NotOurs { dir: dir.into() })),
        };
        let former = list.lines().skip(1).filter(|path| is_inside(path)).map(str::to_owned).collect();
        let folder = Folder { dir: dir.into(), former, files: BTreeSet::new() };
        folder.list(&folder.former)?;
        Ok(folder)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&mut self, path: &str, content: impl AsRef<[u8]>) -> io::Result<()> {
        if self.files.insert(path.to_owned()) && !self.former.contains(path) {
            self.list(self.former.union(&self.files))?;
        }
        let file = self.dir.join(path);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, content)
    }

    /// Removes what is there no longer; how many files there are.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn close(self) -> io::Result<usize> {
        for path in self.former.difference(&self.files) {
            match fs::remove_file(self.dir.join(path)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => self.prune(path),
            }
        }
        self.list(&self.files)?;
        Ok(self.files.len())
    }

    /// Removes the folders that a file was the last in.
    fn prune(&self, path: &str) {
        let mut dirs = Path::new(path).ancestors().skip(1).filter(|dir| !dir.as_os_str().is_empty());
        // A folder that is not empty stays, and so do those around it.
        while dirs.next().is_some_and(|dir| fs::remove_dir(self.dir.join(dir)).is_ok()) {}
    }

    fn list<'a>(&self, files: impl IntoIterator<Item = &'a String>) -> io::Result<()> {
        let lines: String = files.into_iter().map(|path| format!("{path}\n")).collect();
        fs::write(self.dir.join(LIST), format!("{TITLE}\n{lines}"))
    }
}

/// Whether a path of the list stays in the folder: the list may have been edited.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| !["", ".", ".."].contains(&part))
}
